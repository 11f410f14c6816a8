"""Word documents: what stands in a document is found, wherever in it it stands."""

from __future__ import annotations

from pathlib import Path

import docx

from indexer.index.schema import Extraction, Locator, Page, Status
from tests.extraction import Read, word


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
        (Page(Locator(), "First paragraph\n\nSecond paragraph\n\na\tb\nc\td\n\nin the header\n\nin the footer"),),
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
    assert extraction.pages == (Page(Locator(), "body"),)
    assert extraction.status is Status.DAMAGED
    assert "word/footnotes.xml" in extraction.reason
