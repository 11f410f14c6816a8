"""Pages that are pictures of text: recognised as far as the limits go, or named with what would read them."""

from __future__ import annotations

import io
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from fpdf import FPDF
from PIL import Image, ImageDraw, ImageFont
from pypdfium2 import PdfPage

from indexer.extract import ExtractionPool, pdf_pictures
from indexer.extract.items import Incomplete, MoreTime
from indexer.extract.source import Context
from indexer.extract.tools import TESSERACT, Tools, find_tools
from indexer.index.schema import Locator, Page, Status, Unit
from indexer.limits import Limits
from tests.extraction import Read
from tests.pdf_files import read_all

needs_tesseract = pytest.mark.skipif(
    not shutil.which("tesseract"), reason="the Debian package tesseract-ocr is missing"
)
WITH_TESSERACT = Context(tools=Tools(tesseract="tesseract"))


def scan(path: Path, *, pages: int = 1, text: str = "") -> Path:
    document = FPDF(unit="pt", format=(200, 300))
    document.set_font("helvetica", size=12)
    for _ in range(pages):
        document.add_page()
        document.image(Image.new("L", (100, 150), 200), 0, 0, 200, 300)
        if text:
            document.text(20, 20, text)
    document.output(str(path))
    return path


def test_pictures_of_text_are_named_with_what_would_read_them(tmp_path: Path, read: Read) -> None:
    extraction = read(scan(tmp_path / "a.pdf", pages=12))
    assert extraction.status is Status.NO_TEXT
    assert extraction.lacks == TESSERACT
    assert "1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more" in extraction.reason
    assert len(extraction.pages) == 12


def test_a_scan_with_a_layer_of_text_is_read_as_it_is(tmp_path: Path, read: Read) -> None:
    extraction = read(scan(tmp_path / "a.pdf", text="Words recognised long ago"))
    assert extraction.status is Status.OK
    assert [page.text for page in extraction.pages] == ["Words recognised long ago"]


@pytest.mark.parametrize(("height", "is_scan"), [(20, True), (290, True), (150, False)])
def test_a_line_that_is_printed_over_the_edge_of_a_scan_does_not_hide_it(
    tmp_path: Path, read: Read, height: int, is_scan: bool
) -> None:
    document = FPDF(unit="pt", format=(400, 300))
    document.set_font("helvetica", size=12)
    document.add_page()
    document.image(Image.new("L", (100, 150), 200), 0, 0, 400, 300)
    document.text(20, height, "Case 1:20-cv-01234-ABC Document 12 Filed 2024")
    document.output(str(tmp_path / "a.pdf"))
    extraction = read(tmp_path / "a.pdf")
    assert (extraction.lacks == TESSERACT) is is_scan
    assert "Case 1:20" in extraction.pages[0].text


def test_a_small_picture_makes_no_scan(tmp_path: Path, read: Read) -> None:
    document = FPDF(unit="pt", format=(200, 300))
    document.add_page()
    document.image(Image.new("L", (10, 15)), 0, 0, 100, 150)
    document.output(str(tmp_path / "a.pdf"))
    extraction = read(tmp_path / "a.pdf")
    assert (extraction.status, extraction.lacks) == (Status.NO_TEXT, "")


def test_pictures_of_text_are_recognised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[bytes] = []

    def recognise(image: bytes, context: Context) -> str:
        assert context is WITH_TESSERACT
        drawn.append(image)
        return f"Recognised {len(drawn)}"

    monkeypatch.setattr(pdf_pictures, "recognise", recognise)
    found, problem = read_all(scan(tmp_path / "a.pdf", pages=2, text="Page 7"), WITH_TESSERACT)
    pages = [item for item in found if isinstance(item, Page)]
    assert [page.text for page in pages] == ["Page 7\nRecognised 1", "Page 7\nRecognised 2"]
    assert all(page.locator.recognised and page.locator.anchor for page in pages)
    assert [item for item in found if isinstance(item, MoreTime)] == [MoreTime(WITH_TESSERACT.limits.ocr_seconds)]
    assert problem is None
    with Image.open(io.BytesIO(drawn[0])) as image:
        # 200 x 300 points at 300 dots per inch.
        assert (image.format, image.mode, image.size) == ("PPM", "L", (834, 1250))
        assert image.getpixel((400, 700)) == 200


def test_only_so_many_pictures_are_recognised_and_the_others_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_pictures, "recognise", lambda *_: "words")
    context = Context(Limits(ocr_pages=2), WITH_TESSERACT.tools)
    found, problem = read_all(scan(tmp_path / "a.pdf", pages=4), context)
    assert [item.text for item in found if isinstance(item, Page)] == ["words", "words", "", ""]
    assert problem
    assert problem.status is Status.CUT
    assert "3, 4" in problem.reason


