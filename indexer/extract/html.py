"""HTML files: the title and the text that a browser would show, without navigation, a long text by its headings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from io import TextIOWrapper
from typing import BinaryIO
from urllib.parse import quote

from indexer.encoding import Encoding, find_encoding
from indexer.extract.items import Cut, Item, Remark
from indexer.extract.sections import Block, sections
from indexer.extract.source import Context, Source
from indexer.html import Event, Head, Paragraph, paragraphs, parse
from indexer.index.schema import FileMetadata, Locator, Page
from indexer.library.dates import read_date
from indexer.library.languages import language_code

_PIECE = 1 << 16
_AUTHORS = ("author", "dcterms.creator", "dc.creator", "citation_author")
_DATES = (
    *("article:published_time", "dcterms.issued", "dcterms.date", "dcterms.created", "dc.date"),
    *("dc.date.issued", "dc.date.created", "citation_publication_date", "date", "dcterms.modified"),
)
"""Names of meta elements, those that say most clearly when a text appeared first."""


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the file as one page, or by its headings when it is long; its encoding is found as browsers find it."""
    head = Head()
    with source.open() as stream:
        encoding = find_encoding(stream)
        allowance = Allowance(context.limits.characters)
        found = list(allowance.taken(paragraphs(head.watch(events_in(stream, encoding)))))
    if encoding.is_doubtful:
        yield Remark(encoding.problem)
    yield metadata_of(head)
    yield from pages_of(head.title, found)
    allowance.settle()


def events_in(stream: BinaryIO, encoding: Encoding) -> Iterator[Event]:
    """Yield the events of a document in a stream, from its start."""
    stream.seek(0)
    text = TextIOWrapper(stream, encoding.name, errors="replace", newline="")
    try:
        yield from parse(iter(partial(text.read, _PIECE), ""))
    finally:
        # Whoever opened the stream closes it.
        text.detach()


def metadata_of(head: Head) -> FileMetadata:
    """Return what the head of a document says of it."""
    days = (read_date(head.metas.get(name, "")) for name in _DATES)
    return FileMetadata(
        title=head.title,
        author=next(filter(None, (head.metas.get(name) for name in _AUTHORS)), ""),
        language=language_code(head.language or head.metas.get("dcterms.language", "")),
        date=next(filter(None, days), None),
    )


def pages_of(title: str, found: list[Paragraph]) -> Iterator[Page]:
    """Yield a title and the paragraphs under it, a long text by its headings with the addresses of these."""
    # The title is the first of the headings if there are any, and else no section of its own.
    level = int(any(paragraph.level for paragraph in found))
    blocks = [Block(paragraph.text, paragraph.level, quote(paragraph.anchor, safe="")) for paragraph in found]
    pages = list(sections([Block(title, level), *blocks]))
    yield from pages if any(page.text for page in pages) else (Page(Locator(), ""),)


@dataclass(slots=True)
class Allowance:
    """So many characters of a text are held in memory; those behind them are counted."""

    characters: int
    left_out: int = 0

    def taken(self, found: Iterable[Paragraph]) -> Iterator[Paragraph]:
        """Yield the paragraphs that there is room for, the last of them cut, and count the rest."""
        room = self.characters
        for paragraph in found:
            if room > 0:
                yield paragraph._replace(text=paragraph.text[:room])
            self.left_out += max(len(paragraph.text) - max(room, 0), 0)
            room -= len(paragraph.text)

    def settle(self) -> None:
        """Raise Cut if anything was left out."""
        if self.left_out:
            raise Cut(self.characters, self.left_out)
