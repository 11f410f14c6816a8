"""How a file's format is told, and what is said of those that cannot be read."""

from __future__ import annotations

import zipfile
from importlib import import_module
from pathlib import Path

import openpyxl
import pytest

from indexer.extract import ATTACHMENT_SUFFIXES, EXTRACTORS
from indexer.extract.formats import IMAGE_SUFFIXES, format_by_suffix, format_of
from indexer.extract.source import Source
from indexer.index.schema import Locator, Page, Status, Unit
from tests.extraction import Read, pdf, pdf_page, word

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
SUFFIXES = {
    "docx": ".docx .docm .dotx .dotm",
    "pptx": ".pptx .pptm .ppsx .ppsm .potx .potm",
    "xlsx": ".xlsx .xlsm .xltx .xltm",
    "odt": ".odt .ott",
    "odp": ".odp .otp",
    "ods": ".ods .ots",
    "epub": ".epub",
    "zip": ".zip",
}


@pytest.mark.parametrize(("name", "suffix"), [(name, one) for name, all_ in SUFFIXES.items() for one in all_.split()])
def test_a_broken_container_has_the_format_that_its_name_promises(tmp_path: Path, name: str, suffix: str) -> None:
    (tmp_path / f"a{suffix}").write_bytes(b"PK\x03\x04 cut off")
    assert suffix in ATTACHMENT_SUFFIXES
    assert format_of(Source.on_disk(tmp_path / f"a{suffix}")) == name


def container(path: Path, *members: str, mimetype: str = "") -> bytes:
    with zipfile.ZipFile(path, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for member in members:
            archive.writestr(member, "<x/>")
    return path.read_bytes()


OPENDOCUMENT = "application/vnd.oasis.opendocument"


@pytest.mark.parametrize(
    ("expected", "members", "mimetype"),
    [
        ("docx", ["[Content_Types].xml", "word/document.xml"], ""),
        ("pptx", ["[Content_Types].xml", "ppt/presentation.xml"], ""),
        ("xlsx", ["[Content_Types].xml", "xl/workbook.xml"], ""),
        ("xlsb", ["[Content_Types].xml", "xl/workbook.bin"], ""),
        ("odt", ["content.xml"], f"{OPENDOCUMENT}.text"),
        ("odt", ["content.xml"], f"{OPENDOCUMENT}.text-template"),
        ("odp", ["content.xml"], f"{OPENDOCUMENT}.presentation"),
        ("ods", ["content.xml"], f"{OPENDOCUMENT}.spreadsheet"),
        ("odg", ["content.xml"], f"{OPENDOCUMENT}.graphics"),
        ("epub", ["META-INF/container.xml"], "application/epub+zip"),
        ("epub", ["OEBPS/a.xhtml", "META-INF/container.xml"], ""),
        ("zip", ["word/document.xml", "other.txt"], ""),
        ("zip", ["notes.txt"], ""),
    ],
)
def test_a_container_is_known_by_what_is_in_it(
    tmp_path: Path, expected: str, members: list[str], mimetype: str
) -> None:
    container(tmp_path / "a.pdf", *members, mimetype=mimetype)
    assert format_of(Source.on_disk(tmp_path / "a.pdf")) == expected


@pytest.mark.parametrize(
    ("expected", "name", "content"),
    [
        ("rtf", "a.doc", b"{\\rtf1 words}"),
        ("image", "a.pdf", b"\x89PNG\r\n\x1a\n..."),
        ("image", "a", b"\xff\xd8\xff\xe0"),
        ("image", "a", b"II*\0"),
        ("image", "a", b"MM\0*"),
        ("image", "a", b"GIF89a"),
        ("image", "a", b"RIFF\0\0\0\0WEBPVP8 "),
        ("image", "a", b"BM\x10\0\0\0\0\0\0\0"),
        ("text", "a.txt", b"BM is a short word, GIF8 too"),
        ("text", "a.txt", b"RIFF is a word"),
        ("html", "a.txt", b"\xef\xbb\xbf<!-- c --> <!DOCTYPE HTML><p>x"),
        ("html", "a.htm", b"<p>x"),
        ("markdown", "a.md", b"# Title"),
        ("csv", "a.csv", b"a;b"),
        ("csv", "a.tsv", b"a\tb"),
        ("text", "a.unknown", b"words"),
        ("text", "a.txt", "words without a mark".encode("utf-16-le")),
        ("text", "a.txt", "words without a mark".encode("utf-16-be")),
        ("unknown", "a.txt", b"\0\1\2\3"),
        ("unknown", "a.md", b"\0\1\2\3"),
        ("pdf", "a.pdf", b"\0\1\2\3"),
        ("pdf", "a.txt", b"\n%PDF-1.4"),
        ("text", "a.txt", b"what %PDF- means"),
        ("doc", "a.doc", OLE + bytes(600)),
        ("xls", "a.xls", OLE + bytes(600)),
    ],
)
def test_a_file_is_known_by_its_content_and_where_that_leaves_it_open_by_its_name(
    tmp_path: Path, expected: str, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    assert format_of(Source.on_disk(tmp_path / name)) == expected


def test_content_goes_before_the_name(tmp_path: Path, read: Read) -> None:
    path = pdf(tmp_path / "a.docx", "a PDF in truth")
    assert read(path).pages == (pdf_page(1, "a PDF in truth"),)
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
        ("a.doc", OLE + bytes(600), "LibreOffice"),
        ("a.xls", OLE + bytes(600), "LibreOffice"),
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


@pytest.mark.parametrize("name", sorted(EXTRACTORS))
def test_every_format_has_a_module_that_reads_it(name: str) -> None:
    assert callable(import_module(EXTRACTORS[name]).read)


def test_pictures_are_read_when_they_are_named_and_no_attachments_otherwise() -> None:
    assert not IMAGE_SUFFIXES & ATTACHMENT_SUFFIXES
    assert {format_by_suffix(suffix) for suffix in IMAGE_SUFFIXES} == {"image"}
