"""Words of a query that stand near each other: the nearer, the more a result is about the query."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.index.ranking import SATURATION
from indexer.index.whoosh.arrays import Documents, IndexArrays
from indexer.index.whoosh.layout import FIELD_COUNT
from indexer.index.whoosh.leaves import Leaf, Rows
from indexer.index.whoosh.ragged import spread
from indexer.index.whoosh.scoring import Floats

_WINDOW = 10
"""Words further apart than this are not near: the square of their distance counts next to nothing."""

Places = NDArray[np.intp]
"""Places in arrays, or numbers of leaves."""

_NEIGHBOURS = 2
"""Only words that are as near in the query belong together: of a long one, any two words meet somewhere by chance."""

_POSITION_BITS = 32

_MOST_OCCURRENCES = 64
"""How many occurrences in one field of a document are looked at, so that a word on every page costs no more."""


def proximity(arrays: IndexArrays, leaves: Sequence[Leaf], documents: Documents) -> Floats:
    """Return what each of these documents, in rising order, gains from words that stand near each other.

    Büttcher, Clarke and Lushman, Term Proximity Scoring for Ad-Hoc Retrieval on Very Large Text Collections (2006): two
    words that follow each other among the words of the query give each other their weight, divided by the square of
    their distance; the sum is saturated as BM25 does it. Here the field in which they stand counts as in BM25F.
    """
    keys, numbers = _standing(arrays, leaves, documents)
    widths = np.array([leaf.width for leaf in leaves])
    distance = keys[1:] - keys[:-1] - (widths[numbers[:-1]] - 1)
    # Positions of another field are further away than any window.
    apart = np.abs(numbers[1:] - numbers[:-1])
    near = ((distance > 0) & (distance <= _WINDOW) & (apart > 0) & (apart <= _NEIGHBOURS)).nonzero()[0]
    if not len(near):
        return np.zeros(len(documents), dtype=np.float32)
    first, second = numbers[near], numbers[near + 1]
    owners, fields = np.divmod(keys[near] >> _POSITION_BITS, FIELD_COUNT)
    weights = np.array([leaf.idf for leaf in leaves])
    closeness = arrays.scales[documents[owners] * FIELD_COUNT + fields] / np.square(distance[near], dtype=np.float64)
    cells = np.concatenate([first, second]) * len(documents) + np.concatenate([owners, owners])
    given = np.concatenate([weights[second], weights[first]]) * np.concatenate([closeness, closeness])
    sums = np.bincount(cells, given, minlength=len(leaves) * len(documents)).reshape(len(leaves), len(documents))
    gains = np.minimum(1.0, weights)[:, np.newaxis] * sums / (SATURATION + sums)
    return np.asarray(gains.sum(axis=0), dtype=np.float32)


def _standing(arrays: IndexArrays, leaves: Sequence[Leaf], documents: Documents) -> tuple[NDArray[np.int64], Places]:
    """Return where leaves stand in those documents that hold several, as rising keys, each with the number of its leaf.

    A key is of a document's place, the field and the position. Keys of one field of one document differ by as much as
    their positions; those of different ones by far more.
    """
    keys, numbers = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.intp)]
    for segment, places, slots in arrays.slots(documents):
        rows = [leaf.rows(segment) for leaf in leaves]
        found = np.array([part.slots.searchsorted(slots) for part in rows])
        lengths = found[:, 1] - found[:, 0]
        several = ((lengths > 0).sum(axis=0) > 1).nonzero()[0]
        if not len(several):
            continue
        lengths = lengths[:, several]
        # All leaves in one row, and in each all documents: an item for each of their postings.
        counts = lengths.ravel()
        of_rows = np.arange(len(leaves)).repeat(lengths.sum(axis=1))
        owners = np.concatenate([several + places.start] * len(leaves)).repeat(counts)
        its_keys, its_numbers = _keys(rows, of_rows, spread(found[:, 0, several].ravel(), counts), owners)
        keys.append(its_keys)
        numbers.append(its_numbers)
    joined = np.concatenate(keys)
    order = joined.argsort(kind="stable")
    return joined[order], np.concatenate(numbers)[order]


def _keys(rows: Sequence[Rows], numbers: Places, chosen: Places, owners: Places) -> tuple[NDArray[np.int64], Places]:
    """Return the keys of some rows of leaves, each with the number of its leaf.

    Of each row `numbers`, which rise, have the number of the leaf, `chosen` its number among those of the leaf, and
    `owners` the place of its document.
    """
    begins = _picked([part.begins for part in rows], numbers, chosen).astype(np.intp)
    ends = _picked([part.ends for part in rows], numbers, chosen).astype(np.intp)
    cells = owners * FIELD_COUNT + _picked([part.slots for part in rows], numbers, chosen) % FIELD_COUNT
    counts = np.minimum(ends - begins, _MOST_OCCURRENCES)
    of_keys = numbers.repeat(counts)
    positions = _picked([part.positions for part in rows], of_keys, spread(begins, counts))
    return (cells.repeat(counts) << _POSITION_BITS) + positions, of_keys


def _picked(columns: Sequence[NDArray[np.integer]], numbers: Places, places: Places) -> NDArray[np.integer]:
    """Return what stands at these places of columns, of the column with the number of each; numbers rise."""
    edges = numbers.searchsorted(np.arange(len(columns) + 1)).tolist()
    return np.concatenate([column[places[a:b]] for column, (a, b) in zip(columns, pairwise(edges), strict=True)])
