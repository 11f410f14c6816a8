"""The best results looked at once more: words near each other, and words that the best results share.

Both cost too much for all that match, and only the first results are read. Scores only rise, and only those of the best
results, so that the others stay behind them in their order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from indexer.index.ranking import Ranking
from indexer.index.whoosh.arrays import IndexArrays
from indexer.index.whoosh.evaluation import Evaluated
from indexer.index.whoosh.feedback import feedback
from indexer.index.whoosh.proximity import proximity
from indexer.index.whoosh.records import Record
from indexer.index.whoosh.scoring import Floats

CANDIDATES = 200
"""About how many results are looked at once more."""

_SAMPLED = 4_096
"""From so many scores on, a sample tells which are too low to be among the best."""

Places = NDArray[np.intp]
"""Places of documents among those found."""


def reranked(arrays: IndexArrays, found: Evaluated, ranking: Ranking, records: Mapping[int, Record]) -> Evaluated:
    """Return what was found with the scores of its best results refined as the ranking weighs it.

    `records` gives what is shown of each document.
    """
    asked = [leaf for leaf in found.leaves if len(leaf.documents)]
    if len(asked) < 2 or not (ranking.proximity or ranking.feedback):
        return found
    places = best(found.scores, CANDIDATES)
    documents, scores = found.documents[places], found.scores[places]
    if ranking.proximity:
        scores = scores + np.float32(ranking.proximity) * proximity(arrays, asked, documents)
    if ranking.feedback:
        share = ranking.feedback / (1 - ranking.feedback)
        top = best(scores, FEEDBACK_RESULTS)
        # What is here for another reason than its words, as what is pinned, tells nothing of the query.
        top = top[scores[top] > 0]
        scores = scores + np.float32(share * len(asked)) * feedback(arrays, documents, top, scores[top], records)
    refined = found.scores.copy()
    refined[places] = scores
    return replace(found, scores=refined)


FEEDBACK_RESULTS = 5
"""How many results tell what the query is about: the more there are, the more of them are about something else."""


def best(scores: Floats, count: int) -> Places:
    """Return the places of the `count` highest scores, in the order in which they stand.

    Those equal to the last of them are taken as well, up to twice as many, and else none of these: which results are
    the best never depends on where a document lies.
    """
    places = _likely(scores, count)
    if len(places) <= count:
        return places
    likely = scores[places]
    last = np.sort(likely)[-count]
    chosen: Places = places[likely >= last]
    if len(chosen) > 2 * count:
        chosen = places[likely > last]
    return chosen


def _likely(scores: Floats, count: int) -> Places:
    """Return the places of the highest scores and of as few others as a sample can tell; all of few scores."""
    step = len(scores) // (_SAMPLED // 4)
    if len(scores) > _SAMPLED:
        sample = np.sort(scores[::step])
        # Twice as many as are wanted should be above this, and a few more.
        threshold = sample[-min(len(sample), 2 * count // step + 8)]
        places = np.flatnonzero(scores >= threshold)
        if count <= len(places) <= len(scores) // 2:
            return places
    return np.arange(len(scores))
