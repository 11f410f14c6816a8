"""Word documents: the body by its headings with its notes and comments, headers and footers, what is embedded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from indexer.extract.archive import open_archive
from indexer.extract.flow import Flow
from indexer.extract.items import Incomplete, Item
from indexer.extract.ooxml import Package, embedded_in
from indexer.extract.ooxml_text import Beside, nothing_beside
from indexer.extract.properties import ooxml_metadata
from indexer.extract.sections import Appendix, Block, sections
from indexer.extract.source import Context, Source
from indexer.extract.word_parts import Notes, Styles, WordText, outline_level
from indexer.extract.xml_stream import Attributes, read_part
from indexer.extract.xml_text import value_of

_BODY = "word/document.xml"
_ON_EVERY_PAGE = ("header", "footer")
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes", "commentReference": "comments"}


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield a long document by its headings and a short one as one part; tracked insertions count, deletions do not.

    Footnotes, endnotes and comments stand at the end of the section that refers to them. A Word file knows no pages:
    where they end is up to the program and the printer.
    """
    with open_archive(source, context.limits) as archive:
        yield ooxml_metadata(archive)
        package = Package(archive, context.limits.characters)
        document = _Document(package)
        for page in sections(document.blocks(), document.appendix()):
            if page.text or not package.problems:
                yield page
        yield from package.embedded(document.embedded(), source, context)
    package.settle()


class _Document:
    """A Word document: its body and the parts that the body leads to."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._main = package.main(_BODY)
        self._related = package.related(self._main)
        self._styles = self._read_styles()
        self._notes = {kind: self._read_notes(kind) for kind in _NOTES.values()}

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks of the body, each with its notes; notes that nothing refers to come at the end."""
        yield from self._package.blocks(self._main, _Body(self._package.flow(), self._beside, self._styles))
        for texts in self._notes.values():
            yield Block("", notes=tuple(texts.values()))

    def appendix(self) -> Appendix:
        """Return the headers and footers, each text once: first, even and odd pages often say the same."""
        texts = (self._text(part) for kind in _ON_EVERY_PAGE for part in self._parts(kind))
        return Appendix("Headers and footers", tuple(dict.fromkeys(filter(None, texts))))

    def embedded(self) -> list[str]:
        """Return the names of the files that are embedded in the body, its notes, headers and footers."""
        beside = (part for kind in (*_NOTES.values(), *_ON_EVERY_PAGE) for part in self._parts(kind))
        related = (self._related, *map(self._package.related, beside))
        return [name for relations in related for name in embedded_in(relations)]

    def _parts(self, kind: str) -> list[str]:
        return sorted({relation.target for relation in self._related.values() if relation.kind == kind})

    def _text(self, part: str) -> str:
        return "\n\n".join(self._package.texts(part, WordText(self._package.flow(), nothing_beside, self._styles)))

    def _beside(self, name: str, attributes: Attributes) -> str:
        """Return the note, comment, chart or diagram that an element leads to; a note is given once."""
        if name in _NOTES:
            return self._notes[_NOTES[name]].pop(value_of(attributes, "id"), "")
        return self._package.figure(self._related, name, attributes)

    def _read_notes(self, kind: str) -> dict[str, str]:
        notes = Notes(self._package.flow(), self._styles)
        for part in self._parts(kind):
            # What is left at the end of a damaged part belongs to the note in which it breaks off.
            notes.keep(list(self._package.blocks(part, notes)))
        return notes.texts()

    def _read_styles(self) -> Styles:
        styles = Styles()
        for part in self._parts("styles"):
            try:
                read_part(self._package.archive, part, styles)
            except Incomplete as error:
                self._package.note(error)
        return styles


class _Body(WordText):
    """Collects the text of a body and knows its headings; a paragraph names its style before it says more of itself."""

    def __init__(self, flow: Flow, beside: Beside, styles: Styles) -> None:
        super().__init__(flow, beside, styles)
        levels: dict[str, Callable[[Attributes], int]] = {
            "pStyle": lambda attributes: styles.level(value_of(attributes, "val")),
            "outlineLvl": outline_level,
        }
        for name, level in levels.items():
            self.starts[name] = partial(self.if_it_counts, partial(self._set_level, level))

    def _set_level(self, level: Callable[[Attributes], int], attributes: Attributes) -> None:
        self.flow.set_level(level(attributes))
