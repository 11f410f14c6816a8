"""Tables as text, CSV and TSV: one part, with cells parted by tabs whatever parts them in the file."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from indexer.extract.items import Incomplete, Item
from indexer.extract.source import Context, Source
from indexer.extract.text import read_text
from indexer.index.schema import Locator, Page, Status

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
    text, remarks, left = read_text(source, context)
    yield from remarks
    yield Page(Locator(), tabulated(text, context.limits.characters))
    if left:
        most = source.size - left
        raise Incomplete(Status.CUT, f"Its last {left:,} bytes are not searched: {most:,} bytes of a table are read.")


def tabulated(text: str, most: int) -> str:
    """Return a table with tabs between its cells and without the quotation marks around them.

    From the first row on that is quoted in a way that has no meaning, the text stays as it is; so does what follows
    the first `most` characters, which are all that is kept of it.
    """
    text = text.removeprefix("\ufeff")
    declared = _DECLARATION.match(text)
    rows = _Rows(text, declared.end() if declared else 0, declared[1] if declared else _delimiter(text))
    blocks: list[str] = []
    length = 0
    while length < most and (block := list(islice(rows, _BLOCK_ROWS))):
        blocks.append("".join(f"{row}\n" for row in block))
        length += len(blocks[-1])
    return "".join((*blocks, text[rows.end :]))


class _Rows(Iterator[str]):
    """The rows of a table, one by one, up to the first that is broken; `end` is where the last one ended."""

    def __init__(self, text: str, start: int, delimiter: str) -> None:
        self.end = self._line_end = start
        self._text = text
        self._cells: Iterator[list[str]] = csv.reader(self._lines(), delimiter=delimiter, strict=True)

    def __next__(self) -> str:
        try:
            cells = next(self._cells)
        except csv.Error:
            self._cells = iter(())
            raise StopIteration from None
        self.end = self._line_end
        return "\t".join(filter(None, map(str.strip, cells)))

    def _lines(self) -> Iterator[str]:
        # Not splitlines(): a list of all lines may take many times the memory of the text.
        for line in _LINE.finditer(self._text, self.end):
            self._line_end = line.end()
            yield line[0]


def _delimiter(text: str) -> str:
    """Return the character that parts most rows of the beginning into the same number of cells, several each."""
    lines = [line[0] for line in islice(_LINE.finditer(text[:_SAMPLE_CHARACTERS]), _SAMPLE_ROWS)]
    return max(_DELIMITERS, key=lambda delimiter: _rows_alike(lines, delimiter))


def _rows_alike(lines: list[str], delimiter: str) -> int:
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return 0
    return max((rows for width, rows in widths.items() if width > 1), default=0)
