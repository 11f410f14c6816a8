"""The parts of an Excel workbook that are read as a stream: sheets, shared strings, number formats, notes, shapes."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping

from indexer.extract.number_formats import BUILT_IN, Kind, kind_of, shown, written_date
from indexer.extract.sheets import Budget, BudgetSpent, Sheet, label_of, noted
from indexer.extract.xml_stream import Attributes

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_EMPTY_CELL = re.compile(rb'<c(?: [a-z]+="[^"<>]*")* ?/>')
_CDATA = b"!["
_SHOWN = frozenset({"", "visible"})
_TRUE = frozenset({"1", "true"})
_MOST_STYLES = 1 << 17
_LONGEST_INDEX = 10
_MARGIN_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|[KLCR][0-9]{2}[+-][0-9]{3}|[0-9]+|.)?', re.DOTALL)
_MARGIN_CHARACTERS = {"&&": "&", "&L": " ", "&C": " ", "&R": " "}


class _Text:
    """Collects the text of elements `t`, but for the phonetic readings (`rPh`) that Japanese workbooks add to it."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._pieces: list[str] = []
        self._length = 0
        self._is_open = False
        self._is_phonetic = False
        self.starts: Mapping[str, Callable[[Attributes], None]] = {"t": self._open, "rPh": self._begin_phonetic}
        self.ends: Mapping[str, Callable[[], None]] = {"t": self._close, "rPh": self._end_phonetic}

    def text(self, data: str) -> None:
        """Keep text that stands where it belongs; raises BudgetSpent as soon as it is more than may be kept."""
        if self._is_open:
            self._pieces.append(data)
            self._length += len(data)
            if self._length > self._budget.characters:
                raise BudgetSpent

    def _open(self, _: Attributes) -> None:
        self._is_open = not self._is_phonetic

    def _close(self) -> None:
        self._is_open = False

    def _begin_phonetic(self, _: Attributes) -> None:
        self._is_phonetic = True

    def _end_phonetic(self) -> None:
        self._is_phonetic = False

    def _taken(self) -> str:
        """Return what was collected, and begin anew."""
        text = "".join(self._pieces)
        self._pieces.clear()
        self._length = 0
        return text


class Contents:
    """What a workbook lists: `sheets`, by their labels and the ids of their relationships; and how it counts days."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.is_1904 = False
        self.starts = {"sheet": self._add, "workbookPr": self._set}
        self.ends: Mapping[str, Callable[[], None]] = {}

    def text(self, data: str) -> None:
        """Pass over text, of which there is none."""

    def _add(self, attributes: Attributes) -> None:
        label = label_of(attributes.get("name", ""), attributes.get("state", "") not in _SHOWN)
        # The sheet has an id of its own beside that of the relationship, which lies in a namespace.
        relation = next((value for name, value in attributes.items() if name.endswith("}id")), "")
        self.sheets.append((label, relation))

    def _set(self, attributes: Attributes) -> None:
        self.is_1904 = attributes.get("date1904") in _TRUE


class Texts:
    """Any number of texts in little more memory than their characters take: a Python string each takes fifty bytes."""

    def __init__(self) -> None:
        self._content = bytearray()
        self._ends = array("L", [0])

    def append(self, text: str) -> None:
        """Add a text at the end."""
        # What Excel escapes may be half a character.
        self._content += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._content))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> str:
        return self._content[self._ends[number] : self._ends[number + 1]].decode("utf-8", "surrogatepass")


class SharedStrings(_Text):
    """The texts that cells refer to by number: `texts`, as many as the budget allows."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self.texts = Texts()
        self.starts = {**self.starts, "si": self._begin}
        self.ends = {**self.ends, "si": self._end}

    def _begin(self, _: Attributes) -> None:
        self._taken()

    def _end(self) -> None:
        text = unescaped(self._taken())
        self._budget.spend(cells=1, characters=len(text))
        self.texts.append(text)


class Styles:
    """The number formats of a workbook: `kinds`, by the number that a cell gives as its style.

    Reading them raises BudgetSpent when there are more than Excel knows.
    """

    def __init__(self) -> None:
        self.kinds: dict[str, Kind] = {}
        self._budget = Budget(_MOST_STYLES, 0)
        self._defined: dict[str, Kind] = {}
        self._is_inside = False
        self.starts = {"numFmt": self._define, "cellXfs": self._enter, "xf": self._add}
        self.ends = {"cellXfs": self._leave}

    def text(self, data: str) -> None:
        """Pass over text, of which there is none."""

    def _define(self, attributes: Attributes) -> None:
        self._budget.spend(cells=1)
        self._defined[attributes.get("numFmtId", "")] = kind_of(attributes.get("formatCode", ""))

    def _enter(self, _: Attributes) -> None:
        self._is_inside = True

    def _leave(self) -> None:
        self._is_inside = False

    def _add(self, attributes: Attributes) -> None:
        if self._is_inside:
            self._budget.spend(cells=1)
            number = attributes.get("numFmtId", "")
            built_in = BUILT_IN.get(int(number), Kind.NUMBER) if _is_index(number) else Kind.NUMBER
            self.kinds[str(len(self.kinds))] = self._defined.get(number, built_in)


