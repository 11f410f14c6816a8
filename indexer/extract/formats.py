"""Which formats there are, which of them can be read and by what, and how a file's format is told from its content."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Protocol, cast
from zipfile import BadZipFile, ZipFile

from indexer.encoding import MARKS, unmarked_utf16
from indexer.extract.items import Incomplete, Item
from indexer.extract.source import Context, Source
from indexer.extract.tools import LIBREOFFICE
from indexer.index.schema import Status


class _Reader(Protocol):
    """What the module of a format offers."""

    def read(self, source: Source, context: Context) -> Iterator[Item]: ...


EXTRACTORS: Mapping[str, str] = {
    "pdf": "indexer.extract.pdf",
    "docx": "indexer.extract.docx",
    "pptx": "indexer.extract.pptx",
    "xlsx": "indexer.extract.xlsx",
    "odt": "indexer.extract.odt",
    "odp": "indexer.extract.odp",
    "ods": "indexer.extract.ods",
    "epub": "indexer.extract.epub",
    "rtf": "indexer.extract.rtf",
    "html": "indexer.extract.html",
    "markdown": "indexer.extract.markdown",
    "text": "indexer.extract.text",
    "csv": "indexer.extract.delimited",
    "zip": "indexer.extract.members",
    "image": "indexer.extract.image",
}
"""The formats that can be read, each with the module whose `read` does it. A new format is a module and a line here.

Modules are named and not imported, so that a format's library is loaded only where and when a file needs it: never in
the process that builds the index.
"""

CONVERTED: Mapping[str, str] = {"doc": "docx", "ppt": "pptx", "xls": "xlsx", "xlsb": "xlsx"}
"""The formats that LibreOffice has to turn into another one, and which."""

UNREADABLE: Mapping[str, str] = {
    "odg": "OpenDocument drawings (ODG) are not read; save the file as PDF.",
}
"""Formats that are known and cannot be read, with the sentence that says so."""

IMAGE_SUFFIXES = frozenset((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".bmp", ".webp"))
"""Endings of the names of pictures, which may hold text or not."""

_BY_SUFFIX: Mapping[str, str] = {
    **{f".{name}": name for name in (*EXTRACTORS, *CONVERTED, *UNREADABLE)},
    **dict.fromkeys((".docm", ".dotx", ".dotm"), "docx"),
    **dict.fromkeys((".pptm", ".ppsx", ".ppsm", ".potx", ".potm"), "pptx"),
    **dict.fromkeys((".xlsm", ".xltx", ".xltm"), "xlsx"),
    **{".ott": "odt", ".otp": "odp", ".ots": "ods", ".dot": "doc", ".pps": "ppt", ".pot": "ppt", ".xlt": "xls"},
    **{".htm": "html", ".xhtml": "html", ".md": "markdown", ".txt": "text", ".tsv": "csv"},
    **dict.fromkeys(IMAGE_SUFFIXES, "image"),
}

ATTACHMENT_SUFFIXES = frozenset(_BY_SUFFIX) - IMAGE_SUFFIXES - {".text", ".image"}
"""Endings, in lower case and with their dot, of file names that make a linked file an attachment."""

_SAMPLE = 8192
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_OPENDOCUMENT = b"application/vnd.oasis.opendocument."
_MIMETYPES = {
    b"application/epub+zip": "epub",
    _OPENDOCUMENT + b"text": "odt",
    _OPENDOCUMENT + b"presentation": "odp",
    _OPENDOCUMENT + b"spreadsheet": "ods",
    _OPENDOCUMENT + b"graphics": "odg",
}
_TEXTUAL = frozenset({"text", "html", "markdown", "csv", "rtf", "image"})
_UNICODE_MARKS = tuple(mark for mark, _ in MARKS)
_IMAGE_MARKS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF87a", b"GIF89a")
# Comments are matched once and for all, or a row of them would be tried in every way there is to part it.
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?>.*?-->)\s*)*+<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)


def read(name: str, source: Source, context: Context) -> Iterator[Item]:
    """Yield what a file of that format holds; raises Incomplete, after what could be read, if something could not."""
    if name in CONVERTED and source.is_inside:
        raise Incomplete(
            Status.UNSUPPORTED, f"{name.upper()} files inside other files are not read; put it beside them."
        )
    if name in CONVERTED:
        known = f"{name.upper()} files are read with LibreOffice"
        raise Incomplete(Status.UNSUPPORTED, f"{known}: install the Debian package {LIBREOFFICE}.", LIBREOFFICE)
    if name not in EXTRACTORS:
        raise Incomplete(Status.UNSUPPORTED, UNREADABLE.get(name, "Its content is of no format that is known."))
    return cast(_Reader, import_module(EXTRACTORS[name])).read(source, context)


def format_by_suffix(suffix: str) -> str:
    """Return the format that the ending of a file's name promises, or "unknown"."""
    return _BY_SUFFIX.get(suffix.lower(), "unknown")


