"""The figures of all queries of a collection, and their means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from indexer.evaluate import metrics
from indexer.evaluate.judgments import JudgedQuery

_NDCG_DEPTH = 10
_RECALL_DEPTH = 100


@dataclass(frozen=True, slots=True)
class Scores:
    """The figures of one answer, or their means over `queries` of them; each from 0 to 1, more is better.

    MAP and MRR are the names of the means; of one answer they are its average precision and reciprocal rank.
    """

    ndcg: float
    map: float
    mrr: float
    recall: float
    queries: int = 1

    def to_json(self) -> dict[str, Any]:
        """Return the figures as plain data, under the names of the field."""
        return {
            "ndcg@10": self.ndcg,
            "map": self.map,
            "mrr": self.mrr,
            "recall@100": self.recall,
            "queries": self.queries,
        }


def score(ranking: Sequence[str], grades: metrics.Grades) -> Scores:
    """Return the figures of one answer to a query that has a relevant document."""
    return Scores(
        ndcg=metrics.ndcg(ranking, grades, _NDCG_DEPTH),
        map=metrics.average_precision(ranking, grades),
        mrr=metrics.reciprocal_rank(ranking, grades),
        recall=metrics.recall(ranking, grades, _RECALL_DEPTH),
    )


def mean_scores(queries: Sequence[JudgedQuery], rankings: Mapping[str, Sequence[str]]) -> Scores:
    """Return the means over at least one query; one that found nothing, or is not among the rankings, counts as 0."""
    scores = [score(rankings.get(query.id, ()), query.grades) for query in queries]
    return Scores(
        ndcg=fmean(one.ndcg for one in scores),
        map=fmean(one.map for one in scores),
        mrr=fmean(one.mrr for one in scores),
        recall=fmean(one.recall for one in scores),
        queries=len(scores),
    )
