"""E-books: chapters in reading order, called as the table of contents calls them."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.encoding import Encoding, find_encoding
from indexer.extract import ExtractionPool, epub
from indexer.extract.items import Cut, Incomplete
from indexer.extract.source import Context, Source
from indexer.index.schema import Extraction, FileMetadata, Locator, Page, Status, Unit
from indexer.limits import Limits
from tests.extraction import Read

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
XHTML = (
    '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" '
    '"http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd"><html xmlns="http://www.w3.org/1999/xhtml" '
    'xmlns:epub="http://www.idpf.org/2007/ops"><head><title/><script src="x.js"/></head><body>{}</body></html>'
)
NCX = (
    '<?xml version="1.0"?><!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://x/ncx.dtd"><ncx><head>'
    '<meta name="a" content="b"/></head><docTitle><text>Book</text></docTitle><navMap>{}</navMap>'
    "<pageList><pageTarget><navLabel><text>1</text></navLabel><content src='three.xhtml'/></pageTarget></pageList>"
    "</ncx>"
)
PARTS = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "OEBPS/text/one.xhtml": XHTML.format("<p>forced&nbsp;lab<i>our</i> KNOWN0</p>"),
    "OEBPS/text/two é.xhtml": XHTML.format('<h1>Heading<a id="x"/> of two</h1><p>KNOWN1</p>'),
    "OEBPS/three.xhtml": XHTML.format("<p>KNOWN2</p>"),
    "OEBPS/cover.xhtml": XHTML.format("<svg><image/></svg>"),
    "OEBPS/nav.xhtml": XHTML.format(
        '<h1>Contents</h1><nav epub:type="landmarks"><a href="three.xhtml">Start</a></nav>'
        '<nav epub:type="toc"><ol><li><a href="text/one.xhtml">The <b>first</b></a></li>'
        '<li><a href="text/one.xhtml#b">Later in it</a></li></ol></nav>'
    ),
    "OEBPS/notes.xhtml": XHTML.format("<h2>Notes</h2><p>KNOWN3</p>"),
    "OEBPS/extra.xhtml": XHTML.format("<p>KNOWN4</p>"),
}
METADATA = (
    "<dc:title>The Book</dc:title><dc:creator>A. One</dc:creator><dc:creator>B. Two</dc:creator>"
    "<dc:language>fr-FR</dc:language><dc:date>2019-05-04</dc:date>"
)


def package(spine: str = "cover one two three notes", items: str = "") -> str:
    files = {"cover": "cover.xhtml", "one": "text/one.xhtml", "two": "text/two%20%C3%A9.xhtml", "three": "three.xhtml"}
    files |= {"notes": "notes.xhtml", "extra": "extra.xhtml"}
    manifest = "".join(
        f'<item id="{key}" href="{href}" media-type="application/xhtml+xml"/>' for key, href in files.items()
    )
    manifest += '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>' + items
    references = "".join(
        f'<itemref idref="{key}" linear="{"no" if key == "notes" else "yes"}"/>' for key in spine.split()
    )
    return (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<metadata>{METADATA}</metadata><manifest>{manifest}</manifest><spine toc="ncx">{references}</spine></package>'
    )


def book(parts: Mapping[str, str | bytes | None] | None = None) -> bytes:
    """Return an e-book; parts that are None are left out."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in ({**PARTS, "OEBPS/content.opf": package()} | dict(parts or {})).items():
            if content is not None:
                archive.writestr(name, content)
    return stream.getvalue()


def pages(content: bytes, limits: Limits | None = None) -> tuple[list[Page], Incomplete | None]:
    """Return the pages that were read before the reading ended, and how it ended."""
    found: list[Page] = []
    try:
        for item in epub.read(Source.inside("a.epub", content), Context(limits or Limits())):
            if isinstance(item, Page):
                found.append(item)
    except Incomplete as problem:
        return found, problem
    return found, None


def labels(content: bytes) -> dict[str, str]:
    found, _ = pages(content)
    return {word: page.locator.label for page in found for word in page.text.split() if word.startswith("KNOWN")}


