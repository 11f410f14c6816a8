"""What comes over the line from the processes that read: clean text, put together from any pieces."""

from __future__ import annotations

import json
import sqlite3
import sys
import time
import tracemalloc
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract import EXTRACTOR_VERSION, wire
from indexer.extract import clean as cleaning
from indexer.extract.clean import clean, clean_line

# All characters, lone surrogates too, with those that matter more often than chance would have them.
ANY_TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=()),
        st.sampled_from(" \t\n\r\v\f\0\u00a0\u00ad\u0301\u2028a\ufb01\ufe76\ufefb"),
    )
)


@given(ANY_TEXT)
def test_clean_text_survives_json_and_sqlite(text: str) -> None:
    cleaned = clean(text)
    assert json.loads(json.dumps(cleaned, ensure_ascii=False).encode()) == cleaned
    with sqlite3.connect(":memory:") as database:
        assert database.execute("select ?", (cleaned,)).fetchone() == (cleaned,)
    database.close()


@given(ANY_TEXT)
def test_clean_text_is_normal_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(gap in cleaned for gap in ("\n\n\n", "  ", " \n", "\n "))


@given(st.lists(st.text("abcé中😀", min_size=1), min_size=1))
def test_cleaning_loses_no_word(words: list[str]) -> None:
    assert clean(" \r\n\t".join(words)).split() == unicodedata.normalize("NFC", " ".join(words)).split()


@given(st.text("ab é\u0301\t\r\n\u00a0\u00ad\0\u2028\ufb01\ufe76😀 "), st.integers(1, 9))
def test_a_long_text_is_cleaned_in_pieces_as_it_would_be_as_a_whole(text: str, size: int) -> None:
    whole = clean(text)
    with pytest.MonkeyPatch.context() as patch:
        # Places to part a text are looked for as far as they go here, and that is as far as the text does.
        patch.setattr(cleaning, "_blocks", lambda text: in_blocks(text, size))
        assert clean(text) == whole


def in_blocks(text: str, size: int) -> Iterator[str]:
    start = 0
    while found := cleaning._BEGINNING.search(text, start + size):
        yield text[start : found.start()]
        start = found.start()
    yield text[start:]


@pytest.mark.parametrize("text", ["a b\n", "word", "a  😀 \r\n", "\xad"])
def test_a_long_text_is_cleaned_in_memory_that_is_bounded(text: str) -> None:
    long = text * (3_000_000 // len(text))
    tracemalloc.start()
    try:
        cleaned = clean(long)
        assert tracemalloc.get_traced_memory()[1] < 2 * sys.getsizeof(long) + 64_000_000
    finally:
        tracemalloc.stop()
    assert cleaned.count("a") == long.count("a")


@pytest.mark.parametrize(
    ("shapes", "letters"),
    [
        (
            "e\ufb03cient \ufb01eld, \ufb02ow, o\ufb00, ba\ufb04e, la\ufb05, \ufb06ar",
            "efficient field, flow, off, baffle, last, star",
        ),
        # The word for "book" in the shapes of its letters, and a vowel sign that stands alone.
        ("\ufedb\ufe98\ufe8e\ufe8f", "\u0643\u062a\u0627\u0628"),
        ("\u0643\ufe76\u062a", "\u0643\u064e\u062a"),
        ("\ufefb", "\u0644\u0627"),
        # Plain signs that are a matter of style stay as they are.
        ("x² ½ № ™ ﴾", "x² ½ № ™ ﴾"),
    ],
)
def test_ligatures_and_shapes_of_letters_become_letters(shapes: str, letters: str) -> None:
    assert clean(shapes) == clean_line(shapes) == letters


@pytest.mark.parametrize("character", [" ", "\ufb03", "\ufe76", "\t \u00a0", "\n", "\r", "\x00"])
def test_cleaning_takes_time_in_proportion_to_the_text(character: str) -> None:
    started = time.process_time()
    clean("a" + character * 1_000_000 + "b")
    assert time.process_time() - started < 2


def test_a_label_is_one_line_of_bounded_length() -> None:
    assert clean_line(" Costs\n2024 ") == "Costs 2024"
    assert len(clean_line("x" * 1000)) == 200


@given(st.lists(st.dictionaries(st.text(), st.text())), st.integers(1, 50))
def test_messages_are_put_together_from_pieces_of_any_size(messages: list[wire.Message], size: int) -> None:
    sent = b"".join(map(wire.encode, messages))
    inbox = wire.Inbox(10_000)
    pieces = [sent[start : start + size] for start in range(0, len(sent), size)]
    assert [message for piece in pieces for message in inbox.take(piece)] == messages


@pytest.mark.parametrize("data", [b"\x00\x00\x00\x03{]}", b"\x00\x00\x00\x02[]", b"\x7f\xff\xff\xff"])
def test_an_answer_that_is_too_large_or_makes_no_sense_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        list(wire.Inbox(1000).take(data))


def test_the_version_names_the_libraries_whose_next_release_may_read_differently() -> None:
    assert all(
        name in EXTRACTOR_VERSION for name in ("pypdfium2-", "lxml-", "charset-normalizer-", "python-3", "expat-")
    )
