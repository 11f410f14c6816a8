"""What an Office file says of itself: title, author, language and date, from the part that every program writes."""

from __future__ import annotations

from zipfile import ZipFile

from lxml import etree

from indexer.extract.clean import clean_line
from indexer.extract.items import Incomplete
from indexer.extract.xml_tree import parse_member
from indexer.index.schema import FileMetadata
from indexer.library.dates import read_date
from indexer.library.languages import language_code

_CORE = "docProps/core.xml"
_OTHER_CORE = ".psmdcp"
"""Ending of the same part's name in packages that .NET wrote."""
_APPLICATION = "docProps/app.xml"
_META = "meta.xml"
# The part, the element and the attribute that give the language of a text that says nothing of its own.
_LANGUAGES = (
    ("word/styles.xml", "docDefaults//{*}lang", "val"),
    ("ppt/presentation.xml", "defaultTextStyle//{*}defRPr", "lang"),
)
_MOST_BYTES = 1_000_000
"""A larger part is no list of properties."""
_LONGEST_NUMBER = 9


def ooxml_metadata(archive: ZipFile) -> FileMetadata:
    """Return what a DOCX, PPTX or XLSX says of itself; what is missing or damaged is left empty.

    Hardly any program writes the language among the properties: else it is the one in which the text is written unless
    it says otherwise. Pages are as many as Word made of a document when it was last saved.
    """
    names = (name for name in archive.NameToInfo if name == _CORE or name.endswith(_OTHER_CORE))
    core = _root(archive, next(names, _CORE))
    return FileMetadata(
        title=_text(core, "title"),
        author=_text(core, "creator"),
        language=language_code(_text(core, "language")) or _usual_language(archive),
        date=read_date(_text(core, "created")),
        pages=_count(_text(_root(archive, _APPLICATION), "Pages")),
    )


def odf_metadata(archive: ZipFile) -> FileMetadata:
    """Return the metadata of an OpenDocument file; what is missing or damaged is left empty."""
    root = _root(archive, _META)
    return FileMetadata(
        title=_text(root, "title"),
        author=_text(root, "initial-creator") or _text(root, "creator"),
        language=language_code(_text(root, "language")),
        date=read_date(_text(root, "creation-date")),
        pages=_count(_attribute(root, "document-statistic", "page-count")),
    )


def _root(archive: ZipFile, name: str) -> etree._Element | None:
    member = archive.NameToInfo.get(name)
    if member is None or member.file_size > _MOST_BYTES:
        return None
    try:
        return parse_member(archive, name)
    except Incomplete:
        return None


def _text(root: etree._Element | None, name: str) -> str:
    """Return the text of the first element of that local name, as one line."""
    element = None if root is None else root.find(f".//{{*}}{name}")
    return "" if element is None else clean_line("".join(map(str, element.itertext())))


def _attribute(root: etree._Element | None, path: str, name: str) -> str:
    """Return the attribute of that local name of the first element at the end of a path of local names."""
    element = None if root is None else root.find(f".//{{*}}{path}")
    attributes = () if element is None else element.attrib.items()
    return next((str(value) for full, value in attributes if str(full).rpartition("}")[2] == name), "")


def _usual_language(archive: ZipFile) -> str:
    codes = (_attribute(_root(archive, part), path, name) for part, path, name in _LANGUAGES)
    return language_code(next(filter(None, codes), ""))


def _count(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= _LONGEST_NUMBER else 0
