"""Excel workbooks: every sheet under its name, with the values that it shows, and what lies upon its cells."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from indexer.extract import xlsx
from indexer.extract.items import Incomplete, Remark
from indexer.extract.sheets import Budget
from indexer.extract.source import Context, Source
from indexer.extract.xlsx_parts import Texts, thinned
from indexer.index.schema import Extraction, FileMetadata, Locator, Page, Status, Unit
from indexer.limits import Limits
from tests.extraction import OFFICE, RELATIONS, Read, items, word

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
Names = dict[str, str]


def relations(targets: dict[str, str]) -> str:
    """Return the relationships of a part, from kinds (with anything behind a dash) to targets."""
    tied = (
        f'<Relationship Id="r{kind}" Type="{OFFICE}/{kind.partition("-")[0]}" Target="{target}"/>'
        for kind, target in targets.items()
    )
    return f'<Relationships xmlns="{RELATIONS}">{"".join(tied)}</Relationships>'


def sheet(rows: str, rest: str = "", namespace: str = MAIN) -> str:
    return f'<worksheet xmlns="{namespace}"><sheetData>{rows}</sheetData>{rest}</worksheet>'


def row(*cells: str) -> str:
    return f"<row>{''.join(cells)}</row>"


def strings(*texts: str) -> str:
    return f'<sst xmlns="{MAIN}">{"".join(f"<si>{text}</si>" for text in texts)}</sst>'


def styles(*formats: int, **defined: str) -> str:
    """Return a style for each number of a format; formats are defined by their number ("n164") and code."""
    numbers = "".join(f'<numFmt numFmtId="{name[1:]}" formatCode="{code}"/>' for name, code in defined.items())
    used = "".join(f'<xf numFmtId="{number}"/>' for number in formats)
    other = '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    return f'<styleSheet xmlns="{MAIN}"><numFmts>{numbers}</numFmts>{other}<cellXfs>{used}</cellXfs></styleSheet>'


def workbook(
    path: Path, sheets: dict[str, str], parts: Mapping[str, str | bytes] | None = None, setting: str = ""
) -> Path:
    """Write a workbook by hand: its sheets by name ("name|state"), and further parts by their paths."""
    parts = parts or {}
    listed = "".join(
        f'<sheet name="{name.partition("|")[0]}" state="{name.partition("|")[2] or "visible"}" '
        f'sheetId="{number}" r:id="rworksheet-{number}"/>'
        for number, name in enumerate(sheets, start=1)
    )
    targets = {f"worksheet-{number}": f"worksheets/sheet{number}.xml" for number in range(1, len(sheets) + 1)}
    own = {"sharedStrings": "sharedStrings.xml", "styles": "styles.xml"}
    content: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations({"officeDocument": "xl/workbook.xml"}),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{setting}<sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(targets | own),
        **{f"xl/worksheets/sheet{number}.xml": xml for number, xml in enumerate(sheets.values(), start=1)},
        "xl/sharedStrings.xml": strings(),
        "xl/styles.xml": styles(),
        **parts,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in content.items():
            if xml:
                archive.writestr(name, xml)
    return path


def pages(path: Path, limits: Limits | None = None) -> tuple[Names, str]:
    """Return the texts of the sheets by their labels, and status and reason if the reading was incomplete."""
    found: Names = {}
    try:
        for item in xlsx.read(Source.on_disk(path), Context(limits or Limits())):
            if isinstance(item, Page):
                assert item.locator.unit is Unit.SHEET
                found[item.locator.label] = item.text
    except Incomplete as error:
        return found, f"{error.status}: {error.reason}"
    return found, ""


def shown(path: Path, rows: str, parts: Names | None = None, setting: str = "") -> str:
    """Return the text of a workbook of one sheet, which is read without complaint."""
    found, problem = pages(workbook(path / "a.xlsx", {"One": sheet(rows)}, parts, setting))
    assert not problem
    return found["One"]


def test_a_workbook_has_its_sheets_by_name_hidden_ones_too(tmp_path: Path, read: Read) -> None:
    book = openpyxl.Workbook()
    book.properties.creator, book.properties.title, book.properties.language = "Ann", "Costs of 2024", "en-GB"
    book.properties.created = datetime(2024, 5, 2)
    costs, hidden, very = book.worksheets[0], book.create_sheet("Old"), book.create_sheet("Older")
    costs.title, hidden.sheet_state, very.sheet_state = "Costs", "hidden", "veryHidden"
    for values in (["Item", "Price", "Paid"], ["Paper", 2.5, True], [None, None], ["Total", 3.0, datetime(2024, 5, 1)]):
        costs.append(values)
    hidden["C7"] = "secret"
    very["A1"] = "more secret"
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx") == Extraction(
        Status.OK,
        "xlsx",
        (
            Page(Locator("Costs", Unit.SHEET), "Item\tPrice\tPaid\nPaper\t2.5\tTRUE\nTotal\t3\t2024-05-01"),
            Page(Locator("Old (hidden)", Unit.SHEET), "secret"),
            Page(Locator("Older (hidden)", Unit.SHEET), "more secret"),
        ),
        metadata=FileMetadata("Costs of 2024", "Ann", "en", date(2024, 5, 2)),
    )


def test_each_type_of_cell_is_read_as_it_is_shown(tmp_path: Path) -> None:
    rows = row(
        "<c><v>1.10000000000000009</v></c>",
        "<c><v>12345678901234567890</v></c>",
        "<c><v>1E-3</v></c>",
        '<c t="b"><v>1</v></c>',
        '<c t="b"><v>0</v></c>',
        '<c t="e"><v>#DIV/0!</v></c>',
        '<c t="str"><f>A1&amp;"x"</f><v>formula</v></c>',
        "<c><f>6*7</f><v>42</v></c>",
        "<c><f>6*8</f></c>",
        '<c t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c>',
        '<c t="s"><v>1</v></c>',
        '<c t="d"><v>2024-05-01T00:00:00</v></c>',
        '<c t="d"><v>2024-05-01T13:45:00Z</v></c>',
        "<c><v>many</v></c>",
        "<c><v></v></c>",
        '<c r="Z1" s="1"/>',
    )
    text = shown(tmp_path, rows, {"xl/sharedStrings.xml": strings("<t>zero</t>", "<t>one</t>")})
    assert text.split("\t") == [
        *("1.1", "12345678901234567890", "0.001", "TRUE", "FALSE", "#DIV/0!", "formula", "42", "inline", "one"),
        *("2024-05-01", "2024-05-01 13:45:00", "many"),
    ]


def test_shared_texts_are_joined_from_their_runs_without_the_readings_of_japanese_words(tmp_path: Path) -> None:
    runs = "<r><rPr><b/></rPr><t>東</t></r><r><t xml:space='preserve'>京 </t></r>"
    text = f"{runs}<rPh sb='0' eb='2'><t>トウキョウ</t></rPh>"
    rows = row('<c t="s"><v>0</v></c>', '<c t="s"><v>1</v></c>')
    escaped = "<t>a_x000D_b_x005F_x0041_</t>"
    assert shown(tmp_path, rows, {"xl/sharedStrings.xml": strings(text, escaped)}) == "東京 \ta\rb_x0041_"


@pytest.mark.parametrize(
    ("code", "number", "expected"),
    [
        ("yyyy-mm-dd", "45413", "2024-05-01"),
        ("yyyy-mm-dd", "45413.75", "2024-05-01"),
        ("d/m/yy h:mm", "45413.5729166667", "2024-05-01 13:45:00"),
        ("d/m/yy h:mm", "45413", "2024-05-01"),
        ("d/m/yy h:mm", "45413.9999999999", "2024-05-02"),
        ("d/m/yy h:mm", "0.25", "06:00:00"),
        ("h:mm AM/PM", "45413.75", "18:00:00"),
        ("mm:ss", "0.5", "12:00:00"),
        ("mmm", "45413", "2024-05-01"),
        ("[h]:mm", "1.5", "36:00:00"),
        ("[mm]:ss", "-0.5", "-12:00:00"),
        ("[$-409]mmmm", "45413", "2024-05-01"),
        ("yyyy", "1", "1900-01-01"),
        ("yyyy", "59", "1900-02-28"),
        ("yyyy", "60", "1900-02-29"),
        ("yyyy", "61", "1900-03-01"),
        ("yyyy", "2958465", "9999-12-31"),
        ("yyyy", "2958466", "2958466"),
        ("yyyy", "-1", "-1"),
        ("yyyy", "0.5", "0.5"),
        ("yyyy", "1e300", "1e+300"),
        ("yyyy", "NaN", "NaN"),
        ("0.0%", "0.125", "12.5%"),
        ("0.00E+00", "45413", "45413"),
        ("General", "45413", "45413"),
        ("#,##0 &quot;days&quot;", "45413", "45413"),
        ("[Red]0\\d", "45413", "45413"),
        ("0_d;0*y", "45413", "45413"),
        ("0;yyyy", "45413", "45413"),
        ("[Yellow]0", "45413", "45413"),
        ("&quot;d", "45413", "45413"),
    ],
)
def test_a_number_is_shown_as_its_format_says(tmp_path: Path, code: str, number: str, expected: str) -> None:
    text = shown(tmp_path, row(f'<c s="1"><v>{number}</v></c>'), {"xl/styles.xml": styles(0, 164, n164=code)})
    assert text == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        *((0, "45413.5"), (9, "4541350%"), (14, "2024-05-01"), (20, "12:00:00"), (22, "2024-05-01 12:00:00")),
        *((27, "2024-05-01 12:00:00"), (46, "1089924:00:00"), (47, "12:00:00"), (58, "2024-05-01 12:00:00")),
    ],
)
def test_built_in_formats_need_no_definition(tmp_path: Path, number: int, expected: str) -> None:
    assert shown(tmp_path, row('<c s="0"><v>45413.5</v></c>'), {"xl/styles.xml": styles(number)}) == expected


@pytest.mark.parametrize("setting", ['<workbookPr date1904="1"/>', '<workbookPr date1904="true"/>'])
def test_workbooks_of_the_macintosh_count_days_from_1904(tmp_path: Path, setting: str) -> None:
    rows = row('<c s="0"><v>0</v></c>', '<c s="0"><v>43951</v></c>')
    assert shown(tmp_path, rows, {"xl/styles.xml": styles(14)}, setting) == "1904-01-01\t2024-05-01"
    assert shown(tmp_path, rows, {"xl/styles.xml": styles(14)}, '<workbookPr date1904="0"/>') == "0\t2020-04-30"


@pytest.mark.parametrize("style", ["-1", "7", "x", "99999999999999999999", "²"])
def test_a_style_that_is_not_there_is_no_style(tmp_path: Path, style: str) -> None:
    assert shown(tmp_path, row(f'<c s="{style}"><v>45413</v></c>')) == "45413"


def test_sheets_are_read_whatever_namespace_prefix_or_encoding_they_are_written_with(tmp_path: Path) -> None:
    prefixed = f'<x:worksheet xmlns:x="{MAIN}"><x:row><x:c/><x:c><x:v>1</x:v></x:c></x:row></x:worksheet>'
    wide = '<?xml version="1.0" encoding="UTF-16"?>' + sheet(row("<c><v>2</v></c>"))
    book = workbook(tmp_path / "a.xlsx", {"Prefix": prefixed, "Strict": sheet(row("<c><v>3</v></c>"), "", STRICT)})
    assert pages(book) == ({"Prefix": "1", "Strict": "3"}, "")
    with zipfile.ZipFile(book, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/worksheets/sheet1.xml", wide.encode("utf-16"))
    assert pages(book) == ({"Prefix": "2", "Strict": "3"}, "")


def test_parts_are_found_whatever_the_case_of_their_names(tmp_path: Path) -> None:
    parts = {"xl/sharedStrings.xml": "", "xl/SharedStrings.XML": strings("<t>found</t>")}
    assert shown(tmp_path, row('<c t="s"><v>0</v></c>'), parts) == "found"


def test_what_looks_like_an_empty_cell_within_a_text_stays(tmp_path: Path) -> None:
    rows = row('<c t="str"><v><![CDATA[<c r="A1"/>]]></v></c>', '<c r="B1"/>', "<c><v>2</v></c>")
    assert shown(tmp_path, rows) == '<c r="A1"/>\t2'


def test_such_a_text_stays_wherever_a_piece_of_the_file_ends() -> None:
    part = b'<row><c r="A1"/><c><v><![CDATA[<c r="A1"/>]]></v></c><c r="C1"/></row>'
    for end in range(len(part)):
        kept = b"".join(thinned([part[:end], part[end:]], Budget(5, 0)))
        assert b'<v><![CDATA[<c r="A1"/>]]></v>' in kept


def test_empty_cells_are_left_out_wherever_a_piece_of_the_file_ends(tmp_path: Path) -> None:
    rows = "".join(
        row(*(f'<c r="A{n}" s="1"/>' for n in range(number)), f"<c><v>{number}</v></c>") for number in range(200)
    )
    assert shown(tmp_path, rows) == "\n".join(map(str, range(200)))


def test_notes_threads_shapes_and_what_is_printed_around_follow_the_rows(tmp_path: Path) -> None:
    margins = (
        "<headerFooter>"
        "<oddHeader>&amp;L&amp;&quot;Arial,Bold&quot;&amp;12Budget&amp;RDraft &amp;&amp; secret</oddHeader>"
        "<oddFooter>&amp;C03+000&amp;KFF0000Page &amp;P of &amp;N</oddFooter><evenFooter>Page of</evenFooter>"
        "</headerFooter>"
    )
    notes = (
        f'<comments xmlns="{MAIN}"><authors><author>Ann</author><author>tc={{1}}</author></authors><commentList>'
        '<comment ref="B2" authorId="0"><text><r><t>check </t></r><r><t>this</t></r></text></comment>'
        '<comment ref="C3" authorId="1"><text><t>[Threaded comment] please</t></text></comment>'
        "</commentList></comments>"
    )
    threads = (
        "<ThreadedComments><threadedComment ref='C3'><text>please pay</text></threadedComment>"
        "<threadedComment ref='C3'><text>paid</text></threadedComment></ThreadedComments>"
    )
    drawing = (
        f"<d:wsDr xmlns:d='urn:d' xmlns:a='{DRAWING}'><d:sp><a:p><a:r><a:t>in a box</a:t></a:r></a:p></d:sp></d:wsDr>"
    )
    chart = f"<c:chart xmlns:c='urn:c' xmlns:a='{DRAWING}'><a:p><a:r><a:t>over a chart</a:t></a:r></a:p></c:chart>"
    tied = relations(
        {"comments": "../comments1.xml", "threadedComment": "../threads.xml", "drawing": "../drawings/drawing1.xml"}
    )
    parts = {
        "xl/worksheets/_rels/sheet1.xml.rels": tied,
        "xl/comments1.xml": notes,
        "xl/threads.xml": threads,
        "xl/drawings/drawing1.xml": drawing,
        "xl/drawings/_rels/drawing1.xml.rels": relations({"chart": "../charts/chart1.xml"}),
        "xl/charts/chart1.xml": chart,
        "xl/charts/_rels/chart1.xml.rels": relations({"chart": "../charts/chart1.xml"}),
    }
    book = workbook(tmp_path / "a.xlsx", {"One": sheet(row("<c><v>1</v></c>"), margins)}, parts)
    expected = [
        "1",
        "Budget Draft & secret\nPage of",
        "B2: check this\nC3: please pay\nC3: paid",
        "in a box\nover a chart",
    ]
    assert pages(book) == ({"One": "\n\n".join(expected)}, "")
    alone = {**parts, "xl/threads.xml": "<ThreadedComments/>"}
    assert "C3: [Threaded comment] please" in shown(tmp_path, "", alone)


def test_notes_that_openpyxl_wrote_are_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["C7"].comment = Comment("not certain", "Ann")
    book.save(tmp_path / "a.xlsx")
    assert pages(tmp_path / "a.xlsx") == ({"Sheet": "C7: not certain"}, "")


def test_a_chart_on_a_sheet_of_its_own_is_read(tmp_path: Path) -> None:
    parts = {
        "xl/worksheets/_rels/sheet1.xml.rels": relations({"drawing": "../drawing.xml"}),
        "xl/drawing.xml": f"<d xmlns:a='{DRAWING}'><a:p><a:t>Growth</a:t></a:p></d>",
    }
    book = workbook(tmp_path / "a.xlsx", {"Chart": f'<chartsheet xmlns="{MAIN}"/>'}, parts)
    assert pages(book) == ({"Chart": "Growth"}, "")


def test_files_embedded_in_sheets_are_read_or_named_even_where_the_cells_are_too_many(tmp_path: Path) -> None:
    ties = {"package": "../embeddings/Annex.docx", "oleObject": "../embeddings/oleObject1.bin"}
    annex = word(tmp_path / "annex.docx", "<w:p><w:r><w:t>annexed</w:t></w:r></w:p>").read_bytes()
    parts: dict[str, str | bytes] = {
        "xl/worksheets/_rels/sheet1.xml.rels": relations(ties),
        "xl/embeddings/annex.docx": annex,
        "xl/embeddings/oleObject1.bin": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
    }
    book = workbook(tmp_path / "a.xlsx", {"One": sheet(row("<c><v>1</v></c>"))}, parts)
    found = list(items(book))
    assert Page(Locator(within="annex.docx"), "annexed") in found
    assert Remark("It holds files that are not searched: oleObject1.bin.") in found
    found.clear()
    with pytest.raises(Incomplete) as problem:
        found.extend(items(book, Context(Limits(cells=0))))
    assert problem.value.status is Status.CUT
    assert Page(Locator(within="annex.docx"), "annexed") in found


@pytest.mark.parametrize(
    ("part", "missing"),
    [
        ("xl/styles.xml", "Dates may be shown as numbers"),
        ("xl/sharedStrings.xml", "The texts of 1 cells are missing"),
    ],
)
@pytest.mark.parametrize("content", ["", "<a", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"])
def test_a_damaged_part_costs_what_it_holds_and_nothing_else(
    tmp_path: Path, part: str, missing: str, content: str
) -> None:
    rows = row('<c t="s"><v>0</v></c>', "<c><v>12</v></c>")
    parts = {"xl/sharedStrings.xml": strings("<t>text</t>"), part: content}
    found, problem = pages(workbook(tmp_path / "a.xlsx", {"One": sheet(rows)}, parts))
    assert found["One"].endswith("12")
    assert problem.startswith("damaged: ")
    assert part in problem
    assert missing in problem


def test_shared_texts_before_a_damage_are_kept(tmp_path: Path) -> None:
    rows = row('<c t="s"><v>0</v></c>', '<c t="s"><v>1</v></c>')
    parts = {"xl/sharedStrings.xml": strings("<t>kept</t>", "<t>lost").removesuffix("</si></sst>")}
    found, problem = pages(workbook(tmp_path / "a.xlsx", {"One": sheet(rows)}, parts))
    assert found == {"One": "kept"}
    assert "Texts that its cells share cannot be read" in problem


def test_a_broken_sheet_keeps_its_first_rows_and_the_other_sheets(tmp_path: Path) -> None:
    broken = sheet(row("<c><v>1</v></c>") + row("<c><v>2</v></c>", "<c><v>3")).removesuffix(
        "</row></sheetData></worksheet>"
    )
    book = workbook(tmp_path / "a.xlsx", {"Broken": broken, "Lost": "", "Last": sheet(row("<c><v>4</v></c>"))})
    found, problem = pages(book)
    assert found == {"Broken": "1\n2\t3", "Lost": "", "Last": "4"}
    assert problem == "damaged: These sheets cannot be read to their end: Broken, Lost."


def test_damaged_notes_are_reported_and_cost_no_cells(tmp_path: Path) -> None:
    parts = {
        "xl/worksheets/_rels/sheet1.xml.rels": relations({"comments": "../comments1.xml"}),
        "xl/comments1.xml": "<comments><comment ref='A1'><text><t>kept</t></text></comment><comment>",
    }
    found, problem = pages(workbook(tmp_path / "a.xlsx", {"One": sheet(row("<c><v>1</v></c>"))}, parts))
    assert found == {"One": "1\n\nA1: kept"}
    assert problem.startswith("damaged: Its part xl/comments1.xml")


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels"], ids=["workbook", "relations", "root"]
)
@pytest.mark.parametrize("content", ["", "<a"], ids=["missing", "broken"])
def test_sheets_are_read_under_the_names_of_their_parts_if_nothing_lists_them(
    tmp_path: Path, part: str, content: str
) -> None:
    sheets = {f"Sheet {number}": sheet(row('<c t="s"><v>0</v></c>', f"<c><v>{number}</v></c>")) for number in range(11)}
    parts = {"xl/sharedStrings.xml": strings("<t>text</t>"), part: content}
    found, problem = pages(workbook(tmp_path / "a.xlsx", sheets, parts))
    assert list(found.values()) == [f"text\t{number}" for number in range(11)]
    if part != "_rels/.rels":
        assert list(found)[9:] == ["sheet10", "sheet11"]
        assert problem.startswith("damaged: ")
        assert "It does not say where its sheets are; they are called as their parts are." in problem


def test_a_sheet_that_the_workbook_does_not_list_is_named(tmp_path: Path) -> None:
    parts = {"xl/worksheets/sheet7.xml": sheet(row("<c><v>7</v></c>"))}
    found, problem = pages(workbook(tmp_path / "a.xlsx", {"One": sheet(row("<c><v>1</v></c>"))}, parts))
    assert found == {"One": "1"}
    assert "does not list these sheets, which are not read: xl/worksheets/sheet7.xml" in problem


def test_reading_stops_at_the_limit_on_cells_and_says_which_sheets_were_not_read(tmp_path: Path) -> None:
    rows = "".join(row(f"<c><v>{number}</v></c>", "<c/>") for number in range(10))
    book = workbook(tmp_path / "a.xlsx", {"One": sheet(""), "Two": sheet(rows), "Three": sheet(""), "Four": sheet("")})
    found, problem = pages(book, Limits(cells=14))
    assert found == {"One": "", "Two": "0\n1\n2\n3\n4\n5\n6\n7"}
    assert problem == (
        "cut: Reading stopped within the sheet “Two”; what follows is not searched. Not read at all: Three, Four. "
        "A workbook is read up to 14 cells and 10,000,000 characters."
    )


@pytest.mark.parametrize("rows", ["<row/>" * 100, row("<c r='A1'></c>" * 100), row('<c r="A1"/>' * 100)])
def test_empty_rows_and_cells_count_too(tmp_path: Path, rows: str) -> None:
    _, problem = pages(workbook(tmp_path / "a.xlsx", {"One": sheet(rows)}), Limits(cells=99))
    assert problem.startswith("cut: ")
    assert not pages(workbook(tmp_path / "a.xlsx", {"One": sheet(rows)}), Limits(cells=101))[1]


def test_reading_stops_at_the_limit_on_characters_within_a_cell_too(tmp_path: Path) -> None:
    rows = row("<c><v>1</v></c>", f'<c t="str"><v>{"long " * 1000}</v></c>')
    found, problem = pages(workbook(tmp_path / "a.xlsx", {"One": sheet(rows)}), Limits(characters=100))
    assert found["One"].startswith("1\tlong long")
    assert problem.startswith("cut: Reading stopped within the sheet “One”")
    endless = row(f'<c t="str"><v>{"long " * 200_000}</v></c>')
    found, _ = pages(workbook(tmp_path / "a.xlsx", {"One": sheet(endless)}), Limits(characters=100))
    assert 100 < len(found["One"]) < 200_000


def test_more_shared_texts_than_may_be_kept_are_reported(tmp_path: Path) -> None:
    rows = row(*(f'<c t="s"><v>{number}</v></c>' for number in range(3)))
    parts = {"xl/sharedStrings.xml": strings("<t>some text</t>", "<t>more</t>", f"<t>{'much ' * 100}</t>")}
    found, problem = pages(workbook(tmp_path / "a.xlsx", {"One": sheet(rows)}, parts), Limits(characters=60))
    assert found == {"One": "some text\tmore"}
    assert problem == "cut: Only the first 2 texts that its cells share are kept. The texts of 1 cells are missing."


def test_a_shared_text_costs_its_characters_and_nothing_else(tmp_path: Path) -> None:
    texts = ["a", "", "é", "漢", "😀", "_xD83D_"] * 20
    rows = row(*(f'<c t="s"><v>{number}</v></c>' for number in range(len(texts))))
    parts = {"xl/sharedStrings.xml": strings(*(f"<t>{text}</t>" for text in texts))}
    limits = Limits(characters=110)
    assert pages(workbook(tmp_path / "a.xlsx", {"One": sheet(rows)}, parts), limits) == (
        {"One": "\t".join(["a", "é", "漢", "😀", "\ud83d"] * 20)},
        "",
    )


def test_a_million_shared_texts_take_little_more_memory_than_their_characters() -> None:
    texts = Texts()
    tracemalloc.start()
    try:
        for number in range(100_000):
            texts.append(f"{number:05}")
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()
    assert (len(texts), texts[0], texts[4711], texts[99_999]) == (100_000, "00000", "04711", "99999")


def test_only_as_many_formats_are_kept_as_a_workbook_may_have(tmp_path: Path) -> None:
    book = workbook(
        tmp_path / "a.xlsx", {"One": sheet(row("<c><v>1</v></c>"))}, {"xl/styles.xml": styles(*[14] * 200_000)}
    )
    found, problem = pages(book)
    assert found == {"One": "1"}
    assert problem == "damaged: Dates may be shown as numbers: it has more formats than Excel allows."


def test_a_sheet_takes_no_memory_however_large_it_is(tmp_path: Path) -> None:
    rows = row('<c r="AB12345" s="123"/>' * 1000, '<c r="AB12345" s="123"></c>' * 100, "<extra/>" * 100) * 400
    book = workbook(tmp_path / "a.xlsx", {"One": sheet(rows)})
    assert len(rows) > 10_000_000
    del rows
    tracemalloc.start()
    try:
        assert pages(book, Limits(ratio=2000)) == ({"One": ""}, "")
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


TEXTS = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], include_characters="\n"), min_size=1).filter(
    lambda text: not text.startswith("=") and "_x" not in text
)
MOMENTS = st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 30)).map(lambda moment: moment.replace(microsecond=0))
VALUES = st.one_of(
    st.none(),
    TEXTS,
    st.booleans(),
    st.integers(-(10**15) + 1, 10**15),
    st.floats(-1e300, 1e300),
    MOMENTS,
    MOMENTS.map(datetime.date),
    MOMENTS.map(datetime.time),
)


def as_openpyxl_reads_it(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return format(value or 0, ".15g")
    if isinstance(value, datetime):
        return str(value.date() if value.time() == time() else value)
    return str(value)


@settings(max_examples=40)
@given(st.lists(st.lists(VALUES, max_size=5), max_size=5))
@example([[1e16, -1e16, 123456789012345678.0, 0.1 + 0.2, -0.0]])
def test_cells_are_read_as_openpyxl_reads_them(rows: list[list[object]]) -> None:
    book = openpyxl.Workbook()
    for values in rows:
        book.worksheets[0].append(values)
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.xlsx")
        book.save(path)
        lines = [
            "\t".join(as_openpyxl_reads_it(value) for value in values if value is not None)
            for values in openpyxl.load_workbook(path, data_only=True).worksheets[0].iter_rows(values_only=True)
        ]
        found, problem = pages(path)
    assert not problem
    assert found == {"Sheet": "\n".join(filter(None, lines))}


GOOD = {
    "xl/workbook.xml": f'<workbook xmlns:r="{OFFICE}"><sheets><sheet name="One" r:id="rw"/></sheets></workbook>',
    "xl/worksheets/sheet1.xml": sheet(row('<c t="s" s="0"><v>0</v></c>', '<c r="B1"/><c s="0"><v>45413.5</v></c>')),
    "xl/sharedStrings.xml": strings("<r><t>text</t></r><rPh><t>reading</t></rPh>"),
    "xl/styles.xml": styles(164, n164="d/m/yy"),
    "xl/comments1.xml": '<comments><author>A</author><comment ref="A1" authorId="0"><t>note</t></comment></comments>',
    "xl/_rels/workbook.xml.rels": relations({"w": "worksheets/sheet1.xml", "sharedStrings": "sharedStrings.xml"}),
    "xl/worksheets/_rels/sheet1.xml.rels": relations({"comments": "../comments1.xml"}),
}


@settings(max_examples=60)
@given(st.sampled_from(sorted(GOOD)), st.integers(0, 400), st.integers(0, 40), st.text('<>/="&0s\0', max_size=5))
def test_whatever_is_wrong_with_a_part_is_reported(part: str, start: int, length: int, other: str) -> None:
    damaged = GOOD[part][:start] + other + GOOD[part][start + length :]
    with TemporaryDirectory() as folder:
        pages(workbook(Path(folder, "a.xlsx"), {}, {**GOOD, part: damaged}))


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 6000), st.binary(max_size=3)), min_size=1, max_size=3))
def test_whatever_is_wrong_with_the_container_is_reported(changes: list[tuple[int, bytes]]) -> None:
    with TemporaryDirectory() as folder:
        path = workbook(Path(folder, "a.xlsx"), {}, GOOD)
        content = path.read_bytes()
        for place, new in changes:
            content = content[:place] + new + content[place + 1 :]
        path.write_bytes(b"PK" + content[2:])
        pages(path)