class Values:
    """What the values of cells mean: texts by their number, numbers by their format; counts the texts `missing`."""

    def __init__(self, texts: Texts, kinds: Mapping[str, Kind], is_1904: bool) -> None:
        self._texts = texts
        self._kinds = kinds
        self._is_1904 = is_1904
        self.missing = 0

    def shown(self, raw: str, kind: str, style: str) -> str:
        """Return a value as a reader sees it, from the type and the style of its cell."""
        match kind:
            case "s":
                return self._shared(raw)
            case "n":
                return shown(raw, self._kinds.get(style, Kind.NUMBER), self._is_1904)
            case "b":
                return {"0": "FALSE", "1": "TRUE"}.get(raw, raw)
            case "d":
                return written_date(raw)
            case _:
                return unescaped(raw)

    def _shared(self, raw: str) -> str:
        if _is_index(raw) and int(raw) < len(self._texts):
            return self._texts[int(raw)]
        self.missing += 1
        return ""


class Cells(_Text):
    """The rows of a sheet and what is printed above and below them, put into a Sheet as they are read."""

    def __init__(self, sheet: Sheet, values: Values, budget: Budget) -> None:
        super().__init__(budget)
        self._sheet = sheet
        self._values = values
        self._row: list[str] = []
        self._type = self._style = ""
        margins = [f"{kind}{place}" for kind in ("odd", "even", "first") for place in ("Header", "Footer")]
        self.starts = {**self.starts, "c": self._begin_cell, "v": self._open, **dict.fromkeys(margins, self._open)}
        self.ends = {
            **self.ends,
            "c": self._end_cell,
            "v": self._close,
            "row": self._end_row,
            **dict.fromkeys(margins, self._end_margin),
        }

    def finish(self) -> None:
        """Keep what was read of a row, when the sheet ends within it."""
        self._add_value()
        if self._row:
            self._sheet.lines.append("\t".join(self._row))
            self._row.clear()

    def _begin_cell(self, attributes: Attributes) -> None:
        self._type = attributes.get("t", "n")
        self._style = attributes.get("s", "")
        # Whether it was one too many is looked at when the row ends, or this piece of the file.
        self._budget.cells -= 1

    def _end_cell(self) -> None:
        if self._pieces:
            self._budget.spend(characters=self._add_value())

    def _add_value(self) -> int:
        """Add the value that was collected to the row, and return its length."""
        raw = self._taken()
        value = self._values.shown(raw, self._type, self._style) if raw else ""
        if value:
            self._row.append(value)
        return len(value)

    def _end_row(self) -> None:
        # A row counts by itself: there may be any number of empty ones.
        self._budget.spend(cells=1)
        if self._row:
            self._sheet.lines.append("\t".join(self._row))
            self._row.clear()

    def _end_margin(self) -> None:
        self._close()
        text = margin_text(self._taken())
        if text and text not in self._sheet.margins:
            self._sheet.margins.append(text)


class Comments(_Text):
    """The notes on a sheet, each after the name of its cell: `lines`; and those that only stand for threads."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self.lines: list[str] = []
        self.stand_ins: list[str] = []
        self._authors: list[str] = []
        self._cell = self._author = ""
        self.starts = {**self.starts, "author": self._open, "comment": self._begin}
        self.ends = {**self.ends, "author": self._end_author, "comment": self._end}

    def _end_author(self) -> None:
        self._close()
        self._authors.append(self._taken())

    def _begin(self, attributes: Attributes) -> None:
        number = attributes.get("authorId", "")
        is_known = _is_index(number) and int(number) < len(self._authors)
        self._author = self._authors[int(number)] if is_known else ""
        self._cell = attributes.get("ref", "")

    def _end(self) -> None:
        text = unescaped(self._taken())
        self._budget.spend(cells=1, characters=len(text))
        # For programs that know no threads Excel adds a note with the same text, whose author is the thread's id.
        (self.stand_ins if self._author.startswith("tc=") else self.lines).append(noted(self._cell, text))


class Threads(_Text):
    """The comments on a sheet that can be answered, and the answers, each after the name of its cell: `lines`."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self.lines: list[str] = []
        self._cell = ""
        self.starts = {"threadedComment": self._begin, "text": self._open}
        self.ends = {"threadedComment": self._end, "text": self._close}

    def _begin(self, attributes: Attributes) -> None:
        self._cell = attributes.get("ref", "")

    def _end(self) -> None:
        text = self._taken()
        self._budget.spend(cells=1, characters=len(text))
        self.lines.append(noted(self._cell, text))


def thinned(pieces: Iterable[bytes], budget: Budget) -> Iterator[bytes]:
    """Leave out the empty cells of a sheet before it is parsed, and take them off the budget.

    Nineteen of twenty cells of real workbooks are empty, and only formatted: without them a sheet takes half the time.
    A cell that goes through the end of a piece stays; so does everything from the first CDATA section on, the only
    place where such characters can be text.
    """
    has_cdata = False
    last = b""
    for piece in pieces:
        has_cdata = has_cdata or _CDATA in piece or _CDATA in last + piece[:1]
        last = piece[-1:]
        kept, empty = (piece, 0) if has_cdata else _EMPTY_CELL.subn(b"", piece)
        yield kept
        budget.spend(cells=empty)


def unescaped(text: str) -> str:
    """Return a text with the characters that XML cannot hold, which Excel writes as "_x000D_"."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def margin_text(code: str) -> str:
    """Return the text of a header or footer without its codes: for fonts, for the page's number, for left and right."""
    return " ".join(_MARGIN_CODE.sub(lambda found: _MARGIN_CHARACTERS.get(found[0][:2], ""), code).split())


def _is_index(text: str) -> bool:
    return text.isdecimal() and len(text) < _LONGEST_INDEX
