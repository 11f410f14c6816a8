"""Plain text, Markdown and CSV, in whatever encoding, as one part."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from charset_normalizer import from_bytes

from indexer.extract.limits import Incomplete, Limits
from indexer.index.schema import Page, Status

_LONGEST_CHARACTER = 4
_SAMPLE = 100_000
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def read(path: Path, limits: Limits) -> Iterator[Page]:
    """Yield the file as one page; what does not say its encoding and is no UTF-8 is guessed from its first bytes."""
    most = limits.characters * _LONGEST_CHARACTER
    with path.open("rb") as stream:
        data = stream.read(most)
        left = path.stat().st_size - len(data)
    yield Page("", decode(data))
    if left > 0:
        raise Incomplete(Status.CUT, f"Its last {left:,} bytes are not searched: {most:,} bytes of a text are read.")


def decode(data: bytes) -> str:
    """Return the text of bytes whose encoding is not known; what makes no sense in it becomes U+FFFD."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        # Incremental, because a cut may have gone through the last character.
        return codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        guess = from_bytes(data[:_SAMPLE]).best()
        return data.decode(guess.encoding if guess else "cp1252", "replace")
