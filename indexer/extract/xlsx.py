"""Workbooks: one page for each sheet, hidden ones too, with the values that formulas had when the file was saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time

import openpyxl

from indexer.extract.archive import open_archive, refuse_doctype
from indexer.extract.items import Incomplete, Item
from indexer.extract.source import Context, Source
from indexer.index.schema import Locator, Page, Status, Unit
from indexer.limits import Limits


@dataclass(slots=True)
class _Budget:
    """What is left to read of a workbook."""

    cells: int
    characters: int

    def __bool__(self) -> bool:
        return self.cells > 0 and self.characters > 0


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the sheets, labelled by their names: a line for each row, cells parted by tabs, empty ones left out."""
    limits = context.limits
    _refuse_doctypes(source, limits)
    budget = _Budget(limits.cells, limits.characters)
    broken: list[str] = []
    # Given as a stream: openpyxl refuses names that do not end as it expects.
    with source.open() as stream:
        workbook = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        for sheet in workbook.worksheets:
            # A sheet's own word on its size is often wrong, and believing it costs cells that are not there.
            sheet.reset_dimensions()
            lines: list[str] = []
            try:
                lines.extend(_lines(sheet.iter_rows(values_only=True), budget))
            except MemoryError:
                raise
            except Exception:  # noqa: BLE001 - openpyxl fails in many ways, and one broken sheet must not cost the others
                broken.append(sheet.title)
            yield Page(Locator(sheet.title, Unit.SHEET), "\n".join(lines))
            if not budget:
                raise Incomplete(Status.CUT, _cut_reason(sheet.title, limits))
    if broken:
        raise Incomplete(Status.DAMAGED, f"These sheets cannot be read to their end: {', '.join(broken)}.")


def _refuse_doctypes(source: Source, limits: Limits) -> None:
    with open_archive(source, limits) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                refuse_doctype(archive, name)


def _lines(rows: Iterable[tuple[object, ...]], budget: _Budget) -> Iterator[str]:
    for row in rows:
        line = "\t".join(_shown(value) for value in row if value is not None)
        # A row without cells counts too: rows are numbered by the file, up to any number.
        budget.cells -= max(len(row), 1)
        budget.characters -= len(line)
        if line:
            yield line
        if not budget:
            return


def _shown(value: object) -> str:
    """Return a cell's value about as a spreadsheet shows it; dates in ISO 8601."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return format(value, ".15g")
    if isinstance(value, datetime):
        return str(value.date() if value.time() == time() else value)
    return str(value)


def _cut_reason(sheet: str, limits: Limits) -> str:
    return (
        f"Reading stopped within the sheet “{sheet}”; what follows is not searched. A workbook is read up to "
        f"{limits.cells:,} cells and {limits.characters:,} characters."
    )
