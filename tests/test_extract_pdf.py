"""PDF files: every page in its place and under its printed name, as a person reads it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fpdf import FPDF

from indexer.index.schema import FileMetadata, Status
from tests.extraction import Read, items, pdf, pdf_page
from tests.pdf_files import texts


def test_a_pdf_has_its_pages_in_order_and_numbers_them_when_none_are_printed(tmp_path: Path, read: Read) -> None:
    extraction = read(pdf(tmp_path / "a.pdf", "first words", "second words"))
    assert extraction.status is Status.OK
    assert extraction.pages == (pdf_page(1, "first words"), pdf_page(2, "second words"))
    assert extraction.metadata.pages == 2


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
    assert extraction.status is Status.OK


def test_a_pdf_says_its_title_author_language_and_date(tmp_path: Path) -> None:
    document = FPDF()
    document.add_page()
    document.set_title("Water for All")
    document.set_author("Ana Núñez")
    document.set_lang("fr-CA")
    document.set_creation_date(datetime(2021, 3, 4, tzinfo=UTC))
    document.output(str(tmp_path / "a.pdf"))
    metadata = next(items(tmp_path / "a.pdf"))
    assert metadata == FileMetadata("Water for All", "Ana Núñez", "fr", date(2021, 3, 4), 1)


@pytest.mark.parametrize(("written", "code"), [("en_GB", "en"), ("English", "en"), ("lang-unknown", ""), ("??", "")])
def test_the_language_of_a_pdf_is_read_as_that_of_a_page_is(tmp_path: Path, written: str, code: str) -> None:
    document = FPDF()
    document.add_page()
    document.set_lang(written)
    document.output(str(tmp_path / "a.pdf"))
    metadata = next(items(tmp_path / "a.pdf"))
    assert isinstance(metadata, FileMetadata)
    assert metadata.language == code


@pytest.mark.parametrize(
    "title",
    [
        "Microsoft Word - report.docx",
        "untitled",
        "Document1",
        "PowerPoint Presentation",
        "annual_report_2020",
        "Annual-Report-2020",
        "Annual report final.DOCX",
        "Articulate Word Output",
        "1234",
        "",
    ],
)
def test_a_title_that_a_program_has_filled_in_is_none(tmp_path: Path, title: str) -> None:
    document = FPDF()
    document.add_page()
    document.set_title(title)
    document.output(str(tmp_path / "a.pdf"))
    assert next(items(tmp_path / "a.pdf")) == FileMetadata(date=date.today(), pages=1)


@pytest.mark.parametrize("written", ["D:19700101000000", "D:20211399", "soon", ""])
def test_a_date_that_cannot_be_is_none(tmp_path: Path, written: str) -> None:
    path = pdf(tmp_path / "a.pdf", "text")
    whole = path.read_bytes()
    start = whole.index(b"/CreationDate (") + len(b"/CreationDate (")
    end = whole.index(b")", start)
    path.write_bytes(whole[:start] + written.encode().ljust(end - start) + whole[end:])
    metadata = next(items(path))
    assert isinstance(metadata, FileMetadata)
    assert metadata.date is None


def test_words_parted_at_line_ends_are_whole(tmp_path: Path) -> None:
    path = pdf(
        tmp_path / "a.pdf", "an exam-\nple of a long-\nterm plan\nfor the long-term", "the exam-\nple of Anglo-\nAsian"
    )
    assert texts(path) == [
        "an example of a long-term plan\nfor the long-term",
        "the example of Anglo-Asian",
    ]


def test_running_headers_and_footers_stand_on_their_first_page_only(tmp_path: Path) -> None:
    words = ["alpha", "beta", "gamma", "delta", "epsilon"]
    path = pdf(tmp_path / "a.pdf", *(f"Annual Report\n{word}\n{n} of 5" for n, word in enumerate(words, start=1)))
    assert texts(path) == ["Annual Report\nalpha\n1 of 5", *words[1:]]


@pytest.mark.parametrize("shift", [0, 3])
def test_columns_that_are_written_row_by_row_are_read_one_after_the_other(tmp_path: Path, shift: int) -> None:
    left = ["The committee on water met for", "the first time in the spring of", "the year and it was agreed that"]
    left += ["no dam should be built before", "all people had been heard by", "the court which sits in town."]
    right = ["Farmers who live downstream say", "that the river has not carried so", "little water since they came"]
    right += ["here and they ask who is going", "to pay them for the harvest that", "is lost to them every year."]
    document = FPDF(unit="pt")
    document.set_font("helvetica", size=10)
    document.add_page()
    document.text(50, 50, "A heading that runs across both columns of this page, as headings often do on pages")
    for row, (one, other) in enumerate(zip(left, right, strict=True)):
        document.text(50, 80 + 14 * row, one)
        document.text(300, 80 + 14 * row + shift, other)
    document.output(str(tmp_path / "a.pdf"))
    assert texts(tmp_path / "a.pdf")[0].split("\n")[1:] == left + right


def test_a_table_is_read_row_by_row(tmp_path: Path) -> None:
    document = FPDF(unit="pt")
    document.set_font("helvetica", size=10)
    document.add_page()
    for row in range(12):
        document.text(50, 80 + 14 * row, f"Well number {row}")
        document.text(300, 80 + 14 * row, f"{row} metres deep")
    document.output(str(tmp_path / "a.pdf"))
    assert texts(tmp_path / "a.pdf")[0].split("\n")[3] == "Well number 3 3 metres deep"
