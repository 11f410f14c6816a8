r"""RTF files: what a reader sees, on the right page, whatever wrote the file."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract import rtf
from indexer.extract.items import Incomplete, Item
from indexer.extract.source import Context, Source
from indexer.index.schema import Extraction, FileMetadata, Locator, Page, Status, Unit
from indexer.limits import Limits
from tests.extraction import Read

FONTS = (
    r"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}{\f2\fcharset128 MS Mincho;}{\f3\fcharset2 Symbol;}}"
)
FILLER = r"\pard filler " + "text " * 1000 + r"\par "


def items(body: str | bytes, limits: Limits | None = None) -> list[Item]:
    content = body.encode("latin-1") if isinstance(body, str) else body
    return list(rtf.read(Source.inside("a.rtf", content), Context(limits or Limits())))


def text(body: str) -> str:
    found = items(rf"{{\rtf1\ansi\ansicpg1252\deff0{FONTS}{body}}}")
    return "\n\n".join(item.text for item in found if isinstance(item, Page))


def test_a_file_is_read_with_what_it_says_of_itself(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.rtf").write_text(
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}}{\colortbl;\red0;}{\*\generator Word;}"
        r"{\info{\title The t\'e9tle}{\author A. Writer}{\creatim\yr2019\mo5\dy4\hr3}{\nofpages12}{\doccomm unseen}}"
        "\\pard\\plain forced lab\nour\\par\r\nsecond {\\b pa}ge\\par}"
    )
    assert read(tmp_path / "a.rtf") == Extraction(
        Status.OK,
        "rtf",
        (Page(Locator(), "forced labour\n\nsecond page"),),
        metadata=FileMetadata("The tétle", "A. Writer", date=datetime.date(2019, 5, 4), pages=12),
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r"a\tab b\line c\~d\_e\-f\emdash g\ldblquote h\rdblquote", "a\tb\nc d-e—g“h”".replace("-e", "-ef")),
        (r"\{a\}\\b", "{a}\\b"),
        (
            r"one\
two\page three\sect four",
            "one\n\ntwo\n\nthree\n\nfour",
        ),
        (r"\f0\'e9\f1\'cf\'f0\'e8\f0\'e9\plain\'e9", "éПриéé"),
        (r"\f2\'93\'fa\'96{\b \'7b}", "日本"),
        (r"\f2\'83A", "ア"),
        (r"\u233?\u1055\'cf\uc0\u1088\uc2\u8364 EUx{\u8364 E}x", "éПр€x€x"),
        (r"\u-10179?\u-8704?", "😀"),
        (r"\f3\u-3913?word", "word"),
        (r"a{\v hidden}b\v hidden\v0 c{\deleted gone}{\revised kept}", "abckept"),
        (r"\trowd A\cell B\cell\row C\cell D\cell\row\pard after", "A\tB\nC\tD\n\nafter"),
        (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}", "link"),
        (r"a{\pict\pngblip 89504e47}b{\*\shppict{\pict ff}}{\nonshppict{\pict ff}}", "ab"),
        ("a{\\pict\\bin5 }\\b{}b}c", "ac"),
        (r"{\object{\*\objclass Word}{\*\objdata 0105}{\result seen}}", "seen"),
        (r"{\upr{an?i}{\*\ud{an\u351?i}}}", "anşi"),
        (r"a{\xe index entry}{\tc contents entry}b", "ab"),
        (r"{\*\unknown unseen}{\*\bkmkstart mark}text", "text"),
        (r"{\stylesheet{\s1 heading 1;}{\*\cs2 character;}}text", "text"),
    ],
)
def test_what_a_reader_sees_is_text(body: str, expected: str) -> None:
    assert text(body) == expected


@pytest.mark.parametrize(
    "aside",
    [
        r"{\super\chftn{\footnote\pard KNOWN \b sentence}}",
        r"{\footnote\ftnalt KNOWN sentence}",
        r"{\*\atnid AB}{\*\atnauthor A}\chatn{\*\annotation{\*\atndate 1}KNOWN sentence}",
        r"{\header KNOWN sentence\par}",
        r"{\footerf KNOWN sentence\par}",
        r"{\shp{\*\shpinst\shpleft1{\sp{\sn name}{\sv value}}{\shptxt KNOWN sentence\par}}{\shprslt KNOWN}}",
        r"{\*\do\dptxbx{\dptxbxtext KNOWN sentence\par}}",
    ],
    ids=["footnote", "endnote", "comment", "header", "footer", "text box", "old text box"],
)
def test_what_stands_aside_follows_the_paragraph_that_it_belongs_to(aside: str) -> None:
    assert text(rf"first\par forced{aside} labour\par last") == "first\n\nforced labour\n\nKNOWN sentence\n\nlast"


def test_a_header_is_kept_once_however_often_it_is_repeated() -> None:
    assert text(r"{\header H}a\sect{\header H}b\sect{\header I}c") == "a\n\nH\n\nb\n\nc\n\nI"


def test_headings_cut_a_long_text_be_they_named_by_their_level_or_by_their_style() -> None:
    body = (
        r"{\stylesheet{\s0 Normal;}{\s7\outlinelevel1 heading 2;}}"
        rf"\pard\outlinelevel0 One\par\pard KNOWN0\par{FILLER}"
        rf"\pard\s7 Two\par\pard\outlinelevel9 KNOWN1\par{FILLER}"
    )
    pages = [item for item in items(rf"{{\rtf1 {body}}}") if isinstance(item, Page)]
    assert [(page.locator, page.text.split()[1]) for page in pages] == [
        (Locator("One", Unit.SECTION), "KNOWN0"),
        (Locator("Two", Unit.SECTION), "KNOWN1"),
    ]


@pytest.mark.parametrize(
    ("declared", "expected"), [(r"\ansicpg1251", "П"), (r"\mac", "œ"), (r"\pca", "¤"), (r"\ansicpg99999", "Ï")]
)
def test_the_code_page_of_a_file_holds_where_no_font_says_more(declared: str, expected: str) -> None:
    (page,) = (item for item in items(rf"{{\rtf1{declared} \'cf}}") if isinstance(item, Page))
    assert page.text == expected


def test_a_truncated_file_gives_its_text_so_far(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.rtf").write_text(r"{\rtf1 words {\b more{\footnote note")
    extraction = read(tmp_path / "a.rtf")
    assert extraction.status is Status.DAMAGED
    assert "ends in the middle" in extraction.reason
    assert extraction.pages[0].text == "words more\n\nnote"


def test_deep_groups_end_the_reading_and_keep_the_text(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.rtf").write_text(r"{\rtf1 words " + "{" * 1_000_000 + "deep")
    extraction = read(tmp_path / "a.rtf")
    assert extraction.status is Status.DAMAGED
    assert "10,000 deep" in extraction.reason
    assert extraction.pages[0].text == "words"


def test_text_beyond_the_limit_is_counted() -> None:
    with pytest.raises(Incomplete, match="60 more were left out") as failure:
        items(rf"{{\rtf1 {'a' * 40}\par {'b' * 60}}}", Limits(characters=40))
    assert failure.value.status is Status.CUT


def test_a_million_letters_by_their_codes_are_read() -> None:
    (page,) = (item for item in items("{\\rtf1 " + "\\'e9" * 1_000_000 + "}") if isinstance(item, Page))
    assert page.text == "é" * 1_000_000


def test_notes_within_notes_are_read_however_deep() -> None:
    (page,) = (item for item in items("{\\rtf1 " + "{\\footnote a" * 50 + "}" * 50 + "}") if isinstance(item, Page))
    assert page.text == "\n\n".join(["a", "a", "a", "a", "a" * 46])


_TOKENS = (
    *("{", "}", "\\", "*", "'", "\\u-1 ", "\\'9", "\\bin9 ", "{\\upr", "{\\*\\ud", "{\\info{\\title ", "\\u99999999 "),
    *("x", "{\\fonttbl\\f", "\\s", "\\par ", "{\\footnote ", "\\fcharset128 ", "{\\creatim\\yr99999", "\\row ", "\\v "),
)


@given(st.lists(st.sampled_from(_TOKENS), max_size=30).map("".join))
def test_no_tokens_make_it_fail(body: str) -> None:
    assert ends_well("{\\rtf1 " + body)


@given(st.binary(max_size=120))
def test_no_bytes_make_it_fail(content: bytes) -> None:
    assert ends_well(b"{\\rtf1 " + content)


def ends_well(content: str | bytes) -> bool:
    """Read a file, and tell whether it was whole or said to be damaged."""
    try:
        return bool(items(content))
    except Incomplete as problem:
        return problem.status is Status.DAMAGED
