"""Words of a query that stand near each other: the nearer, the more a result is about the query."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.index.ranking import SATURATION
from indexer.index.whoosh.arrays import Documents, IndexArrays
from indexer.index.whoosh.layout import FIELD_COUNT
from indexer.index.whoosh.leaves import Leaf, Standing
from indexer.index.whoosh.scoring import Floats

_WINDOW = 10
"""Words further apart than this are not near: the square of their distance counts next to nothing."""

_NEIGHBOURS = 2
"""Only words that are as near in the query belong together: of a long one, any two words meet somewhere by chance."""

_MOST_OCCURRENCES = 64
"""How many occurrences in one field of a document are looked at, so that a word on every page costs no more."""


def proximity(arrays: IndexArrays, leaves: Sequence[Leaf], documents: Documents) -> Floats:
    """Return what each of these documents, in rising order, gains from words that stand near each other.

    Büttcher, Clarke and Lushman, Term Proximity Scoring for Ad-Hoc Retrieval on Very Large Text Collections (2006): two
    words that follow each other among the words of the query give each other their weight, divided by the square of
    their distance; the sum is saturated as BM25 does it. Here the field in which they stand counts as in BM25F.
    """
    standing = [leaf.standing(documents, _MOST_OCCURRENCES) for leaf in leaves]
    keys = np.concatenate([part.keys for part in standing])
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    numbers = np.repeat(np.arange(len(leaves)), [len(part.keys) for part in standing])[order]
    widths = np.array([leaf.width for leaf in leaves])
    distance = keys[1:] - keys[:-1] - (widths[numbers[:-1]] - 1)
    # Positions of another field are further away than any window.
    apart = np.abs(numbers[1:] - numbers[:-1])
    near = np.flatnonzero((distance > 0) & (distance <= _WINDOW) & (apart > 0) & (apart <= _NEIGHBOURS))
    first, second = numbers[near], numbers[near + 1]
    owners = Standing.owners(keys[near])
    weights = np.array([leaf.idf for leaf in leaves])
    slots = documents[owners] * FIELD_COUNT + Standing.fields(keys[near])
    closeness = arrays.scales[slots] / np.square(distance[near], dtype=np.float64)
    cells = np.concatenate([first, second]) * len(documents) + np.concatenate([owners, owners])
    given = np.concatenate([weights[second], weights[first]]) * np.tile(closeness, 2)
    sums = np.bincount(cells, given, minlength=len(leaves) * len(documents)).reshape(len(leaves), len(documents))
    gains = np.minimum(1.0, weights)[:, np.newaxis] * sums / (SATURATION + sums)
    return np.asarray(gains.sum(axis=0), dtype=np.float32)
