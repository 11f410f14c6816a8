from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index import analysis
from indexer.index.whoosh import postings as postings_room
from indexer.index.whoosh.array_file import ArrayFile, ArrayFileWriter
from indexer.index.whoosh.letters import letters_of
from indexer.index.whoosh.postings import Pool, postings_of, put_postings
from indexer.index.whoosh.strings import string_array
from tests.postings_in_python import Found, in_order, read

Piece = tuple[int, int, list[str], str]
"""A slot, the position of the first word, words and their language."""

WORDS = ["running", "runs", "été", "ETE", "中文", "x", "2021", "ﬁne", "fine", "l"]


@st.composite
def pieces(draw: st.DrawFn) -> list[Piece]:
    """Return pieces of rising slots, those of one slot at rising positions."""
    found: list[Piece] = []
    for slot in sorted(draw(st.lists(st.integers(0, 30), max_size=8))):
        follows = found and found[-1][0] == slot
        begin = found[-1][1] + len(found[-1][2]) if follows else 0
        words = draw(st.lists(st.sampled_from(WORDS), max_size=6))
        found.append((slot, begin + draw(st.sampled_from([0, 0, 1_000])), words, draw(st.sampled_from(["en", "fr"]))))
    return found


def expected(given_pieces: list[Piece]) -> Found:
    found: Found = {}
    for slot, begin, words, language in given_pieces:
        for position, term in enumerate(analysis.terms_of(words, language), begin):
            found.setdefault(term.encode(), {}).setdefault(slot, []).append(position)
    return found


def pool_of(given_pieces: list[Piece]) -> Pool:
    pool = Pool()
    for slot, begin, words, language in given_pieces:
        pool.add((slot, begin, len(words)), words, language)
    return pool


@given(given_pieces=pieces(), words_at_once=st.integers(0, 5))
def test_a_pool_returns_what_was_added_sorted_by_term_and_slot(given_pieces: list[Piece], words_at_once: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postings_room, "_WORDS_AT_ONCE", words_at_once)
        found = read(pool_of(given_pieces).emptied())
    plain = expected(given_pieces)
    assert in_order(found) == [(term, sorted(plain[term].items())) for term in sorted(plain)]


def test_more_terms_than_16_bits_tell_apart_are_sorted() -> None:
    count = 70_000
    words = [f"w{number:05d}" for number in range(count)]
    pool = Pool()
    pool.add((3, 0, count), words[::-1], "xx")
    pool.add((8, 5, count), words, "xx")
    found = pool.emptied()
    assert list(found.terms) == [word.encode() for word in words]
    assert found.posting_starts.tolist() == list(range(0, 2 * count + 1, 2))
    assert found.slots.reshape(-1, 2).tolist() == [[3, 8]] * count
    assert np.array_equal(found.positions.reshape(-1, 2)[:, 0], np.arange(count)[::-1])
    assert np.array_equal(found.positions.reshape(-1, 2)[:, 1], np.arange(count) + 5)


@given(first=pieces(), second=pieces(), remembered=st.integers(0, 5))
def test_an_emptied_pool_holds_what_is_added_afterwards(
    first: list[Piece], second: list[Piece], remembered: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postings_room, "_FORMS_REMEMBERED", remembered)
        pool = pool_of(first)
        assert read(pool.emptied()) == expected(first)
        for slot, begin, words, language in second:
            pool.add((slot, begin, len(words)), words, language)
        assert read(pool.emptied()) == expected(second)


def test_an_empty_pool_has_no_postings() -> None:
    found = Pool().emptied()
    assert list(found.terms) == []
    assert found.posting_starts.tolist() == [0]
    assert found.position_starts.tolist() == [0]
    assert len(found.slots) == len(found.positions) == 0


def test_a_pool_grows_with_its_words_and_with_its_different_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings_room, "_WORDS_AT_ONCE", 0)
    same, different = Pool(), Pool()
    sizes = []
    for number in range(50):
        same.add((number, 0, 10), ["word"] * 10, "en")
        different.add((number, 0, 10), [f"word{number}{place}" for place in range(10)], "en")
        sizes.append(same.size)
    assert sizes == sorted(sizes)
    assert different.size > 2 * same.size > 0


@given(pieces())
def test_postings_are_read_from_a_file_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, given_pieces: list[Piece]
) -> None:
    path = tmp_path_factory.mktemp("postings") / "some.arrays"
    postings = pool_of(given_pieces).emptied()
    with ArrayFileWriter(path) as file:
        put_postings(file, postings)
        file.finish({})
    back = ArrayFile(path)
    assert in_order(read(postings_of(back))) == in_order(read(postings))
    assert back["letters"].tolist() == letters_of(postings.terms.starts, postings.terms.bytes).tolist()


def bits_of(term: str) -> int:
    bits = 0
    for letter in term:
        bits |= 1 << (letter.encode()[0] & 31)
    return bits


letters = st.characters(exclude_categories=["Cs"])
terms = st.text(letters, max_size=12)


@given(found=st.lists(terms, max_size=12), at_once=st.integers(1, 20))
def test_the_letters_of_a_term_are_a_bit_for_each_code_point(found: list[str], at_once: int) -> None:
    strings = string_array([term.encode() for term in found])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("indexer.index.whoosh.letters._BYTES_AT_ONCE", at_once)
        assert letters_of(strings.starts, strings.bytes).tolist() == [bits_of(term) for term in found]


@given(term=terms, place=st.integers(0, 12), letter=letters, kind=st.sampled_from(["insert", "delete", "replace"]))
def test_an_edit_changes_at_most_two_bits_of_letters(term: str, place: int, letter: str, kind: str) -> None:
    before, after = term[:place], term[place + (kind != "insert") :]
    edited = before + ("" if kind == "delete" else letter) + after
    strings = string_array([term.encode(), edited.encode()])
    first, second = letters_of(strings.starts, strings.bytes).tolist()
    assert (first ^ second).bit_count() <= 2


def test_an_emptied_pool_is_far_from_full_however_many_words_of_how_many_languages_it_has_seen() -> None:
    pool = Pool()
    words = [f"w{number}" for number in range(60_000)]
    for slot, language in enumerate(["en", "fr", "es", "de", "it", "pt"]):
        pool.add([slot, 0, len(words)], words, language)
    assert pool.size > 80_000_000
    pool.emptied()
    assert pool.size < 40_000_000
