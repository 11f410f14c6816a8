"""OpenDocument spreadsheets: every sheet under its name, with what its cells show, and what lies upon them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.extract.items import Incomplete, Remark
from indexer.extract.source import Context
from indexer.index.schema import Extraction, FileMetadata, Locator, Page, Status, Unit
from indexer.limits import Limits
from tests.extraction import Read, items

PREFIXES = {name: name for name in ("office", "table", "text", "style", "meta")} | {"draw": "drawing"}
NAMESPACES = " ".join(
    f'xmlns:{key}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for key, name in PREFIXES.items()
)
DUBLIN = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:svg="urn:svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"


def cell(text: str = "", attributes: str = "", kind: str = "table-cell") -> str:
    paragraphs = "".join(f"<text:p>{line}</text:p>" for line in text.split("|") if line)
    return f"<table:{kind} {attributes}>{paragraphs}</table:{kind}>"


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def table(name: str, *rows: str, attributes: str = "") -> str:
    return f'<table:table table:name="{name}" {attributes}>{"".join(rows)}</table:table>'


def content(*tables: str, styles: str = "") -> str:
    return (
        f"<office:document-content {NAMESPACES} {DUBLIN}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body></office:document-content>"
    )


def spreadsheet(path: Path, xml: str, parts: Mapping[str, str | bytes] | None = None) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        if xml:
            archive.writestr("content.xml", xml)
        for name, part in (parts or {}).items():
            archive.writestr(name, part)
    return path


def pages(path: Path, limits: Limits | None = None) -> tuple[dict[str, str], str]:
    """Return the texts of the sheets by their labels, and status and reason if the reading was incomplete."""
    found: dict[str, str] = {}
    try:
        for item in items(path, Context(limits or Limits())):
            if isinstance(item, Page):
                assert item.locator.unit is Unit.SHEET
                found[item.locator.label] = item.text
    except Incomplete as error:
        return found, f"{error.status}: {error.reason}"
    return found, ""


def shown(folder: Path, *rows: str) -> str:
    """Return the text of a spreadsheet of one sheet, which is read without complaint."""
    found, problem = pages(spreadsheet(folder / "a.ods", content(table("One", *rows))))
    assert not problem
    return found["One"]


def test_a_spreadsheet_has_its_sheets_by_name_hidden_ones_too(tmp_path: Path, read: Read) -> None:
    style = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    other = '<style:style style:name="ta1"><style:table-properties table:display="true"/></style:style>'
    xml = content(
        table(
            "Costs",
            row(cell("Item"), cell("Price")),
            row(cell("Paper"), cell("2.50 €")),
            attributes='table:style-name="ta1"',
        ),
        table("Old", row(cell("secret")), attributes='table:style-name="ta2"'),
        styles=style + other,
    )
    meta = f"<office:document-meta {NAMESPACES} {DUBLIN}><dc:title>Costs of 2024</dc:title><dc:creator>Ann</dc:creator>"
    meta += "<meta:creation-date>2024-05-02T10:00:00</meta:creation-date></office:document-meta>"
    path = spreadsheet(tmp_path / "a.ods", xml, {"meta.xml": meta})
    assert read(path) == Extraction(
        Status.OK,
        "ods",
        (
            Page(Locator("Costs", Unit.SHEET), "Item\tPrice\nPaper\t2.50 €"),
            Page(Locator("Old (hidden)", Unit.SHEET), "secret"),
        ),
        metadata=FileMetadata("Costs of 2024", "Ann", date=date(2024, 5, 2)),
    )


def test_cells_are_read_as_they_are_shown_and_dates_in_one_form(tmp_path: Path) -> None:
    cells = (
        cell("12.5 %", 'office:value-type="percentage" office:value="0.125"'),
        cell("1 May 2024", 'office:value-type="date" office:date-value="2024-05-01"'),
        cell("1 May", 'office:date-value="2024-05-01T13:45:00.123"'),
        cell("", 'office:date-value="2024-05-01T00:00:00"'),
        cell("", 'office:value-type="float" office:value="7"'),
        cell("", 'office:value-type="string" office:string-value="only a value"'),
        cell("", 'office:value-type="boolean" office:boolean-value="true"'),
        cell("two|lines"),
        cell(),
        cell("a<text:s text:c='3'/>b<text:tab/>c<text:line-break/>d"),
        cell("  a <text:span>linked\n  <text:a>word</text:a></text:span>"),
        cell("<text:ruby><text:ruby-base>東京</text:ruby-base><text:ruby-text>トウキョウ</text:ruby-text></text:ruby>"),
        cell("hidden under its neighbour", kind="covered-table-cell"),
    )
    expected = [
        *("12.5 %", "2024-05-01", "2024-05-01 13:45:00", "2024-05-01", "7", "only a value", "true", "two\nlines"),
        *("a b c\nd", "a linked word", "東京", "hidden under its neighbour"),
    ]
    assert shown(tmp_path, row(*cells)) == "\t".join(expected)


def test_repeated_cells_and_rows_are_there_as_often_as_they_hold_text(tmp_path: Path) -> None:
    text = shown(
        tmp_path,
        row(cell("a", 'table:number-columns-repeated="3"'), cell("", 'table:number-columns-repeated="16381"')),
        row(cell("", 'table:number-columns-repeated="16384"'), attributes='table:number-rows-repeated="1048000"'),
        row(cell("b"), cell("c"), attributes='table:number-rows-repeated="2"'),
        row(cell("d", 'table:number-columns-repeated="-5"'), attributes='table:number-rows-repeated="many"'),
    )
    assert text == "a\ta\ta\nb\tc\nb\tc\nd"


def test_a_million_repeated_empty_cells_cost_nothing(tmp_path: Path) -> None:
    empty = row(cell("", 'table:number-columns-repeated="16384"'), attributes='table:number-rows-repeated="1048576"')
    path = spreadsheet(
        tmp_path / "a.ods", content(*(table(f"{n}", empty) for n in range(10)), table("Last", row(cell("x"))))
    )
    found, problem = pages(path, Limits(cells=24))
    assert not problem
    assert found["Last"] == "x"


@pytest.mark.parametrize(
    "rows",
    [
        row(cell("text", 'table:number-columns-repeated="999999999"')),
        row(cell("text"), attributes='table:number-rows-repeated="999999999"'),
        row(cell("text", 'table:number-columns-repeated="99999"'), attributes='table:number-rows-repeated="99999"'),
        row(cell("text ") * 200),
        row(cell("text ")) * 200,
        row() * 200,
        row(cell("text " * 200)),
    ],
    ids=["columns", "rows", "both", "many cells", "many rows", "empty rows", "long"],
)
def test_reading_stops_at_the_limits_and_says_which_sheets_were_not_read(tmp_path: Path, rows: str) -> None:
    xml = content(table("One"), table("Two", rows), table("Three"), table("Four", row(cell("4"))))
    found, problem = pages(spreadsheet(tmp_path / "a.ods", xml), Limits(cells=100, characters=600))
    assert list(found) == ["One", "Two"]
    assert "text" in found["Two"] or rows == row() * 200
    assert len(found["Two"]) < 2000
    assert problem == (
        "cut: Reading stopped within the sheet “Two”; what follows is not searched. Not read at all: Three, Four. "
        "A workbook is read up to 100 cells and 600 characters."
    )


def test_notes_and_shapes_follow_the_rows(tmp_path: Path) -> None:
    note = (
        "<office:annotation><dc:creator>Ann</dc:creator><dc:date>2024-05-01</dc:date><text:p>check</text:p>"
        "<text:p>this</text:p></office:annotation>"
    )
    box = "<draw:frame><draw:text-box><text:p>in a <text:span>box</text:span></text:p></draw:text-box></draw:frame>"
    group = (
        "<draw:g><draw:custom-shape><text:p>arrow</text:p></draw:custom-shape><draw:frame><svg:title>Logo</svg:title>"
    )
    text = shown(
        tmp_path,
        f"<table:shapes>{group}</draw:frame></draw:g></table:shapes>",
        row(cell(), attributes='table:number-rows-repeated="5"'),
        row(
            cell("", 'table:number-columns-repeated="26"'),
            f"<table:table-cell>{note}<text:p>value</text:p>{box}</table:table-cell>",
        ),
    )
    assert text == "value\n\nAA6: check\nthis\n\narrow\nLogo\nin a box"


def styles(usual: str, other: str = "") -> str:
    """Return the part of styles, with what is printed around sheets on usual pages and on those of another kind."""
    pages = "".join(
        f'<style:master-page style:name="{name}">{margins}</style:master-page>'
        for name, margins in (("Default", usual), ("Other", other))
    )
    return f"<office:document-styles {NAMESPACES}>{pages}</office:document-styles>"


def printed(text: str, kind: str = "header", attributes: str = "") -> str:
    return f"<style:{kind} {attributes}><text:p>{text}</text:p></style:{kind}>"


def test_what_is_printed_above_and_below_a_sheet_follows_its_rows(tmp_path: Path) -> None:
    style = '<style:style style:name="ta1" style:master-page-name="Other"/><style:style style:name="ta2"/>'
    sheets = [table(name, row(cell("1")), attributes=f'table:style-name="{name}"') for name in ("ta1", "ta2", "ta3")]
    region = "<style:region-left><text:p>Draft <text:date>00/00/0000</text:date></text:p></style:region-left>"
    part = styles(
        printed("Budget") + printed("Budget", "header-left") + printed("For all", "footer-first"),
        f"<style:header>{region}</style:header>" + printed("not shown", "footer", 'style:display="false"'),
    )
    path = spreadsheet(tmp_path / "a.ods", content(*sheets, styles=style), {"styles.xml": part})
    assert pages(path) == (
        {"ta1": "1\n\nDraft", "ta2": "1\n\nBudget\nFor all", "ta3": "1\n\nBudget\nFor all"},
        "",
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<text:sheet-name>???</text:sheet-name>", ""),
        ("Page <text:page-number>1</text:page-number>", ""),
        ("Page <text:page-number>1</text:page-number> / <text:page-count>99</text:page-count>", ""),
        ("<text:sheet-name>???</text:sheet-name> (<text:title>???</text:title>)", ""),
        ("Annual report, <text:page-number>1</text:page-number>", "Annual report,"),
    ],
)
def test_what_every_new_file_prints_around_its_sheets_says_nothing(tmp_path: Path, text: str, shown: str) -> None:
    path = spreadsheet(tmp_path / "a.ods", content(table("One")), {"styles.xml": styles(printed(text))})
    assert pages(path) == ({"One": shown}, "")


def test_margins_of_many_sheets_keep_the_limit_on_characters(tmp_path: Path) -> None:
    xml = content(*(table(str(number)) for number in range(10)))
    path = spreadsheet(tmp_path / "a.ods", xml, {"styles.xml": styles(printed("x" * 100))})
    found, problem = pages(path, Limits(characters=450))
    assert len(found) == 5
    assert problem.startswith("cut: ")


def test_charts_are_read_and_files_of_other_programs_are_named(tmp_path: Path) -> None:
    def frame(kind: str, number: int) -> str:
        return f'<draw:frame><draw:{kind} xlink:href="./Object {number}"/></draw:frame>'

    objects = f"<table:table-cell>{frame('object', 1)}{frame('object-ole', 2)}<text:p>value</text:p></table:table-cell>"
    chart = f"<office:document-content {NAMESPACES}><text:p>Growth</text:p></office:document-content>"
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
    parts: dict[str, str | bytes] = {"Object 1/content.xml": chart, "Object 2": ole}
    path = spreadsheet(tmp_path / "a.ods", content(table("One", row(objects))), parts)
    found = list(items(path))
    assert Page(Locator("One", Unit.SHEET), "value\n\nGrowth") in found
    assert Remark("It holds files that are not searched: Object 2.") in found


def test_a_broken_chart_and_broken_styles_cost_no_cells(tmp_path: Path) -> None:
    chart = '<table:table-cell><draw:frame><draw:object xlink:href="Object 1"/></draw:frame></table:table-cell>'
    parts = {"Object 1/content.xml": "<chart>", "styles.xml": "<styles>"}
    found, problem = pages(spreadsheet(tmp_path / "a.ods", content(table("One", row(cell("1"), chart))), parts))
    assert found == {"One": "1"}
    assert all(name in problem for name in parts)


def test_deleted_cells_and_copies_of_other_files_are_left_out(tmp_path: Path) -> None:
    deleted = (
        "<table:tracked-changes><table:cell-content-change><table:previous><table:change-track-table-cell>"
        "<text:p>deleted</text:p></table:change-track-table-cell></table:previous></table:cell-content-change>"
        f"{table('Deleted', row(cell('deleted')))}</table:tracked-changes>"
    )
    help_text = (
        "<table:content-validations><table:help-message><text:p>help</text:p></table:help-message>"
        "</table:content-validations>"
    )
    copy = table("Copy", row(cell("copy"), cell("", 'office:value="7"')))
    copies = f"<table:dde-links><table:dde-link>{copy}</table:dde-link></table:dde-links>"
    xml = content(deleted, help_text, table("One", row(cell("kept"))), copies)
    assert pages(spreadsheet(tmp_path / "a.ods", xml)) == ({"One": "kept"}, "")


def test_a_table_within_a_cell_belongs_to_its_sheet(tmp_path: Path) -> None:
    inner = f"<table:table-cell>{table('Inner', row(cell('inner')))}<text:p>outer</text:p></table:table-cell>"
    assert shown(tmp_path, row(inner)) == "inner\nouter"


@pytest.mark.parametrize("damage", ["", "<", "<!-- ", "</table:table>"])
def test_a_damaged_file_is_read_up_to_the_damage(tmp_path: Path, damage: str) -> None:
    whole = content(table("One", row(cell("1"))), table("Two", row(cell("2")), row(cell("3"))))
    start = whole.index("3</text:p>") + 1
    found, problem = pages(spreadsheet(tmp_path / "a.ods", whole[:start] + damage))
    assert found == {"One": "1", "Two": "2\n3"}
    assert problem.startswith("damaged: Its part content.xml is not well-formed XML")
    assert problem.endswith("What follows in or after the sheet “Two” is not searched.")


@pytest.mark.parametrize(
    "xml", ["", "<a", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", '<?xml version="1.0" encoding="utf-7"?><a/>']
)
def test_a_file_without_content_says_why(tmp_path: Path, xml: str) -> None:
    found, problem = pages(spreadsheet(tmp_path / "a.ods", xml))
    assert not found
    assert problem.startswith("damaged: Its part content.xml ")


def test_an_encrypted_file_is_told(tmp_path: Path, read: Read) -> None:
    entry = '<m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry>'
    manifest = f'<m:manifest xmlns:m="{MANIFEST}">{entry}</m:manifest>'
    extraction = read(spreadsheet(tmp_path / "a.ods", "\1\2\3", {"META-INF/manifest.xml": manifest}))
    assert (extraction.status, extraction.reason) == (Status.ENCRYPTED, "It is protected by a password.")


def test_a_tag_without_end_is_refused_before_it_takes_time_or_memory(tmp_path: Path) -> None:
    xml = (
        content(table("One", row(cell("1")))).removesuffix("</office:document-content>") + f'<a b="{"c" * 2_100_000}"/>'
    )
    found, problem = pages(spreadsheet(tmp_path / "a.ods", xml), Limits(ratio=10**6))
    assert found == {"One": "1"}
    assert problem.startswith("damaged: Its part content.xml holds a tag of more than 2,000,000 bytes.")


TREE = content(
    "<table:tracked-changes/>",
    table(
        "One",
        row(
            cell("a", 'table:number-columns-repeated="2"'),
            "<table:table-cell><office:annotation><text:p>n</text:p></office:annotation></table:table-cell>",
            attributes='table:number-rows-repeated="2"',
        ),
        "<table:shapes><draw:frame><text:p>s<text:s/></text:p></draw:frame></table:shapes>",
    ),
)
PIECES = (
    "<table:table>",
    "</table:table>",
    "<text:p>",
    "</text:p>",
    "<table:tracked-changes>",
    "<draw:frame/>",
    "9",
    '"',
    "<",
)


@settings(max_examples=80)
@given(st.integers(0, len(TREE)), st.integers(0, 60), st.lists(st.sampled_from(PIECES), max_size=3))
def test_whatever_is_wrong_with_the_content_is_reported(start: int, length: int, other: list[str]) -> None:
    with TemporaryDirectory() as folder:
        mutated = TREE[:start] + "".join(other) + TREE[start + length :]
        pages(
            spreadsheet(Path(folder, "a.ods"), mutated, {"styles.xml": mutated.replace("draw:frame", "style:header")})
        )
