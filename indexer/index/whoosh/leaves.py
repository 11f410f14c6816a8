"""A word, phrase or other leaf of a query as arrays: which documents have it, how much it counts in each, and where."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.index.schema import TEXT_FIELDS
from indexer.index.whoosh.arrays import Documents, IndexArrays
from indexer.index.whoosh.layout import FIELD_COUNT
from indexer.index.whoosh.occurrences import Occurrences, Positions
from indexer.index.whoosh.ragged import runs_of
from indexer.index.whoosh.scoring import MOST, Floats, bm25f, inverse_document_frequency


@dataclass(frozen=True, slots=True)
class Rows:
    """The postings of a leaf in one segment by rising slot; a slot has several if several terms stand for a word.

    `counts` says how often the leaf occurs in each. `positions[begins[n] : ends[n]]` are what is marked of the n-th.
    """

    slots: NDArray[np.uint32]
    counts: NDArray[np.integer]
    begins: NDArray[np.integer]
    ends: NDArray[np.integer]
    positions: Positions

    def chosen(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Rows:
        """Return some of the rows."""
        return Rows(self.slots[rows], self.counts[rows], self.begins[rows], self.ends[rows], self.positions)


_NOTHING = np.empty(0, dtype=np.uint32)
_NOWHERE = Occurrences(0, 0.0, {})
_NO_ROWS = Rows(_NOTHING, _NOTHING, _NOTHING, _NOTHING, _NOTHING)


class Leaf:
    """A leaf of a query on a whole index; `width` is how many words each occurrence spans.

    `rows` are those of each segment in which it occurs, by the segment's number, without deleted documents.
    """

    def __init__(self, arrays: IndexArrays, width: int, rows: Mapping[int, Rows]) -> None:
        self._arrays = arrays
        self.width = width
        self._rows = rows
        slots = [_shifted(part.slots, arrays.firsts[number] * FIELD_COUNT) for number, part in rows.items()]
        self._slots = _joined(slots)
        owners = self._slots // FIELD_COUNT
        # Most words stand in one field of a document, so that rows and documents are the same.
        begins = runs_of(owners)
        self._begins = None if len(begins) == len(owners) else begins
        self.documents: Documents = (owners if self._begins is None else owners[begins]).astype(np.intp)
        self.idf = inverse_document_frequency(arrays.live_count, len(self.documents))

    @cached_property
    def scores(self) -> Floats:
        """Its part of the score of each of its documents."""
        counts = _joined([part.counts for part in self._rows.values()]).astype(np.float32)
        frequencies = self._arrays.scales[self._slots] * counts
        if self._arrays.is_bounded:
            return bm25f(_bounded(frequencies, self._slots), self.idf)
        if self._begins is not None:
            frequencies = np.add.reduceat(frequencies, self._begins)
        return bm25f(frequencies, self.idf)

    def rows(self, segment: int) -> Rows:
        """Return its postings in a segment by number."""
        return self._rows.get(segment, _NO_ROWS)

    def leaves(self) -> Iterator[Leaf]:
        """Yield itself: it is made of nothing else."""
        yield self

    def occurrences(self, document: int) -> Occurrences:
        """Return where it stands in a document."""
        segment, number = self._arrays.place(document)
        rows = self._rows.get(segment, _NO_ROWS)
        slots, end = rows.slots.data, (number + 1) * FIELD_COUNT
        row = bisect_left(slots, number * FIELD_COUNT)
        if row == len(slots) or slots[row] >= end:
            return _NOWHERE
        found: dict[str, Positions] = {}
        while row < len(slots) and slots[row] < end:
            name = TEXT_FIELDS[slots[row] % FIELD_COUNT]
            positions = rows.positions[rows.begins[row] : rows.ends[row]]
            found[name] = np.sort(np.concatenate([found[name], positions])) if name in found else positions
            row += 1
        return Occurrences(self.width, self.idf, found)


def _bounded(frequencies: Floats, slots: NDArray[np.integer]) -> Floats:
    """Return the frequency in each document: the sum over its fields, in each of which it is bounded."""
    begins = runs_of(slots)
    fields = slots[begins]
    in_fields = np.minimum(_summed(frequencies, begins), MOST[fields % FIELD_COUNT])
    return _summed(in_fields, runs_of(fields // FIELD_COUNT))


def _summed(numbers: Floats, begins: NDArray[np.intp]) -> Floats:
    return numbers if len(begins) == len(numbers) else np.add.reduceat(numbers, begins)


def _shifted(slots: NDArray[np.uint32], shift: int) -> NDArray[np.uint32]:
    return slots + np.uint32(shift) if shift else slots


def _joined(parts: Sequence[NDArray[np.integer]]) -> NDArray[np.integer]:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate([np.empty(0, dtype=np.uint32), *parts])
