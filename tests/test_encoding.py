"""From the bytes of a page or an attached text to clean text."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.encoding import Encoding, clean, decode, find_encoding, unmarked_utf16


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_without_remark(encoding: str) -> None:
    assert decode("Título — 日本".encode(encoding)) == ("Título — 日本", "")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_recognised(encoding: str) -> None:
    assert decode("A title and some words".encode(encoding))[0] == "A title and some words"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Café — naïve résumé of “things”", "cp1252"),
        ("Guía de contratación", "cp1252"),
        ("déjà payé", "cp1252"),
        ("Le café", "cp1252"),
        ("# 1. Привет мир, это текст о правах человека", "cp1251"),
    ],
)
def test_other_encodings_are_guessed_and_the_guess_is_told(text: str, encoding: str) -> None:
    decoded, problem = decode(text.encode(encoding))
    assert decoded == text
    assert encoding in problem
    assert "UTF-8" in problem


def test_an_encoding_that_html_declares_is_believed() -> None:
    page = '<meta charset="iso-8859-7"><p>Καλημέρα</p>'
    assert decode(page.encode("iso-8859-7")) == (page, "")


@pytest.mark.parametrize(
    ("label", "encoding", "text"),
    [
        ("iso-8859-1", "cp1252", "“quotes” and €"),
        ("Shift_JIS", "cp932", "①労働"),
        ("gb2312", "gb18030", "镕 and 劳动"),
        ("iso-2022-jp", "iso2022_jp", "労働"),
        ("utf-8", "utf-8", "déjà"),
    ],
)
def test_a_declared_encoding_is_taken_for_the_one_that_browsers_read(label: str, encoding: str, text: str) -> None:
    page = f'<meta charset="{label}"><p>{text}</p>'
    assert decode(page.encode(encoding)) == (page, "")


def test_an_xml_declaration_counts_too() -> None:
    page = '<?xml version="1.0" encoding="ISO-8859-2"?><p>łódź i więcej</p>'
    assert decode(page.encode("iso8859-2")) == (page, "")


@pytest.mark.parametrize("label", ["undefined", "unicode_escape", "punycode", "hex", "utf-7", "x" * 99])
def test_an_encoding_of_python_that_no_browser_knows_is_passed_over(label: str) -> None:
    assert decode(f'<meta charset="{label}"><p>déjà \\u0041'.encode("cp1252"))[0].endswith("déjà \\u0041")


def test_zeros_of_a_table_are_no_utf16() -> None:
    assert not unmarked_utf16(bytes((1, 0, 7, 0, 3, 0, 2, 0)) * 20)


def test_an_encoding_is_found_in_a_stream_longer_than_what_is_read_at_a_time() -> None:
    assert find_encoding(BytesIO(b"a" * 200_000 + "é".encode())).name == "utf-8"
    assert find_encoding(BytesIO(b"a" * 200_000 + "é".encode("cp1252"))).name == "cp1252"
    assert find_encoding(BytesIO("é".encode() * 100_001)) == Encoding("utf-8")
    cut = find_encoding(BytesIO("é".encode() * 100_001 + b"\xc3"))
    assert (cut.name, cut.is_doubtful) == ("utf-8", False)


def test_only_what_may_be_wrong_is_doubtful() -> None:
    assert not find_encoding(BytesIO("déjà".encode("cp1252"))).is_doubtful
    assert find_encoding(BytesIO("# Привет мир, это текст".encode("cp1251"))).is_doubtful
    assert find_encoding(BytesIO(b"\xef\xbb\xbfgood \xff bad")).is_doubtful


def test_a_false_declaration_is_passed_over() -> None:
    assert "é" in decode('<meta charset="no-such-code"><p>é</p>'.encode("cp1252"))[0]


def test_a_mark_that_the_rest_belies_is_told_and_the_rest_kept() -> None:
    text, problem = decode(b"\xef\xbb\xbfgood \xff bad")
    assert text.startswith("good")
    assert text.endswith("bad")
    assert "UTF-8" in problem


def test_utf8_that_ends_within_a_character_loses_that_one_only() -> None:
    text, problem = decode("Liberté — égalité".encode()[:-1])
    assert text == "Liberté — égalit\ufffd"
    assert "UTF-8" in problem


def test_the_library_that_guesses_is_loaded_only_for_a_guess() -> None:
    program = (
        "import sys\nfrom indexer.encoding import decode\n"
        "decode('déjà'.encode()), decode('déjà'.encode('utf-16')), decode('déjà payé'.encode('cp1252'))\n"
        "print('charset_normalizer' in sys.modules)\n"
        "decode('Привет'.encode('cp1251'))\nprint('charset_normalizer' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_cleaning_composes_accents_and_drops_what_cannot_be_shown() -> None:
    assert clean("e\u0301\x00\x1b so\xadf\u2060t\ud800\ufeff\r\na\rb\u2028c\td") == "é soft\na\nb\nc\td"


@given(st.binary(max_size=400))
def test_any_bytes_become_text_that_can_be_stored(content: bytes) -> None:
    text = clean(decode(content)[0])
    assert text.encode("utf-8").decode("utf-8") == text == unicodedata.normalize("NFC", text)
    assert "\x00" not in text
