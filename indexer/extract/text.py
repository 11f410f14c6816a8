"""Plain text, Markdown and CSV, in whatever encoding, as one part."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.encoding import decode
from indexer.extract.items import Incomplete, Item
from indexer.extract.source import Context, Source
from indexer.index.schema import Locator, Page, Status

_LONGEST_CHARACTER = 4
_UNREADABLE = "\ufffd"


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the file as one page, as far as the limit on characters can reach."""
    most = context.limits.characters * _LONGEST_CHARACTER
    with source.open() as stream:
        data = stream.read(most)
        left = source.size - len(data)
    text, _ = decode(data)
    # The limit may have gone through the last character.
    yield Page(Locator(), text.removesuffix(_UNREADABLE) if left > 0 else text)
    if left > 0:
        raise Incomplete(Status.CUT, f"Its last {left:,} bytes are not searched: {most:,} bytes of a text are read.")
