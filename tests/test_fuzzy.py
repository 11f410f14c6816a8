from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.index.whoosh.fuzzy import distances, terms_within
from indexer.index.whoosh.letters import letters_of
from indexer.index.whoosh.segment import Segment
from indexer.index.whoosh.strings import starts_of, string_array
from tests.plain_evaluation import levenshtein

words = st.text("abcdzé漢", max_size=8)


@given(st.lists(words, max_size=12), words)
@example([], "")
@example(["", ""], "abc")
def test_edit_distances_of_many_words_at_once_are_those_of_each(terms: list[str], word: str) -> None:
    assert distances(terms, word).tolist() == [levenshtein(term, word) for term in terms]


@given(words, words)
def test_an_edit_changes_at_most_two_letters_of_the_set_by_which_terms_are_ruled_out(one: str, other: str) -> None:
    both = [one.encode(), other.encode()]
    sets = letters_of(starts_of(np.array([len(each) for each in both])), np.frombuffer(b"".join(both), dtype=np.uint8))
    assert int(np.bitwise_count(sets[0] ^ sets[1])) <= 2 * levenshtein(one, other)


@given(st.sets(words, max_size=12), words, st.integers(1, 2))
@example({"cut"}, "cat", 1)  # The letters of both are one more than those of each, twice.
@example({"cutely"}, "catchy", 2)
def test_terms_are_found_that_so_many_edits_make_of_a_word(terms: set[str], word: str, edits: int) -> None:
    strings = string_array(sorted(term.encode() for term in terms))
    segment = cast(Segment, SimpleNamespace(terms=strings, letters=letters_of(strings.starts, strings.bytes)))
    found = [strings[number].decode() for number in terms_within(segment, [word], edits)]
    assert set(found) == {term for term in terms if levenshtein(term, word) <= edits}
