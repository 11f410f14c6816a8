"""Excel workbooks: a page for each sheet, hidden ones too, with the values that formulas had when it was saved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from zipfile import ZipFile

from indexer.extract.archive import open_archive, pieces_of
from indexer.extract.items import Incomplete, Item
from indexer.extract.number_formats import Kind
from indexer.extract.ooxml import Package
from indexer.extract.properties import ooxml_metadata
from indexer.extract.sheets import Budget, BudgetSpent, Sheet, cut_reason, named
from indexer.extract.source import Context, Source
from indexer.extract.xlsx_parts import Cells, Comments, Contents, SharedStrings, Styles, Threads, Values, thinned
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
    problem: str = ""


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the sheets by their names: a line for each row, cells parted by tabs, notes and shapes behind the rows.

    Empty cells are left out. What is damaged or missing is named at the end, and costs nothing else.
    """
    with open_archive(source, context.limits) as archive:
        yield ooxml_metadata(archive)
        book = _Book(archive, context.limits)
        labels = [label for label, _ in book.listing.sheets]
        for number, (label, part) in enumerate(book.listing.sheets, start=1):
            sheet = Sheet(label)
            try:
                book.fill(sheet, part)
            except BudgetSpent:
                yield sheet.page()
                reasons = (cut_reason(label, labels[number:], context.limits), *book.problems())
                raise Incomplete(Status.CUT, " ".join(reasons)) from None
            yield sheet.page()
        problems = book.problems()
    if problems:
        raise Incomplete(book.status, " ".join(problems))


class _Book:
    """An opened workbook, and what turned out to be wrong with it."""

    def __init__(self, archive: ZipFile, limits: Limits) -> None:
        self._archive = archive
        self._limits = limits
        self._package = Package(archive, limits.characters)
        self._names = {name.lower(): name for name in archive.NameToInfo}
        self._budget = Budget.of(limits)
        self._problems: list[str] = []
        self._broken: list[str] = []
        self.status = Status.DAMAGED
        self.listing = _listing(archive, self._package)
        self._values = Values(self._texts(), self._kinds(), self.listing.is_1904)

    def fill(self, sheet: Sheet, part: str) -> None:
        """Read a sheet as far as it can be read; raises BudgetSpent."""
        cells = Cells(sheet, self._values, self._budget)
        try:
            for _ in parse(thinned(self._pieces(part), self._budget), part, cells):
                pass
        except Incomplete:
            self._broken.append(sheet.label)
        finally:
            cells.finish()
        self._add_notes(sheet, part)

    def problems(self) -> list[str]:
        """Return what is to be said of everything that could not be read, in whole sentences."""
        said = [self.listing.problem, *self._problems]
        if self._values.missing:
            said.append(f"The texts of {self._values.missing:,} cells are missing.")
        if self._broken:
            said.append(f"These sheets cannot be read to their end: {named(self._broken)}.")
        if self.listing.unlisted:
            said.append(f"The workbook does not list these sheets, which are not read: {named(self.listing.unlisted)}.")
        if self._package.problem:
            said.append(self._package.problem.reason)
        return [sentence for sentence in said if sentence]

    def _texts(self) -> list[str]:
        strings = SharedStrings(Budget.of(self._limits))
        try:
            self._read(self.listing.strings, strings)
        except Incomplete as error:
            self._problems.append(f"Texts that its cells share cannot be read: {error.reason}")
        except BudgetSpent:
            self.status = Status.CUT
            self._problems.append(f"Only the first {len(strings.texts):,} texts that its cells share are kept.")
        return strings.texts

    def _kinds(self) -> dict[str, Kind]:
        styles = Styles()
        try:
            self._read(self.listing.styles, styles)
        except Incomplete as error:
            self._problems.append(f"Dates may be shown as numbers: {error.reason}")
        except BudgetSpent:
            self._problems.append("Dates may be shown as numbers: it has more formats than Excel allows.")
        return styles.kinds

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
    problem = ""
    try:
        main = package.main(_MAIN)
        read_part(archive, main, contents)
    except Incomplete as error:
        problem = error.reason
        main = _MAIN
    related = package.related(main)
    sheets = [(label, related[name].target if name in related else "") for label, name in contents.sheets]
    listed = {part.lower() for _, part in sheets}
    if not any(listed):
        return _guessed(archive, problem or "It does not say where its sheets are.")
    parts = {relation.kind: relation.target for relation in related.values()}
    return _Listing(
        sheets,
        strings=parts.get("sharedStrings", ""),
        styles=parts.get("styles", ""),
        is_1904=contents.is_1904,
        unlisted=[name for name in _sheet_parts(archive) if name.lower() not in listed],
        problem=problem,
    )


def _guessed(archive: ZipFile, reason: str) -> _Listing:
    sheets = [(PurePosixPath(name).stem, name) for name in _sheet_parts(archive)]
    return _Listing(sheets, _STRINGS, _STYLES, problem=f"{reason} Its sheets are called as their parts are.")


def _sheet_parts(archive: ZipFile) -> list[str]:
    """Return the names of the parts that are sheets, in the order of their numbers."""
    names = filter(_SHEET_PART.fullmatch, archive.NameToInfo)
    return sorted(names, key=lambda name: (len(name), name))
