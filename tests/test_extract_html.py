"""HTML files: the text that a browser would show, and where in the file it is."""

from __future__ import annotations

import datetime
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.extract import html
from indexer.extract.items import Incomplete, Item, Remark
from indexer.extract.source import Context, Source
from indexer.html import parse, text_of
from indexer.index.schema import Extraction, FileMetadata, Locator, Page, Status
from indexer.limits import Limits
from tests.extraction import Read

FILLER = "<p>" + "filler text " * 400 + "</p>"


def read_bytes(content: bytes, limits: Limits | None = None) -> list[Item]:
    return list(html.read(Source.inside("a.html", content), Context(limits or Limits())))


def text(content: bytes) -> str:
    return "\n\n".join(item.text for item in read_bytes(content) if isinstance(item, Page))


def places(source: str) -> dict[str, tuple[str, str]]:
    """Return the label and the anchor of the page that holds each of the words KNOWN0, KNOWN1 ..."""
    pages = [item for item in read_bytes(source.encode()) if isinstance(item, Page)]
    return {
        word: (page.locator.label, page.locator.anchor)
        for page in pages
        for word in page.text.split()
        if word.startswith("KNOWN")
    }


def test_html_is_read_as_a_browser_shows_it(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.html").write_text(
        "<!DOCTYPE html><title>Title</title><style>p{}</style><nav>menu</nav><script>code()</script>"
        "<h1>Head\n ing</h1><p>forced <b>lab</b>our</p><ul><li>one<li>two</ul>line<br>break"
        "<table><tr><td>a<td>b<tr><td>c<td>d</table><!-- unseen -->"
    )
    assert read(tmp_path / "a.html") == Extraction(
        Status.OK,
        "html",
        (Page(Locator(), "Title\n\nHead ing\n\nforced labour\n\none\ntwo\n\nline\nbreak\n\na\tb\nc\td"),),
        metadata=FileMetadata(title="Title"),
    )


def test_a_long_page_is_cut_at_its_headings_and_each_part_has_the_address_of_its_heading() -> None:
    source = (
        f"<title>T</title><h1 id='own'>One</h1><p>KNOWN0</p>{FILLER}"
        f"<a name='before'></a><h2>Two</h2><p>KNOWN1</p>{FILLER}"
        f"<h3><a id='inside'></a>Th<i>ree</i></h3><p>KNOWN2</p>{FILLER}"
        f"<section id='é 1'><div><h2>Four</h2></div><p>KNOWN3</p></section>{FILLER}"
        "<p id='far'>between</p><h2>Five</h2><p>KNOWN4</p>"
    )
    assert places(source) == {
        "KNOWN0": ("One", "own"),
        "KNOWN1": ("Two", "before"),
        "KNOWN2": ("Three", "inside"),
        "KNOWN3": ("Four", "%C3%A9%201"),
        "KNOWN4": ("Five", ""),
    }


def test_a_long_page_without_headings_is_one_part_with_its_title() -> None:
    page = read_bytes(f"<title>The title</title>{FILLER}".encode())[-1]
    assert isinstance(page, Page)
    assert page.locator == Locator()
    assert page.text.startswith("The title\n\nfiller")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<meta name="author" content="A. Writer">', FileMetadata(author="A. Writer")),
        ('<meta property="article:published_time" content="2019-05-04T10:00:00Z">', datetime.date(2019, 5, 4)),
        (
            '<meta name="DCTERMS.created" content="May 2018"><meta name="dcterms.modified" content="2020">',
            datetime.date(2018, 5, 1),
        ),
        ("<title> A\n title </title><svg><title>Icon</title></svg>", FileMetadata(title="A title")),
        ("<svg><title>Icon</title></svg><title>Late</title>", FileMetadata(title="Late")),
    ],
)
def test_the_head_says_what_the_file_is(head: str, expected: FileMetadata | datetime.date) -> None:
    found = read_bytes(f"{head}<p>text".encode())[0]
    assert found == (expected if isinstance(expected, FileMetadata) else FileMetadata(date=expected))


def test_the_language_is_that_of_the_document() -> None:
    assert read_bytes(b'<html lang="fr-CA"><p>texte')[0] == FileMetadata(language="fr")


