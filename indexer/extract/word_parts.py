"""The parts beside the body of a Word document: styles, by which headings are known, and notes and comments."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from indexer.extract.flow import Flow, note_texts
from indexer.extract.ooxml_text import OfficeText, nothing_beside
from indexer.extract.sections import Block
from indexer.extract.xml_stream import Attributes
from indexer.extract.xml_text import value_of

_HIGHEST = 1
# Every language edition writes the built-in styles by these names; their ids are translated.
_BUILT_IN = re.compile(r"heading ?([1-9])", re.IGNORECASE)
_TITLE = "title"
_NOTES = ("footnote", "endnote", "comment")


def outline_level(attributes: Attributes) -> int:
    """Return the level of a heading, 1 to 9, by an outline level: it is counted from 0, and 9 is a text."""
    value = value_of(attributes, "val")
    return int(value) + 1 if re.fullmatch("[0-8]", value) else 0


class Styles:
    """Takes in the part of styles and tells which of them make headings."""

    def __init__(self) -> None:
        self._style = ""
        self._names: dict[str, str] = {}
        self._levels: dict[str, int] = {}
        self._bases: dict[str, str] = {}
        self.starts: dict[str, Callable[[Attributes], None]] = {
            "style": self._start_style,
            "name": lambda attributes: self._names.update({self._style: value_of(attributes, "val")}),
            "basedOn": lambda attributes: self._bases.update({self._style: value_of(attributes, "val")}),
            "outlineLvl": lambda attributes: self._levels.update({self._style: outline_level(attributes)}),
        }
        self.ends: dict[str, Callable[[], None]] = {}

    def text(self, data: str) -> None:
        """Ignore text: styles have none."""

    def level(self, style: str) -> int:
        """Return the level of the headings that a style makes, 0 if it makes none; a style takes after its base."""
        passed: set[str] = set()
        while style and style not in passed:
            passed.add(style)
            if style in self._levels:
                return self._levels[style]
            name = self._names.get(style, style)
            built_in = _BUILT_IN.fullmatch(name)
            if built_in:
                return int(built_in[1])
            if name.lower() == _TITLE:
                return _HIGHEST
            style = self._bases.get(style, "")
        return 0

    def _start_style(self, attributes: Attributes) -> None:
        self._style = value_of(attributes, "styleId")


class Notes(OfficeText):
    """Takes in a part of footnotes, endnotes or comments, and holds the text of each by its id."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow, nothing_beside)
        self.texts: dict[str, str] = {}
        self._id = ""
        self.starts |= dict.fromkeys(_NOTES, partial(self.if_it_counts, self._start_note))
        self.ends |= dict.fromkeys(_NOTES, self._end_note)

    def keep(self, blocks: list[Block]) -> None:
        """Keep blocks as a part of the note that was begun last."""
        texts = note_texts(blocks)
        if texts:
            self.texts[self._id] = "\n\n".join(filter(None, (self.texts.get(self._id), *texts)))

    def _start_note(self, attributes: Attributes) -> None:
        self._id = value_of(attributes, "id")
        self.flow.open_cell()

    def _end_note(self) -> None:
        self.close()
        self.keep(self.flow.take())
