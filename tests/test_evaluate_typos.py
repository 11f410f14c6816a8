"""Queries with one wrong letter in every long word."""

from __future__ import annotations

import random
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from indexer.evaluate.judgments import JudgedQuery
from indexer.evaluate.typos import EDITS, deleted, inserted, mistyped, substituted, transposed

CHANCE = random.Random(1)  # noqa: S311 - a fixed seed, so that a failure comes back


def query(text: str, name: str = "q1") -> JudgedQuery:
    return JudgedQuery(name, text, {"a": 1})


@cache
def optimal_alignment(one: str, other: str) -> int:
    """Return the Damerau-Levenshtein distance in its restricted form, straight from the recurrence."""
    if not one or not other:
        return len(one) + len(other)
    costs = [
        optimal_alignment(one[:-1], other) + 1,
        optimal_alignment(one, other[:-1]) + 1,
        optimal_alignment(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    ]
    if len(one) > 1 and len(other) > 1 and one[-1] == other[-2] and one[-2] == other[-1]:
        costs.append(optimal_alignment(one[:-2], other[:-2]) + 1)
    return min(costs)


def test_short_words_numbers_and_signs_stay_as_they_are() -> None:
    assert mistyped(query('who pays "fees" in 20191105? (a)')).text == 'who pays "fees" in 20191105? (a)'


def test_every_word_of_five_letters_or_more_has_one_wrong_letter() -> None:
    clean = "forced labour indicators, trafficking"
    wrong = mistyped(query(clean)).text
    for one, other in zip(clean.split(), wrong.split(), strict=True):
        assert optimal_alignment(one, other) == 1


def test_a_query_is_mistyped_in_the_same_way_whatever_else_is_asked() -> None:
    assert mistyped(query("recruitment")) == mistyped(query("recruitment"))
    assert len({mistyped(query("recruitment", f"q{number}")).text for number in range(20)}) > 5


@given(word=st.text("abcdé", min_size=2, max_size=6), seed=st.integers())
def test_an_edit_is_one_edit(word: str, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - hypothesis chooses the seed
    for edit in EDITS:
        assert optimal_alignment(word, edit(word, chance)) <= 1


def test_each_edit_does_what_its_name_says() -> None:
    words = ["fees", "labour", "añejo", "права"]
    assert all(len(inserted(word, CHANCE)) == len(word) + 1 for word in words)
    assert all(len(deleted(word, CHANCE)) == len(word) - 1 for word in words)
    assert all(sum(a != b for a, b in zip(substituted(word, CHANCE), word, strict=True)) == 1 for word in words)
    assert all(sorted(transposed(word, CHANCE)) == sorted(word) for word in words)
    assert all(transposed(word, CHANCE) != word for word in words if word != "fees")
    assert transposed("aaa", CHANCE) == "aaa"


def test_wrong_letters_are_of_the_script_of_the_word() -> None:
    assert set(inserted("права", CHANCE)) == set("права")
