"""The flow of a document: paragraphs, tables and what is anchored in them, opened and closed, become blocks of text."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import chain

from indexer.extract.items import Incomplete
from indexer.extract.sections import Block
from indexer.index.schema import Status

_PARTING = 2
"""Characters that part a paragraph from the next one."""
_DEEPEST = 250
"""Far more than any program or person makes, and few enough for what is done at each level."""


@dataclass(slots=True)
class _Place:
    """Something that is open, and the blocks that were finished within it."""

    blocks: list[Block] = field(default_factory=list)

    def receive(self, other: _Place) -> None:
        """Take what was open within this place and has been closed."""
        self.blocks += other.finished()

    def finished(self) -> list[Block]:
        """Return the blocks that this place amounts to."""
        return self.blocks


@dataclass(slots=True)
class _Paragraph(_Place):
    """What is open within a paragraph, such as a text box, comes after it and makes no headings."""

    pieces: list[str] = field(default_factory=list)
    level: int = 0
    notes: list[str] = field(default_factory=list)

    def receive(self, other: _Place) -> None:
        if isinstance(other, _Note):
            self.notes += note_texts(other.blocks)
        else:
            self.blocks += (replace(block, level=0) for block in other.finished())

    def finished(self) -> list[Block]:
        text = "".join(self.pieces).strip()
        if not text and not self.notes:
            return self.blocks
        return [Block(text, self.level, notes=tuple(self.notes)), *self.blocks]


@dataclass(slots=True)
class _Note(_Place):
    """A text that stands elsewhere: it goes along with the paragraph that it was found in."""

    def finished(self) -> list[Block]:
        return [Block("", notes=tuple(note_texts(self.blocks)))] if self.blocks else []


@dataclass(slots=True)
class _Row(_Place):
    """A row of cells that hold anything."""

    cells: list[list[Block]] = field(default_factory=list)

    def receive(self, other: _Place) -> None:
        blocks = other.finished()
        if blocks:
            self.cells.append(blocks)

    @property
    def is_frame(self) -> bool:
        """Tell whether this is a frame round a text, whose paragraphs and headings are as good as any."""
        return len(self.cells) == 1 and (len(self.cells[0]) > 1 or self.cells[0][0].level > 0)

    def finished(self) -> list[Block]:
        if self.is_frame:
            return self.cells[0]
        return [_line(self.cells)] if self.cells else []


@dataclass(slots=True)
class _Table(_Place):
    lines: list[Block] = field(default_factory=list)

    def receive(self, other: _Place) -> None:
        if isinstance(other, _Row) and not other.is_frame:
            self.lines += other.finished()
        else:
            self._end_lines()
            self.blocks += other.finished()

    def finished(self) -> list[Block]:
        self._end_lines()
        return self.blocks

    def _end_lines(self) -> None:
        if self.lines:
            self.blocks.append(Block("\n".join(line.text for line in self.lines), notes=_notes(self.lines)))
            self.lines = []


class Flow:
    """Takes what a document's reader meets, in its order, and gives finished blocks.

    Paragraphs hold text and whatever is anchored in them; a table is a block, a line for each row and a tab between
    cells. At most `room` characters are kept, so that no document fills the memory.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._body = _Place()
        self._open: list[_Place] = []

    @property
    def is_full(self) -> bool:
        """Tell whether text had to be left out."""
        return self._room < 0

    @property
    def is_in_paragraph(self) -> bool:
        """Tell whether a paragraph is open, and nothing within it."""
        return bool(self._open) and isinstance(self._open[-1], _Paragraph)

    def open_paragraph(self) -> None:
        """Begin a paragraph; within another one, it will come after that."""
        self._room -= _PARTING
        self._begin(_Paragraph())

    def set_level(self, level: int) -> None:
        """Make the innermost open paragraph a heading of that level, or none when it is 0."""
        if self._open and isinstance(self._open[-1], _Paragraph):
            self._open[-1].level = level

    def open_table(self) -> None:
        """Begin a table."""
        self._begin(_Table())

    def open_row(self) -> None:
        """Begin a row of a table."""
        self._begin(_Row())

    def open_cell(self) -> None:
        """Begin a cell of a row."""
        self._begin(_Place())

    def open_note(self) -> None:
        """Begin a note, which stays with the paragraph that it is found in and is no part of it."""
        self._begin(_Note())

    def close(self) -> None:
        """End what was opened last and is still open."""
        closed = self._open.pop()
        self._innermost.receive(closed)

    def write(self, text: str) -> None:
        """Add text to the open paragraph; text that stands in none is one of its own."""
        kept = text[: max(self._room, 0)]
        self._room -= len(text)
        if self._open and isinstance(self._open[-1], _Paragraph):
            self._open[-1].pieces.append(kept)
        elif kept.strip():
            self._innermost.receive(_Place([Block(kept)]))

    def add_beside(self, text: str) -> None:
        """Add a text of its own, which comes after the open paragraph if there is one."""
        if text:
            self.open_paragraph()
            self.write(text)
            self.close()

    def add_note(self, text: str) -> None:
        """Add a note to what is open."""
        if text:
            self.open_note()
            self.add_beside(text)
            self.close()

    def take(self) -> list[Block]:
        """Return the blocks that were finished since the last time."""
        blocks = self._body.finished()
        self._body = _Place()
        return blocks

    def end(self) -> list[Block]:
        """Close everything, as at the end of a document or where it breaks off, and return the last blocks."""
        while self._open:
            self.close()
        return self.take()

    def _begin(self, place: _Place) -> None:
        if len(self._open) >= _DEEPEST:
            raise Incomplete(Status.DAMAGED, f"It has more than {_DEEPEST} paragraphs and tables within each other.")
        self._open.append(place)

    @property
    def _innermost(self) -> _Place:
        return self._open[-1] if self._open else self._body


def note_texts(blocks: list[Block]) -> list[str]:
    """Return the texts of blocks, with those of their notes."""
    return [text for block in blocks for text in (block.text, *block.notes) if text.strip()]


def _line(cells: list[list[Block]]) -> Block:
    texts = (" ".join(block.text for block in cell if block.text) for cell in cells)
    return Block("\t".join(filter(None, texts)), notes=_notes(list(chain.from_iterable(cells))))


def _notes(blocks: list[Block]) -> tuple[str, ...]:
    return tuple(chain.from_iterable(block.notes for block in blocks))
