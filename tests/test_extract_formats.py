"""How a file's format is told, and what is said of those that cannot be read."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from indexer.extract import ATTACHMENT_SUFFIXES, EXTRACTORS
from indexer.extract.formats import format_of
from indexer.extract.source import Source
from indexer.index.schema import Extraction, Locator, Page, Status, Unit
from tests.extraction import Read, pdf, pdf_page, word


@pytest.mark.parametrize(("suffix", "name"), [(".docm", "docx"), (".pptm", "pptx"), (".xlsm", "xlsx")])
def test_macro_enabled_files_are_attachments_of_the_same_format(tmp_path: Path, suffix: str, name: str) -> None:
    (tmp_path / f"a{suffix}").write_bytes(b"PK\x03\x04 cut off")
    assert suffix in ATTACHMENT_SUFFIXES
    assert format_of(Source.on_disk(tmp_path / f"a{suffix}")) == name


def test_content_goes_before_the_name(tmp_path: Path, read: Read) -> None:
    path = pdf(tmp_path / "a.docx", "a PDF in truth")
    assert read(path) == Extraction(Status.OK, "pdf", (pdf_page(1, "a PDF in truth"),))
    (tmp_path / "b.pdf").write_text("<html><body>Error 404")
    assert read(tmp_path / "b.pdf").format == "html"
    word(tmp_path / "c.xlsx", "<w:p><w:r><w:t>words</w:t></w:r></w:p>")
    assert read(tmp_path / "c.xlsx").format == "docx"
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "cell"
    book.save(tmp_path / "d.xlsx")
    assert read((tmp_path / "d.xlsx").rename(tmp_path / "d.doc")).pages == (Page(Locator("Sheet", Unit.SHEET), "cell"),)


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


def test_every_format_has_a_module_of_its_name() -> None:
    assert dict(EXTRACTORS) == {
        name: f"indexer.extract.{name}" for name in ("pdf", "docx", "pptx", "xlsx", "html", "text")
    }
