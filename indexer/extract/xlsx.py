"""Excel workbooks: a page for each sheet, hidden ones too, with the values that formulas had when it was saved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from zipfile import ZipFile

from indexer.extract.archive import open_archive, pieces_of
from indexer.extract.items import Incomplete, Item, joined, listed
from indexer.extract.number_formats import Kind
from indexer.extract.ooxml import Package, embedded_in
from indexer.extract.properties import ooxml_metadata
from indexer.extract.sheets import Budget, BudgetSpent, Sheet, cut_reason
from indexer.extract.source import Context, Source
from indexer.extract.xlsx_parts import Cells, Comments, Contents, SharedStrings, Styles, Texts, Threads, Values, thinned
from indexer.extract.xml_stream import Handler, parse, read_part
from indexer.index.schema import Status
from indexer.limits import Limits

_SHEET_PART = re.compile(r"xl/(?:work|chart|dialog|macro)sheets/[^/]+\.xml")
_SHAPES = frozenset({"drawing", "chart", "chartEx", "chartUserShapes", "diagramData"})
"""The kinds of parts in which a sheet's shapes lie; the drawing leads to the others."""
_NOTES = _SHAPES | {"comments", "threadedComment"}
_MAIN = "xl/workbook.xml"
_STRINGS = "xl/sharedStrings.xml"
_STYLES = "xl/styles.xml"