def test_chapters_are_read_in_their_order_with_what_the_book_says_of_itself(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.epub").write_bytes(book())
    assert read(tmp_path / "a.epub") == Extraction(
        Status.OK,
        "epub",
        (
            Page(Locator("The first", Unit.CHAPTER), "forced labour KNOWN0"),
            Page(Locator("Heading of two", Unit.CHAPTER), "Heading of two\n\nKNOWN1"),
            Page(Locator("3", Unit.CHAPTER), "KNOWN2"),
            Page(Locator("Notes", Unit.CHAPTER), "Notes\n\nKNOWN3"),
            Page(Locator("5", Unit.CHAPTER), "KNOWN4"),
        ),
        metadata=FileMetadata("The Book", "A. One, B. Two", "fr", datetime.date(2019, 5, 4)),
    )


def test_titles_of_an_older_book_come_from_its_ncx() -> None:
    points = "".join(
        f"<navPoint><navLabel><text>{title}</text></navLabel><content src='{target}'/></navPoint>"
        for title, target in (("Opening", "text/one.xhtml#a"), ("Second &amp; last", "text/two%20%C3%A9.xhtml"))
    )
    item = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
    older = package(items=item).replace('properties="nav"', "")
    content = book({"OEBPS/content.opf": older, "OEBPS/toc.ncx": NCX.format(points), "OEBPS/nav.xhtml": None})
    assert labels(content) | {"KNOWN3": "", "KNOWN4": ""} == {
        **{"KNOWN0": "Opening", "KNOWN1": "Second & last", "KNOWN2": "3", "KNOWN3": "", "KNOWN4": ""}
    }


def test_the_table_of_contents_is_not_repeated_even_in_the_reading_order() -> None:
    found, problem = pages(book({"OEBPS/content.opf": package("nav one two three")}))
    assert problem is None
    assert not any("Contents" in page.text or "Later in it" in page.text for page in found)


def test_a_chapter_in_an_old_encoding_is_read() -> None:
    chapter = '<?xml version="1.0" encoding="ISO-8859-1"?><html><body><p>“déjà” KNOWN0</p></body></html>'
    found, _ = pages(book({"OEBPS/text/one.xhtml": chapter.encode("cp1252")}))
    assert found[0].text == "“déjà” KNOWN0"


def test_missing_chapters_are_named_and_the_others_kept() -> None:
    found, problem = pages(book({"OEBPS/three.xhtml": None, "OEBPS/content.opf": package("one two three ghost")}))
    assert [page.locator.label for page in found][:2] == ["The first", "Heading of two"]
    assert problem is not None
    assert problem.status is Status.DAMAGED
    assert "OEBPS/three.xhtml" in problem.reason
    assert "ghost" in problem.reason


@pytest.mark.parametrize("broken", ["not XML", "<!DOCTYPE package><package/>", None])
def test_a_book_without_a_readable_package_is_read_in_the_order_of_the_archive(broken: str | None) -> None:
    found, problem = pages(book({"OEBPS/content.opf": broken}))
    assert [page.text for page in found][:2] == ["forced labour KNOWN0", "Heading of two\n\nKNOWN1"]
    assert problem is not None
    assert problem.status is Status.DAMAGED


def test_a_container_that_is_missing_is_done_without() -> None:
    assert pages(book({"META-INF/container.xml": None})) == pages(book())


def encryption(method: str, target: str) -> str:
    return (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" '
        'xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData>'
        f'<e:EncryptionMethod Algorithm="{method}"/><e:CipherData><e:CipherReference URI="{target}"/></e:CipherData>'
        "</e:EncryptedData></encryption>"
    )


def test_protected_chapters_are_reported_and_disguised_fonts_are_not() -> None:
    aes = "http://www.w3.org/2001/04/xmlenc#aes256-cbc"
    found, problem = pages(book({"META-INF/encryption.xml": encryption(aes, "OEBPS/three.xhtml")}))
    assert problem is not None
    assert problem.status is Status.ENCRYPTED
    assert "OEBPS/three.xhtml" in problem.reason
    assert not any("KNOWN2" in page.text for page in found)
    font = encryption("http://www.idpf.org/2008/embedding", "OEBPS/a.otf")
    assert pages(book({"META-INF/encryption.xml": font})) == pages(book())
    assert pages(book({"META-INF/encryption.xml": "damaged"})) == pages(book())


def test_a_chapter_that_is_damaged_in_the_archive_is_named() -> None:
    content = book()
    at = content.index(b"KNOWN2")
    found, problem = pages(content[:at] + b"XNOWN2" + content[at + 6 :])
    assert problem is not None
    assert "OEBPS/three.xhtml" in problem.reason
    assert any("KNOWN3" in page.text for page in found)


def test_a_book_that_breaks_off_gives_its_first_chapters_and_names_the_rest() -> None:
    whole = book({"OEBPS/zzz": "x" * 99})
    found, problem = pages(whole[: whole.index(b"OEBPS/cover.xhtml")])
    assert "forced labour KNOWN0" in [page.text for page in found]
    assert problem is not None
    assert problem.status is Status.DAMAGED
    assert "end is missing" in problem.reason


def test_a_chapter_that_takes_too_much_memory_is_named_and_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(stream: BinaryIO) -> Encoding:
        stream.seek(0)
        content = stream.read()
        if b"KNOWN1" in content or b"landmarks" in content:
            raise MemoryError
        return find_encoding(stream)

    monkeypatch.setattr(epub, "find_encoding", exhausted)
    found, problem = pages(book({"OEBPS/content.opf": package("one two three ghost")}))
    assert [page.text for page in found if "KNOWN" in page.text] == [
        "forced labour KNOWN0",
        "KNOWN2",
        "Notes\n\nKNOWN3",
        "KNOWN4",
    ]
    assert problem is not None
    assert problem.status is Status.DAMAGED
    assert problem.reason == (
        "Chapters of it are missing or damaged: ghost. "
        "Chapters of it take too much memory to be read: OEBPS/text/two é.xhtml."
    )


def test_chapters_longer_than_a_text_may_be_are_cut_and_what_is_left_out_is_counted() -> None:
    found, problem = pages(book(), Limits(characters=10))
    assert [page.text for page in found][:2] == ["forced lab", "Heading of"]
    assert isinstance(problem, Cut)
    left_out = len("our KNOWN0") + len(" twoKNOWN1") + len("NotesKNOWN3") - 10
    assert problem.left_out == left_out
    damaged = pages(book({"OEBPS/content.opf": package("one two ghost")}), Limits(characters=10))[1]
    assert damaged is not None
    assert (damaged.status, damaged.left_out) == (Status.DAMAGED, left_out)
    assert "ghost" in damaged.reason


def test_a_book_that_is_too_long_says_so_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.epub").write_bytes(book())
    with ExtractionPool(1, Context(Limits(characters=15))) as pool:
        extraction = pool.extract(tmp_path / "a.epub")
    assert (extraction.status, extraction.characters, extraction.characters_left_out) == (Status.CUT, 15, 52)
    assert (
        extraction.reason
        == "Only its first 15 characters are searched; 52 more (4 whole pages among them) were left out."
    )


@given(st.integers(0, len(book()) - 1), st.binary(min_size=1, max_size=8))
@settings(max_examples=60)
def test_no_damage_makes_it_fail_otherwise(position: int, junk: bytes) -> None:
    content = book()
    _, problem = pages(content[:position] + junk + content[position + len(junk) :])
    assert problem is None or problem.reason


@given(
    st.sampled_from(sorted(PARTS)), st.integers(0, 400), st.sampled_from(["<", "</", "&x;", '"', "\x00", "<a>" * 300])
)
@settings(max_examples=60)
def test_no_markup_makes_it_fail_otherwise(name: str, position: int, junk: str) -> None:
    part = PARTS[name]
    _, problem = pages(book({name: part[:position] + junk + part[position:]}))
    assert problem is None or problem.reason