def test_a_picture_that_cannot_be_recognised_loses_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["one", None, "three"])

    def recognise(*_: object) -> str:
        answer = next(answers)
        if answer is None:
            raise Incomplete(Status.DAMAGED, "Tesseract failed.")
        return answer

    monkeypatch.setattr(pdf_pictures, "recognise", recognise)
    found, problem = read_all(scan(tmp_path / "a.pdf", pages=3), WITH_TESSERACT)
    assert [item.text for item in found if isinstance(item, Page)] == ["one", "", "three"]
    assert problem
    assert problem.reason == "The text of these pages could not be recognised: 2. Tesseract failed."


def refused(_: PdfPage) -> bytes:
    raise MemoryError


def broken_off(_: PdfPage) -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


@pytest.mark.parametrize("fail", [refused, broken_off])
def test_a_picture_that_takes_too_much_memory_loses_no_page_behind_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fail: Callable[[PdfPage], bytes]
) -> None:
    document = FPDF(unit="pt")
    document.set_font("helvetica", size=12)
    for width in (100, 300, 100):
        document.add_page(format=(width, 300))
        document.image(Image.new("L", (9, 9)), 0, 0, width, 300)
    document.add_page(format=(300, 300))
    document.text(20, 20, "The words behind the pictures")
    document.output(str(tmp_path / "a.pdf"))
    monkeypatch.setattr(pdf_pictures, "_drawn", lambda page: fail(page) if page.get_width() > 200 else b"drawn")
    monkeypatch.setattr(pdf_pictures, "recognise", lambda *_: "recognised")
    found, problem = read_all(tmp_path / "a.pdf", WITH_TESSERACT)
    pages = [item.text for item in found if isinstance(item, Page)]
    assert pages == ["recognised", "", "recognised", "The words behind the pictures"]
    assert problem
    assert problem.status is Status.TOO_LARGE
    assert problem.reason.startswith("The text of these pages could not be recognised: 2. To draw so large a picture")


def test_a_page_that_cannot_be_drawn_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_pictures, "_drawn", lambda _: b"")
    _, problem = read_all(scan(tmp_path / "a.pdf"), WITH_TESSERACT)
    assert problem
    assert problem.reason == "The text of these pages could not be recognised: 1. The page cannot be drawn."


# With the real Tesseract


def scanned(document: FPDF, *lines: str) -> None:
    """Add a page of 4 by 2 inches that is nothing but a picture of these lines, scanned at 300 dots per inch."""
    image = Image.new("L", (1200, 600), 255)
    for number, line in enumerate(lines):
        ImageDraw.Draw(image).text((80, 80 + 90 * number), line, font=ImageFont.load_default(60), fill=0)
    document.add_page(format=(288, 144))
    document.image(image, 0, 0, 288, 144)


@needs_tesseract
def test_the_words_of_a_scanned_page_are_found_and_marked(tmp_path: Path) -> None:
    document = FPDF(unit="pt")
    scanned(document, "The harbour master", "signed the ledger")
    document.output(str(tmp_path / "a.pdf"))
    with ExtractionPool(1, Context(tools=find_tools(["en"]))) as pool:
        extraction = pool.extract(tmp_path / "a.pdf")
    place = Locator("1", Unit.PAGE, anchor="page=1", recognised=True)
    assert extraction.pages == (Page(place, "The harbour master\nsigned the ledger"),)
    assert extraction.status is Status.OCR
    assert extraction.reason == "Its text was recognised in pictures and may hold errors."


@needs_tesseract
def test_a_document_says_which_of_its_pages_were_recognised(tmp_path: Path) -> None:
    document = FPDF(unit="pt")
    document.set_font("helvetica", size=12)
    for number in range(4):
        if number % 2:
            scanned(document, f"Scanned letter {number}")
        else:
            document.add_page(format=(288, 144))
            document.text(20, 20, f"Typed page number {number}")
        document.set_page_label(label_style="r", label_start=number + 1)
    document.output(str(tmp_path / "a.pdf"))
    with ExtractionPool(1, Context(tools=find_tools(["en"]))) as pool:
        extraction = pool.extract(tmp_path / "a.pdf")
    found = [(page.locator.label, page.locator.recognised, page.text) for page in extraction.pages]
    assert found == [
        ("i", False, "Typed page number 0"),
        ("ii", True, "Scanned letter 1"),
        ("iii", False, "Typed page number 2"),
        ("iv", True, "Scanned letter 3"),
    ]
    assert extraction.status is Status.OCR
    assert extraction.reason == "The text of some pages was recognised in pictures and may hold errors: ii, iv."
