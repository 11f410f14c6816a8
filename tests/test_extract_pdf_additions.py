"""What was added to a PDF: comments, what was filled into its forms, and attached files."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from fpdf import FPDF
from PIL import Image

from indexer.extract import ExtractionPool
from indexer.extract.items import Remark
from indexer.extract.source import Context
from indexer.extract.tools import TESSERACT
from indexer.index.schema import Page, Status
from indexer.limits import Limits
from tests.extraction import Read
from tests.pdf_files import by_hand, read_all, texts


def test_comments_and_marked_text_stand_at_the_end_of_their_page(tmp_path: Path) -> None:
    document = FPDF()
    document.set_font("helvetica", size=12)
    document.add_page()
    document.text(20, 20, "The text.")
    document.text_annotation(50, 50, "A note on the side")
    document.free_text_annotation("Written across", 50, 60, 40, 20)
    with document.highlight("A highlighted thought"):
        document.text(20, 30, "Marked words.")
    document.add_page()
    document.text(20, 20, "The end.")
    document.output(str(tmp_path / "a.pdf"))
    first, second = texts(tmp_path / "a.pdf")
    assert first.startswith("The text.\nMarked words.\n\n")
    assert set(first.split("\n\n")[1:]) == {"A note on the side", "Written across", "A highlighted thought"}
    assert second == "The end."


@pytest.mark.parametrize("kind", ["Link", "Popup"])
def test_the_words_of_a_link_and_of_the_window_of_a_comment_are_no_comment(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.pdf"
    annotations = (f"<</Type/Annot/Subtype/{name}/Rect[0 0 9 9]/Contents({name} words)>>" for name in (kind, "Stamp"))
    pages = "<</Type/Pages/Kids[3 0 R]/Count 1>>"
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots[4 0 R 5 0 R]>>"
    path.write_bytes(by_hand("<</Type/Catalog/Pages 2 0 R>>", pages, page, *annotations))
    assert texts(path) == ["Stamp words"]


def form(*fields: str) -> bytes:
    numbers = " ".join(f"{number} 0 R" for number in range(5, 5 + len(fields)))
    return by_hand(
        f"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{numbers}]>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Annots[{numbers}]>>",
        "<<>>",
        *(f"<</Type/Annot/Subtype/Widget/Rect[0 0 9 9]{field}>>" for field in fields),
    )


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("/FT/Tx/T(name)/TU(Your name)/V(Ana)", "Your name: Ana"),
        ("/FT/Tx/T(name)/V(Ana)", "name: Ana"),
        ("/FT/Tx/T(name)/V()", ""),
        ("/FT/Tx/T(pin)/Ff 8192/V(1234)", ""),
        ("/FT/Ch/Ff 131072/T(land)/Opt[[(gh)(Ghana)][(ke)(Kenya)]]/V(ke)", "land: Kenya"),
        ("/FT/Ch/Ff 2097152/T(land)/Opt[(Ghana)(Kenya)(Mali)]/V[(Ghana)(Mali)]", "land: Ghana, Mali"),
        ("/FT/Btn/T(agree)/TU(I agree)/V/Yes/AS/Yes/AP<</N<</Yes 4 0 R/Off 4 0 R>>>>", "I agree"),
        ("/FT/Btn/T(agree)/TU(I agree)/V/Off/AS/Off/AP<</N<</Yes 4 0 R/Off 4 0 R>>>>", ""),
        ("/FT/Btn/T(size)/V/Large/AS/Large/AP<</N<</Large 4 0 R/Off 4 0 R>>>>", "size: Large"),
        ("/FT/Btn/Ff 65536/T(button)/TU(Print)", ""),
    ],
)
def test_what_was_filled_into_a_form_is_read(tmp_path: Path, field: str, text: str) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(form(field))
    assert texts(path) == [text]


def test_files_attached_to_a_pdf_follow_its_pages(tmp_path: Path) -> None:
    document = FPDF()
    document.set_font("helvetica", size=12)
    document.add_page()
    document.text(20, 20, "The cover.")
    document.embed_file(basename="notes.txt", bytes=b"Notes of the meeting")
    document.embed_file(basename="photo.bin", bytes=b"\0\1\2\3" * 9)
    (tmp_path / "pinned.txt").write_text("Pinned to the page")
    document.file_attachment_annotation(tmp_path / "pinned.txt", 20, 50)
    document.output(str(tmp_path / "a.pdf"))
    found, problem = read_all(tmp_path / "a.pdf")
    pages = [(item.locator.within, item.text) for item in found if isinstance(item, Page)]
    assert pages == [("", "The cover."), ("notes.txt", "Notes of the meeting"), ("pinned.txt", "Pinned to the page")]
    assert any(isinstance(item, Remark) and "photo.bin" in item.reason for item in found)
    assert problem is None


def holding(name: str, content: bytes, *more: bytes) -> bytes:
    document = FPDF()
    document.set_font("helvetica", size=12)
    document.add_page()
    document.text(20, 20, "The cover.")
    document.embed_file(basename=name, bytes=content, compress=True)
    for number, other in enumerate(more):
        document.embed_file(basename=f"z{number}.txt", bytes=other)
    return bytes(document.output())


def test_an_attached_file_that_cannot_be_read_is_named_and_loses_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(holding("broken.pdf", b"%PDF-1.7 and nothing", b"The last file"))
    found, problem = read_all(path)
    assert [item.text for item in found if isinstance(item, Page)] == ["The cover.", "The last file"]
    assert problem
    assert problem.status is Status.CUT
    assert "broken.pdf: It is not a PDF" in problem.reason


def test_what_is_attached_to_an_attached_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(holding("inner.pdf", holding("innermost.txt", b"Too deep")))
    found, problem = read_all(path)
    pages = [(item.locator.within, item.text) for item in found if isinstance(item, Page)]
    assert pages == [("", "The cover."), ("inner.pdf", "The cover.")]
    said = "inner.pdf: It holds files that are not searched: innermost.txt."
    assert [item.reason for item in found if isinstance(item, Remark)] == [said]
    assert problem is None


@pytest.mark.parametrize("memory", [1 << 30, 200 << 20])
def test_a_large_attached_file_costs_itself_alone(tmp_path: Path, memory: int) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(holding("bomb.txt", bytes(200_000_000), b"The last file"))
    with ExtractionPool(1, Context(Limits(memory_bytes=memory))) as pool:
        extraction = pool.extract(path)
    assert [page.text for page in extraction.pages] == ["The cover.", "The last file"]
    assert extraction.status is Status.CUT
    assert "bomb.txt: It is larger than the 100,000,000 bytes that may be unpacked." in extraction.reason


def test_a_picture_that_is_attached_says_what_would_read_it(tmp_path: Path, read: Read) -> None:
    picture = BytesIO()
    Image.new("L", (9, 9)).save(picture, "PNG")
    path = tmp_path / "a.pdf"
    path.write_bytes(holding("scan.png", picture.getvalue()))
    extraction = read(path)
    assert (extraction.status, extraction.lacks) == (Status.OK, TESSERACT)
    assert "scan.png" in extraction.reason


def test_files_that_are_attached_behind_too_many_pages_are_named_as_left_out(tmp_path: Path) -> None:
    document = FPDF()
    document.add_page()
    document.add_page()
    document.embed_file(basename="a.txt", bytes=b"words")
    document.output(str(tmp_path / "a.pdf"))
    _, problem = read_all(tmp_path / "a.pdf", Context(Limits(pages=1)))
    assert problem
    assert problem.reason.endswith("1 more and the files attached to it were left out.")


@pytest.mark.parametrize("limits", [Limits(members=1), Limits(unpacked_bytes=12)])
def test_attached_files_are_read_within_the_limits(tmp_path: Path, limits: Limits) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(holding("a.txt", b"First file", b"Second file"))
    found, problem = read_all(path, Context(limits))
    assert [item.text for item in found if isinstance(item, Page)] == ["The cover.", "First file"]
    assert problem
    assert "z0.txt" in problem.reason
