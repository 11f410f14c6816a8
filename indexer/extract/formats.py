"""Which formats there are, which of them can be read and by what, and how a file's format is told from its content."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast
from zipfile import BadZipFile, ZipFile

from indexer.encoding import MARKS
from indexer.extract.limits import Limits
from indexer.index.schema import Page, Unit


class _Reader(Protocol):
    """What the module of a format offers."""

    def read(self, path: Path, limits: Limits) -> Iterator[Page]: ...


@dataclass(frozen=True, slots=True)
class Extractor:
    """How one format is read: what its pages are called, and the module with its `read(path, limits)`.

    The module is named and not imported, so that a format's library is loaded only where and when a file needs it:
    never in the process that builds the index.
    """

    unit: Unit
    module: str

    def read(self, path: Path, limits: Limits) -> Iterator[Page]:
        """Yield the file's pages in order; raises Incomplete, after the pages that could be read, if some could not."""
        return cast(_Reader, import_module(self.module)).read(path, limits)


EXTRACTORS: Mapping[str, Extractor] = {
    "pdf": Extractor(Unit.PAGE, "indexer.extract.pdf"),
    "docx": Extractor(Unit.PART, "indexer.extract.docx"),
    "pptx": Extractor(Unit.SLIDE, "indexer.extract.pptx"),
    "xlsx": Extractor(Unit.SHEET, "indexer.extract.xlsx"),
    "html": Extractor(Unit.PART, "indexer.extract.html"),
    "text": Extractor(Unit.PART, "indexer.extract.text"),
}
"""The formats that can be read. A new format is a module with a `read` and a line here."""

UNREADABLE: Mapping[str, str] = {
    "doc": "The format of Word 97-2003 (DOC) is not read; save the file as DOCX.",
    "ppt": "The format of PowerPoint 97-2003 (PPT) is not read; save the file as PPTX.",
    "xls": "The format of Excel 97-2003 (XLS) is not read; save the file as XLSX.",
    "xlsb": "Binary workbooks (XLSB) are not read; save the file as XLSX.",
    "odt": "OpenDocument text (ODT) is not read; save the file as DOCX or PDF.",
    "odp": "OpenDocument slides (ODP) are not read; save the file as PPTX or PDF.",
    "ods": "OpenDocument sheets (ODS) are not read; save the file as XLSX.",
    "rtf": "Rich Text (RTF) is not read; save the file as DOCX.",
    "epub": "E-books (EPUB) are not read; attach a PDF instead.",
    "zip": "ZIP archives are not read; attach the files that are inside.",
}
"""Formats that are known and cannot be read, with the sentence that says so."""

_BY_SUFFIX: Mapping[str, str] = {
    **{f".{name}": name for name in ("pdf", "docx", "pptx", "xlsx", "html", *UNREADABLE)},
    **{".docm": "docx", ".pptm": "pptx", ".xlsm": "xlsx", ".htm": "html"},
    **dict.fromkeys((".txt", ".md", ".csv"), "text"),
}

ATTACHMENT_SUFFIXES = frozenset(_BY_SUFFIX)
"""Endings, in lower case and with their dot, of file names that make a linked file an attachment."""

_SAMPLE = 8192
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_OPENDOCUMENT = b"application/vnd.oasis.opendocument."
_MIMETYPES = {
    b"application/epub+zip": "epub",
    _OPENDOCUMENT + b"text": "odt",
    _OPENDOCUMENT + b"presentation": "odp",
    _OPENDOCUMENT + b"spreadsheet": "ods",
}
_UNICODE_MARKS = tuple(mark for mark, _ in MARKS)
_HTML = re.compile(rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)


def format_by_name(path: Path) -> str:
    """Return the format that the file's name promises, or "unknown"."""
    return _BY_SUFFIX.get(path.suffix.lower(), "unknown")


def format_of(path: Path) -> str:
    """Return the format of a file by its content; its name decides only what content leaves open.

    The answer is a key of EXTRACTORS or UNREADABLE, or "unknown". It reads the directory of a zip container, so call
    it where a hostile file does no harm. Raises OSError if the file cannot be opened.
    """
    with path.open("rb") as stream:
        head = stream.read(_SAMPLE)
    if head.startswith(b"PK"):
        return _zip_format(path, head)
    if head.startswith(_OLE):
        return _ole_format(path)
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if b"%PDF-" in head[:1024] and (head.lstrip().startswith(b"%PDF-") or format_by_name(path) == "pdf"):
        return "pdf"
    return _text_format(path, head)


def _zip_format(path: Path, head: bytes) -> str:
    # E-books and OpenDocument files say what they are in a first member that is stored as it is.
    for mimetype, name in _MIMETYPES.items():
        if head[30:38] == b"mimetype" and head[38:].startswith(mimetype):
            return name
    try:
        with ZipFile(path) as archive:
            names = archive.namelist()
    except (BadZipFile, ValueError, NotImplementedError):
        # What is left of a truncated container is named by its ending; its reader will say what is wrong with it.
        return format_by_name(path) if path.suffix else "zip"
    if "xl/workbook.bin" in names:
        return "xlsb"
    folders = {name.partition("/")[0] for name in names if "/" in name}
    found = [name for folder, name in (("word", "docx"), ("ppt", "pptx"), ("xl", "xlsx")) if folder in folders]
    return found[0] if found and "[Content_Types].xml" in names else "zip"


def _ole_format(path: Path) -> str:
    """Tell apart what Office 97-2003 and encrypted Office files have in common: the OLE container."""
    with path.open("rb") as stream:
        header = stream.read(512)
        sector_size = 1 << min(int.from_bytes(header[30:32], "little"), 12)
        stream.seek((int.from_bytes(header[48:52], "little") + 1) * sector_size)
        directory = stream.read(_SAMPLE)
    promised = format_by_name(path)
    if "EncryptedPackage".encode("utf-16-le") in directory or promised in ("docx", "pptx", "xlsx"):
        # The reader of the promised format reports the encryption.
        return promised if promised in ("docx", "pptx", "xlsx") else "docx"
    for name, entry in (("doc", "WordDocument"), ("ppt", "PowerPoint Document"), ("xls", "Workbook"), ("xls", "Book")):
        if entry.encode("utf-16-le") in directory:
            return name
    return promised


def _text_format(path: Path, head: bytes) -> str:
    promised = format_by_name(path)
    if b"\0" in head and not head.startswith(_UNICODE_MARKS):
        # No text: if the name promises a format, its reader will say that this is none.
        return "unknown" if promised in ("text", "html") else promised
    if _HTML.match(head.removeprefix(codecs.BOM_UTF8)) or promised == "html":
        return "html"
    return "text"
