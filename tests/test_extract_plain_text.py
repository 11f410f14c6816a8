"""Plain text, in whatever encoding."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.extract import text as text_reader
from indexer.extract.items import Incomplete
from indexer.extract.source import Context, Source
from indexer.index.schema import Extraction, Locator, Page, Status
from indexer.limits import Limits
from tests.extraction import Read, items


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_text_is_read_in_its_encoding(tmp_path: Path, read: Read, encoding: str) -> None:
    words = "Les travailleurs migrants sont exposés à la traite des êtres humains, où qu’ils aillent. " * 3
    (tmp_path / "a.txt").write_bytes(words.encode(encoding))
    assert read(tmp_path / "a.txt") == Extraction(Status.OK, "text", (Page(Locator(), words.strip()),))


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("text", ["déjà payé", "Le reçu: 40 €", "Le café"])
def test_a_few_words_are_enough_to_tell_an_encoding(tmp_path: Path, read: Read, encoding: str, text: str) -> None:
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    assert read(tmp_path / "a.txt") == Extraction(Status.OK, "text", (Page(Locator(), text),))


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-32-be"])
def test_a_mark_tells_the_order_of_bytes(tmp_path: Path, read: Read, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes("\ufeffdéjà payé".encode(encoding))
    assert read(tmp_path / "a.txt").pages == (Page(Locator(), "déjà payé"),)


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        ("😀😀😀".encode(), "😀"),
        ("aé😀😀".encode(), "aé"),
        ("é€€€€".encode("utf-8-sig"), "é€€"),
        (b"abc\xe9 caf\xe9", "ab"),
    ],
)
def test_a_limit_within_a_character_garbles_nothing(tmp_path: Path, content: bytes, kept: str) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    pages = items(tmp_path / "a.txt", Context(Limits(characters=len(kept))))
    page = next(pages)
    assert isinstance(page, Page)
    assert page.text.startswith(kept)
    assert "\ufffd" not in page.text
    with pytest.raises(Incomplete, match="bytes are not searched"):
        next(pages)


def test_text_is_kept_without_what_no_reader_sees(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.txt").write_bytes("a\u0301 soft\u00adly\x07 now\r\n\r\n\r\nthen  \x0cend\ufeff".encode())
    assert read(tmp_path / "a.txt").pages[0].text == "á softly now\n\nthen\nend"


def test_an_encoding_that_statistics_named_is_told(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.txt").write_bytes("Привет, это текст о правах человека".encode("cp1251"))
    extraction = read(tmp_path / "a.txt")
    assert extraction.pages[0].text == "Привет, это текст о правах человека"
    assert "was read as cp1251" in extraction.reason


def test_letters_that_are_lost_are_told(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfcaf\xe9 and more")
    assert "holds bytes that are not" in read(tmp_path / "a.txt").reason


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_read(encoding: str) -> None:
    (page,) = text_reader.read(Source.inside("a.txt", "A title and some words".encode(encoding)), Context())
    assert page == Page(Locator(), "A title and some words")
