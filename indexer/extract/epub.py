"""E-books (EPUB 2 and 3): a page for each chapter, in reading order, called as the table of contents calls it.

Chapters outside the reading order follow behind it: whoever opens the book gets to them by links. A chapter without
text, such as a cover, is no page; the table of contents itself is left out, as it repeats the headings.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import unquote
from zipfile import ZipFile

from lxml import etree

from indexer.encoding import find_encoding, one_line
from indexer.extract.archive import open_archive, pieces_of
from indexer.extract.html import Allowance, events_in
from indexer.extract.items import Cut, Incomplete, Item, joined, listed
from indexer.extract.source import Context, Source
from indexer.extract.xml_tree import parse_member
from indexer.html import End, Event, Paragraph, Start, paragraphs
from indexer.index.schema import FileMetadata, Locator, Page, Status, Unit
from indexer.library.dates import read_date
from indexer.library.languages import language_code

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_ENDINGS = (".xhtml", ".html", ".htm", ".xml")
_TYPES = frozenset({"application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/x-dtbook+xml"})


@dataclass(frozen=True, slots=True)
class _Book:
    """What the package document says: chapters as names in the archive, and where the tables of contents are."""

    chapters: tuple[str, ...]
    contents: tuple[str, ...] = ()
    metadata: FileMetadata = field(default_factory=FileMetadata)


@dataclass(slots=True)
class _Losses:
    """The chapters that could not be read, or not wholly, and what is wrong with the book as a whole."""

    allowance: Allowance
    damaged: list[str] = field(default_factory=list)
    encrypted: list[str] = field(default_factory=list)
    too_large: list[str] = field(default_factory=list)
    problems: list[Incomplete] = field(default_factory=list)

    def settle(self) -> None:
        """Raise Incomplete if there are any."""
        problems = list(self.problems)
        if self.damaged:
            named = f"Chapters of it are missing or damaged: {listed(self.damaged)}."
            problems.append(Incomplete(Status.DAMAGED, named))
        if self.too_large:
            named = f"Chapters of it take too much memory to be read: {listed(self.too_large)}."
            problems.append(Incomplete(Status.TOO_LARGE, named))
        if self.encrypted:
            protected = f"It is protected by a licence (DRM): {listed(self.encrypted)}."
            problems.insert(0, Incomplete(Status.ENCRYPTED, protected))
        if self.allowance.left_out:
            problems.append(Cut(self.allowance.characters, self.allowance.left_out))
        if problems:
            # One alone stays what it is: a cut is counted together with what is left out elsewhere.
            raise problems[0] if len(problems) == 1 else joined(problems)


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the chapters that have text; raises Incomplete, behind them, if some could not be read."""
    losses = _Losses(Allowance(context.limits.characters))
    try:
        with open_archive(source, context.limits) as archive:
            book = _book(archive, losses)
            yield book.metadata
            yield from _pages(archive, book, losses)
    except Incomplete as problem:
        losses.problems.insert(0, problem)
    losses.settle()


def _pages(archive: ZipFile, book: _Book, losses: _Losses) -> Iterator[Page]:
    titles: dict[str, str] = {}
    for name in book.contents:
        # Of a table that takes too much memory, nothing is lost: chapters are then called by their headings.
        with suppress(MemoryError):
            titles = dict(_titles(_events(archive, name, []), posixpath.dirname(name))) | titles
    encrypted = _encrypted(archive)
    number = 0
    for name in book.chapters:
        if name in encrypted:
            losses.encrypted.append(name)
            continue
        try:
            page = _page(_events(archive, name, losses.damaged), titles.get(name, ""), number + 1, losses.allowance)
        except MemoryError:
            # What it took is free again, and the chapters behind it may be small.
            losses.too_large.append(name)
            continue
        if page:
            number += 1
            yield page


def _page(events: Iterator[Event], title: str, number: int, allowance: Allowance) -> Page | None:
    """Return a chapter under its title, or its first heading, or its number; None if there is no text in it."""
    found = list(allowance.taken(paragraphs(events)))
    label = title or _heading(found) or str(number)
    return Page(Locator(label, Unit.CHAPTER), "\n\n".join(paragraph.text for paragraph in found)) if found else None


def _heading(found: list[Paragraph]) -> str:
    return next((one_line(paragraph.text) for paragraph in found if paragraph.level), "")


def _events(archive: ZipFile, name: str, damaged: list[str]) -> Iterator[Event]:
    """Return the events of a member, as far as it can be read; one that cannot wholly is added to `damaged`."""
    content = BytesIO()
    try:
        for piece in pieces_of(archive, name):
            content.write(piece)
    except Incomplete:
        damaged.append(name)
    return events_in(content, find_encoding(content))


