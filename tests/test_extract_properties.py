"""What Office files say of themselves, and whether OpenDocument files need a password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from indexer.extract.items import Incomplete
from indexer.extract.opendocument import refuse_encrypted
from indexer.extract.properties import odf_metadata, ooxml_metadata
from indexer.index.schema import FileMetadata, Status
from tests.extraction import Read
from tests.opendocument import opendocument

CORE = "docProps/core.xml"
DUBLIN = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
META = 'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"'
MANIFEST = 'xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'


def archive(parts: dict[str, str]) -> ZipFile:
    file = BytesIO()
    with ZipFile(file, "w") as written:
        for name, content in parts.items():
            written.writestr(name, content)
    return ZipFile(file)


def core(content: str) -> str:
    return f'<cp:coreProperties xmlns:cp="urn:cp" {DUBLIN} xmlns:dcterms="urn:terms">{content}</cp:coreProperties>'


def meta(content: str) -> str:
    return f'<o:document-meta xmlns:o="urn:o" {META} {DUBLIN}><o:meta>{content}</o:meta></o:document-meta>'


def manifest(path: str) -> str:
    entry = f'<m:file-entry m:full-path="{path}"><m:encryption-data/></m:file-entry>'
    return f'<m:manifest {MANIFEST}><m:file-entry m:full-path="/"/>{entry}</m:manifest>'


def test_the_core_properties_of_an_office_file_are_read() -> None:
    content = core(
        "<dc:title> Costs\n of 2024 </dc:title><dc:creator>Ann Author</dc:creator><dc:language>en-GB</dc:language>"
        "<dcterms:created>2024-05-01T23:30:00Z</dcterms:created>"
    )
    expected = FileMetadata("Costs of 2024", "Ann Author", "en", date(2024, 5, 1))
    assert ooxml_metadata(archive({CORE: content})) == expected
    assert ooxml_metadata(archive({"package/core/a1.psmdcp": content})) == expected


def test_the_metadata_of_an_opendocument_file_is_read() -> None:
    content = meta(
        "<dc:title>Costs</dc:title><meta:initial-creator>Ann</meta:initial-creator><dc:creator>Bob</dc:creator>"
        "<meta:creation-date>2024-05-01T23:30:00.123</meta:creation-date><dc:language>pt-BR</dc:language>"
        '<meta:document-statistic meta:table-count="2" meta:page-count="12"/>'
    )
    assert odf_metadata(archive({"meta.xml": content})) == FileMetadata("Costs", "Ann", "pt", date(2024, 5, 1), 12)
    assert odf_metadata(archive({"meta.xml": meta("<dc:creator>Bob</dc:creator>")})) == FileMetadata(author="Bob")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2024", date(2024, 1, 1)),
        ("2024-05", date(2024, 5, 1)),
        ("2024-05-07", date(2024, 5, 7)),
        ("0000-00-00", None),
        ("2024-02-31", None),
        ("20240507", date(2024, 5, 7)),
        ("yesterday", None),
    ],
)
def test_a_date_may_lack_its_day_and_month_and_is_none_if_there_is_no_such_day(written: str, read: date | None) -> None:
    assert ooxml_metadata(archive({CORE: core(f"<created>{written}</created>")})).date == read


@pytest.mark.parametrize(
    ("written", "read"), [("FR", "fr"), ("zh_Hans", "zh"), ("French", "fr"), ("x-none", ""), ("", "")]
)
def test_a_language_is_what_a_page_would_mean_by_it(written: str, read: str) -> None:
    assert ooxml_metadata(archive({CORE: core(f"<dc:language>{written}</dc:language>")})).language == read


DEFAULTS = '<w:docDefaults><w:rPr><w:lang w:val="fr-CA"/></w:rPr></w:docDefaults>'
STYLES = f'<w:styles xmlns:w="w"><w:lang w:val="es"/>{DEFAULTS}</w:styles>'
SHOW = '<p:a xmlns:p="p"><p:defaultTextStyle><p:lvl1pPr><p:defRPr lang="pt-BR"/></p:lvl1pPr></p:defaultTextStyle></p:a>'


@pytest.mark.parametrize(
    ("parts", "language"),
    [
        ({"word/styles.xml": STYLES}, "fr"),
        ({"ppt/presentation.xml": SHOW}, "pt"),
        ({"word/styles.xml": STYLES, CORE: core("<dc:language>de-AT</dc:language>")}, "de"),
        ({"word/styles.xml": "<w:styles/>"}, ""),
        ({"word/styles.xml": "<w:styles"}, ""),
    ],
)
def test_the_language_is_the_one_that_the_text_is_written_in_unless_the_properties_say_it(
    parts: dict[str, str], language: str
) -> None:
    assert ooxml_metadata(archive(parts)).language == language


def test_a_document_has_as_many_pages_as_word_counted() -> None:
    application = '<Properties xmlns="urn:p"><Pages>12</Pages></Properties>'
    assert ooxml_metadata(archive({"docProps/app.xml": application})).pages == 12
    assert ooxml_metadata(archive({"docProps/app.xml": application.replace("12", "-1")})).pages == 0


@pytest.mark.parametrize("count", ["-1", "many", "9" * 5000, ""])
def test_a_number_of_pages_that_is_none_is_not_known(count: str) -> None:
    content = meta(f'<meta:document-statistic meta:page-count="{count}"/>')
    assert odf_metadata(archive({"meta.xml": content})).pages == 0


@pytest.mark.parametrize("content", ["", "<a", "<!DOCTYPE a [<!ENTITY b 'c'>]><a><title>&b;</title></a>"])
@pytest.mark.parametrize(("part", "metadata"), [(CORE, ooxml_metadata), ("meta.xml", odf_metadata)])
def test_damaged_properties_are_none(part: str, metadata: Callable[[ZipFile], FileMetadata], content: str) -> None:
    assert metadata(archive({part: content})) == FileMetadata()
    assert metadata(archive({"another": ""})) == FileMetadata()


def test_properties_that_are_as_long_as_a_book_are_not_read() -> None:
    title = f"<dc:title>{'long ' * 200_001}</dc:title>"
    assert ooxml_metadata(archive({CORE: core(title)})) == FileMetadata()


@pytest.mark.parametrize("path", ["content.xml", "encrypted-package"])
def test_an_encrypted_opendocument_file_is_refused(path: str) -> None:
    with pytest.raises(Incomplete, match="password") as caught:
        refuse_encrypted(archive({"META-INF/manifest.xml": manifest(path)}))
    assert caught.value.status is Status.ENCRYPTED


@pytest.mark.parametrize("content", [manifest("Basic/Library/Module.xml"), "<a", ""])
def test_encrypted_macros_and_a_damaged_manifest_keep_nobody_from_reading(
    tmp_path: Path, read: Read, content: str
) -> None:
    opendocument(tmp_path / "a.odt", "<text:p>for all to read</text:p>", {"META-INF/manifest.xml": content})
    assert [page.text for page in read(tmp_path / "a.odt").pages] == ["for all to read"]


def test_a_text_without_a_manifest_is_read(tmp_path: Path, read: Read) -> None:
    opendocument(tmp_path / "a.odt", "<text:p>for all to read</text:p>")
    assert [page.text for page in read(tmp_path / "a.odt").pages] == ["for all to read"]
