"""PDF files that are protected, broken or hostile: each with its reason, and with all that can be read of it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from indexer.extract import ExtractionPool
from indexer.extract import pdf as pdf_reader
from indexer.extract.items import Incomplete, Remark
from indexer.extract.source import Context, Source
from indexer.index.schema import FileMetadata, Page, Status
from indexer.limits import Limits
from tests.extraction import Read, pdf, pdf_page
from tests.pdf_files import by_hand, read_all


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
    document.add_page()
    document.output(str(tmp_path / "a.pdf"))
    extraction = read(tmp_path / "a.pdf")
    assert extraction.pages[0] == pdf_page(1, "open to readers")
    assert extraction.status is Status.OK


def test_a_broken_pdf_page_does_not_lose_the_others(tmp_path: Path, read: Read) -> None:
    path = pdf(tmp_path / "a.pdf", "one", "two", "three")
    # In the list of pages the second one, object 5, gives way to nothing.
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"3 0 R\n5 0 R\n7 0 R", b"3 0 R\nnull \n7 0 R"))
    extraction = read(path)
    assert [page.text for page in extraction.pages] == ["one", "", "three"]
    assert extraction.status is Status.DAMAGED
    assert extraction.reason == "These pages cannot be read: 2."


def test_a_pdf_whose_end_is_missing_says_so_and_keeps_what_is_there(tmp_path: Path, read: Read) -> None:
    path = pdf(tmp_path / "a.pdf", "one", "two")
    whole = path.read_bytes()
    for mark in (b"startxref", b"trailer", b"xref"):
        path.write_bytes(whole.partition(mark)[0])
        extraction = read(path)
        assert extraction.status is Status.DAMAGED
        assert extraction.reason == "The end of the file is missing, and what was there with it."
        assert [page.text for page in extraction.pages] == ["one", "two"]
    path.write_bytes(whole[:20])
    assert read(path).reason == "It is not a PDF that can be opened, or holds no page. Its end is missing."


def test_a_pdf_that_is_cut_off_within_its_last_change_says_so(tmp_path: Path, read: Read) -> None:
    path = pdf(tmp_path / "a.pdf", "one")
    path.write_bytes(path.read_bytes() + b"\n9 0 obj\n<</Length 99>>stream\nBT")
    extraction = read(path)
    assert [page.text for page in extraction.pages] == ["one"]
    assert extraction.status is Status.DAMAGED


def test_a_pdf_without_a_list_of_its_parts_is_read_all_the_same(tmp_path: Path, read: Read) -> None:
    path = pdf(tmp_path / "a.pdf", "one", "two")
    path.write_bytes(path.read_bytes().replace(b"xref", b"xxxx").replace(b"trailer", b"xxxxxxx") + b"startxref")
    extraction = read(path)
    assert [page.text for page in extraction.pages] == ["one", "two"]
    assert extraction.status is Status.DAMAGED
    assert "list of its parts" in extraction.reason


def test_a_page_that_shows_nothing_because_it_is_damaged_is_named(tmp_path: Path, read: Read) -> None:
    path = pdf(tmp_path / "a.pdf", "one", "two")
    whole = path.read_bytes()
    start = whole.index(b"stream\n") + 7
    path.write_bytes(whole[:start] + b"\xff" * 20 + whole[start + 20 :])
    extraction = read(path)
    assert [page.text for page in extraction.pages] == ["", "two"]
    assert extraction.status is Status.DAMAGED
    assert extraction.reason == "Parts of the file are damaged, and these pages show nothing: 1."


def test_a_page_count_that_is_a_lie_is_not_believed(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "a.pdf"
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    path.write_bytes(by_hand("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 900000>>", page))
    extraction = read(path)
    assert extraction.status is Status.DAMAGED
    assert len(extraction.pages) <= 101


@pytest.mark.parametrize("kids", ["2 0 R", "3 0 R 2 0 R", "2 0 R 3 0 R", "4 0 R"])
def test_an_endless_tree_of_pages_ends(tmp_path: Path, read: Read, kids: str) -> None:
    path = tmp_path / "a.pdf"
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    pages = f"<</Type/Pages/Kids[{kids}]/Count 50>>"
    path.write_bytes(by_hand("<</Type/Catalog/Pages 2 0 R>>", pages, page, pages))
    assert read(path).status in (Status.DAMAGED, Status.NO_TEXT)


def test_it_is_said_how_many_pages_are_more_than_are_kept(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", *"abcdefgh")
    with ExtractionPool(1, Context(Limits(pages=3))) as pool:
        extraction = pool.extract(path)
    assert [page.text for page in extraction.pages] == ["a", "b", "c"]
    assert (extraction.status, extraction.metadata.pages) == (Status.CUT, 8)
    said = "Only its first 3 pages are searched, the most that is kept of a file; 5 more were left out."
    assert extraction.reason == said
    assert read_all(path, Context(Limits(pages=8)))[1] is None


@pytest.mark.parametrize("filling", [b"\0" * 5_000, b"\n" * 100_000, b" \0\t\r\n\f" * 30_000])
def test_what_a_pdf_is_filled_up_with_does_not_make_it_damaged(tmp_path: Path, read: Read, filling: bytes) -> None:
    path = pdf(tmp_path / "a.pdf", "one", "two")
    whole = path.read_bytes()
    path.write_bytes(whole + filling)
    extraction = read(path)
    assert [page.text for page in extraction.pages] == ["one", "two"]
    assert (extraction.status, extraction.reason) == (Status.OK, "")
    path.write_bytes(whole.partition(b"trailer")[0] + filling)
    assert read(path).status is Status.DAMAGED


def test_a_form_that_is_drawn_by_its_program_alone_is_not_taken_for_read(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "a.pdf"
    form = "/AcroForm<</Fields[]/XFA 4 0 R>>"
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Annots[5 0 R]>>"
    pages = "<</Type/Pages/Kids[3 0 R]/Count 1>>"
    stream = "<</Length 0>>stream\n\nendstream"
    note = "<</Type/Annot/Subtype/Stamp/Rect[0 0 9 9]/Contents(Please wait...)>>"
    for entry, status in (("/NeedsRendering true", Status.CUT), ("", Status.OK)):
        path.write_bytes(by_hand(f"<</Type/Catalog/Pages 2 0 R{form}{entry}>>", pages, page, stream, note))
        extraction = read(path)
        assert extraction.status is status
        assert ("print it to PDF" in extraction.reason) is (status is Status.CUT)
        assert extraction.pages == (pdf_page(1, "Please wait..."),)


@given(st.data())
def test_whatever_is_broken_reading_ends_with_a_reason(data: st.DataObject) -> None:
    whole = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(whole) - 1))
        length = data.draw(st.sampled_from((0, 1, 1, 4, 40)))
        whole[place : place + length] = data.draw(
            st.binary(max_size=4) | st.sampled_from((b"99999999 ", b"<<", b"[[", b"0 R"))
        )
    source = Source.inside("a.pdf", bytes(whole))
    with suppress(Incomplete):
        assert all(isinstance(item, Page | FileMetadata | Remark) for item in pdf_reader.read(source, Context()))


def sample() -> bytes:
    """Return a small PDF, uncompressed so that what is broken is its structure, with all that this room reads."""
    document = FPDF()
    document.set_compression(False)
    document.set_font("helvetica", size=12)
    document.set_title("Title")
    document.set_lang("en")
    for text in ("one exam-", "two"):
        document.add_page()
        document.set_page_label(label_style="r", label_start=3)
        document.multi_cell(0, text=f"{text}\nple and more")
        document.text_annotation(50, 50, "A note")
        document.image(Image.new("L", (4, 4)), 0, 0, 210, 297)
    document.embed_file(basename="notes.txt", bytes=b"Notes", compress=True)
    return bytes(document.output())


SAMPLE = sample()
