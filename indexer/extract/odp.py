"""OpenDocument presentations: one page for each slide, its notes and comments after its own text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from indexer.extract.archive import open_archive
from indexer.extract.flow import Flow, note_texts
from indexer.extract.items import Item
from indexer.extract.odf_text import Beside, OpenDocument, OpenDocumentText
from indexer.extract.opendocument import refuse_encrypted
from indexer.extract.properties import odf_metadata
from indexer.extract.sections import Block
from indexer.extract.source import Context, Source
from indexer.extract.xml_stream import Attributes
from indexer.extract.xml_text import value_of
from indexer.index.schema import Locator, Page, Unit

_CONTENT = "content.xml"
# What every page of notes repeats.
_ON_EVERY_PAGE = frozenset({"header", "footer", "date-time", "page-number"})


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the slides, labelled by their number and, if the show leaves them out, as hidden.

    The names of slides are no labels: programs give them, and nobody who looks at a slide sees its name.
    """
    with open_archive(source, context.limits) as archive:
        refuse_encrypted(archive)
        document = OpenDocument(archive, context.limits.characters)
        slides = _Slides(document.flow(), document.object_text)
        for _ in document.pieces(_CONTENT, slides):
            yield from slides.take()
        yield from slides.take_last()
        yield replace(odf_metadata(archive), pages=slides.number)
        yield from document.embedded(document.objects, source, context)
    document.settle()


class _Slides(OpenDocumentText):
    """Makes a page of each slide; the styles, which tell the hidden ones, come before the slides."""

    def __init__(self, flow: Flow, beside: Beside) -> None:
        super().__init__(flow, beside)
        self.number = 0
        self._pages: list[Page] = []
        self._style = ""
        self._hiding: set[str] = set()
        self._is_hidden = False
        self._is_open = False
        self._is_in_notes = False
        self.starts |= {
            "style": self._start_style,
            "drawing-page-properties": self._note_visibility,
            "page": self._start_slide,
            "notes": self._start_notes,
            "frame": self._start_frame,
        }
        self.ends |= {"page": self._end_slide, "notes": self._end_notes, "frame": self._end_frame}

    def take(self) -> list[Page]:
        """Return the slides that were finished since the last time."""
        pages, self._pages = self._pages, []
        return pages

    def take_last(self) -> list[Page]:
        """Return the last slides, the one that the file breaks off in among them."""
        self._finish(self.flow.end())
        return self.take()

    def _start_style(self, attributes: Attributes) -> None:
        self._style = value_of(attributes, "name")

    def _note_visibility(self, attributes: Attributes) -> None:
        if value_of(attributes, "visibility") == "hidden":
            self._hiding.add(self._style)

    def _start_slide(self, attributes: Attributes) -> None:
        self.number += 1
        self._is_open = True
        self._is_hidden = value_of(attributes, "style-name") in self._hiding
        self.open(Flow.open_cell, attributes)

    def _end_slide(self) -> None:
        self.close()
        self._finish(self.flow.take())

    def _finish(self, blocks: list[Block]) -> None:
        if self._is_open:
            label = f"{self.number} (hidden)" if self._is_hidden else str(self.number)
            self._pages.append(Page(Locator(label, Unit.SLIDE), "\n\n".join(note_texts(blocks))))
        self._is_open = False

    def _start_notes(self, _: Attributes) -> None:
        self._is_in_notes = True

    def _end_notes(self) -> None:
        self._is_in_notes = False

    def _start_frame(self, attributes: Attributes) -> None:
        is_repeated = self._is_in_notes and value_of(attributes, "class") in _ON_EVERY_PAGE
        # A placeholder asks for a text that nobody gave.
        self.leave_out(is_repeated or value_of(attributes, "placeholder") == "true")
        self.open(Flow.open_cell, attributes)

    def _end_frame(self) -> None:
        self.close()
        self.end_left_out()
