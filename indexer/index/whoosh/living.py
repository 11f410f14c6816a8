"""Which postings count: those of deleted documents stay where they are until segments are merged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from indexer.index.whoosh.columns import Mask
from indexer.index.whoosh.layout import FIELD_COUNT
from indexer.index.whoosh.segment import Segment


class Living:
    """Counts the postings of documents that are not deleted; `live` is a mask of the documents of each segment."""

    def __init__(self, segments: Sequence[Segment], live: Sequence[Mask]) -> None:
        self._segments = segments
        # Of a segment in which nothing was deleted nothing has to be looked up.
        self._live = [None if bool(mask.all()) else mask for mask in live]

    def __call__(self, postings: Iterable[tuple[int, int]]) -> int:
        """Return how many postings are of living documents; `postings` is a stretch of each segment's, in order."""
        return sum(self._count(number, begin, end) for number, (begin, end) in enumerate(postings))

    def _count(self, number: int, begin: int, end: int) -> int:
        live = self._live[number]
        if live is None:
            return end - begin
        documents = self._segments[number].slots[begin:end] // FIELD_COUNT
        return int(np.count_nonzero(live[documents.astype(np.intp)]))
