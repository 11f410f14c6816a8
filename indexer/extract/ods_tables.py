"""The tables of an OpenDocument spreadsheet, read as a stream: cells, and the notes and shapes that lie upon them.

Element and attribute names are those of OpenDocument 1.3, part 3.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from indexer.extract.number_formats import written_date
from indexer.extract.odf_text import Beside, object_name
from indexer.extract.sheets import Budget, BudgetSpent, Sheet, address, label_of, noted
from indexer.extract.xml_stream import Attributes

_OFFICE, _STYLE, _TABLE = (
    f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "style", "table")
)
_VALUES = tuple(f"{_OFFICE}{name}" for name in ("string-value", "value", "time-value", "boolean-value"))
_BLANKS = re.compile("[ \t\r\n]+")
_LONGEST_COUNT = 10
_USUAL_PAGE = "Default"
"""The kind of page that a sheet is printed on if it names none."""
_CELLS = ("table-cell", "covered-table-cell")
_SHAPES = (
    *("frame", "rect", "line", "polyline", "polygon", "regular-polygon", "path", "circle", "ellipse", "connector"),
    *("caption", "measure", "control", "custom-shape"),
)
_PARAGRAPHS = ("p", "h", "title", "desc")
# What tracked changes deleted, copies of tables in other files, and readings of Japanese words beside them.
_SKIPPED = ("tracked-changes", "dde-links", "ruby-text")


@dataclass(slots=True)
class _Place:
    """Somewhere text can stand, a cell, a note or a shape: its paragraphs, and the pieces of the one that is open."""

    attributes: Attributes
    paragraphs: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    open_paragraphs: int = 0

    def end_paragraph(self) -> None:
        """Put what was collected among the paragraphs."""
        self.paragraphs.append("".join(self.pieces).strip())
        self.pieces.clear()

    def text(self) -> str:
        """Return the paragraphs as lines."""
        return "\n".join(filter(None, self.paragraphs))


class _Skipping:
    """Knows whether an element that is to be left out with all that is in it is open."""

    def __init__(self) -> None:
        self.is_skipped = 0
        self.starts: dict[str, Callable[[Attributes], None]] = dict.fromkeys(_SKIPPED, self._skip)
        self.ends: dict[str, Callable[[], None]] = dict.fromkeys(_SKIPPED, self._end_skip)

    def text(self, data: str) -> None:
        """Pass over text."""

    def _skip(self, _: Attributes) -> None:
        self.is_skipped += 1

    def _end_skip(self) -> None:
        self.is_skipped -= 1


class TableNames(_Skipping):
    """Collects what the sheets are called, and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self._open = 0
        self.starts |= {"table": self._begin_table}
        self.ends |= {"table": self._end_table}

    def _begin_table(self, attributes: Attributes) -> None:
        if not self._open and not self.is_skipped:
            self.names.append(attributes.get(f"{_TABLE}name", ""))
        self._open += 1

    def _end_table(self) -> None:
        self._open -= 1


class _Places(_Skipping):
    """Collects the paragraphs of cells, notes and shapes, which may lie in one another."""

    def __init__(self, budget: Budget) -> None:
        super().__init__()
        self._budget = budget
        self._places: list[_Place] = []
        self._length = 0
        blanks = {"s": " ", "tab": " ", "line-break": "\n"}
        self.starts |= dict.fromkeys(_PARAGRAPHS, self._begin_paragraph)
        self.starts |= {name: partial(self._add_blank, blank) for name, blank in blanks.items()}
        self.ends |= dict.fromkeys(_PARAGRAPHS, self._end_paragraph)

    def text(self, data: str) -> None:
        """Keep text that stands in a paragraph; raises BudgetSpent as soon as it is more than may be kept."""
        if not self._places or not self._places[-1].open_paragraphs or self.is_skipped:
            return
        self._places[-1].pieces.append(_BLANKS.sub(" ", data))
        self._length += len(data)
        if self._length > self._budget.characters:
            raise BudgetSpent

    def _add_blank(self, blank: str, _: Attributes) -> None:
        if self._places:
            self._places[-1].pieces.append(blank)

    def _begin_paragraph(self, _: Attributes) -> None:
        if self._places:
            self._places[-1].open_paragraphs += 1

    def _end_paragraph(self) -> None:
        if self._places:
            self._places[-1].open_paragraphs -= 1
            self._places[-1].end_paragraph()

    def _begin_place(self, attributes: Attributes) -> None:
        self._places.append(_Place(attributes))

    def _end_place(self) -> _Place:
        self._length = 0
        return self._places.pop()


