"""Two rankings beside each other, and rankings as files that other programs read."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.bench import BenchError
from indexer.evaluate.comparison import Moved, compare, randomisation_p_value
from indexer.evaluate.judgments import JudgedQuery
from indexer.evaluate.runs import read_run, write_run

QUERIES = [
    JudgedQuery("q1", "fees", {"a": 3, "b": 1, "x": 0}),
    JudgedQuery("q2", "wells", {"a": 1}),
    JudgedQuery("q3", "wages", {"a": 1}),
]
BEFORE = {"q1": ("a", "b", "x"), "q2": ("b", "a"), "q3": ("a",)}
AFTER = {"q1": ("x", "b", "a"), "q2": ("a", "b"), "q3": ("a", "b")}


def test_queries_that_lost_most_come_first() -> None:
    found = compare(QUERIES, BEFORE, AFTER)
    assert [pair.query.text for pair in found.pairs] == ["fees", "wages", "wells"]
    assert (found.wins, found.losses, found.ties) == (1, 1, 1)
    assert found.before.mrr == pytest.approx((1 + 1 / 2 + 1) / 3)
    assert found.after.mrr == pytest.approx((1 / 2 + 1 + 1) / 3)


def test_relevant_documents_that_moved_are_told_the_best_first() -> None:
    lost = compare(QUERIES, BEFORE, {"q1": ("x", "c", "b")}).pairs
    moved = {pair.query.id: pair.moved for pair in lost}
    assert moved["q1"] == (Moved("a", 3, 1, None), Moved("b", 1, 2, 3))
    assert moved["q2"] == (Moved("a", 1, 2, None),)


def test_what_moves_below_the_first_ten_is_not_worth_telling() -> None:
    filler = tuple(f"x{number}" for number in range(12))
    found = compare(QUERIES[1:2], {"q2": (*filler, "a")}, {"q2": (*filler, "y", "a")})
    assert found.pairs[0].moved == ()


def test_a_query_that_a_ranking_lacks_found_nothing_there() -> None:
    found = compare(QUERIES, {}, AFTER)
    assert found.before.ndcg == 0
    assert found.wins == 3


def test_rankings_that_do_not_differ_are_no_matter_of_chance() -> None:
    assert randomisation_p_value([0.0, 0.0]) == 1
    assert randomisation_p_value([]) == 1


def test_of_three_gains_one_choice_of_signs_in_four_is_as_extreme() -> None:
    assert randomisation_p_value([0.1, 0.2, 0.0, 0.3]) == 2 / 8


def test_many_gains_are_no_chance_and_as_many_losses_are() -> None:
    assert randomisation_p_value([0.1] * 30) < 0.001
    assert randomisation_p_value([0.1, -0.1] * 15) == 1
    assert randomisation_p_value([0.1] * 12 + [-0.1] * 8) == pytest.approx(0.503, abs=0.02)  # the sign test's value


@given(st.lists(st.integers(-5, 5), max_size=9))
def test_few_differences_are_judged_by_all_choices_of_signs(changes: list[int]) -> None:
    signed = [
        sum(sign * change for sign, change in zip(signs, changes, strict=True))
        for signs in product((1, -1), repeat=len(changes))
    ]
    expected = sum(abs(one) >= abs(sum(changes)) for one in signed) / len(signed)
    assert randomisation_p_value([float(change) for change in changes]) == pytest.approx(expected)


def test_a_run_is_written_so_that_every_program_keeps_its_order(tmp_path: Path) -> None:
    write_run(tmp_path / "run", {"q1": ("b", "a"), "q2": ("c",)})
    assert (tmp_path / "run").read_text() == "q1 Q0 b 1 2 handlist\nq1 Q0 a 2 1 handlist\nq2 Q0 c 1 1 handlist\n"
    assert read_run(tmp_path / "run") == {"q1": ("b", "a"), "q2": ("c",)}


def test_a_run_is_sorted_by_scores_and_ties_as_in_trec_eval(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("q1\tQ0\ta\t1\t0.5\tx\nq1 Q0 b 2 0.5 x\nq1 Q0 c 3 7e1 x\n")
    assert read_run(tmp_path / "run") == {"q1": ("c", "b", "a")}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("q1 Q0 a 1 0.5", "it has 5 instead of 6 parts"),
        ("q1 Q0 a 1 high x", "could not convert"),
        ("q1 Q0 a 1 nan x", "its score is no number"),
        ("q1 Q0 b 1 2 x", "another line has b for q1 already"),
    ],
)
def test_a_line_that_is_none_of_a_run_is_named(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "run"
    path.write_text(f"q1 Q0 b 1 2 x\n{line}\n")
    with pytest.raises(BenchError, match=f"Line 2 of {path} is not one of a TREC run: {reason}"):
        read_run(path)


def test_runs_that_cannot_be_had_are_said(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("")
    with pytest.raises(BenchError, match="holds no ranking"):
        read_run(tmp_path / "empty")
    with pytest.raises(BenchError, match="cannot be read"):
        read_run(tmp_path / "missing")
    with pytest.raises(BenchError, match="cannot be written"):
        write_run(tmp_path / "no" / "run", {"q1": ("a",)})
    with pytest.raises(BenchError, match='the id "a b" holds a space'):
        write_run(tmp_path / "run", {"q1": ("a b",)})
