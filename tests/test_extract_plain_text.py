"""Plain text, in whatever encoding."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.encoding import decode
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
        ("a\r\nb\rc\n".encode("utf-16"), "a\r"),
    ],
)
def test_what_is_beyond_the_limit_is_counted_in_characters(tmp_path: Path, content: bytes, kept: str) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    text, _ = decode(content)
    pages = items(tmp_path / "a.txt", Context(Limits(characters=len(kept))))
    assert next(pages) == Page(Locator(), kept)
    with pytest.raises(Incomplete, match="more were left out") as caught:
        next(pages)
    assert (caught.value.status, caught.value.left_out) == (Status.CUT, len(text) - len(kept))


@pytest.mark.parametrize(
    ("suffix", "line"), [("txt", "😀  😀 \r\n"), ("csv", "no end of line "), ("md", "no end of line ")]
)
def test_a_text_of_any_size_is_searched_up_to_the_usual_limit(
    tmp_path: Path, read: Read, suffix: str, line: str
) -> None:
    most, beyond = Limits().characters, 1_000_000
    with (tmp_path / f"a.{suffix}").open("w", encoding="utf-8", newline="") as file:
        for _ in range((most + beyond) // (len(line) * 1_000)):
            file.write(line * 1_000)
    extraction = read(tmp_path / f"a.{suffix}")
    assert extraction.status is Status.CUT
    assert extraction.characters > most // 2
    # Markdown gains an empty line here and there.
    assert beyond * 0.99 < extraction.characters_left_out < beyond * 1.01
    assert extraction.reason.count("were left out") == 1


@given(st.text("a\r\n", max_size=40), st.integers(1, 10), st.integers(1, 40))
def test_pieces_of_a_text_end_where_a_line_does_and_lose_nothing(written: str, size: int, most: int) -> None:
    source = Source.inside("a.txt", written.encode())
    with pytest.MonkeyPatch.context() as patch, text_reader.opened(source, Context(Limits(characters=most))) as text:
        patch.setattr(text_reader, "_BLOCK", size)
        blocks = list(text.blocks())
    assert "".join(blocks) == written[:most]
    assert all(block.endswith("\n") or block.endswith("\r") for block in blocks[:-1])


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
