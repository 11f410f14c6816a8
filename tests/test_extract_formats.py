"""How a file's format is told, and what is said of those that cannot be read."""

from __future__ import annotations

import zipfile
from importlib import import_module
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.extract import ATTACHMENT_SUFFIXES, EXTRACTORS
from indexer.extract.formats import IMAGE_SUFFIXES, format_by_suffix, format_of
from indexer.extract.ole import MARK
from indexer.extract.source import Source
from indexer.index.schema import Locator, Page, Status, Unit
from tests.extraction import Read, pdf, pdf_page, word
from tests.ole import ole

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
ENTRY = '<m:file-entry m:media-type="{}" m:full-path="{}" m:version="1.3"/>'


def packed_again(mimetype: str, manifest: str, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an OpenDocument file as an ordinary program packs it: compressed, and in the order of the alphabet."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in {"META-INF/manifest.xml": manifest, "content.xml": "<x/>", "mimetype": mimetype}.items():
            if content:
                archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("text", "odt"),
        ("presentation", "odp"),
        ("spreadsheet-template", "ods"),
        ("graphics", "odg"),
        ("formula", "odf"),
    ],
)
def test_an_opendocument_file_that_was_packed_again_is_known_by_its_type_or_its_manifest(
    kind: str, expected: str
) -> None:
    mimetype = f"{OPENDOCUMENT}.{kind}"
    entries = ENTRY.format(f"{OPENDOCUMENT}.chart", "Object 1/") + ENTRY.format(mimetype, "/")
    for content in (
        packed_again(mimetype, "<m:manifest/>"),
        packed_again("", f"<m:manifest>{entries}</m:manifest>"),
        packed_again("damaged", f"<m:manifest>{entries}</m:manifest>", zipfile.ZIP_LZMA),
    ):
        assert format_of(Source.inside("a.bin", content)) == expected


def test_an_opendocument_file_that_does_not_say_what_it_is_has_the_format_that_its_name_promises() -> None:
    content = packed_again("", "<m:manifest/>")
    assert format_of(Source.inside("a.ods", content)) == "ods"
    assert format_of(Source.inside("a.bin", content)) == "zip"


def test_a_type_that_cannot_be_unpacked_leaves_it_to_the_manifest() -> None:
    entry = ENTRY.format(f"{OPENDOCUMENT}.text", "/")
    content = bytearray(packed_again("x" * 99, f"<m:manifest>{entry}</m:manifest>", zipfile.ZIP_STORED))
    content[content.index(b"x" * 99)] ^= 0xFF
    assert format_of(Source.inside("a.bin", bytes(content))) == "odt"


@pytest.mark.parametrize("name", ["a.doc", "a.bin", "a.pdf", "a.xlsx", "a"])
def test_a_container_that_breaks_off_is_known_by_the_parts_that_are_there(
    tmp_path: Path, read: Read, name: str
) -> None:
    whole = word(tmp_path / "whole.docx", "<w:p><w:r><w:t>words</w:t></w:r></w:p>").read_bytes()
    (tmp_path / name).write_bytes(whole[: whole.rindex(b"</w:body>")])
    extraction = read(tmp_path / name)
    assert (extraction.status, extraction.format) == (Status.DAMAGED, "docx")
    assert [page.text for page in extraction.pages] == ["words"]


def test_a_broken_container_of_which_nothing_is_left_is_a_broken_archive(tmp_path: Path, read: Read) -> None:
    for name in ("a.doc", "a.pdf", "a.bin", "a.txt"):
        (tmp_path / name).write_bytes(b"PK\x03\x04 cut off")
        assert (read(tmp_path / name).status, read(tmp_path / name).format) == (Status.DAMAGED, "zip")


def test_streams_of_an_old_file_are_found_wherever_its_directory_lies() -> None:
    many = ole(*(f"stream {number}" for number in range(200)), "Workbook")
    assert format_of(Source.inside("a", many)) == "xls"


def test_a_table_of_sectors_that_is_listed_outside_the_header_is_followed_once() -> None:
    content = bytearray(ole(*"abcdefgh", "WordDocument"))
    place = len(content) // 512 - 1
    nothing = bytes.fromhex("ffffffff")
    content[68:80] = place.to_bytes(4, "little") + (1).to_bytes(4, "little") + nothing
    for following in (nothing, place.to_bytes(4, "little")):
        lists = bytes(4) + nothing * 126 + following
        assert format_of(Source.inside("a", bytes(content) + lists)) == "doc"


def test_an_old_file_whose_directory_is_lost_is_known_by_what_looks_like_one_and_by_no_word_of_its_text() -> None:
    header = MARK + bytes(504)
    entry = "Workbook".encode("utf-16-le") + bytes(112)
    text = "The Book. Workbook. WordDocument".encode("utf-16-le")
    assert format_of(Source.inside("a", header + bytes(128) + entry)) == "xls"
    assert format_of(Source.inside("a.doc", header + text)) == "doc"
    assert format_of(Source.inside("a", header + text)) == "ole"


