"""What a resource gains by being new, where a library wants that: nothing else in the ranking looks at dates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from indexer.index.ranking import Ranking
from indexer.index.whoosh.arrays import IndexArrays
from indexer.index.whoosh.evaluation import Evaluated
from indexer.index.whoosh.scoring import Floats

_YEAR = 365.25
"""Days."""


def freshness(days: NDArray[np.int64], today: int, half_life: float) -> Floats:
    """Return how new each resource is: 1 on its day or before it, half of that after so many years, 0 without a date.

    `days` and `today` are proleptic ordinals, 0 for none. The exponential prior of Li and Croft, Time-Based Language
    Models (2003), written with a half-life.
    """
    years = np.maximum(today - days, 0) / _YEAR
    return np.where(days > 0, np.exp2(-years / half_life), 0).astype(np.float32)


def refreshed(arrays: IndexArrays, found: Evaluated, ranking: Ranking, today: int) -> Evaluated:
    """Return what was found with what each resource gains by being new, in shares of the best score."""
    if not ranking.recency or not len(found.documents):
        return found
    gain = np.float32(ranking.recency) * found.scores.max()
    return replace(
        found, scores=found.scores + gain * freshness(arrays.dates[found.documents], today, ranking.half_life)
    )