@pytest.mark.parametrize(
    ("declaration", "encoding"),
    [
        ('<meta charset="iso-8859-1">', "cp1252"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">', "cp1251"),
        ('<?xml version="1.0" encoding="iso-8859-2"?>', "iso8859-2"),
        ('<meta charset="shift_jis">', "cp932"),
        ('<meta charset="gb2312">', "gb18030"),
        ('<meta charset="iso-2022-jp">', "iso2022_jp"),
        ('<meta charset="iso-8859-1">', "utf-8-sig"),
        ('<meta charset="iso-8859-1">', "utf-16"),
        ('<meta charset="iso-8859-1">', "utf-8"),
    ],
)
def test_an_encoding_is_found_as_browsers_find_it(declaration: str, encoding: str) -> None:
    words = {"cp1251": "Привет", "iso8859-2": "łódź", "cp932": "①労働", "iso2022_jp": "労働", "gb18030": "劳动①"}
    known = words.get(encoding, "“déjà” €")
    assert text(f"{declaration}<p>{known}".encode(encoding)) == known


def test_a_doubtful_encoding_is_told_and_a_certain_one_is_not() -> None:
    remarks = [
        item for item in read_bytes("<p>Привет, это текст о правах".encode("cp1251")) if isinstance(item, Remark)
    ]
    assert len(remarks) == 1
    assert "cp1251" in remarks[0].reason
    assert not any(isinstance(item, Remark) for item in read_bytes("<p>déjà".encode("cp1252")))


@pytest.mark.parametrize(
    "before",
    ["<!--" + "c" * 11_000_000 + "-->", f"<img src='data:{'c' * 11_000_000}'>", "<div>" * 100_000, "<p" * 200_000],
    ids=["comment", "attribute", "depth", "errors"],
)
def test_nothing_that_stands_before_hides_the_text(before: str) -> None:
    assert text(f"{before}<p>KNOWN sentence".encode()).endswith("KNOWN sentence")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>a</p><p hidden>b <b>c</b></p><input hidden><p>d</p>", "a\n\nd"),
        ("<div hidden='hidden'><main>a</main></div>b", "b"),
        ("<p hidden='until-found'>a</p>b", "a\n\nb"),
        ("<nav><ul><li><a href='/'>Home</a></ul></nav>a", "a"),
        (
            "<nav><ul><li><a href='/'>Home</a></ul><h1>a</h1><p>b <a href='x'>c</a></p><table><tr><td>d</table>",
            "a\n\nb c\n\nd",
        ),
        ("<nav>Home<main>a<ul><li>b</ul></main>", "a\n\nb"),
        ("a<noscript>Switch it on<p>b</p>c", "a\n\nb"),
        ("<template><p>a</p></template>b", "b"),
    ],
)
def test_what_is_hidden_is_no_text_and_a_menu_that_never_ends_hides_no_prose(body: str, expected: str) -> None:
    assert text_of(parse([f"<html><body>{body}</body></html>"])) == expected


def test_text_beyond_the_limit_is_counted() -> None:
    with pytest.raises(Incomplete, match="1,010 more were left out") as failure:
        read_bytes(b"<p>" + b"a" * 50 + b"<p>" + b"b" * 60 + b"<p>" + b"c" * 1000, Limits(characters=100))
    assert failure.value.status is Status.CUT


def test_a_page_of_many_elements_keeps_the_limit_on_memory(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.html").write_bytes(b"<p>word <b>x</b>\n" * 100_000)
    assert read(tmp_path / "a.html").status is Status.OK


def test_the_readers_process_loads_no_tree_of_objects() -> None:
    program = "import sys, indexer.extract.html; print('bs4' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@given(
    st.lists(st.sampled_from(["<p>", "</div>", "<pre>\n", "<title>", "<!--", "é😀", "&nbsp;", "<svg/>", "x ", "<td>"]))
)
def test_a_document_reads_the_same_however_it_is_cut_into_pieces(parts: list[str]) -> None:
    whole = "".join(parts)
    assert text_of(parse(whole)) == text_of(parse([whole]))


@given(st.binary(max_size=300))
@settings(max_examples=60)
def test_no_bytes_make_it_fail(content: bytes) -> None:
    assert read_bytes(b"<html>" + content)
