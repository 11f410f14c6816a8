"""Which words may have been meant, against working out every distance in plain Python."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.index.analysis import usual_edits
from indexer.index.whoosh.candidates import candidates, within
from indexer.index.whoosh.edit_distance import costs, distances
from indexer.index.whoosh.strings import StringArray, starts_of, string_array
from indexer.index.whoosh.word_letters import letter_counts, letter_table, letters_of_word, word_lengths
from indexer.index.whoosh.written_vocabulary import WrittenVocabulary
from indexer.index.whoosh.written_words import WrittenWords
from tests.plain_evaluation import alignment_distance

words = st.text("abcdzé漢", min_size=1, max_size=8)
known_words = st.text("abcdzé漢", min_size=2, max_size=8)
NONE = np.empty(0, dtype=np.uint32)


def strings_of(some: list[str]) -> StringArray:
    return string_array([word.encode() for word in some])


def vocabulary_of(counts: dict[str, int]) -> WrittenVocabulary:
    known = sorted(counts, key=str.encode)
    numbers = np.array([counts[word] for word in known], dtype=np.uint32)
    starts = starts_of(np.zeros(len(known), dtype=np.intp))
    return WrittenVocabulary([WrittenWords(strings_of(known), numbers, starts, NONE, NONE, string_array([]))])


def best(counts: dict[str, int], typed: str) -> list[str]:
    vocabulary = vocabulary_of(counts)
    return [vocabulary.text(candidate.number) for candidate in candidates(vocabulary, typed, 5)]


@given(st.lists(words, max_size=12), words)
@example(["ca"], "abc")  # Three edits: between letters that are swapped nothing else may change.
@example(["aba"], "baa")
def test_distances_of_many_words_at_once_are_those_of_each(some: list[str], typed: str) -> None:
    strings = strings_of(some)
    table = letter_table(strings, np.arange(len(some)))
    assert distances(*table, typed).tolist() == [alignment_distance(word, typed) for word in some]


@given(st.lists(words, min_size=1, max_size=12))
def test_lengths_and_letters_of_many_words_at_once_are_those_of_each(some: list[str]) -> None:
    strings = strings_of(some)
    assert word_lengths(strings).tolist() == [len(word) for word in some]
    assert letter_counts(strings).tolist() == [int(letters_of_word(word)) for word in some]


@given(words, words)
def test_each_edit_adds_and_removes_at_most_one_bit_of_the_letters(one: str, other: str) -> None:
    letters, others = letters_of_word(one), letters_of_word(other)
    edits = alignment_distance(one, other)
    assert int(np.bitwise_count(letters & ~others)) <= edits
    assert int(np.bitwise_count(others & ~letters)) <= edits


@given(st.sets(known_words, max_size=12), words, st.integers(1, 2))
def test_words_are_found_that_so_many_edits_make_of_one(some: set[str], typed: str, edits: int) -> None:
    vocabulary = vocabulary_of(dict.fromkeys(some, 1))
    near = within(vocabulary, typed, edits)
    found = dict(zip([vocabulary.text(number) for number in near.numbers.tolist()], near.edits.tolist(), strict=True))
    expected = {word: alignment_distance(word, typed) for word in some}
    assert found == {word: distance for word, distance in expected.items() if distance <= edits}


@given(st.dictionaries(known_words, st.integers(1, 9), max_size=12), words)
def test_candidates_are_the_words_within_reach_but_not_the_word_itself(counts: dict[str, int], typed: str) -> None:
    vocabulary = vocabulary_of(counts)
    found = candidates(vocabulary, typed, 20)
    assert {vocabulary.text(candidate.number) for candidate in found} == {
        word for word in counts if 0 < alignment_distance(word, typed) <= usual_edits(typed)
    }
    likelihoods = [candidate.likelihood for candidate in found]
    assert likelihoods == sorted(likelihoods, reverse=True)


@given(words, words)
def test_edits_cost_less_than_one_each_but_for_the_first_letter_and_nothing_only_of_the_word_itself(
    one: str, other: str
) -> None:
    (cost,) = costs(*letter_table(strings_of([one]), np.arange(1)), other).tolist()
    assert (cost == 0) == (one == other)
    assert cost <= alignment_distance(one, other) + 0.5


def test_what_is_as_far_is_told_apart_by_how_people_mistype() -> None:
    assert best({"receive": 1, "relieve": 1}, "recieve") == ["receive", "relieve"]
    assert best({"rat": 1, "tar": 1, "car": 1}, "tsr")[0] == "tar"  # "s" lies next to "a".
    assert best({"committee": 1, "commixtee": 1}, "comittee")[0] == "committee"
    assert best({"separate": 1, "sebarate": 1}, "seperate")[0] == "separate"
    assert best({"labour": 1, "tabour": 1}, "kabour")[0] == "labour"


def test_what_is_as_far_and_as_likely_a_mistake_is_told_apart_by_its_frequency() -> None:
    assert best({"worker": 3, "warker": 90}, "wxrker") == ["warker", "worker"]


def test_a_frequent_word_may_be_meant_though_another_one_is_a_bit_nearer() -> None:
    assert best({"trafficking": 5_000, "traffickingly": 1, "trafficing": 1}, "traficing")[0] == "trafficking"


def test_a_word_may_be_as_long_as_what_is_typed() -> None:
    assert best({"word": 1}, "w" * 1_000) == []
    assert best({"w" * 40: 1}, "w" * 42) == ["w" * 40]


def test_in_an_empty_vocabulary_nothing_is_found() -> None:
    assert WrittenVocabulary([]).of_lengths(0, 9).numbers.tolist() == []
    assert candidates(WrittenVocabulary([]), "word", 3) == []
