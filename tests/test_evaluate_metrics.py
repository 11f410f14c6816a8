"""The figures of one ranked answer, beside values that were reckoned by hand and beside plain oracles."""

from __future__ import annotations

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.evaluate.metrics import average_precision, has_relevant, ndcg, recall, reciprocal_rank
from indexer.evaluate.scores import score

GRADES = {"a": 3.0, "b": 2.0, "c": 1.0, "d": 0.0, "e": -1.0, "f": 1.0}
"""Four are relevant, one is not, and one is worse than that."""


def test_a_grade_counts_as_it_is_and_the_less_the_lower_it_stands() -> None:
    gained = 1 / log2(2) + 0 / log2(3) + 3 / log2(4) + 0 / log2(5) + 2 / log2(6)
    best = 3 / log2(2) + 2 / log2(3) + 1 / log2(4) + 1 / log2(5)
    assert ndcg(["c", "x", "a", "e", "b"], GRADES, 10) == pytest.approx(gained / best)


def test_the_best_order_ends_where_the_looking_does() -> None:
    assert ndcg(["a", "b"], GRADES, 2) == 1
    assert ndcg(["a", "b"], GRADES, 10) < 1


def test_the_figures_are_those_of_trec_eval() -> None:
    """What pytrec_eval says of the same grades and the same order."""
    grades = {name: grade for name, grade in GRADES.items() if grade >= 0}
    found = score(["x", "b", "d", "c", "f", "y", "a"], grades)
    assert (found.ndcg, found.map, found.mrr, found.recall) == pytest.approx(
        (0.5930414028472559, 0.5428571428571429, 0.5, 1.0)
    )


def test_precision_is_taken_where_each_relevant_document_stands_and_is_0_for_those_not_found() -> None:
    assert average_precision(["a", "x", "b"], GRADES) == pytest.approx((1 / 1 + 2 / 3) / 4)


def test_the_first_relevant_document_decides_about_the_reciprocal_rank() -> None:
    assert reciprocal_rank(["d", "e", "x", "c", "a"], GRADES) == 1 / 4
    assert reciprocal_rank(["d", "e", "x"], GRADES) == 0


def test_recall_counts_what_was_found_in_time_among_all_that_is_relevant() -> None:
    assert recall(["x", "a", "b", "c"], GRADES, 3) == 2 / 4


def test_a_document_that_is_repeated_takes_a_place_and_brings_nothing() -> None:
    grades = {"a": 1.0, "b": 1.0}
    assert ndcg(["a", "a", "b"], grades, 10) == ndcg(["a", "x", "b"], grades, 10)
    assert average_precision(["a", "a", "b"], grades) == average_precision(["a", "x", "b"], grades)
    assert recall(["a", "a"], grades, 2) == 1 / 2


def test_only_grades_above_0_are_relevant() -> None:
    assert has_relevant({"a": 0.5})
    assert not has_relevant({"a": 0, "b": -2})
    assert not has_relevant({})


def test_nothing_found_is_0() -> None:
    found = score([], GRADES)
    assert (found.ndcg, found.map, found.mrr, found.recall) == (0, 0, 0, 0)


NAMES = st.sampled_from("abcdefgh")


@given(
    ranking=st.lists(NAMES, unique=True),
    grades=st.dictionaries(NAMES, st.integers(-1, 4), min_size=1).filter(has_relevant),
    depth=st.integers(1, 9),
)
def test_figures_are_those_of_their_definitions(ranking: list[str], grades: dict[str, int], depth: int) -> None:
    relevant = {name for name, grade in grades.items() if grade > 0}
    gains = [max(0, grades.get(name, 0)) for name in ranking]
    best = sorted((grades[name] for name in relevant), reverse=True)

    def dcg(values: list[int]) -> float:
        return sum(values[place] / log2(place + 2) for place in range(min(depth, len(values))))

    def precision(place: int) -> float:
        return len(relevant & set(ranking[: place + 1])) / (place + 1)

    hits = [place for place, name in enumerate(ranking) if name in relevant]
    assert ndcg(ranking, grades, depth) == pytest.approx(dcg(gains) / dcg(best))
    assert average_precision(ranking, grades) == pytest.approx(sum(map(precision, hits)) / len(relevant))
    assert reciprocal_rank(ranking, grades) == (1 / (hits[0] + 1) if hits else 0)
    assert recall(ranking, grades, depth) == len(relevant & set(ranking[:depth])) / len(relevant)
