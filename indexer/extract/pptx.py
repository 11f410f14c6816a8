"""Presentations: one page for each slide in the order of the show, its notes after its own text."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.extract.archive import open_archive
from indexer.extract.items import Incomplete, Item
from indexer.extract.ooxml import Package, text_of
from indexer.extract.source import Context, Source
from indexer.index.schema import Locator, Page, Status, Unit

_SLIDES = "{*}sldIdLst/{*}sldId"


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the slides, labelled by their number; a slide that cannot be read stays empty and is named at the end."""
    with open_archive(source, context.limits) as archive:
        package = Package(archive)
        broken: list[str] = []
        for number, name in enumerate(_slides(package), start=1):
            try:
                text = _slide_text(package, name)
            except Incomplete:
                text = ""
                broken.append(str(number))
            yield Page(Locator(str(number), Unit.SLIDE), text)
    if broken:
        raise Incomplete(Status.DAMAGED, f"These slides cannot be read: {', '.join(broken)}.")


def _slides(package: Package) -> list[str]:
    """Return the names of the slides' parts in the order of the show, each once."""
    main = package.main()
    related = package.related(main)
    # A slide has an id of its own beside that of the relationship, which lies in a namespace.
    ids = [
        str(value)
        for slide in package.part(main).iterfind(_SLIDES)
        for name, value in slide.attrib.items()
        if str(name).endswith("}id")
    ]
    # A part that the list names and the file does not tie to it is kept as a slide that cannot be read.
    return list(dict.fromkeys(related.get(name, ("", name))[1] for name in ids))


def _slide_text(package: Package, name: str) -> str:
    notes = [target for kind, target in package.related(name).values() if kind == "notesSlide"]
    return "\n\n".join(text_of(package.part(part)) for part in (name, *notes))
