"""Word documents: what stands in a document is found, wherever in it it stands, and once."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.extract import ExtractionPool
from indexer.extract.items import Incomplete, Remark
from indexer.extract.ooxml import Package, Relation
from indexer.extract.source import Context
from indexer.extract.xml_stream import Handler, parse_part
from indexer.index.schema import FileMetadata, Locator, Page, Status, Unit
from indexer.limits import Limits
from tests.extraction import OFFICE, RELATIONS, Read, items, mutations_of, word
from tests.opendocument import opendocument

DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
CHOICES = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
LONG = "Words that make a section long. " * 150
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"


def heading(text: str, style: str = "Heading1") -> str:
    return paragraph(text, f'<w:pStyle w:val="{style}"/>')


def cell(*paragraphs: str) -> str:
    return f"<w:tc><w:tcPr/>{''.join(map(paragraph, paragraphs))}</w:tc>"


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


def pages(path: Path, context: Context | None = None) -> list[Page]:
    return [item for item in items(path, context) if isinstance(item, Page)]


def body_text(tmp_path: Path, body: str, **parts: str) -> str:
    """Return the text of a short document, which is one part."""
    (page,) = pages(word(tmp_path / "a.docx", body, **parts))
    assert page.locator == Locator()
    return page.text


def add(path: Path, members: dict[str, str | bytes], relations: dict[str, str] | None = None) -> Path:
    """Add parts to a Word file, and tie them to its document: the id of a relationship to its kind and part."""
    with zipfile.ZipFile(path) as archive:
        contents: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    ties = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{relation.split()[0]}" Target="{relation.split()[1]}"/>'
        for name, relation in (relations or {}).items()
    )
    contents["word/_rels/document.xml.rels"] = f'<Relationships xmlns="{RELATIONS}">{ties}</Relationships>'
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**contents, **members}.items():
            archive.writestr(name, content)
    return path


# What stands in the body


def test_a_document_that_word_could_have_written_is_read_whole(tmp_path: Path, read: Read) -> None:
    document = docx.Document()
    document.core_properties.title = "On paragraphs"
    document.add_paragraph("First paragraph")
    document.add_paragraph("Second paragraph")
    table = document.add_table(2, 2)
    for target, text in zip((cell for row in table.rows for cell in row.cells), ("a", "b", "c", "d"), strict=True):
        target.text = text
    document.sections[0].header.paragraphs[0].text = "in the header"
    document.sections[0].footer.paragraphs[0].text = "in the footer"
    document.save(str(tmp_path / "a.docx"))
    extraction = read(tmp_path / "a.docx")
    assert (extraction.status, extraction.format, extraction.reason) == (Status.OK, "docx", "")
    assert extraction.metadata.title == "On paragraphs"
    assert extraction.pages == (
        Page(Locator(), "First paragraph\n\nSecond paragraph\n\na\tb\nc\td\n\nin the header\n\nin the footer"),
    )


def test_the_runs_of_a_word_are_joined_and_tabs_and_breaks_part_words(tmp_path: Path) -> None:
    body = (
        f'<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr>{run("traf")}{run("ficking")}'
        "<w:r><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t></w:r></w:p>"
    )
    assert body_text(tmp_path, body) == "trafficking\ttwo\nthree"


def test_the_tab_stops_of_a_paragraph_are_no_tabs_wherever_they_are_declared(tmp_path: Path) -> None:
    stops = '<w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr>'
    assert body_text(tmp_path, f"<w:p>{run('traf')}{stops}{run('ficking')}</w:p>") == "trafficking"


def test_soft_hyphens_are_dropped_and_hyphens_that_do_not_break_are_hyphens(tmp_path: Path) -> None:
    body = (
        f"<w:p>{run('co')}<w:r><w:softHyphen/></w:r>{run('operate e')}<w:r><w:noBreakHyphen/></w:r>{run('mail')}</w:p>"
    )
    assert body_text(tmp_path, body) == "cooperate e-mail"


@pytest.mark.parametrize(
    ("font", "code", "shown"),
    [
        ("Symbol", "F061", "xαy"),
        ("Symbol", "F0B7", "x y"),
        ("Wingdings", "F061", "x y"),
        ("Arial", "00E9", "xéy"),
        ("Arial", "", "xy"),
        ("Arial", "FFFFFFFFFFFF", "xy"),
    ],
)
def test_a_symbol_is_the_letter_it_looks_like_or_a_blank(tmp_path: Path, font: str, code: str, shown: str) -> None:
    symbol = f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'
    assert body_text(tmp_path, f"<w:p>{run('x')}{symbol}{run('y')}</w:p>") == shown


def test_what_was_inserted_counts_and_what_was_deleted_or_moved_away_does_not(tmp_path: Path) -> None:
    body = (
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:ins><w:r><w:t>inserted </w:t></w:r></w:ins><w:del><w:r>"
        "<w:delText>deleted</w:delText></w:r></w:del><w:del><w:r><w:t>also deleted</w:t></w:r></w:del>"
        f"<w:moveFrom>{run('moved away')}</w:moveFrom><w:moveTo>{run('moved here ')}</w:moveTo>{run('kept')}</w:p>"
    )
    assert body_text(tmp_path, body) == "inserted moved here kept"


HIDING_STYLES = (
    '<w:style w:styleId="Secret"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:styleId="Hint"><w:basedOn w:val="Secret"/></w:style>'
    '<w:style w:styleId="Open"><w:basedOn w:val="Secret"/><w:rPr><w:vanish w:val="0"/></w:rPr></w:style>'
)


@pytest.mark.parametrize(
    ("properties", "is_hidden"),
    [
        ("<w:vanish/>", True),
        ('<w:vanish w:val="true"/>', True),
        ('<w:rStyle w:val="Hint"/>', True),
        ('<w:rStyle w:val="Open"/>', False),
        ('<w:rStyle w:val="Hint"/><w:vanish w:val="0"/>', False),
        ('<w:vanish w:val="false"/>', False),
        ("<w:webHidden/>", False),
        ("<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>", False),
    ],
)
def test_hidden_text_is_left_out(tmp_path: Path, properties: str, is_hidden: bool) -> None:
    box = f"<w:txbxContent>{paragraph('boxed')}</w:txbxContent>"
    body = f"<w:p><w:r><w:rPr>{properties}</w:rPr><w:t>in the </w:t><w:tab/>{box}</w:r>{run('open')}</w:p>"
    expected = "open" if is_hidden else "in the \topen\n\nboxed"
    assert body_text(tmp_path, body, styles=HIDING_STYLES) == expected
    (page,) = pages(word(tmp_path / "a.docx", paragraph("body"), styles=HIDING_STYLES, header=body))
    assert page.text == f"body\n\n{expected}"


def test_a_hidden_mark_at_the_end_of_a_paragraph_hides_no_text(tmp_path: Path) -> None:
    mark = "<w:rPr><w:vanish/><w:specVanish/></w:rPr>"
    box = f"<w:txbxContent>{paragraph('boxed', mark)}</w:txbxContent>"
    assert body_text(tmp_path, paragraph("shown", mark) + f"<w:p><w:r>{box}</w:r></w:p>") == "shown\n\nboxed"


def test_a_text_box_is_read_once_and_after_the_paragraph_that_it_is_anchored_in(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{paragraph('boxed')}{paragraph('twice')}</w:txbxContent>"
    body = (
        f"<w:p {CHOICES}>{run('be')}<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>{run('fore')}</w:p>{paragraph('after')}"
    )
    assert body_text(tmp_path, body) == "before\n\nboxed\n\ntwice\n\nafter"


def test_a_form_for_other_programs_is_read_where_there_is_none_for_ours(tmp_path: Path) -> None:
    choice = f"<mc:AlternateContent><mc:Fallback>{run('only form')}</mc:Fallback></mc:AlternateContent>"
    assert body_text(tmp_path, f"<w:p {CHOICES}>{choice}</w:p>") == "only form"


def test_the_result_of_a_field_counts_and_its_code_does_not(tmp_path: Path) -> None:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    nested = f"{mark('begin')}{run('condition')}{mark('separate')}{run('inner')}{mark('end')}"
    body = (
        f"<w:p>{run('see ')}{mark('begin')}<w:r><w:instrText>HYPERLINK x</w:instrText></w:r>{nested}"
        f"{mark('separate')}{run('the page')}{mark('end')}{run(' of')}"
        f'<w:fldSimple w:instr="TITLE">{run(" the title")}</w:fldSimple></w:p>'
    )
    assert body_text(tmp_path, body) == "see the page of the title"


def test_a_field_that_is_never_closed_does_not_swallow_what_follows(tmp_path: Path) -> None:
    body = f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{run("code")}</w:p>{paragraph("after")}'
    assert body_text(tmp_path, body) == "after"


def test_a_content_control_shows_its_text_and_not_what_could_be_chosen(tmp_path: Path) -> None:
    control = (
        '<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:displayText="other"/></w:dropDownList><w:text/></w:sdtPr>'
        f"<w:sdtContent>{paragraph('chosen')}</w:sdtContent></w:sdt>"
    )
    assert body_text(tmp_path, control) == "chosen"


def test_formulas_are_read_and_one_on_a_line_of_its_own_comes_after_its_paragraph(tmp_path: Path) -> None:
    fraction = "<m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f>"  # a over b
    body = f"<w:p {MATH}>{run('where ')}<m:oMath>{fraction}</m:oMath><m:oMathPara>{fraction}</m:oMathPara></w:p>"
    assert body_text(tmp_path, body) == "where a/b\n\na/b"


def test_the_reading_aid_of_a_word_comes_after_its_paragraph(tmp_path: Path) -> None:
    ruby = f"<w:r><w:ruby><w:rt>{run('kan')}</w:rt><w:rubyBase>{run('漢')}</w:rubyBase></w:ruby></w:r>"
    assert body_text(tmp_path, f"<w:p>{ruby}{run('字')}</w:p>") == "漢字\n\nkan"


@pytest.mark.parametrize(
    ("alternative", "text"),
    [
        ("Two women plant a tree", "shown\n\nTwo women plant a tree"),
        ("A tree&#10;&#10;Description automatically generated", "shown"),
        ("C:\\Users\\someone\\tree.PNG", "shown"),
    ],
)
def test_what_people_say_of_a_picture_is_read_and_what_programs_say_is_not(
    tmp_path: Path, alternative: str, text: str
) -> None:
    picture = f'<w:r><w:drawing><wp:docPr xmlns:wp="wp" id="1" descr="{alternative}"/></w:drawing></w:r>'
    assert body_text(tmp_path, f"<w:p>{picture}{picture}{run('shown')}</w:p>") == text


def test_text_outside_of_any_paragraph_is_kept(tmp_path: Path) -> None:
    assert body_text(tmp_path, f"{run('loose')}{paragraph('fast')}") == "loose\n\nfast"


# Tables


def test_the_cells_of_a_row_are_parted_by_tabs_and_tables_in_cells_are_a_part_of_them(tmp_path: Path) -> None:
    inner = f"<w:tc><w:tbl>{row(cell('x'), cell('y'))}</w:tbl>{paragraph('below')}</w:tc>"
    table = f"<w:tbl>{row(cell('one', 'two'), cell('three'))}{row(inner, cell(''), cell('z'))}</w:tbl>"
    assert body_text(tmp_path, table) == "one two\tthree\nx\ty below\tz"


def test_a_row_that_is_empty_but_for_one_word_is_a_line_of_its_table(tmp_path: Path) -> None:
    table = f"<w:tbl>{row(cell('a'), cell('b'))}{row(cell('c'), cell(''))}{row(cell('d'), cell('e'))}</w:tbl>"
    assert body_text(tmp_path, table) == "a\tb\nc\nd\te"


def test_a_text_alone_in_its_row_is_framed_and_its_paragraphs_and_headings_are_as_good_as_any(tmp_path: Path) -> None:
    frame = f"<w:tc>{heading('Framed')}{paragraph(LONG)}</w:tc>"
    table = f"<w:tbl>{row(cell('a'), cell('b'))}{row(frame, cell(''))}{row(cell('c'), cell('d'))}</w:tbl>"
    found = pages(word(tmp_path / "a.docx", table))
    assert [(page.locator.label, page.text) for page in found] == [
        ("", "a\tb"),
        ("Framed", f"Framed\n\n{LONG.strip()}\n\nc\td"),
    ]


# Sections


STYLES = (
    '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="Chapter"><w:basedOn w:val="Outline"/></w:style>'
    '<w:style w:styleId="Outline"><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    '<w:style w:styleId="TOCHeading"><w:basedOn w:val="berschrift1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>'
    '<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="A"><w:basedOn w:val="B"/></w:style><w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>'
)


@pytest.mark.parametrize(
    ("properties", "is_heading"),
    [
        ('<w:pStyle w:val="berschrift1"/>', True),
        ('<w:pStyle w:val="Chapter"/>', True),
        ('<w:pStyle w:val="Titel"/>', True),
        ('<w:pStyle w:val="Heading2"/>', True),
        ('<w:outlineLvl w:val="0"/>', True),
        ('<w:pStyle w:val="TOCHeading"/>', False),
        ('<w:pStyle w:val="berschrift1"/><w:outlineLvl w:val="9"/>', False),
        ('<w:pStyle w:val="A"/>', False),
        ('<w:pStyle w:val="Unknown"/>', False),
        ('<w:outlineLvl w:val="high"/>', False),
        ('<w:pPrChange><w:pPr><w:pStyle w:val="berschrift1"/></w:pPr></w:pPrChange>', False),
    ],
)
def test_headings_are_known_by_their_style_its_base_or_their_outline_level(
    tmp_path: Path, properties: str, is_heading: bool
) -> None:
    body = paragraph(LONG) + paragraph("Perhaps a heading", properties) + paragraph("text")
    labels = [page.locator.label for page in pages(word(tmp_path / "a.docx", body, styles=STYLES))]
    assert labels == (["", "Perhaps a heading"] if is_heading else [""])


def test_a_long_document_is_cut_at_its_headings_and_its_headers_and_footers_come_last(tmp_path: Path) -> None:
    body = f"{paragraph('Preface')}{heading('One')}{paragraph(LONG)}{heading('Two')}{paragraph('short')}"
    found = pages(word(tmp_path / "a.docx", body, footer=paragraph("below"), header=paragraph("above")))
    assert found == [
        Page(Locator("", Unit.SECTION), "Preface"),
        Page(Locator("One", Unit.SECTION), f"One\n\n{LONG.strip()}"),
        Page(Locator("Two", Unit.SECTION), "Two\n\nshort"),
        Page(Locator("Headers and footers", Unit.SECTION), "above\n\nbelow"),
    ]


def test_a_heading_in_a_text_box_cuts_nothing(tmp_path: Path) -> None:
    box = f"<w:p>{run('anchor')}<w:r><w:txbxContent>{heading('Box')}</w:txbxContent></w:r></w:p>"
    assert len(pages(word(tmp_path / "a.docx", paragraph(LONG) + box))) == 1


# Notes and comments


def note(kind: str, number: int, text: str) -> str:
    return f'<w:{kind} w:id="{number}">{paragraph(text)}</w:{kind}>'


def refer(kind: str, number: int) -> str:
    return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'


def test_notes_and_comments_stand_at_the_end_of_the_section_that_refers_to_them(tmp_path: Path) -> None:
    body = (
        f"{heading('One')}<w:p>{run(LONG)}{refer('footnote', 2)}{run('more')}{refer('comment', 1)}</w:p>"
        f"{paragraph('last of one')}{heading('Two')}<w:tbl><w:tr>{cell('a')}<w:tc><w:p>{run('b')}"
        f"{refer('endnote', 1)}</w:p></w:tc></w:tr></w:tbl>{paragraph('last of two')}"
    )
    path = word(
        tmp_path / "a.docx",
        body,
        footnotes=note("footnote", 2, "a footnote") + note("footnote", 3, "never referred to"),
        endnotes=note("endnote", 1, "an endnote"),
        comments=note("comment", 1, "a comment"),
    )
    assert [page.text for page in pages(path)] == [
        f"One\n\n{LONG}more\n\nlast of one\n\na footnote\n\na comment",
        "Two\n\na\tb\n\nlast of two\n\nan endnote\n\nnever referred to",
    ]


def test_a_chart_is_parsed_once_however_often_it_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def counting(archive: zipfile.ZipFile, name: str, handler: Handler) -> Iterator[None]:
        parsed.append(name)
        return parse_part(archive, name, handler)

    monkeypatch.setattr("indexer.extract.xml_text.parse_part", counting)
    shown = f'<w:p xmlns:r="{OFFICE}"><w:r><c:chart xmlns:c="c" r:id="r1"/></w:r></w:p>'
    chart = f'<c:chart xmlns:c="c" xmlns:a="{DRAWING}"><a:p><a:r><a:t>Costs</a:t></a:r></a:p></c:chart>'
    path = add(word(tmp_path / "a.docx", shown * 3), {"word/chart1.xml": chart}, {"r1": "chart chart1.xml"})
    assert [page.text for page in pages(path)] == ["Costs\n\nCosts\n\nCosts"]
    assert parsed == ["word/document.xml", "word/chart1.xml"]


def test_the_charts_of_a_file_together_keep_the_limit_on_characters(tmp_path: Path) -> None:
    chart = f'<c:chart xmlns:c="c" xmlns:a="{DRAWING}"><a:p><a:r><a:t>0123456789</a:t></a:r></a:p></c:chart>'
    path = add(word(tmp_path / "a.docx", ""), {"1.xml": chart, "2.xml": chart})
    with zipfile.ZipFile(path) as archive:
        package = Package(archive, 12)
        related = {name: Relation("chart", f"{name}.xml") for name in ("1", "2")}
        texts = [package.figure(related, "chart", {"id": name}) for name in ("1", "2", "1")]
    assert texts == ["0123456789", "", "0123456789"]
    assert [problem.status for problem in package.problems] == [Status.CUT]


CHAIN = "".join(f'<w:style w:styleId="s{n}"><w:basedOn w:val="s{n + 1}"/></w:style>' for n in range(20_000))


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ("".join(paragraph("x", f'<w:pStyle w:val="s{n}"/>') for n in range(20_000)), {"styles": CHAIN}),
        ("", {"footnotes": f'<w:footnote w:id="1">{paragraph("x" * 300)}</w:footnote>' * 30_000}),
    ],
    ids=["styles based on each other", "notes of one number"],
)
def test_no_number_of_styles_or_notes_takes_its_square_in_time(
    tmp_path: Path, body: str, parts: dict[str, str]
) -> None:
    path = word(tmp_path / "a.docx", paragraph("first") + body, **parts)
    with ExtractionPool(1, Context(Limits(cpu_seconds=8))) as pool:
        assert pool.extract(path).status is Status.OK


def test_a_note_that_is_referred_to_twice_is_given_once(tmp_path: Path) -> None:
    body = f"<w:p>{refer('footnote', 2)}{run('body')}{refer('footnote', 2)}</w:p>"
    assert body_text(tmp_path, body, footnotes=note("footnote", 2, "noted")) == "body\n\nnoted"


def test_a_part_of_notes_that_breaks_off_gives_the_notes_before_and_the_body(tmp_path: Path) -> None:
    path = word(
        tmp_path / "a.docx",
        f"<w:p>{refer('footnote', 1)}{run('body')}</w:p>",
        footnotes=f'{note("footnote", 1, "first")}<w:footnote w:id="2">{paragraph("second")}<w:p>',
    )
    assert read_damaged(path) == (["body\n\nfirst\n\nsecond"], Status.DAMAGED)


def read_damaged(path: Path, context: Context | None = None) -> tuple[list[str], Status]:
    """Return the texts of the pages that a damaged file gives, and the status that it ends with."""
    found: list[str] = []
    with pytest.raises(Incomplete) as problem:
        found.extend(item.text for item in items(path, context) if isinstance(item, Page))
    return found, problem.value.status


# Figures and what is embedded


def test_the_words_of_charts_and_diagrams_stand_where_they_are_shown(tmp_path: Path) -> None:
    chart = (
        f'<c:chartSpace xmlns:c="c" xmlns:a="{DRAWING}"><c:chart><c:title><a:p><a:r><a:t>Costs by year</a:t></a:r>'
        "</a:p></c:title><c:cat><c:strRef><c:strCache><c:pt><c:v>Paper</c:v></c:pt><c:pt><c:v>Ink</c:v></c:pt></c:strCache>"
        "</c:strRef></c:cat><c:val><c:numCache><c:pt><c:v>17</c:v></c:pt></c:numCache></c:val></c:chart></c:chartSpace>"
    )
    diagram = f'<d xmlns:a="{DRAWING}"><pt><t><a:p><a:r><a:t>First step</a:t></a:r></a:p></t></pt></d>'
    body = (
        f'<w:p xmlns:r="{OFFICE}"><w:r><c:chart xmlns:c="c" r:id="rChart"/></w:r>{run("See")}</w:p>'
        f'<w:p xmlns:r="{OFFICE}"><w:r><relIds r:dm="rData"/></w:r></w:p>{paragraph("after")}'
    )
    path = add(
        word(tmp_path / "a.docx", body),
        {"word/charts/chart1.xml": chart, "word/diagrams/data1.xml": diagram},
        {"rChart": "chart charts/chart1.xml", "rData": "diagramData diagrams/data1.xml"},
    )
    assert [page.text for page in pages(path)] == ["See\n\nCosts by year\n\nPaper\nInk\n\nFirst step\n\nafter"]


def test_documents_inside_a_document_are_read_under_their_names(tmp_path: Path) -> None:
    inner = word(tmp_path / "inner.docx", paragraph("an annex")).read_bytes()
    path = add(
        word(tmp_path / "a.docx", paragraph("the letter")),
        {"word/embeddings/annex.docx": inner, "word/drawing.vsdx": b"PK no document", "word/chunk.html": "<p>taken in"},
        {"r1": "package embeddings/annex.docx", "r2": "package drawing.vsdx", "r3": "aFChunk chunk.html"},
    )
    found = list(items(path))
    assert [(page.locator.within, page.text.strip()) for page in found if isinstance(page, Page)] == [
        ("", "the letter"),
        ("chunk.html", "taken in"),
        ("annex.docx", "an annex"),
    ]
    assert Remark("It holds files that are not searched: drawing.vsdx.") in found


def test_what_older_programs_embedded_is_named_wherever_in_the_document_it_is(tmp_path: Path) -> None:
    tie = f'<Relationship Id="r1" Type="{OFFICE}/oleObject" Target="embeddings/oleObject1.bin"/>'
    path = add(
        word(tmp_path / "a.docx", paragraph("shown"), footnotes=note("footnote", 1, "noted")),
        {
            "word/_rels/footnotes.xml.rels": f'<Relationships xmlns="{RELATIONS}">{tie}</Relationships>',
            "word/embeddings/oleObject1.bin": OLE,
            "word/embeddings/oleObject2.bin": OLE,
        },
        {"r1": "footnotes footnotes.xml", "r2": "oleObject embeddings/oleObject2.bin"},
    )
    assert list(items(path))[-1] == Remark("It holds files that are not searched: oleObject2.bin, oleObject1.bin.")


def test_an_embedded_file_that_cannot_be_read_is_named_and_costs_no_other(tmp_path: Path) -> None:
    bad = opendocument(tmp_path / "b.odt", "<text:p>").read_bytes()
    path = add(
        word(tmp_path / "a.docx", paragraph("the letter")),
        {"word/bad.odt": bad, "word/chunk.html": "<p>taken in"},
        {"r1": "package bad.odt", "r2": "aFChunk chunk.html", "r3": "package lost.docx"},
    )
    found: list[str] = []
    with pytest.raises(Incomplete) as problem:
        found.extend(item.text.strip() for item in items(path) if isinstance(item, Page))
    assert found == ["the letter", "taken in"]
    assert problem.value.status is Status.DAMAGED
    assert "bad.odt: Its part content.xml" in problem.value.reason
    assert "lost.docx: Its part word/lost.docx is missing." in problem.value.reason


def test_a_document_that_is_only_linked_to_is_neither_read_nor_missed(tmp_path: Path) -> None:
    tie = f'<Relationship Id="r1" Type="{OFFICE}/package" Target="https://example.org/b.docx" TargetMode="External"/>'
    relations = f'<Relationships xmlns="{RELATIONS}">{tie}</Relationships>'
    path = add(word(tmp_path / "a.docx", paragraph("ours")), {"word/_rels/document.xml.rels": relations})
    assert [page.text for page in pages(path)] == ["ours"]


def test_documents_inside_documents_inside_documents_are_named_and_not_read(tmp_path: Path) -> None:
    innermost = word(tmp_path / "inner.docx", paragraph("innermost")).read_bytes()
    tie = {"r1": "package inner.docx"}
    inner = add(word(tmp_path / "b.docx", paragraph("inner")), {"word/inner.docx": innermost}, tie).read_bytes()
    outer = add(word(tmp_path / "a.docx", paragraph("outer")), {"word/inner.docx": inner}, tie)
    assert [page.text for page in pages(outer)] == ["outer", "inner"]
    assert Remark("inner.docx: It holds files that are not searched: inner.docx.") in items(outer)


# Damage and limits


def test_a_broken_part_beside_the_body_does_not_lose_the_body(tmp_path: Path, read: Read) -> None:
    extraction = read(word(tmp_path / "a.docx", paragraph("body"), footnotes="<w:p>"))
    assert extraction.pages == (Page(Locator(), "body"),)
    assert extraction.status is Status.DAMAGED
    assert "word/footnotes.xml" in extraction.reason


def test_every_part_that_is_broken_is_named_once(tmp_path: Path) -> None:
    path = word(tmp_path / "a.docx", paragraph("body"), footnotes="<w:p>", header="<w:p>")
    with pytest.raises(Incomplete) as problem:
        list(items(path))
    assert [problem.value.reason.count(f"word/{part}.xml is not") for part in ("footnotes", "header")] == [1, 1]


@pytest.mark.parametrize("part", ["_rels/.rels", "word/_rels/document.xml.rels", "word/styles.xml", "word/header.xml"])
def test_whatever_other_part_is_broken_the_body_is_read(tmp_path: Path, part: str) -> None:
    path = word(tmp_path / "whole.docx", paragraph("body"), header=paragraph("above"), styles=STYLES)
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(tmp_path / "a.docx", "w") as broken:
        for name in whole.namelist():
            broken.writestr(name, whole.read(name)[:20] if name == part else whole.read(name))
    (text,), status = read_damaged(tmp_path / "a.docx")
    assert (text.split("\n")[0], status) == ("body", Status.DAMAGED)


def test_a_body_that_breaks_off_is_read_up_to_there(tmp_path: Path) -> None:
    body = f"{paragraph('whole')}<w:tbl><w:tr>{cell('left')}<w:tc><w:p>{run('right')}<w:r><w:t>"
    assert read_damaged(word(tmp_path / "a.docx", body)) == (["whole\n\nleft\tright"], Status.DAMAGED)


def test_a_file_that_is_no_word_document_says_so_and_has_no_pages(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/other.xml", "<other/>")
    assert read_damaged(tmp_path / "a.docx") == ([], Status.DAMAGED)


def test_more_text_than_is_kept_is_not_read(tmp_path: Path) -> None:
    path = word(tmp_path / "a.docx", paragraph("0123456789") * 100_000)
    (text,), status = read_damaged(path, Context(Limits(characters=1000)))
    assert status is Status.CUT
    assert 900 < len(text) <= 1000


def test_paragraphs_nested_without_end_are_damage(tmp_path: Path) -> None:
    assert read_damaged(word(tmp_path / "a.docx", run("body") + "<w:p>" * 5000))[1] is Status.DAMAGED


def test_the_metadata_come_first(tmp_path: Path) -> None:
    assert next(items(word(tmp_path / "a.docx", paragraph("body")))) == FileMetadata()


TEMPLATE = (
    f"{heading('One')}{paragraph(LONG)}<w:tbl>{row(cell('a'), cell('b'))}</w:tbl><w:p>{refer('footnote', 2)}"
    f'<w:r><w:fldChar w:fldCharType="begin"/><w:sym w:char="F061"/></w:r><w:del>{run("gone")}</w:del></w:p>'
)


@settings(max_examples=60)
@given(st.data())
def test_no_mutation_of_a_document_ends_in_anything_but_pages_and_a_reason(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "mutated.docx"
    mutated = data.draw(mutations_of(TEMPLATE))
    word(path, mutated, footnotes=note("footnote", 2, "noted"), styles=STYLES)
    content = bytearray(path.read_bytes())
    for place, byte in data.draw(
        st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=3)
    ):
        content[place] = byte
    path.write_bytes(content)
    with suppress(Incomplete):
        pages(path)