class Tables(_Places):
    """Collects the sheets in their order: those that are `ready`, the last `sheet`, and the `count` of all begun.

    `margins` are the headers and footers by the kind of page, and `beside` fetches the objects that shapes show.
    """

    def __init__(self, budget: Budget, margins: Mapping[str, Sequence[str]], beside: Beside) -> None:
        super().__init__(budget)
        self.ready: deque[Sheet] = deque()
        self.count = 0
        self._margins = margins
        self._beside = beside
        self._hidden_styles: set[str] = set()
        # The kinds of pages that sheets of a style are printed on.
        self._pages: dict[str, str] = {}
        self._style = ""
        self.sheet = Sheet("")
        self._open = 0
        self._row: list[str] = []
        self._row_number = self._column_number = self._row_repeats = 1
        self.starts |= {
            "style": self._begin_style,
            "table-properties": self._begin_table_properties,
            "table": self._begin_table,
            "table-row": self._begin_row,
            **dict.fromkeys((*_CELLS, *_SHAPES, "annotation"), self._begin_place),
            **dict.fromkeys(("object", "object-ole"), self._add_object),
        }
        self.ends |= {
            "table": self._end_table,
            "table-row": self._end_row,
            "annotation": self._end_note,
            **dict.fromkeys(_CELLS, self._end_cell),
            **dict.fromkeys(_SHAPES, self._end_shape),
        }

    def finish(self) -> None:
        """Make the open sheet ready as it is, with what was read of its last row."""
        if not self._open or self.is_skipped:
            return
        while self._places:
            place = self._end_place()
            place.end_paragraph()
            self._row += filter(None, (place.text(),))
        self._end_line()
        self.ready.append(self.sheet)

    def _begin_style(self, attributes: Attributes) -> None:
        self._style = attributes.get(f"{_STYLE}name", "")
        page = attributes.get(f"{_STYLE}master-page-name")
        if page:
            self._pages[self._style] = page

    def _begin_table_properties(self, attributes: Attributes) -> None:
        if attributes.get(f"{_TABLE}display") == "false":
            self._hidden_styles.add(self._style)

    def _begin_table(self, attributes: Attributes) -> None:
        self._open += 1
        if self._open > 1 or self.is_skipped:
            return
        style = attributes.get(f"{_TABLE}style-name", "")
        margins = self._margins.get(self._pages.get(style, _USUAL_PAGE), ())
        label = label_of(attributes.get(f"{_TABLE}name", ""), style in self._hidden_styles)
        self.sheet = Sheet(label, margins=[*margins])
        self._row_number = 1
        self.count += 1
        self._budget.spend(characters=sum(map(len, margins)))

    def _end_table(self) -> None:
        self._open -= 1
        if not self._open and not self.is_skipped:
            self.ready.append(self.sheet)

    def _begin_row(self, attributes: Attributes) -> None:
        self._row_repeats = _count(attributes, "number-rows-repeated")
        self._column_number = 1

    def _end_row(self) -> None:
        self._row_number += self._row_repeats
        again = (self._row_repeats - 1) * len(self._row)
        line = self._end_line()
        self._budget.spend(cells=1 + again, characters=(self._row_repeats - 1) * len(line))
        if line:
            self.sheet.lines += [line] * (self._row_repeats - 1)

    def _end_line(self) -> str:
        """Add the row to the sheet, unless it is empty, and return it."""
        line = "\t".join(self._row)
        self._row.clear()
        if line:
            self.sheet.lines.append(line)
        return line

    def _end_cell(self) -> None:
        place = self._end_place()
        repeats = _count(place.attributes, "number-columns-repeated")
        self._column_number += repeats
        self._budget.spend(cells=1)
        text = _shown(place)
        if text and not self.is_skipped:
            # Kept once before it is paid for: so much was read.
            self._row.append(text)
            self._budget.spend(cells=repeats - 1, characters=repeats * len(text))
            self._row += [text] * (repeats - 1)

    def _end_note(self) -> None:
        text = self._end_place().text()
        if text:
            self.sheet.notes.append(noted(address(self._column_number, self._row_number), text))
            self._budget.spend(characters=len(text))

    def _add_object(self, attributes: Attributes) -> None:
        if self._places and not self.is_skipped:
            self._places[-1].paragraphs.append(self._beside(object_name(attributes)))

    def _end_shape(self) -> None:
        text = self._end_place().text()
        if text:
            self.sheet.shapes.append(text)
            self._budget.spend(characters=len(text))


def _shown(cell: _Place) -> str:
    """Return what a cell shows; dates in ISO 8601, and the bare value where a program wrote nothing else."""
    day = cell.attributes.get(f"{_OFFICE}date-value", "")
    return written_date(day) or cell.text() or next(filter(None, map(cell.attributes.get, _VALUES)), "")


def _count(attributes: Attributes, name: str) -> int:
    """Return how often a cell or a row stands there."""
    count = attributes.get(f"{_TABLE}{name}", "")
    return max(int(count), 1) if count.isdecimal() and len(count) < _LONGEST_COUNT else 1
