"""The figures of an evaluation as text for people."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.evaluate.comparison import Comparison, Moved, Pair
from indexer.evaluate.robustness import Outcome, Robustness
from indexer.evaluate.scores import Scores

_COMPARISON_NOTE = """
{wins:,} better, {losses:,} worse, {ties:,} the same by nDCG@10. Two equally good rankings would differ as much with a
probability of {p_value:.4f} (randomisation test)."""


def score_lines(scores: Scores) -> Iterator[str]:
    """Yield a line for each figure."""
    for name, value in scores.to_json().items():
        yield f"{name:<12}{value:>8,}" if name == "queries" else f"{name:<12}{value:>8.4f}"


def comparison_lines(comparison: Comparison, other: str, ranking: str) -> Iterator[str]:
    """Yield the means of both rankings, and each query that changed, those that lost most first."""
    yield f"Before: {other}. After: {ranking}."
    yield ""
    yield from _beside(comparison.before, comparison.after, ("before", "after", "change"))
    yield _COMPARISON_NOTE.format(
        wins=comparison.wins, losses=comparison.losses, ties=comparison.ties, p_value=comparison.p_value
    )
    for pair in comparison.pairs:
        if pair.moved or pair.before != pair.after:
            yield ""
            yield from _pair_lines(pair)


def typo_lines(clean: Scores, wrong: Scores, kept: float) -> Iterator[str]:
    """Yield the means with and without typos, and how much is left."""
    yield from _beside(clean, wrong, ("clean", "typos", "change"))
    yield ""
    yield f"{kept:.1%} of the nDCG@10 is left with one wrong letter in every word of five letters or more."


def robustness_lines(found: Robustness) -> Iterator[str]:
    """Yield how often each kind of fault found nothing, and every query that did."""
    yield f"{'':<20}{'asked':>7}{'nothing':>9}{'first ten':>11}"
    for kind, part in {**found.by_kind(), "all": found}.items():
        yield f"{kind:<20}{len(part.outcomes):>7,}{part.zero_rate:>9.1%}{part.success:>11.1%}"
    yield ""
    yield '"nothing" is how many found no resource at all, "first ten" how many found there the one meant.'
    yield from map(_zero_line, found.zeros)


def _zero_line(outcome: Outcome) -> str:
    query = outcome.query
    return f"    nothing for {query.text!r} ({query.kind}, from {query.resource})"


def _beside(before: Scores, after: Scores, names: tuple[str, str, str]) -> Iterator[str]:
    yield f"{'':<12}" + "".join(f"{name:>9}" for name in names)
    others = after.to_json()
    for name, value in before.to_json().items():
        if name == "queries":
            yield f"{name:<12}{value:>9,}{others[name]:>9,}"
        else:
            yield f"{name:<12}{value:>9.4f}{others[name]:>9.4f}{others[name] - value:>+9.4f}"


def _pair_lines(pair: Pair) -> Iterator[str]:
    yield f"{pair.change:+.4f}  {pair.before:.4f} -> {pair.after:.4f}  {' '.join(pair.query.text.split())}"
    yield from map(_moved_line, pair.moved)


def _moved_line(moved: Moved) -> str:
    return f"    {_place(moved.before):>7} -> {_place(moved.after):<7}  grade {moved.grade:g}  {moved.document}"


def _place(place: int | None) -> str:
    return "missing" if place is None else f"{place:,}."
