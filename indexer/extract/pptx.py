"""Presentations: one page for each slide in the order of the show, its notes and comments after its own text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from indexer.extract.archive import open_archive
from indexer.extract.flow import Flow
from indexer.extract.items import Incomplete, Item, listed
from indexer.extract.ooxml import Package, embedded_in
from indexer.extract.ooxml_text import Beside, OfficeText, nothing_beside
from indexer.extract.properties import ooxml_metadata
from indexer.extract.source import Context, Source
from indexer.extract.xml_stream import Attributes, read_part
from indexer.extract.xml_text import Parts
from indexer.index.schema import Locator, Page, Status, Unit

_SHOW = "ppt/presentation.xml"
_SLIDE = re.compile(r"ppt/slides/slide(\d{1,9})\.xml")
# What a page of notes repeats of the whole presentation.
_ON_EVERY_PAGE = frozenset({"hdr", "ftr", "dt", "sldNum"})


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the slides, labelled by their number and, if the show leaves them out, as hidden.

    Of a slide that is damaged, what could be read is kept, and the slide is named at the end.
    """
    with open_archive(source, context.limits) as archive:
        package = Package(archive, context.limits.characters)
        parts = _slides(package)
        yield replace(ooxml_metadata(archive), pages=len(parts))
        broken: list[str] = []
        embedded: list[str] = []
        for number, part in enumerate(parts, start=1):
            slide = _read_slide(package, part)
            embedded += slide.embedded
            if slide.is_broken:
                broken.append(str(number))
            yield Page(Locator(f"{number} (hidden)" if slide.is_hidden else str(number), Unit.SLIDE), slide.text)
        if broken:
            package.note(Incomplete(Status.DAMAGED, f"These slides cannot be read to their end: {listed(broken)}."))
        yield from package.embedded(embedded, source, context)
    package.settle()


@dataclass(frozen=True, slots=True)
class _Slide:
    """What was read of a slide: its text, and the names of the documents that are embedded in it."""

    text: str
    is_hidden: bool
    is_broken: bool
    embedded: list[str]


def _slides(package: Package) -> list[str]:
    """Return the names of the slides' parts in the order of the show, each once.

    Where the presentation is too damaged to tell, these are all slides by their numbers.
    """
    order = _Order()
    parts: list[str] = []
    try:
        main = package.main(_SHOW)
        related = package.related(main)
        read_part(package.archive, main, order)
        # A part that the list names and the file does not tie to it is kept as a slide that cannot be read.
        parts = [related[name].target if name in related else name for name in order.ids]
    except Incomplete as error:
        package.note(error)
    if package.problems and not any(part in package.archive.NameToInfo for part in parts):
        numbers = {found[0]: int(found[1]) for found in map(_SLIDE.fullmatch, package.archive.NameToInfo) if found}
        parts = sorted(numbers, key=lambda name: numbers[name])
    return list(dict.fromkeys(parts))


def _read_slide(package: Package, part: str) -> _Slide:
    related = package.related(part)
    slide = _SlideText(package.flow(), partial(package.figure, related))
    own = Parts(package.archive, package.characters)
    texts = own.texts(part, slide)
    for kind, handler in (("notesSlide", _NotesText), ("comments", OfficeText)):
        for target in sorted(relation.target for relation in related.values() if relation.kind == kind):
            texts += package.texts(target, handler(package.flow(), nothing_beside))
    return _Slide("\n\n".join(texts), slide.is_hidden, bool(own.problems), embedded_in(related))


class _Order:
    """Collects the relationships of a presentation to its slides, in the order of the show."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.starts = {"sldId": self._add}
        self.ends: dict[str, Callable[[], None]] = {}

    def text(self, data: str) -> None:
        """Ignore text: the list of slides has none."""

    def _add(self, attributes: Attributes) -> None:
        # A slide has an id of its own too, which has no namespace and is all that the list of sections gives.
        self.ids += (value for name, value in attributes.items() if name.endswith("}id"))


class _SlideText(OfficeText):
    """Collects the text of a slide, and whether the show leaves it out."""

    def __init__(self, flow: Flow, beside: Beside) -> None:
        super().__init__(flow, beside)
        self.is_hidden = False
        self.starts["sld"] = self._start_slide

    def _start_slide(self, attributes: Attributes) -> None:
        self.is_hidden = attributes.get("show") in ("0", "false")


class _NotesText(OfficeText):
    """Collects the notes of a slide without what is on every page of notes: header, footer, date and number."""

    def __init__(self, flow: Flow, beside: Beside) -> None:
        super().__init__(flow, beside)
        self.starts["sp"] = lambda _: self.leave_out(False)
        self.starts["ph"] = self._start_placeholder
        self.ends["sp"] = self.end_left_out

    def _start_placeholder(self, attributes: Attributes) -> None:
        if attributes.get("type") in _ON_EVERY_PAGE:
            self.leave_out_rest()
