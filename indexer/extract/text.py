"""Plain text, Markdown and CSV, in whatever encoding, as one part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from indexer.encoding import decode
from indexer.extract.limits import Incomplete, Limits
from indexer.index.schema import Page, Status

_LONGEST_CHARACTER = 4
_UNREADABLE = "\ufffd"


def read(path: Path, limits: Limits) -> Iterator[Page]:
    """Yield the file as one page, as far as the limit on characters can reach."""
    most = limits.characters * _LONGEST_CHARACTER
    with path.open("rb") as stream:
        data = stream.read(most)
        left = path.stat().st_size - len(data)
    text, _ = decode(data)
    # The limit may have gone through the last character.
    yield Page("", text.removesuffix(_UNREADABLE) if left > 0 else text)
    if left > 0:
        raise Incomplete(Status.CUT, f"Its last {left:,} bytes are not searched: {most:,} bytes of a text are read.")
