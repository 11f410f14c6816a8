"""PDF files: every page in its place, under the name that is printed on it."""

from __future__ import annotations

from pathlib import Path

from fpdf import FPDF

from indexer.index.schema import Extraction, Status
from tests.extraction import Read, pdf, pdf_page


def test_a_pdf_has_its_pages_in_order_and_numbers_them_when_none_are_printed(tmp_path: Path, read: Read) -> None:
    extraction = read(pdf(tmp_path / "a.pdf", "first words", "second words"))
    assert extraction == Extraction(Status.OK, "pdf", (pdf_page(1, "first words"), pdf_page(2, "second words")))


def test_a_pdf_page_is_called_what_is_printed_on_it(tmp_path: Path, read: Read) -> None:
    def labels(document: FPDF, number: int) -> None:
        if number == 0:
            document.set_page_label(label_style="r", label_start=3)
        if number == 2:
            document.set_page_label(label_style="D", label_start=1)

    extraction = read(pdf(tmp_path / "a.pdf", "preface", "preface", "chapter", labels=labels))
    assert [page.locator.label for page in extraction.pages] == ["iii", "iv", "1"]


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
    assert read(tmp_path / "a.pdf").pages == (pdf_page(1, "open to readers"),)


def test_a_broken_pdf_page_does_not_lose_the_others(tmp_path: Path, read: Read) -> None:
    path = pdf(tmp_path / "a.pdf", "one", "two", "three")
    # In the list of pages the second one, object 5, gives way to nothing.
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"3 0 R\n5 0 R\n7 0 R", b"3 0 R\nnull \n7 0 R"))
    extraction = read(path)
    assert [page.text for page in extraction.pages] == ["one", "", "three"]
    assert extraction.status is Status.DAMAGED
    assert extraction.reason == "These pages cannot be read: 2."
