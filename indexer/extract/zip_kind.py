"""Which of the formats that are zip containers a file is, by what it says of itself and by the names in it."""

from __future__ import annotations

import re
from collections.abc import Collection
from zipfile import ZipFile

from indexer.extract.archive import DAMAGE
from indexer.extract.salvage import names_in
from indexer.extract.source import Source

ZIP_MARKS = (b"PK\3\4", b"PK\5\6", b"PK\7\x08")
"""What a zip container begins with: a member, the end of an empty one, or the mark of one in several volumes."""

_OPENDOCUMENT = b"application/vnd.oasis.opendocument."
_MIMETYPES = {
    b"application/epub+zip": "epub",
    _OPENDOCUMENT + b"text": "odt",
    _OPENDOCUMENT + b"presentation": "odp",
    _OPENDOCUMENT + b"spreadsheet": "ods",
    _OPENDOCUMENT + b"graphics": "odg",
    **{_OPENDOCUMENT + kind: "odf" for kind in (b"formula", b"chart", b"image", b"base", b"database")},
}
"""What the first bytes of a type mean; a template's type goes on with "-template"."""
_TYPE = "mimetype"
_NAME_OFFSET = 30
_CONTENT, _MANIFEST = "content.xml", "META-INF/manifest.xml"
_ENTRY = re.compile(rb"<(?:[\w-]+:)?file-entry\b[^>]*>")
_WHOLE = re.compile(rb"""full-path\s*=\s*["']/["']""")
_MEDIA_TYPE = re.compile(rb"""media-type\s*=\s*["']([^"']*)["']""")
_START = 65536
"""Bytes of a member that are looked at; what a manifest says of the whole file stands at its beginning."""


def zip_kind(source: Source, head: bytes) -> str:
    """Return the format of a zip container that begins with `head`; nothing if what it holds does not tell.

    Of one that breaks off, the members before that are what tells. Raises OSError if the file cannot be opened.
    """
    # E-books and OpenDocument files say what they are in a first member that is stored as it is.
    start = _NAME_OFFSET + len(_TYPE)
    stated = _stated(head[start:]) if head[_NAME_OFFSET:start] == _TYPE.encode() else ""
    if stated:
        return stated
    with source.open() as stream:
        try:
            archive = ZipFile(stream)
        except DAMAGE:
            return _by_names(set(names_in(stream)))
        names = archive.NameToInfo.keys()
        if _CONTENT in names or _TYPE in names:
            return _opendocument(archive) or _by_names(names)
        return _by_names(names) or "zip"


def _by_names(names: Collection[str]) -> str:
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "META-INF/container.xml" in names:
        return "epub"
    folders = {name.partition("/")[0] for name in names if "/" in name}
    found = [name for folder, name in (("word", "docx"), ("ppt", "pptx"), ("xl", "xlsx")) if folder in folders]
    return found[0] if found and "[Content_Types].xml" in names else ""


def _opendocument(archive: ZipFile) -> str:
    """Return what a container says it is that an ordinary program has packed again, in its own order."""
    stated = _stated(_start(archive, _TYPE))
    entries = () if stated else _ENTRY.findall(_start(archive, _MANIFEST))
    types = (_MEDIA_TYPE.search(entry) for entry in entries if _WHOLE.search(entry))
    return stated or next((_stated(found[1]) for found in types if found), "")


def _stated(mimetype: bytes) -> str:
    return next((name for known, name in _MIMETYPES.items() if mimetype.startswith(known)), "")


def _start(archive: ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as stream:
            return stream.read(_START)
    except (KeyError, RuntimeError, *DAMAGE):
        # It is missing, needs a password, or is damaged; so it says nothing.
        return b""
