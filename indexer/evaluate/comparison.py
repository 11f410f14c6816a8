"""Two rankings side by side: what each query gained or lost, and whether that may be chance."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from typing import Any

from indexer.evaluate.judgments import JudgedQuery
from indexer.evaluate.metrics import Grades
from indexer.evaluate.scores import Scores, mean_scores, score

_SHOWN_DEPTH = 10
_SEED = 11
_SAMPLES = 10_000
_SAME = 1e-9

_Ranking = Sequence[str]


@dataclass(frozen=True, slots=True)
class Moved:
    """A relevant document that stands elsewhere in one ranking; None where it was not found at all."""

    document: str
    grade: float
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A query with its nDCG@10 in both rankings, and the relevant documents that moved where it is seen."""

    query: JudgedQuery
    before: float
    after: float
    moved: tuple[Moved, ...]

    @property
    def change(self) -> float:
        """What the query gained; below 0 if it lost."""
        return self.after - self.before

    def to_json(self) -> dict[str, Any]:
        """Return what is known of the query as plain data."""
        return {
            "id": self.query.id,
            "query": self.query.text,
            "before": self.before,
            "after": self.after,
            "moved": [asdict(moved) for moved in self.moved],
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """The means of both rankings, and every query, those that lost most first.

    `p_value` is the chance that two rankings of equal quality differ as much in their mean nDCG@10.
    """

    before: Scores
    after: Scores
    pairs: tuple[Pair, ...]
    p_value: float

    @property
    def wins(self) -> int:
        """How many queries are better than before."""
        return sum(pair.change > _SAME for pair in self.pairs)

    @property
    def losses(self) -> int:
        """How many queries are worse than before."""
        return sum(pair.change < -_SAME for pair in self.pairs)

    @property
    def ties(self) -> int:
        """How many queries are as good as before."""
        return len(self.pairs) - self.wins - self.losses

    def to_json(self) -> dict[str, Any]:
        """Return the whole comparison as plain data."""
        return {
            "before": self.before.to_json(),
            "after": self.after.to_json(),
            "wins": self.wins,
            "losses": self.losses,
            "ties": self.ties,
            "p_value": self.p_value,
            "queries": [pair.to_json() for pair in self.pairs],
        }


def compare(
    queries: Sequence[JudgedQuery], before: Mapping[str, _Ranking], after: Mapping[str, _Ranking]
) -> Comparison:
    """Return how the ranking `after` does beside `before`; a query that one of them lacks found nothing there."""
    pairs = [_pair(query, before.get(query.id, ()), after.get(query.id, ())) for query in queries]
    return Comparison(
        before=mean_scores(queries, before),
        after=mean_scores(queries, after),
        pairs=tuple(sorted(pairs, key=lambda pair: pair.change)),
        p_value=randomisation_p_value([pair.change for pair in pairs]),
    )


def randomisation_p_value(changes: Sequence[float]) -> float:
    """Return the two-sided p-value of the mean of paired differences, by the randomisation test.

    Smucker, Allan and Carterette, A Comparison of Statistical Significance Tests for Information Retrieval Evaluation
    (2007): if both rankings are equally good, each difference might as well have the other sign. All choices of signs
    are tried when there are at most 10,000, and as many drawn by chance otherwise, the observed one counted among them.
    """
    changed = [change for change in changes if abs(change) > _SAME]
    observed = abs(sum(changed)) - _SAME
    if 2 ** len(changed) <= _SAMPLES:
        sums = [sum(signs) for signs in product(*((change, -change) for change in changed))]
        return sum(abs(one) >= observed for one in sums) / len(sums)
    chance = random.Random(_SEED)  # noqa: S311 - a fixed seed, so that a comparison is the same every time
    extreme = sum(abs(sum(_signed(changed, chance))) >= observed for _ in range(_SAMPLES))
    return (extreme + 1) / (_SAMPLES + 1)


def _signed(changes: Sequence[float], chance: random.Random) -> Iterator[float]:
    signs = chance.getrandbits(len(changes))
    return (change if signs >> place & 1 else -change for place, change in enumerate(changes))


def _pair(query: JudgedQuery, before: _Ranking, after: _Ranking) -> Pair:
    return Pair(
        query=query,
        before=score(before, query.grades).ndcg,
        after=score(after, query.grades).ndcg,
        moved=tuple(_moved(query.grades, before, after)),
    )


def _moved(grades: Grades, before: _Ranking, after: _Ranking) -> Iterator[Moved]:
    """Yield the relevant documents whose place differs and is among those shown at least once, the best first."""
    places_before, places_after = _places(before), _places(after)
    for document, grade in sorted(grades.items(), key=lambda item: -item[1]):
        was, is_now = places_before.get(document), places_after.get(document)
        shown = any(place is not None and place <= _SHOWN_DEPTH for place in (was, is_now))
        if grade > 0 and was != is_now and shown:
            yield Moved(document, grade, was, is_now)


def _places(ranking: _Ranking) -> dict[str, int]:
    """Return the place of each document, the first one if it is repeated."""
    return {document: place for place, document in reversed([*enumerate(ranking, 1)])}
