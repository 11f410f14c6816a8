"""What the tests of PDF files share: files written by hand, and reading that keeps what came before an error."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

from indexer.extract.items import Incomplete, Item
from indexer.extract.source import Context
from indexer.index.schema import Page
from tests.extraction import items


def by_hand(*objects: str | bytes) -> bytes:
    """Return a PDF of these objects, numbered from 1; the first one is the catalog."""
    head = b"%PDF-1.7\n"
    parts = [
        b"%d 0 obj\n%b\nendobj\n" % (number, body.encode() if isinstance(body, str) else body)
        for number, body in enumerate(objects, start=1)
    ]
    offsets = accumulate(map(len, parts), initial=len(head))
    table = b"".join(b"%010d 00000 n \n" % offset for offset, _ in zip(offsets, parts, strict=False))
    end = len(head) + sum(map(len, parts))
    return b"%b%bxref\n0 %d\n0000000000 65535 f \n%btrailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        head,
        b"".join(parts),
        len(parts) + 1,
        table,
        len(parts) + 1,
        end,
    )


def read_all(path: Path, context: Context | None = None) -> tuple[list[Item], Incomplete | None]:
    """Read a file in this process; returns what was yielded, and what was missing."""
    found: list[Item] = []
    try:
        # Not by extend(), which keeps nothing of what came before an error.
        for item in items(path, context):
            found.append(item)
    except Incomplete as error:
        return found, error
    return found, None


def texts(path: Path, context: Context | None = None) -> list[str]:
    return [item.text for item in read_all(path, context)[0] if isinstance(item, Page)]