@dataclass(slots=True)
class _Listing:
    """What a workbook is made of: its sheets by label and name of their part, in their order, and what they share."""

    sheets: list[tuple[str, str]]
    strings: str = ""
    styles: str = ""
    is_1904: bool = False
    unlisted: list[str] = field(default_factory=list)


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the sheets by their names: a line for each row, cells parted by tabs, notes and shapes behind the rows.

    Empty cells are left out. What is damaged or missing is named at the end, and costs nothing else.
    """
    with open_archive(source, context.limits) as archive:
        yield ooxml_metadata(archive)
        book = _Book(archive, context.limits)
        labels = [label for label, _ in book.listing.sheets]
        cut: list[Incomplete] = []
        for number, (label, part) in enumerate(book.listing.sheets, start=1):
            sheet = Sheet(label)
            try:
                book.fill(sheet, part)
            except BudgetSpent:
                cut.append(Incomplete(Status.CUT, cut_reason(label, labels[number:], context.limits)))
            yield sheet.page()
            if cut:
                break
        yield from book.embedded(source, context)
    problems = [*cut, *book.problems()]
    if problems:
        raise joined(problems)


class _Book:
    """An opened workbook, and what turned out to be wrong with it."""

    def __init__(self, archive: ZipFile, limits: Limits) -> None:
        self._archive = archive
        self._limits = limits
        self._package = Package(archive, limits.characters)
        self._names = {name.lower(): name for name in archive.NameToInfo}
        self._budget = Budget.of(limits)
        self._broken: list[str] = []
        self._embedded: list[str] = []
        self.listing = _listing(archive, self._package)
        self._values = Values(self._texts(), self._kinds(), self.listing.is_1904)

    def fill(self, sheet: Sheet, part: str) -> None:
        """Read a sheet as far as it can be read; raises BudgetSpent."""
        self._embedded += embedded_in(self._package.related(part))
        cells = Cells(sheet, self._values, self._budget)
        try:
            for _ in parse(thinned(self._pieces(part), self._budget), part, cells):
                pass
        except Incomplete:
            self._broken.append(sheet.label)
        finally:
            cells.finish()
        self._add_notes(sheet, part)

    def embedded(self, source: Source, context: Context) -> Iterator[Item]:
        """Yield the pages of the files that are embedded in the sheets that were read."""
        names = (self._names.get(part.lower(), part) for part in self._embedded)
        yield from self._package.embedded(names, source, context)

    def problems(self) -> list[Incomplete]:
        """Return everything that could not be read."""
        said = []
        if self._values.missing:
            said.append(f"The texts of {self._values.missing:,} cells are missing.")
        if self._broken:
            said.append(f"These sheets cannot be read to their end: {listed(self._broken)}.")
        if self.listing.unlisted:
            said.append(
                f"The workbook does not list these sheets, which are not read: {listed(self.listing.unlisted)}."
            )
        return [*self._package.problems, *(Incomplete(Status.DAMAGED, sentence) for sentence in said)]

    def _texts(self) -> Texts:
        strings = SharedStrings(Budget.of(self._limits))
        try:
            self._read(self.listing.strings, strings)
        except Incomplete as error:
            self._note(error.status, f"Texts that its cells share cannot be read: {error.reason}")
        except BudgetSpent:
            self._note(Status.CUT, f"Only the first {len(strings.texts):,} texts that its cells share are kept.")
        return strings.texts

    def _kinds(self) -> dict[str, Kind]:
        styles = Styles()
        try:
            self._read(self.listing.styles, styles)
        except Incomplete as error:
            self._note(error.status, f"Dates may be shown as numbers: {error.reason}")
        except BudgetSpent:
            self._note(Status.DAMAGED, "Dates may be shown as numbers: it has more formats than Excel allows.")
        return styles.kinds

    def _note(self, status: Status, reason: str) -> None:
        self._package.note(Incomplete(status, reason))

    def _add_notes(self, sheet: Sheet, part: str) -> None:
        """Add what lies upon the cells of a sheet."""
        comments, threads = Comments(self._budget), Threads(self._budget)
        try:
            for kind, target in self._notes(part):
                match kind:
                    case "comments":
                        self._try(target, comments)
                    case "threadedComment":
                        self._try(target, threads)
                    case _:
                        sheet.shapes.append(self._package.text(target))
                        self._budget.spend(characters=len(sheet.shapes[-1]))
        finally:
            sheet.notes += comments.lines + (threads.lines or comments.stand_ins)

    def _notes(self, part: str) -> Iterator[tuple[str, str]]:
        """Yield the kinds and names of the parts with notes and shapes that a part leads to, each once."""
        waiting, seen = [part], {part}
        while waiting:
            for relation in self._package.related(waiting.pop()).values():
                if relation.target not in seen and relation.kind in _NOTES:
                    seen.add(relation.target)
                    waiting.append(relation.target)
                    yield relation.kind, relation.target

    def _try(self, part: str, handler: Handler) -> None:
        try:
            self._read(part, handler)
        except Incomplete as error:
            self._package.note(error)

    def _read(self, part: str, handler: Handler) -> None:
        if part:
            for _ in parse(self._pieces(part), part, handler):
                pass

    def _pieces(self, part: str) -> Iterator[bytes]:
        """Yield the bytes of a part as Office finds it, to which small and capital letters in names are the same."""
        return pieces_of(self._archive, self._names.get(part.lower(), part))


def _listing(archive: ZipFile, package: Package) -> _Listing:
    """Return what the workbook says it is made of; if it says nothing, what the names of the parts say."""
    contents = Contents()
    try:
        main = package.main(_MAIN)
        read_part(archive, main, contents)
    except Incomplete as error:
        package.note(error)
        main = _MAIN
    related = package.related(main)
    sheets = [(label, related[name].target if name in related else "") for label, name in contents.sheets]
    known = {part.lower() for _, part in sheets}
    if not any(known):
        return _guessed(archive, package)
    parts = {relation.kind: relation.target for relation in related.values()}
    return _Listing(
        sheets,
        strings=parts.get("sharedStrings", ""),
        styles=parts.get("styles", ""),
        is_1904=contents.is_1904,
        unlisted=[name for name in _sheet_parts(archive) if name.lower() not in known],
    )


def _guessed(archive: ZipFile, package: Package) -> _Listing:
    reason = "It does not say where its sheets are; they are called as their parts are."
    package.note(Incomplete(Status.DAMAGED, reason))
    sheets = [(PurePosixPath(name).stem, name) for name in _sheet_parts(archive)]
    return _Listing(sheets, _STRINGS, _STYLES)


def _sheet_parts(archive: ZipFile) -> list[str]:
    """Return the names of the parts that are sheets, in the order of their numbers."""
    names = filter(_SHEET_PART.fullmatch, archive.NameToInfo)
    return sorted(names, key=lambda name: (len(name), name))
