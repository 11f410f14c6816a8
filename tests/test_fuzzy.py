from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.index.whoosh.fuzzy import distances
from indexer.index.whoosh.letters import letters_of
from indexer.index.whoosh.strings import starts_of
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
