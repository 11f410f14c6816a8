"""The text of OpenDocument parts: paragraphs, tables, shapes, notes and formulas (OASIS OpenDocument 1.3, part 3).

Elements go by their local names; where two share one, what they stand in tells them apart: text counts in paragraphs
only, and a title or description is one of a picture only outside of them.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import unquote
from zipfile import ZipFile

from indexer.extract.flow import Flow
from indexer.extract.xml_stream import Attributes
from indexer.extract.xml_text import Parts, XmlText, value_of

Beside = Callable[[str], str]
"""Returns the text of the object of that name inside the file: a chart, a formula, a small table."""

_SHAPES = ("frame", "custom-shape", "g", "rect", "line", "polyline", "polygon", "path", "circle", "ellipse")
_LINES = ("connector", "caption", "measure", "control")
# The reading aid of a ruby and a formula are paragraphs of their own.
_OPENINGS: Mapping[str, Callable[[Flow], None]] = {
    **dict.fromkeys(("p", "ruby-text", "math"), Flow.open_paragraph),
    **dict.fromkeys(("note", "annotation"), Flow.open_note),
    **dict.fromkeys((*_SHAPES, *_LINES, "table-cell", "covered-table-cell"), Flow.open_cell),
    "table": Flow.open_table,
    "table-row": Flow.open_row,
}
_CHARACTERS = {"tab": "\t", "line-break": "\n"}
# What a tracked change deleted, numbers of pages, and programs.
_SKIPPED = ("tracked-changes", "page-number", "script")
_DESCRIPTIONS = ("title", "desc")
_MOST_BLANKS = 1000
_BLANKS = re.compile(r"[ \t\r\n]+")


class OpenDocumentText(XmlText):
    """Collects the text of one part of an OpenDocument file; `beside` fetches the objects that it shows."""

    def __init__(self, flow: Flow, beside: Beside) -> None:
        super().__init__(flow)
        self._beside = beside
        # For each open title or description: whether it was opened as a paragraph.
        self._descriptions: list[bool] = []
        counted: dict[str, Callable[[Attributes], None]] = {
            **{name: partial(self._write_character, text) for name, text in _CHARACTERS.items()},
            "s": self._write_blanks,
            "h": self._start_heading,
            **dict.fromkeys(("object", "object-ole"), self._add_object),
        }
        self.starts |= {
            **{name: partial(self.open, opening) for name, opening in _OPENINGS.items()},
            **{name: partial(self.if_it_counts, action) for name, action in counted.items()},
            **dict.fromkeys(_DESCRIPTIONS, self._start_description),
            **dict.fromkeys(_SKIPPED, self.skip),
        }
        self.ends |= {
            **dict.fromkeys((*_OPENINGS, "h"), self.close),
            **dict.fromkeys(_DESCRIPTIONS, self._end_description),
            **dict.fromkeys(_SKIPPED, self.end_skipped),
        }

    def text(self, data: str) -> None:
        """Take a piece of text, which counts in paragraphs only; line ends and runs of blanks are one blank there."""
        if self.counts and self.flow.is_in_paragraph:
            self.flow.write(_BLANKS.sub(" ", data))

    def _write_character(self, character: str, _: Attributes) -> None:
        self.flow.write(character)

    def _write_blanks(self, attributes: Attributes) -> None:
        self.flow.write(" " * min(_number(value_of(attributes, "c"), 1), _MOST_BLANKS))

    def _start_heading(self, attributes: Attributes) -> None:
        self.flow.open_paragraph()
        self.flow.set_level(_number(value_of(attributes, "outline-level"), 1))

    def _add_object(self, attributes: Attributes) -> None:
        self.flow.add_beside(self._beside(object_name(attributes)))

    def _start_description(self, _: Attributes) -> None:
        """Begin the alternative text of a picture; within a paragraph, these are the names of fields."""
        is_alternative = self.counts and not self.flow.is_in_paragraph
        self._descriptions.append(is_alternative)
        if is_alternative:
            self.flow.open_paragraph()

    def _end_description(self) -> None:
        if self._descriptions.pop():
            self.flow.close()


class OpenDocument(Parts):
    """The parts of an opened OpenDocument file; `objects` names those that are files of other programs."""

    def __init__(self, archive: ZipFile, characters: int) -> None:
        super().__init__(archive, characters)
        self.objects: list[str] = []

    def object_text(self, name: str) -> str:
        """Return the text of the object in a folder of the file, which shows no further ones; empty without one."""
        part = f"{name}/content.xml"
        if part in self.archive.NameToInfo:
            return self.figure_text(part, lambda flow: OpenDocumentText(flow, lambda _: ""))
        if name in self.archive.NameToInfo:
            self.objects.append(name)
        return ""


def object_name(attributes: Attributes) -> str:
    """Return the name within the file of the object that an element shows."""
    return posixpath.normpath(unquote(value_of(attributes, "href")))


def _number(text: str, otherwise: int) -> int:
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else otherwise
