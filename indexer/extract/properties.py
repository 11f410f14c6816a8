"""What an Office file says of itself: title, author, language and date, from the part that every program writes."""

from __future__ import annotations

import re
from datetime import date
from zipfile import ZipFile

from lxml import etree

from indexer.extract.clean import clean_line
from indexer.extract.items import Incomplete
from indexer.extract.xml_tree import parse_member
from indexer.index.schema import FileMetadata

_CORE = "docProps/core.xml"
_OTHER_CORE = ".psmdcp"
"""Ending of the same part's name in packages that .NET wrote."""
_META = "meta.xml"
_MOST_BYTES = 1_000_000
"""A larger part is no list of properties."""
_LONGEST_NUMBER = 9
_DAY = re.compile(r"\s*(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?![\d-])")
_LANGUAGE = re.compile(r"\s*([A-Za-z]{2})(?![A-Za-z])")


def ooxml_metadata(archive: ZipFile) -> FileMetadata:
    """Return the core properties of a DOCX, PPTX or XLSX; what is missing or damaged is left empty."""
    names = (name for name in archive.NameToInfo if name == _CORE or name.endswith(_OTHER_CORE))
    root = _root(archive, next(names, _CORE))
    if root is None:
        return FileMetadata()
    return FileMetadata(
        title=_text(root, "title"),
        author=_text(root, "creator"),
        language=_language(_text(root, "language")),
        date=_day(_text(root, "created")),
    )


def odf_metadata(archive: ZipFile) -> FileMetadata:
    """Return the metadata of an OpenDocument file; what is missing or damaged is left empty."""
    root = _root(archive, _META)
    if root is None:
        return FileMetadata()
    return FileMetadata(
        title=_text(root, "title"),
        author=_text(root, "initial-creator") or _text(root, "creator"),
        language=_language(_text(root, "language")),
        date=_day(_text(root, "creation-date")),
        pages=_pages(root),
    )


def _root(archive: ZipFile, name: str) -> etree._Element | None:
    member = archive.NameToInfo.get(name)
    if member is None or member.file_size > _MOST_BYTES:
        return None
    try:
        return parse_member(archive, name)
    except Incomplete:
        return None


def _text(root: etree._Element, name: str) -> str:
    """Return the text of the first element of that local name, as one line."""
    element = root.find(f".//{{*}}{name}")
    return "" if element is None else clean_line("".join(map(str, element.itertext())))


def _language(code: str) -> str:
    """Return the language of a tag like "en-GB"; empty if it has no code of two letters."""
    found = _LANGUAGE.match(code)
    return found[1].lower() if found else ""


def _day(text: str) -> date | None:
    """Return the day of a date in ISO 8601, of which W3CDTF lets month and day be missing."""
    found = _DAY.match(text)
    try:
        return date(*(int(part or 1) for part in found.groups())) if found else None
    except ValueError:
        return None


def _pages(root: etree._Element) -> int:
    statistic = root.find(".//{*}document-statistic")
    if statistic is None:
        return 0
    counts = (str(value) for name, value in statistic.attrib.items() if str(name).endswith("}page-count"))
    count = next(counts, "")
    return int(count) if count.isdecimal() and len(count) <= _LONGEST_NUMBER else 0
