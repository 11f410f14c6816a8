"""The text of Office parts: paragraphs and tables of WordprocessingML and DrawingML, of charts and diagrams.

Elements go by their local names (ISO/IEC 29500). Some share one, as the label of a chart and the point of a diagram do
(`pt`); what is done at them suits both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from indexer.extract.flow import Flow
from indexer.extract.xml_stream import Attributes
from indexer.extract.xml_text import XmlText, value_of

Beside = Callable[[str, Attributes], str]
"""Returns the text that an element leads to from its name and attributes: a note, a comment, a chart, a diagram."""

# A display formula, the reading aid of a ruby and the labels of a chart are paragraphs of their own.
_PARAGRAPHS = ("p", "oMathPara", "rt", "strCache", "strLit", "multiLvlStrCache", "strDim")
_OPENINGS: Mapping[str, Callable[[Flow], None]] = {
    **dict.fromkeys(_PARAGRAPHS, Flow.open_paragraph),
    "tbl": Flow.open_table,
    "tr": Flow.open_row,
    "tc": Flow.open_cell,
}
_TEXTS = ("t", "v", "pt")
_CHARACTERS = {"br": "\n", "cr": "\n", "tab": "\t", "ptab": "\t", "noBreakHyphen": "-"}
# The numerator of a fraction, and a label of a chart.
_AFTER = {"num": "/", "pt": "\n"}
# Properties (their tab stops are no tabs), what a tracked change removed or moved away from here, and charts' numbers.
_SKIPPED = ("rPr", "tabs", "tabLst", "sdtPr", "pPrChange", "del", "moveFrom", "numCache", "numLit", "numDim")
_NOTES = ("footnoteReference", "endnoteReference", "commentReference")
_FIGURES = ("chart", "relIds")
_PICTURES = ("docPr", "cNvPr")
_PRIVATE = range(0xF000, 0xF100)
"""Where the characters of fonts of signs are."""
_GREEK = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖαβχδεφγηιϕκλμνοπθρστυϖωξψζ",
)
"""What the letters of the font Symbol look like."""
# What Word says of pictures by itself: a guess, or the file that a picture came from.
_NO_ALTERNATIVE = re.compile(r"description automatically generated|\.(png|jpe?g|gif|bmp|tiff?|wmf|emf|svg)\s*$", re.I)


class OfficeText(XmlText):
    """Collects the text of one part of an Office file; `beside` fetches what its elements lead to."""

    def __init__(self, flow: Flow, beside: Beside) -> None:
        super().__init__(flow)
        self._beside = beside
        self._is_text = False
        # For each open choice between forms of the same content: whether one of them was taken.
        self._choices: list[bool] = []
        # For each open field: whether this is still its code and not yet its result.
        self._fields: list[bool] = []
        self._alternatives: set[str] = set()
        self.starts |= self._starts()
        self.ends |= self._ends()

    def _starts(self) -> dict[str, Callable[[Attributes], None]]:
        counted: dict[str, Callable[[Attributes], None]] = {
            **{name: partial(self._write_character, text) for name, text in _CHARACTERS.items()},
            **{name: partial(self._add_note, name) for name in _NOTES},
            **{name: partial(self._add_figure, name) for name in _FIGURES},
            **dict.fromkeys(_PICTURES, self._describe),
            **dict.fromkeys(_TEXTS, self._start_text),
            "text": self._start_comment,
            "fldChar": self._pass_field_mark,
            "sym": self._write_symbol,
        }
        return {
            **{name: partial(self.if_it_counts, action) for name, action in counted.items()},
            **{name: partial(self.open, opening) for name, opening in _OPENINGS.items()},
            **dict.fromkeys(_SKIPPED, self.skip),
            **dict.fromkeys(("Choice", "Fallback"), self._start_form),
            "AlternateContent": lambda _: self._choices.append(False),
            "fld": lambda attributes: self.leave_out(attributes.get("type") == "slidenum"),
        }

    def _ends(self) -> dict[str, Callable[[], None]]:
        return {
            **dict.fromkeys((*_OPENINGS, "text"), self.close),
            **dict.fromkeys(_TEXTS, self._end_text),
            **{name: partial(self._write_after, text) for name, text in _AFTER.items()},
            **dict.fromkeys(_SKIPPED, self.end_skipped),
            **dict.fromkeys(("Choice", "Fallback", "fld"), self.end_left_out),
            "AlternateContent": self._end_choice,
        }

    def text(self, data: str) -> None:
        """Take a piece of text, which counts in few elements only."""
        if self._is_text and self.counts:
            self._write(data)

    def close(self) -> None:
        """Close a paragraph, or a part of a table; a field's code that runs over its end was never closed itself."""
        super().close()
        self._is_text = False
        self._fields.clear()

    def _start_text(self, _: Attributes) -> None:
        self._is_text = True

    def _start_comment(self, _: Attributes) -> None:
        self.flow.open_paragraph()
        self._is_text = True

    def _end_text(self) -> None:
        self._is_text = False

    def _write(self, text: str) -> None:
        if True not in self._fields:
            self.flow.write(text)

    def _write_character(self, character: str, _: Attributes) -> None:
        self._write(character)

    def _write_after(self, text: str) -> None:
        self._is_text = False
        if self.counts and self.flow.is_in_paragraph:
            self._write(text)

    def _write_symbol(self, attributes: Attributes) -> None:
        self._write(_symbol(value_of(attributes, "font"), value_of(attributes, "char")))

    def _add_note(self, name: str, attributes: Attributes) -> None:
        self.flow.add_note(self._beside(name, attributes))

    def _add_figure(self, name: str, attributes: Attributes) -> None:
        self.flow.add_beside(self._beside(name, attributes))

    def _describe(self, attributes: Attributes) -> None:
        """Add the alternative text of a picture, unless it is none or was added already."""
        alternative = value_of(attributes, "descr")
        if alternative not in self._alternatives and not _NO_ALTERNATIVE.search(alternative):
            self._alternatives.add(alternative)
            self.flow.add_beside(alternative)

    def _pass_field_mark(self, attributes: Attributes) -> None:
        kind = value_of(attributes, "fldCharType")
        if kind == "begin":
            self._fields.append(True)
        elif self._fields and kind == "separate":
            self._fields[-1] = False
        elif self._fields and kind == "end":
            self._fields.pop()

    def _start_form(self, _: Attributes) -> None:
        """Take the first form of what is given in several, for programs that know more or less."""
        was_taken = bool(self._choices) and self._choices[-1]
        if self._choices:
            self._choices[-1] = True
        self.leave_out(was_taken)

    def _end_choice(self) -> None:
        self._choices.pop()


def nothing_beside(_name: str, _attributes: Attributes) -> str:
    """Return no text: what a part that leads nowhere has beside it."""
    return ""


def _symbol(font: str, code: str) -> str:
    """Return a character of a font of signs: Greek where it is known, a blank for what is no letter at all."""
    try:
        number = int(code, 16)
        character = chr(number)
    except (ValueError, OverflowError):
        return ""
    if number not in _PRIVATE:
        return character
    letter = chr(number - _PRIVATE.start)
    return letter.translate(_GREEK) if font == "Symbol" and letter.isascii() and letter.isalpha() else " "
