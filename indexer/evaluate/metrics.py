"""The figures of one ranked answer: pure functions of the documents in their order and of their grades.

They are defined as in trec_eval (https://github.com/usnistgov/trec_eval) and as its users know them: a document counts
as relevant when its grade is above 0, those that nobody judged count as not relevant, and all relevant documents count,
found or not. In a ranking every document has one place: where one is repeated, the repetition takes a place and brings
nothing. A query without a relevant document has no figures: who asks has to leave it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log2

Grades = Mapping[str, float]
"""The grades of the judged documents of one query."""


def ndcg(ranking: Sequence[str], grades: Grades, depth: int) -> float:
    """Return the normalised discounted cumulative gain of the first `depth` documents, from 0 to 1.

    Järvelin and Kekäläinen, Cumulated Gain-Based Evaluation of IR Techniques (2002), with the discount and the linear
    gain of trec_eval's ndcg_cut: a grade counts as it is, divided by the binary logarithm of its place + 1, and the
    sum is divided by that of the best order of all judged documents.
    """
    best = sorted((grade for grade in grades.values() if grade > 0), reverse=True)
    return _discounted(_gains(ranking[:depth], grades)) / _discounted(best[:depth])


def average_precision(ranking: Sequence[str], grades: Grades) -> float:
    """Return the mean, over all relevant documents, of the precision at each one's place; 0 for those not found.

    Buckley and Voorhees, Evaluating Evaluation Measure Stability (2000); trec_eval's map before the mean over queries.
    """
    places = _relevant_places(ranking, grades)
    return sum(found / place for found, place in enumerate(places, 1)) / _relevant(grades)


def reciprocal_rank(ranking: Sequence[str], grades: Grades) -> float:
    """Return 1 / place of the first relevant document, 0 if there is none.

    Voorhees, The TREC-8 Question Answering Track Report (1999); trec_eval's recip_rank.
    """
    return next((1 / place for place in _relevant_places(ranking, grades)), 0.0)


def recall(ranking: Sequence[str], grades: Grades, depth: int) -> float:
    """Return how large a share of all relevant documents is among the first `depth`; trec_eval's recall."""
    return sum(1 for _ in _relevant_places(ranking[:depth], grades)) / _relevant(grades)


def has_relevant(grades: Grades) -> bool:
    """Tell whether a query has a relevant document, without which it has no figures."""
    return any(grade > 0 for grade in grades.values())


def _gains(ranking: Sequence[str], grades: Grades) -> Iterator[float]:
    """Yield the gain at each place: the grade of its document, but 0 if that is negative or had a place before."""
    seen: set[str] = set()
    for document in ranking:
        yield 0.0 if document in seen else max(grades.get(document, 0.0), 0.0)
        seen.add(document)


def _discounted(gains: Iterable[float]) -> float:
    return sum(gain / log2(place + 1) for place, gain in enumerate(gains, 1))


def _relevant_places(ranking: Sequence[str], grades: Grades) -> Iterator[int]:
    return (place for place, gain in enumerate(_gains(ranking, grades), 1) if gain > 0)


def _relevant(grades: Grades) -> int:
    return sum(grade > 0 for grade in grades.values())