def _titles(events: Iterable[Event], folder: str) -> Iterator[tuple[str, str]]:
    """Yield each file that a table of contents leads to with its first title there, be it of EPUB 3 or of EPUB 2."""
    found: dict[str, str] = {}
    running: list[str] = []
    target, is_inside = "", False
    for event in events:
        if isinstance(event, str):
            running.append(event)
        elif event.name in ("nav", "navmap"):
            is_inside = isinstance(event, Start) and event.attributes.get("epub:type", "toc") == "toc"
        elif isinstance(event, Start) and event.name in ("a", "navlabel"):
            target = event.attributes.get("href") or ""
            running.clear()
        elif is_inside and event == End("a"):
            found.setdefault(_resolved(folder, target), one_line("".join(running)))
        elif is_inside and isinstance(event, Start) and event.name == "content":
            found.setdefault(_resolved(folder, event.attributes.get("src") or ""), one_line("".join(running)))
    yield from found.items()


def _resolved(folder: str, reference: str) -> str:
    """Return the name in the archive that a reference leads to."""
    return posixpath.normpath(posixpath.join(folder, unquote(reference.partition("#")[0])))


def _book(archive: ZipFile, losses: _Losses) -> _Book:
    """Return the book as its package document describes it, or all that may be a chapter."""
    try:
        name = _package_name(archive)
        return _described(parse_member(archive, name), posixpath.dirname(name))
    except Incomplete as problem:
        chapters = tuple(
            name for name in archive.NameToInfo if name.lower().endswith(_ENDINGS) and "META-INF" not in name
        )
        reason = f"{problem.reason} Its chapters are read in the order in which they are packed."
        losses.problems.append(Incomplete(problem.status, reason))
        return _Book(chapters)


def _package_name(archive: ZipFile) -> str:
    try:
        for element in _elements(parse_member(archive, _CONTAINER), "rootfile"):
            if element.get("full-path") in archive.NameToInfo:
                return str(element.get("full-path"))
    except Incomplete:
        pass  # The ending of its name tells as well.
    found = next((name for name in archive.NameToInfo if name.lower().endswith(".opf")), "")
    if not found:
        raise Incomplete(Status.DAMAGED, "The list of its chapters is missing.")
    return found


def _described(package: etree._Element, folder: str) -> _Book:
    items = {item.get("id") or "": item for item in _elements(package, "item")}
    names = {key: _resolved(folder, item.get("href") or "") for key, item in items.items()}
    navigation = {names[key] for key, item in items.items() if "nav" in (item.get("properties") or "").split()}
    older = [names[key] for key, item in items.items() if item.get("media-type") == "application/x-dtbncx+xml"]
    spine = [key for reference in _elements(package, "itemref") if (key := reference.get("idref") or "")]
    behind = (key for key, item in items.items() if item.get("media-type") in _TYPES)
    # One that the list of files does not know is missing, and named so.
    chapters = (names.get(key, key) for key in (*(key for key in spine if _is_text(items.get(key))), *behind))
    return _Book(
        chapters=tuple(name for name in dict.fromkeys(chapters) if name not in navigation),
        contents=(*sorted(navigation), *older),
        metadata=_metadata(package),
    )


def _is_text(item: etree._Element | None) -> bool:
    return item is None or not (item.get("media-type") or "").startswith("image/")


def _metadata(package: etree._Element) -> FileMetadata:
    def texts(name: str) -> list[str]:
        return [
            text for element in _elements(package, name) if (text := one_line("".join(map(str, element.itertext()))))
        ]

    days = (read_date(text) for text in texts("date"))
    return FileMetadata(
        title=next(iter(texts("title")), ""),
        author=", ".join(texts("creator")),
        language=language_code(next(iter(texts("language")), "")),
        date=next(filter(None, days), None),
    )


def _encrypted(archive: ZipFile) -> frozenset[str]:
    """Return the names of the members that need a key."""
    if _ENCRYPTION not in archive.NameToInfo:
        return frozenset()
    try:
        root = parse_member(archive, _ENCRYPTION)
    except Incomplete:
        # What it protects is then known by being no text.
        return frozenset()
    # Fonts are among them, disguised against copying; no key is needed for the text then.
    return frozenset(_resolved("", element.get("URI") or "") for element in _elements(root, "CipherReference"))


def _elements(root: etree._Element, name: str) -> Iterator[etree._Element]:
    yield from root.iter(f"{{*}}{name}")
