"""Each format, read by page: what stands in a file is found, where a reader would look for it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from fpdf import FPDF
from pptx.util import Inches

from indexer.extract import ATTACHMENT_SUFFIXES, EXTRACTORS, ExtractionPool, Incomplete, Limits, format_of
from indexer.index.schema import Extraction, Page, Status, Unit

Read = Callable[[Path], Extraction]

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture(scope="module")
def read() -> Iterator[Read]:
    with ExtractionPool(1) as pool:
        yield pool.extract


def pdf(path: Path, *texts: str, labels: Callable[[FPDF, int], None] | None = None) -> Path:
    document = FPDF()
    document.set_font("helvetica", size=12)
    for number, text in enumerate(texts):
        document.add_page()
        if labels:
            labels(document, number)
        document.multi_cell(0, text=text)
    document.output(str(path))
    return path


def word(path: Path, body: str, **parts: str) -> Path:
    """Write a DOCX by hand: `body` is the XML inside w:body, each further part the XML of the part of that kind."""
    relations = "".join(
        f'<Relationship Id="r{kind}" Type="{OFFICE}/{kind}" Target="{kind}.xml"/>' for kind in sorted(parts)
    )
    main = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{RELATIONS}">{main}</Relationships>')
        archive.writestr(
            "word/_rels/document.xml.rels", f'<Relationships xmlns="{RELATIONS}">{relations}</Relationships>'
        )
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')
        for kind, xml in parts.items():
            archive.writestr(f"word/{kind}.xml", f'<w:{kind} xmlns:w="{WORD}">{xml}</w:{kind}>')
    return path


def test_a_pdf_has_its_pages_in_order_and_numbers_them_when_none_are_printed(tmp_path: Path, read: Read) -> None:
    extraction = read(pdf(tmp_path / "a.pdf", "first words", "second words"))
    assert extraction == Extraction(Status.OK, "pdf", Unit.PAGE, (Page("1", "first words"), Page("2", "second words")))


def test_a_pdf_page_is_called_what_is_printed_on_it(tmp_path: Path, read: Read) -> None:
    def labels(document: FPDF, number: int) -> None:
        if number == 0:
            document.set_page_label(label_style="r", label_start=3)
        if number == 2:
            document.set_page_label(label_style="D", label_start=1)

    extraction = read(pdf(tmp_path / "a.pdf", "preface", "preface", "chapter", labels=labels))
    assert [page.label for page in extraction.pages] == ["iii", "iv", "1"]


def test_a_blank_pdf_page_keeps_its_place(tmp_path: Path, read: Read) -> None:
    extraction = read(pdf(tmp_path / "a.pdf", "one", "", "three"))
    assert [page.text for page in extraction.pages] == ["one", "", "three"]


def test_a_pdf_of_pictures_says_that_it_holds_no_text(tmp_path: Path, read: Read) -> None:
    extraction = read(pdf(tmp_path / "a.pdf", "", ""))
    assert extraction.status is Status.NO_TEXT
    assert "scan" in extraction.reason
    assert len(extraction.pages) == 2


def test_a_pdf_behind_a_password_is_reported_as_encrypted(tmp_path: Path, read: Read) -> None:
    document = FPDF()
    document.set_encryption("owner", "user")
    document.add_page()
    document.output(str(tmp_path / "a.pdf"))
    assert read(tmp_path / "a.pdf").status is Status.ENCRYPTED


def test_a_pdf_that_only_restricts_printing_is_read(tmp_path: Path, read: Read) -> None:
    document = FPDF()
    document.set_encryption("owner")
    document.add_page()
    document.set_font("helvetica", size=12)
    document.cell(text="open to readers")
    document.output(str(tmp_path / "a.pdf"))
    assert read(tmp_path / "a.pdf").pages == (Page("1", "open to readers"),)


def test_a_broken_pdf_page_does_not_lose_the_others(tmp_path: Path, read: Read) -> None:
    path = pdf(tmp_path / "a.pdf", "one", "two", "three")
    # In the list of pages the second one, object 5, gives way to nothing.
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"3 0 R\n5 0 R\n7 0 R", b"3 0 R\nnull \n7 0 R"))
    extraction = read(path)
    assert [page.text for page in extraction.pages] == ["one", "", "three"]
    assert extraction.status is Status.DAMAGED
    assert extraction.reason == "These pages cannot be read: 2."


def test_word_reads_paragraphs_tables_headers_and_footers(tmp_path: Path, read: Read) -> None:
    document = docx.Document()
    document.add_paragraph("First paragraph")
    document.add_paragraph("Second paragraph")
    table = document.add_table(2, 2)
    for cell, text in zip((cell for row in table.rows for cell in row.cells), ("a", "b", "c", "d"), strict=True):
        cell.text = text
    document.sections[0].header.paragraphs[0].text = "in the header"
    document.sections[0].footer.paragraphs[0].text = "in the footer"
    document.save(str(tmp_path / "a.docx"))
    assert read(tmp_path / "a.docx") == Extraction(
        Status.OK,
        "docx",
        Unit.PART,
        (Page("", "First paragraph\n\nSecond paragraph\n\na\tb\nc\td\n\nin the header\n\nin the footer"),),
    )


def test_word_reads_notes_and_comments(tmp_path: Path, read: Read) -> None:
    parts = {kind: f"<w:p><w:r><w:t>in {kind}</w:t></w:r></w:p>" for kind in ("footnotes", "endnotes", "comments")}
    path = word(tmp_path / "a.docx", "<w:p><w:r><w:t>body</w:t></w:r></w:p>", **parts)
    assert read(path).pages[0].text == "body\n\nin footnotes\n\nin endnotes\n\nin comments"


def test_word_counts_what_was_inserted_and_not_what_was_deleted_or_moved_away(tmp_path: Path, read: Read) -> None:
    path = word(
        tmp_path / "a.docx",
        "<w:p><w:ins><w:r><w:t>inserted </w:t></w:r></w:ins><w:del><w:r><w:delText>deleted</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom><w:r><w:t>kept</w:t></w:r></w:p>",
    )
    assert read(path).pages[0].text == "inserted kept"


def test_word_reads_a_text_box_once_and_apart_from_its_paragraph(tmp_path: Path, read: Read) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent>"
    path = word(
        tmp_path / "a.docx",
        '<w:p xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:r><w:t>before</w:t></w:r>'
        f"<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r><w:r><w:t>after</w:t></w:r></w:p>",
    )
    assert read(path).pages[0].text == "before\n\nboxed\n\nafter"


def test_word_joins_the_runs_of_a_word_and_parts_tabs_and_breaks(tmp_path: Path, read: Read) -> None:
    path = word(
        tmp_path / "a.docx",
        '<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr><w:r><w:t>traf</w:t></w:r><w:r><w:t>ficking</w:t>'
        "<w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t></w:r></w:p>",
    )
    assert read(path).pages[0].text == "trafficking\ttwo\nthree"


def test_a_broken_part_beside_the_body_does_not_lose_the_body(tmp_path: Path, read: Read) -> None:
    extraction = read(word(tmp_path / "a.docx", "<w:p><w:r><w:t>body</w:t></w:r></w:p>", footnotes="<w:p>"))
    assert extraction.pages == (Page("", "body"),)
    assert extraction.status is Status.DAMAGED
    assert "word/footnotes.xml" in extraction.reason


def slides(path: Path, order: tuple[int, ...] = (0, 1, 2)) -> None:
    presentation = pptx.Presentation()
    for text in ("alpha", "beta", "gamma"):
        slide = presentation.slides.add_slide(presentation.slide_layouts[6])
        slide.shapes.add_textbox(0, 0, Inches(2), Inches(1)).text_frame.text = text
    listed = presentation.slides._sldIdLst
    listed[:] = [list(listed)[number] for number in order]
    presentation.save(str(path))


def test_slides_come_in_the_order_of_the_show_and_not_of_their_file_names(tmp_path: Path, read: Read) -> None:
    slides(tmp_path / "a.pptx", order=(2, 0, 1))
    assert read(tmp_path / "a.pptx") == Extraction(
        Status.OK, "pptx", Unit.SLIDE, (Page("1", "gamma"), Page("2", "alpha"), Page("3", "beta"))
    )


def test_a_slide_holds_the_text_of_its_groups_tables_and_notes(tmp_path: Path, read: Read) -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Inches(2), Inches(1)).text_frame.text = "grouped"
    table = slide.shapes.add_table(1, 2, 0, 0, Inches(2), Inches(1)).table
    table.cell(0, 0).text, table.cell(0, 1).text = "left", "right"
    slide.notes_slide.notes_text_frame.text = "noted"
    presentation.save(str(tmp_path / "a.pptx"))
    assert read(tmp_path / "a.pptx").pages == (Page("1", "grouped\n\nleft\tright\n\nnoted"),)


def test_a_broken_slide_does_not_lose_the_others(tmp_path: Path, read: Read) -> None:
    slides(tmp_path / "whole.pptx")
    with zipfile.ZipFile(tmp_path / "whole.pptx") as whole, zipfile.ZipFile(tmp_path / "a.pptx", "w") as broken:
        for name in whole.namelist():
            broken.writestr(name, b"<p:sld>" if name == "ppt/slides/slide2.xml" else whole.read(name))
    extraction = read(tmp_path / "a.pptx")
    assert [page.text for page in extraction.pages] == ["alpha", "", "gamma"]
    assert (extraction.status, extraction.reason) == (Status.DAMAGED, "These slides cannot be read: 2.")


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
        Unit.SHEET,
        (Page("Costs", "Item\tPrice\tPaid\nPaper\t2.5\tTRUE\nTotal\t3\t2024-05-01"), Page("Hidden", "secret")),
    )


def test_a_formula_is_read_as_the_value_it_had(tmp_path: Path, read: Read) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "=6*7"
    book.save(tmp_path / "raw.xlsx")
    with zipfile.ZipFile(tmp_path / "raw.xlsx") as raw, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as cached:
        for name in raw.namelist():
            cached.writestr(name, raw.read(name).replace(b"<v></v>", b"<v>42</v>").replace(b"<v />", b"<v>42</v>"))
    assert read(tmp_path / "a.xlsx").pages[0].text == "42"


def test_html_is_read_as_a_browser_shows_it(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.html").write_text(
        "<!DOCTYPE html><title>Title</title><style>p{}</style><nav>menu</nav><script>code()</script>"
        "<h1>Head\n ing</h1><p>forced <b>lab</b>our</p><ul><li>one<li>two</ul>line<br>break"
        "<table><tr><td>a<td>b<tr><td>c<td>d</table><!-- unseen -->"
    )
    assert read(tmp_path / "a.html") == Extraction(
        Status.OK,
        "html",
        Unit.PART,
        (Page("", "Title\n\nHead ing\n\nforced labour\n\none\ntwo\n\nline\nbreak\n\na\tb\nc\td"),),
    )


@pytest.mark.parametrize(
    ("name", "encoding"), [("a.txt", "utf-8"), ("a.md", "utf-8-sig"), ("a.csv", "cp1252"), ("b.txt", "utf-16")]
)
def test_text_is_read_in_its_encoding(tmp_path: Path, read: Read, name: str, encoding: str) -> None:
    text = "Les travailleurs migrants sont exposés à la traite des êtres humains, où qu’ils aillent. " * 3
    (tmp_path / name).write_bytes(text.encode(encoding))
    assert read(tmp_path / name) == Extraction(Status.OK, "text", Unit.PART, (Page("", text.strip()),))


@pytest.mark.parametrize("name", ["a.txt", "a.csv"])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("text", ["déjà payé", "Le reçu: 40 €", "Le café"])
def test_a_few_words_are_enough_to_tell_an_encoding(
    tmp_path: Path, read: Read, name: str, encoding: str, text: str
) -> None:
    (tmp_path / name).write_bytes(text.encode(encoding))
    assert read(tmp_path / name) == Extraction(Status.OK, "text", Unit.PART, (Page("", text),))


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-32-be"])
def test_a_mark_tells_the_order_of_bytes(tmp_path: Path, read: Read, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes("\ufeffdéjà payé".encode(encoding))
    assert read(tmp_path / "a.txt").pages == (Page("", "déjà payé"),)


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        ("😀😀😀".encode(), "😀"),
        ("aé😀😀".encode(), "aé"),
        ("é€€€€".encode("utf-8-sig"), "é€€"),
        (b"abc\xe9 caf\xe9", "ab"),
    ],
)
def test_a_limit_within_a_character_garbles_nothing(tmp_path: Path, content: bytes, kept: str) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    pages = EXTRACTORS["text"].read(tmp_path / "a.txt", Limits(characters=len(kept)))
    page = next(pages)
    assert page.text.startswith(kept)
    assert "\ufffd" not in page.text
    with pytest.raises(Incomplete, match="bytes are not searched"):
        next(pages)


@pytest.mark.parametrize(("suffix", "name"), [(".docm", "docx"), (".pptm", "pptx"), (".xlsm", "xlsx")])
def test_macro_enabled_files_are_attachments_of_the_same_format(tmp_path: Path, suffix: str, name: str) -> None:
    (tmp_path / f"a{suffix}").write_bytes(b"PK\x03\x04 cut off")
    assert suffix in ATTACHMENT_SUFFIXES
    assert format_of(tmp_path / f"a{suffix}") == name


def test_content_goes_before_the_name(tmp_path: Path, read: Read) -> None:
    path = pdf(tmp_path / "a.docx", "a PDF in truth")
    assert read(path) == Extraction(Status.OK, "pdf", Unit.PAGE, (Page("1", "a PDF in truth"),))
    (tmp_path / "b.pdf").write_text("<html><body>Error 404")
    assert read(tmp_path / "b.pdf").format == "html"
    word(tmp_path / "c.xlsx", "<w:p><w:r><w:t>words</w:t></w:r></w:p>")
    assert read(tmp_path / "c.xlsx").format == "docx"
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "cell"
    book.save(tmp_path / "d.xlsx")
    assert read((tmp_path / "d.xlsx").rename(tmp_path / "d.doc")).pages == (Page("Sheet", "cell"),)


@pytest.mark.parametrize(
    ("name", "content", "known_as"),
    [
        ("a.doc", bytes.fromhex("d0cf11e0a1b11ae1"), "DOC"),
        ("a.rtf", b"{\\rtf1 words}", "RTF"),
        ("a.epub", b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/epub+zip", "EPUB"),
        ("a.bin", b"\0\1\2\3", "no format that is known"),
    ],
)
def test_what_cannot_be_read_is_reported_by_the_name_of_its_format(
    tmp_path: Path, read: Read, name: str, content: bytes, known_as: str
) -> None:
    (tmp_path / name).write_bytes(content)
    extraction = read(tmp_path / name)
    assert extraction.status is Status.UNSUPPORTED
    assert known_as in extraction.reason


def test_an_encrypted_office_file_is_reported_as_encrypted(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.docx").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 1000)
    extraction = read(tmp_path / "a.docx")
    assert (extraction.status, extraction.format) == (Status.ENCRYPTED, "docx")


def test_text_is_kept_without_what_no_reader_sees(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.txt").write_bytes("a\u0301 soft\u00adly\x07 now\r\n\r\n\r\nthen  \x0cend\ufeff".encode())
    assert read(tmp_path / "a.txt").pages[0].text == "á softly now\n\nthen\nend"


def test_every_format_has_a_module_of_its_name() -> None:
    assert {name: extractor.module for name, extractor in EXTRACTORS.items()} == {
        name: f"indexer.extract.{name}" for name in ("pdf", "docx", "pptx", "xlsx", "html", "text")
    }
