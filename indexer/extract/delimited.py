"""Tables as text, CSV and TSV: one part, with cells parted by tabs whatever parts them in the file."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from indexer.extract.items import Item
from indexer.extract.source import Context, Source
from indexer.extract.text import opened
from indexer.index.schema import Locator, Page

_DELIMITERS = ("\t", "|", ";", ",")
"""What parts cells. Where two of them part as many rows, it is the first: in "1,5;2,5" the semicolon."""
_SAMPLE_ROWS = 200
_SAMPLE_CHARACTERS = 100_000
_BLOCK_ROWS = 10_000
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_DECLARATION = re.compile(r'sep=([^\w\s"]|\t)(?:\r\n?|\n)', re.IGNORECASE)
"""The first line by which Excel is told what parts the cells."""


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the file as one page, as far as the limit on characters can reach."""
    with opened(source, context) as text:
        yield from text.remarks()
        yield Page(Locator(), "".join(tabulated(text.blocks())))
        text.settle()


def tabulated(blocks: Iterable[str]) -> Iterator[str]:
    """Yield a table, given in pieces that end where a line does, with tabs between its cells and without quotes.

    From the first row on that is quoted in a way that has no meaning, the text stays as it is.
    """
    lines = (line[0] for block in blocks for line in _LINE.finditer(block))
    sample = _sample(lines)
    declared = _DECLARATION.fullmatch(sample[0]) if sample else None
    delimiter = declared[1] if declared else _delimiter(sample)
    rows = _Rows(chain(sample[1:] if declared else sample, lines), delimiter)
    while block := "".join(f"{row}\n" for row in islice(rows, _BLOCK_ROWS)):
        yield block
    yield from rows.unread()


def _sample(lines: Iterator[str]) -> list[str]:
    """Take the lines of the beginning, without a byte order mark."""
    sample: list[str] = []
    length = 0
    for line in islice(lines, _SAMPLE_ROWS):
        sample.append(line if sample else line.removeprefix("\ufeff"))
        length += len(line)
        if length > _SAMPLE_CHARACTERS:
            break
    return sample


class _Rows(Iterator[str]):
    """The rows of a table, one by one, up to the first that is broken."""

    def __init__(self, lines: Iterator[str], delimiter: str) -> None:
        self._lines = lines
        self._row: list[str] = []
        """The lines of the row that is being read."""
        self._cells: Iterator[list[str]] = csv.reader(self._followed(), delimiter=delimiter, strict=True)

    def __next__(self) -> str:
        try:
            cells = next(self._cells)
        except csv.Error:
            self._cells = iter(())
            raise StopIteration from None
        self._row.clear()
        return "\t".join(filter(None, map(str.strip, cells)))

    def unread(self) -> Iterator[str]:
        """Yield the lines from the broken row on."""
        yield from self._row
        yield from self._lines

    def _followed(self) -> Iterator[str]:
        for line in self._lines:
            self._row.append(line)
            yield line


def _delimiter(sample: list[str]) -> str:
    """Return the character that parts most rows of the beginning into the same number of cells, several each."""
    lines = [line[:_SAMPLE_CHARACTERS] for line in sample]
    return max(_DELIMITERS, key=lambda delimiter: _rows_alike(lines, delimiter))


def _rows_alike(lines: list[str], delimiter: str) -> int:
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return 0
    return max((rows for width, rows in widths.items() if width > 1), default=0)
