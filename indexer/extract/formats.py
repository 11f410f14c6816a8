"""Which formats there are, which of them can be read and by what, and how a file's format is told from its content."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Protocol, cast

from indexer.encoding import MARKS, unmarked_utf16
from indexer.extract import ole
from indexer.extract.items import Incomplete, Item
from indexer.extract.source import Context, Source
from indexer.extract.tools import LIBREOFFICE
from indexer.extract.zip_kind import ZIP_MARKS, zip_kind
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
    "odf": "OpenDocument formulas, charts and databases are not read; save the file as PDF.",
    "svg": "Drawings in SVG are not read; save the file as PDF.",
    "xml": "It is XML, which is for programs; open it in the one that wrote it and save it as DOCX, XLSX or PDF.",
    "mhtml": "It is a web page or a message in one file (MIME); open it and save it as PDF, DOCX or HTML.",
    "ole": "It is damaged, or of an old program whose files are not read; open it and save it as PDF.",
}
"""Formats that are known and cannot be read, with the sentence that says so."""

IMAGE_SUFFIXES = frozenset((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".bmp", ".webp"))
"""Endings of the names of pictures, which may hold text or not."""

_BY_SUFFIX: Mapping[str, str] = {
    **{f".{name}": name for name in (*EXTRACTORS, *CONVERTED, "odg")},
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
_ZIPPED = frozenset({"docx", "pptx", "xlsx", "xlsb", "odt", "odp", "ods", "odg", "epub"})
_OFFICE = frozenset({"docx", "pptx", "xlsx"})
_TEXTS = frozenset({"text", "html", "markdown", "csv"})
_TEXTUAL = _TEXTS | {"rtf", "image"}
_IMAGE_MARKS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF87a", b"GIF89a")
# Comments are matched once and for all, or a row of them would be tried in every way there is to part it.
_ROOT = re.compile(
    rb"\s*(?:(?:<!--(?>.*?-->)|<\?(?>.*?>))\s*)*+<(?:!doctype\s+)?(?:[\w-]+:)?([\w-]+)", re.IGNORECASE | re.DOTALL
)
_XML = re.compile(rb"\s*<\?xml\b")
_HEADER_LINES = re.compile(rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*+)*+")
_MIME = b"mime-version:"
_IN_PARTS_OR_CODE = (b"multipart/", b"base64", b"quoted-printable")


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

    The answer is a key of EXTRACTORS, CONVERTED or UNREADABLE, or "unknown". It reads the directory of a container, so
    call it where a hostile file does no harm. Raises OSError if the file cannot be opened.
    """
    with source.open() as stream:
        head = stream.read(_SAMPLE)
    promised = format_by_suffix(source.suffix)
    if head.startswith(ZIP_MARKS):
        return zip_kind(source, head) or (promised if promised in _ZIPPED else "zip")
    if head.startswith(ole.MARK):
        return _ole_format(source, promised)
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if _is_image(head):
        return "image"
    if b"%PDF-" in head[:1024] and (head.lstrip().startswith(b"%PDF-") or promised == "pdf"):
        return "pdf"
    return _text_format(head, promised, source.is_inside)


def _ole_format(source: Source, promised: str) -> str:
    with source.open() as stream:
        kind = ole.ole_kind(stream)
    if kind == ole.ENCRYPTED:
        # The reader of the format that is promised, or of its successor, reports the encryption.
        name = CONVERTED.get(promised, promised)
        return name if name in _OFFICE else "docx"
    return kind or (promised if promised in CONVERTED else "ole")


def _text_format(head: bytes, promised: str, is_inside: bool) -> str:
    encoding = next((name for mark, name in MARKS if head.startswith(mark)), "")
    if b"\0" in head and not encoding:
        encoding = unmarked_utf16(head)
        if not encoding:
            # No text: if the name promises a format, its reader will say that this is none.
            return "unknown" if promised in _TEXTUAL else promised
    start = head.decode(encoding, "replace").encode() if encoding else head
    marked = _markup(start, promised)
    if marked:
        return marked
    if is_inside and promised not in _TEXTS:
        # An archive of a web site or a program is full of texts that nobody reads.
        return "unknown"
    return promised if promised in ("csv", "markdown") else "text"


def _markup(start: bytes, promised: str) -> str:
    """Return the format of a text that is written for programs; nothing if it is written for people."""
    found = _ROOT.match(start)
    root = found[1].lower() if found else b""
    if root == b"html":
        return "html"
    if _is_mime(start):
        return "mhtml"
    if promised == "html":
        return "html"
    if root == b"svg":
        return "svg"
    return "xml" if _XML.match(start) else ""


def _is_mime(start: bytes) -> bool:
    """Tell whether a text is a message in parts or in code; a plain one can be read as it is."""
    found = _HEADER_LINES.match(start)
    lines = found[0].lower() if found else b""
    return _MIME in lines and any(word in lines for word in _IN_PARTS_OR_CODE)


def _is_image(head: bytes) -> bool:
    is_webp = head.startswith(b"RIFF") and head[8:12] == b"WEBP"
    is_bitmap = head.startswith(b"BM") and head[6:10] == bytes(4)
    return head.startswith(_IMAGE_MARKS) or is_webp or is_bitmap