@settings(max_examples=150)
@given(st.binary(max_size=8), st.integers(0, 1200), st.integers(0, 2600))
def test_no_old_file_is_so_broken_that_its_format_cannot_be_told(junk: bytes, position: int, length: int) -> None:
    content = ole("a", "WordDocument", "c", "d", "e")
    content = content[:8] + content[8:position] + junk + content[max(position + len(junk), 8) :]
    assert format_of(Source.inside("a.ppt", content[:length])) in {"doc", "ppt", "text", "unknown"}


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
        ("odf", ["content.xml"], f"{OPENDOCUMENT}.chart"),
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
        ("html", "a.doc", "\ufeff<html>x".encode("utf-16-le")),
        ("html", "a.txt", b"<?xml version='1.0'?><?xml-stylesheet href='x'?><!-- c --><html xmlns='x'>"),
        ("html", "a.htm", b"<p>x"),
        ("html", "a.xhtml", b"<?xml version='1.0'?><p>x"),
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
        ("xml", "a.xls", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook>'),
        ("xml", "a.txt", b"\xef\xbb\xbf<?xml version='1.0'?><!DOCTYPE book><book>"),
        ("xml", "a.xml", "\ufeff<?xml version='1.0'?><book>".encode("utf-16-le")),
        ("text", "a.txt", b"What <?xml means"),
        ("svg", "a.txt", b"<?xml version='1.0'?><!DOCTYPE svg PUBLIC 'x' 'y'><svg>"),
        ("svg", "a.txt", b"<!-- c --><svg:svg xmlns:svg='http://www.w3.org/2000/svg'>"),
        ("mhtml", "a.doc", b"MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=x\r\n\r\n--x"),
        ("mhtml", "a.htm", b"From: <Saved>\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/related\n\n--x"),
        ("mhtml", "a.txt", b"Subject: x\nMime-Version: 1.0\nContent-Transfer-Encoding: base64\n\nYWJj"),
        ("text", "a.txt", b"Subject: x\nMIME-Version: 1.0\nContent-Type: text/plain\n\nA plain letter, not base64."),
        ("text", "a.txt", b"The multipart/mixed type\nMIME-Version: 1.0"),
        ("text", "pk.log", b"PKO bank"),
        ("text", "a.txt", b"PK"),
        ("zip", "a.bin", b"PK\5\6" + bytes(18)),
        ("doc", "a.docx", ole("1Table", "WordDocument")),
        ("xls", "a", ole("Workbook", "MBD0001", below=("WordDocument",))),
        ("xls", "a.xlsx", ole("Book")),
        ("ppt", "a.txt", ole(*"abcdefghij", "PowerPoint Document")),
        ("docx", "a.docx", ole("EncryptionInfo", "EncryptedPackage")),
        ("pptx", "a.ppt", ole("EncryptionInfo", "EncryptedPackage")),
        ("xlsx", "a.xlsb", ole("EncryptionInfo", "EncryptedPackage")),
        ("docx", "a.bin", ole("EncryptionInfo", "EncryptedPackage")),
        ("ole", "a.docx", ole("WordDocuments")),
        ("ole", "a.txt", ole("__properties_version1.0", below=("Workbook",))),
        ("ole", "a.pdf", MARK + bytes(600)),
        ("doc", "a.doc", MARK + bytes(600)),
        ("xls", "a.xls", MARK + bytes(600)),
    ],
)
def test_a_file_is_known_by_its_content_and_where_that_leaves_it_open_by_its_name(
    tmp_path: Path, expected: str, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    assert format_of(Source.on_disk(tmp_path / name)) == expected


@pytest.mark.parametrize("suffix", ["css", "js", "json", "xml", "php", "doc", "rtf", ""])
def test_a_text_inside_a_file_is_read_only_if_its_name_promises_one(suffix: str) -> None:
    name = f"a.{suffix}".rstrip(".")
    assert format_of(Source.inside(name, b"words")) == "unknown"
    assert format_of(Source.inside(name, b"<html><body>words")) == "html"
    assert format_of(Source(name, 5, lambda: BytesIO(b"words"))) == "text"


@pytest.mark.parametrize(
    ("suffix", "expected"),
    [("txt", "text"), ("HTM", "html"), ("md", "markdown"), ("markdown", "markdown"), ("tsv", "csv"), ("csv", "csv")],
)
def test_a_text_inside_a_file_whose_name_promises_one_is_read(suffix: str, expected: str) -> None:
    assert format_of(Source.inside(f"a.{suffix}", b"words")) == expected


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
        ("a.docx", ole("WordDocument"), "DOC files are read with LibreOffice"),
        ("a.xls", MARK + bytes(600), "XLS files are read with LibreOffice"),
        ("a.txt", ole("Contents"), "of an old program"),
        ("a.xls", b"<?xml version='1.0'?><Workbook>needle</Workbook>", "save it as DOCX, XLSX or PDF"),
        ("a.svg", b"<svg><text>needle</text></svg>", "Drawings in SVG are not read; save the file as PDF."),
        ("a.doc", b"MIME-Version: 1.0\nContent-Type: multipart/related\n\nneedle", "save it as PDF, DOCX or HTML"),
        ("a.bin", b"\0\1\2\3", "no format that is known"),
    ],
)
def test_what_cannot_be_read_is_reported_by_the_name_of_its_format(
    tmp_path: Path, read: Read, name: str, content: bytes, known_as: str
) -> None:
    (tmp_path / name).write_bytes(content)
    extraction = read(tmp_path / name)
    assert (extraction.status, extraction.pages) == (Status.UNSUPPORTED, ())
    assert known_as in extraction.reason


def test_an_encrypted_office_file_is_reported_as_encrypted(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.docx").write_bytes(ole("EncryptionInfo", "EncryptedPackage"))
    extraction = read(tmp_path / "a.docx")
    assert (extraction.status, extraction.format) == (Status.ENCRYPTED, "docx")


@pytest.mark.parametrize("name", sorted(EXTRACTORS))
def test_every_format_has_a_module_that_reads_it(name: str) -> None:
    assert callable(import_module(EXTRACTORS[name]).read)


def test_pictures_are_read_when_they_are_named_and_no_attachments_otherwise() -> None:
    assert not IMAGE_SUFFIXES & ATTACHMENT_SUFFIXES
    assert {format_by_suffix(suffix) for suffix in IMAGE_SUFFIXES} == {"image"}
