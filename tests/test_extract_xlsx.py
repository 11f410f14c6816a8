"""Workbooks: every sheet under its name, with the values that it shows."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl

from indexer.index.schema import Extraction, Locator, Page, Status, Unit
from tests.extraction import Read


def test_a_workbook_has_its_sheets_by_name_hidden_ones_too(tmp_path: Path, read: Read) -> None:
    book = openpyxl.Workbook()
    costs, hidden = book.worksheets[0], book.create_sheet("Hidden")
    costs.title, hidden.sheet_state = "Costs", "hidden"
    for row in (["Item", "Price", "Paid"], ["Paper", 2.5, True], [None, None], ["Total", 3.0, datetime(2024, 5, 1)]):
        costs.append(row)
    hidden["C7"] = "secret"
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx") == Extraction(
        Status.OK,
        "xlsx",
        (
            Page(Locator("Costs", Unit.SHEET), "Item\tPrice\tPaid\nPaper\t2.5\tTRUE\nTotal\t3\t2024-05-01"),
            Page(Locator("Hidden", Unit.SHEET), "secret"),
        ),
    )


def test_a_formula_is_read_as_the_value_it_had(tmp_path: Path, read: Read) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "=6*7"
    book.save(tmp_path / "raw.xlsx")
    with zipfile.ZipFile(tmp_path / "raw.xlsx") as raw, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as cached:
        for name in raw.namelist():
            cached.writestr(name, raw.read(name).replace(b"<v></v>", b"<v>42</v>").replace(b"<v />", b"<v>42</v>"))
    assert read(tmp_path / "a.xlsx").pages[0].text == "42"
