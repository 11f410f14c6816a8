"""Plain text, in whatever encoding, as one part."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from indexer.encoding import find_encoding
from indexer.extract.items import Incomplete, Item, Remark
from indexer.extract.source import Context, Source
from indexer.index.schema import Locator, Page, Status

_LONGEST_CHARACTER = 4
_UNREADABLE = "\ufffd"


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the file as one page, as far as the limit on characters can reach."""
    text, remarks, left = read_text(source, context)
    yield from remarks
    yield Page(Locator(), text)
    if left:
        most = source.size - left
        raise Incomplete(Status.CUT, f"Its last {left:,} bytes are not searched: {most:,} bytes of a text are read.")


def read_text(source: Source, context: Context) -> tuple[str, list[Remark], int]:
    """Return the text of a file, what is to be said of its encoding, and how many bytes the limit left unread.

    Nothing is said of an encoding that is as good as certain.
    """
    with source.open() as stream:
        data = stream.read(context.limits.characters * _LONGEST_CHARACTER)
    left = max(source.size - len(data), 0)
    encoding = find_encoding(BytesIO(data))
    text = data.decode(encoding.name, errors="replace")
    # The limit may have gone through the last character.
    text = text.removesuffix(_UNREADABLE) if left else text
    return text, [Remark(encoding.problem)] if encoding.is_doubtful else [], left
