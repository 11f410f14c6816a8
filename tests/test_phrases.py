"""Frequent phrases against counting all of them in plain Python."""

from __future__ import annotations

from collections import Counter
from unittest import mock

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.index import analysis
from indexer.index.whoosh import phrase_mining, phrases
from indexer.index.whoosh.layout import FIELD_COUNT
from indexer.index.whoosh.phrases import Phrases, least_count, merged_phrases
from indexer.index.whoosh.postings import Pool
from indexer.index.whoosh.strings import string_array

texts = st.lists(st.sampled_from(["human", "Rights", "of", "the", "2021", "x", "été", "people"]), max_size=8)
libraries = st.lists(st.lists(texts, max_size=2), max_size=6)
FIELDS = (0, 3)  # The title and the body.


def read(found: Phrases) -> dict[str, int]:
    every = [text.decode() for text in found.texts]
    assert every == sorted(every, key=str.encode)
    return dict(zip(every, found.counts.tolist(), strict=True))


def pooled(library: list[list[list[str]]]) -> Phrases:
    pool = Pool()
    for number, document in enumerate(library):
        for field, words in zip(FIELDS, document, strict=False):
            pool.add((number * FIELD_COUNT + field, 0, len(words)), words, "en")
    return pool.emptied().phrases


def plain(library: list[list[list[str]]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for document in library:
        found = set()
        for text in document:
            words = [analysis.fold(word) for word in text]
            for begin in range(len(words)):
                for end in range(begin + 2, min(begin + 4, len(words)) + 1):
                    phrase = words[begin:end]
                    if not any(w.isdecimal() or len(w) < 2 for w in phrase) and not {"of", "the"} & {
                        phrase[0],
                        phrase[-1],
                    }:
                        found.add(" ".join(phrase))
        counts.update(found)
    return counts


@given(libraries, st.booleans())
def test_phrases_are_counted_by_the_documents_that_they_stand_in(library: list[list[list[str]]], is_few: bool) -> None:
    with mock.patch.object(phrase_mining, "_FEW_WORDS", 1_000 if is_few else -1):
        found = read(pooled(library))
    assert found == {phrase: count for phrase, count in plain(library).items() if is_few or count > 1}


@given(libraries, libraries)
def test_the_counts_of_several_sources_add_up(some: list[list[list[str]]], others: list[list[list[str]]]) -> None:
    assert read(merged_phrases([pooled(some), pooled(others)])) == dict(plain([*some, *others]))


def test_of_too_many_phrases_the_rarest_are_left_out() -> None:
    with mock.patch.object(phrases, "MOST_ONCE", 3), mock.patch.object(phrases, "MOST", 2):
        assert [least_count(np.array(counts)) for counts in ([1, 1, 1], [1, 1, 1, 2], [1, 2, 3, 4], [2, 2, 2, 5])] == [
            1,
            2,
            3,
            3,
        ]
        some = Phrases(string_array([b"a", b"b", b"c"]), np.array([1, 1, 2], dtype=np.uint32))
        others = Phrases(string_array([b"b", b"d"]), np.array([1, 1], dtype=np.uint32))
        assert read(merged_phrases([some, others])) == {"b": 2, "c": 2}


def test_neither_attachments_nor_the_end_of_a_long_body_have_phrases() -> None:
    pool = Pool()
    for number in range(2):
        slot = number * FIELD_COUNT + 3
        pool.add((slot, 0, 2, slot, 300, 2), ["paid", "fees", "far", "away"], "en")
        pool.add((number * FIELD_COUNT + 4, 0, 2), ["human", "rights"], "en")
    assert read(pool.emptied().phrases) == {"paid fees": 2}
