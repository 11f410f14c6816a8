"""From the bytes of a page or an attached text to clean text."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.encoding import clean, decode


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
