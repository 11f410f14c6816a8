"""What tells what a resource is about, remembered from word to word, is what it is when it is looked up anew."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index import analysis
from indexer.index.schema import Document, Resource
from indexer.index.whoosh import term_statistics
from indexer.index.whoosh.arrays import IndexArrays
from indexer.index.whoosh.scoring import inverse_document_frequency
from indexer.index.whoosh.telling import telling_terms, telling_words
from tests.test_evaluation import folder_of

texts = st.lists(st.sampled_from(["Rights", "right", "the", "ILO", "UK", "2021", "日本語", "été", "étés", "d'accord"]))


@given(texts.map(" ".join), st.sampled_from(["en", "fr", "xx"]))
def test_terms_that_tell_are_those_of_the_words_that_do(text: str, language: str) -> None:
    words = telling_words(text, ("en", "fr"))
    assert telling_terms(text, ("en", "fr"), language) == Counter(analysis.terms_of(words, language))


def test_statistics_of_terms_are_those_of_the_index_also_when_too_many_were_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(term_statistics.KnownTerms, "_LIMIT", 2)
    found = [Document(Resource(f"r{number}", "Rights", "Labour rights" if number else "")) for number in range(3)]
    with folder_of((found[:2], []), (found[2:], []), growth=0) as folder:
        arrays = IndexArrays(folder)
        for _ in range(2):
            known = {term: arrays.terms[term] for term in ("right", "labour", "labor", "absent")}
            assert {term: each.postings for term, each in known.items()} == {
                "right": 5,  # in three titles and two summaries
                "labour": 0,
                "labor": 2,
                "absent": 0,
            }
            assert known["right"].rarity == inverse_document_frequency(3, 3)
            assert known["labor"].rarity == inverse_document_frequency(3, 2)
            assert [end - begin for begin, end in known["labor"].stretches] == [1, 1]
        assert len(arrays.terms) <= 2
