"""What Word documents are made of: styles, by which headings and hidden text are known, text, notes and comments."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from indexer.extract.flow import Flow, note_texts
from indexer.extract.ooxml_text import Beside, OfficeText, nothing_beside
from indexer.extract.sections import Block
from indexer.extract.xml_stream import Attributes
from indexer.extract.xml_text import value_of

_HIGHEST = 1
# Every language edition writes the built-in styles by these names; their ids are translated.
_BUILT_IN = re.compile(r"heading ?([1-9])", re.IGNORECASE)
_TITLE = "title"
_NOTES = ("footnote", "endnote", "comment")
_OFF = frozenset({"0", "false", "off"})


def outline_level(attributes: Attributes) -> int:
    """Return the level of a heading, 1 to 9, by an outline level: it is counted from 0, and 9 is a text."""
    value = value_of(attributes, "val")
    return int(value) + 1 if re.fullmatch("[0-8]", value) else 0


def is_on(attributes: Attributes) -> bool:
    """Tell whether a property that is on or off is on, as it is where it is only named."""
    return value_of(attributes, "val") not in _OFF


class Styles:
    """Takes in the part of styles and tells what they make of a text; a style takes after the one it is based on."""

    def __init__(self) -> None:
        self._style = ""
        self._names: dict[str, str] = {}
        self._levels: dict[str, int] = {}
        self._hiding: dict[str, int] = {}
        self._bases: dict[str, str] = {}
        # What was found out about styles, and so about those between them and where it is said.
        self._known_levels: dict[str, int] = {}
        self._known_hiding: dict[str, int] = {}
        self.starts: dict[str, Callable[[Attributes], None]] = {
            "style": self._start_style,
            "name": lambda attributes: self._names.update({self._style: value_of(attributes, "val")}),
            "basedOn": lambda attributes: self._bases.update({self._style: value_of(attributes, "val")}),
            "outlineLvl": lambda attributes: self._levels.update({self._style: outline_level(attributes)}),
            "vanish": lambda attributes: self._hiding.update({self._style: is_on(attributes)}),
        }
        self.ends: dict[str, Callable[[], None]] = {}

    def text(self, data: str) -> None:
        """Ignore text: styles have none."""

    def level(self, style: str) -> int:
        """Return the level of the headings that a style makes, 0 if it makes none."""
        return self._inherited(style, self._own_level, self._known_levels)

    def hides(self, style: str) -> bool:
        """Tell whether the text of a style is hidden."""
        return bool(self._inherited(style, self._hiding.get, self._known_hiding))

    def _inherited(self, style: str, own: Callable[[str], int | None], known: dict[str, int]) -> int:
        """Return what a style or the nearest of its bases says, 0 if none does; remember it for all on the way."""
        passed: dict[str, None] = {}
        value: int | None = None
        while value is None and style and style not in passed:
            passed[style] = None
            value = known.get(style, own(style))
            style = self._bases.get(style, "")
        known |= dict.fromkeys(passed, value or 0)
        return value or 0

    def _own_level(self, style: str) -> int | None:
        if style in self._levels:
            return self._levels[style]
        name = self._names.get(style, style)
        built_in = _BUILT_IN.fullmatch(name)
        if built_in:
            return int(built_in[1])
        return _HIGHEST if name.lower() == _TITLE else None

    def _start_style(self, attributes: Attributes) -> None:
        self._style = value_of(attributes, "styleId")


class WordText(OfficeText):
    """Collects the text of one part of a Word document, without the runs that are formatted as hidden."""

    def __init__(self, flow: Flow, beside: Beside, styles: Styles) -> None:
        super().__init__(flow, beside)
        self._styles = styles
        # Whether properties that come next are those of a run; paragraphs have some too, for the mark at their end.
        self._is_in_run = False
        self._is_hidden = False
        self.starts |= {
            "p": self._start_paragraph,
            "r": self._start_run,
            "rPrChange": self._start_former_properties,
            "rStyle": lambda attributes: self._hide(self._styles.hides(value_of(attributes, "val"))),
            "vanish": lambda attributes: self._hide(is_on(attributes)),
        }
        self.ends |= {"r": self._end_run, "rPr": self._end_properties}

    def _start_paragraph(self, attributes: Attributes) -> None:
        self._is_in_run = False
        self.open(Flow.open_paragraph, attributes)

    def _start_run(self, _: Attributes) -> None:
        self._is_in_run = True
        self.leave_out(False)

    def _start_former_properties(self, _: Attributes) -> None:
        self._is_in_run = False

    def _hide(self, is_hidden: bool) -> None:
        """Take what a property says; that of a run itself comes after the name of its style."""
        if self._is_in_run:
            self._is_hidden = is_hidden

    def _end_properties(self) -> None:
        self.end_skipped()
        if self._is_hidden:
            self.leave_out_rest()
        self._is_hidden = False

    def _end_run(self) -> None:
        self._is_in_run = False
        self.end_left_out()


class Notes(WordText):
    """Takes in a part of footnotes, endnotes or comments, and holds the text of each by its id."""

    def __init__(self, flow: Flow, styles: Styles) -> None:
        super().__init__(flow, nothing_beside, styles)
        self._texts: dict[str, list[str]] = {}
        self._id = ""
        self.starts |= dict.fromkeys(_NOTES, partial(self.if_it_counts, self._start_note))
        self.ends |= dict.fromkeys(_NOTES, self._end_note)

    def keep(self, blocks: list[Block]) -> None:
        """Keep blocks as a part of the note that was begun last."""
        texts = note_texts(blocks)
        if texts:
            self._texts.setdefault(self._id, []).extend(texts)

    def texts(self) -> dict[str, str]:
        """Return the texts of the notes by their ids."""
        return {name: "\n\n".join(texts) for name, texts in self._texts.items()}

    def _start_note(self, attributes: Attributes) -> None:
        self._id = value_of(attributes, "id")
        self.flow.open_cell()

    def _end_note(self) -> None:
        self.close()
        self.keep(self.flow.take())