def format_of(source: Source) -> str:
    """Return the format of a file by its content; its name decides only what content leaves open.

    The answer is a key of EXTRACTORS, CONVERTED or UNREADABLE, or "unknown". It reads the directory of a zip container,
    so call it where a hostile file does no harm. Raises OSError if the file cannot be opened.
    """
    with source.open() as stream:
        head = stream.read(_SAMPLE)
    if head.startswith(b"PK"):
        return _zip_format(source, head)
    if head.startswith(_OLE):
        return _ole_format(source)
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if _is_image(head):
        return "image"
    if b"%PDF-" in head[:1024] and (head.lstrip().startswith(b"%PDF-") or format_by_suffix(source.suffix) == "pdf"):
        return "pdf"
    return _text_format(source, head)


def _zip_format(source: Source, head: bytes) -> str:
    # E-books and OpenDocument files say what they are in a first member that is stored as it is.
    for mimetype, name in _MIMETYPES.items():
        if head[30:38] == b"mimetype" and head[38:].startswith(mimetype):
            return name
    try:
        with source.open() as stream, ZipFile(stream) as archive:
            names = archive.namelist()
    except (BadZipFile, ValueError, NotImplementedError):
        # What is left of a truncated container is named by its ending; its reader will say what is wrong with it.
        return format_by_suffix(source.suffix) if source.suffix else "zip"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "META-INF/container.xml" in names:
        return "epub"
    folders = {name.partition("/")[0] for name in names if "/" in name}
    found = [name for folder, name in (("word", "docx"), ("ppt", "pptx"), ("xl", "xlsx")) if folder in folders]
    return found[0] if found and "[Content_Types].xml" in names else "zip"


def _ole_format(source: Source) -> str:
    """Tell apart what Office 97-2003 and encrypted Office files have in common: the OLE container."""
    with source.open() as stream:
        header = stream.read(512)
        sector_size = 1 << min(int.from_bytes(header[30:32], "little"), 12)
        stream.seek((int.from_bytes(header[48:52], "little") + 1) * sector_size)
        directory = stream.read(_SAMPLE)
    promised = format_by_suffix(source.suffix)
    if "EncryptedPackage".encode("utf-16-le") in directory or promised in ("docx", "pptx", "xlsx"):
        # The reader of the promised format reports the encryption.
        return promised if promised in ("docx", "pptx", "xlsx") else "docx"
    for name, entry in (("doc", "WordDocument"), ("ppt", "PowerPoint Document"), ("xls", "Workbook"), ("xls", "Book")):
        if entry.encode("utf-16-le") in directory:
            return name
    return promised


def _text_format(source: Source, head: bytes) -> str:
    promised = format_by_suffix(source.suffix)
    if b"\0" in head and not head.startswith(_UNICODE_MARKS) and not unmarked_utf16(head):
        # No text: if the name promises a format, its reader will say that this is none.
        return "unknown" if promised in _TEXTUAL else promised
    if _HTML.match(head.removeprefix(codecs.BOM_UTF8)) or promised == "html":
        return "html"
    return promised if promised in ("csv", "markdown") else "text"


def _is_image(head: bytes) -> bool:
    is_webp = head.startswith(b"RIFF") and head[8:12] == b"WEBP"
    is_bitmap = head.startswith(b"BM") and head[6:10] == bytes(4)
    return head.startswith(_IMAGE_MARKS) or is_webp or is_bitmap
