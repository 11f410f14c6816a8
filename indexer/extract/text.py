"""Plain text, in whatever encoding, as one part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import TextIOWrapper

from indexer.encoding import Encoding, find_encoding
from indexer.extract.items import Cut, Item, Remark
from indexer.extract.source import Context, Source
from indexer.index.schema import Locator, Page

_BLOCK = 1 << 16


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the file as one page, as far as the limit on characters can reach."""
    with opened(source, context) as text:
        yield from text.remarks()
        yield Page(Locator(), "".join(text.blocks()))
        text.settle()


@contextmanager
def opened(source: Source, context: Context) -> Iterator[TextFile]:
    """Open a file of text in the encoding that it is found to have."""
    with source.open() as stream:
        encoding = find_encoding(stream)
        stream.seek(0)
        with TextIOWrapper(stream, encoding.name, errors="replace", newline="") as text:
            yield TextFile(text, encoding, context.limits.characters)


class TextFile:
    """A text that is decoded as it is read, so that nothing is held of what there is no room for."""

    def __init__(self, text: TextIOWrapper, encoding: Encoding, most: int) -> None:
        self._text = text
        self._encoding = encoding
        self._most = self._room = most

    def remarks(self) -> Iterator[Remark]:
        """Yield what is to be said of the encoding: nothing, if it is as good as certain."""
        if self._encoding.is_doubtful:
            yield Remark(self._encoding.problem)

    def blocks(self) -> Iterator[str]:
        """Yield the characters that there is room for, in pieces that end where a line does."""
        while self._room and (block := self._taken(self._text.read(min(_BLOCK, self._room)))):
            is_whole = block.endswith("\n") or not self._room
            yield block if is_whole else block + self._taken(self._text.readline(self._room))

    def settle(self) -> None:
        """Raise Cut if more follows than there was room for; it is counted and not kept."""
        left_out = sum(map(len, iter(partial(self._text.read, _BLOCK), "")))
        if left_out:
            raise Cut(self._most, left_out)

    def _taken(self, text: str) -> str:
        self._room -= len(text)
        return text
