"""Lets stock Whoosh walk over the postings of a term."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import Self

import numpy as np
from whoosh import formats
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.scoring import BaseScorer

from indexer.index.whoosh.codec_postings import FieldPostings, Integers

_BLOCK = 32
"""How many postings Whoosh passes over at once when none of them can be among the best.

With blocks of 128, as in its own files, the ten best for a common word take it twice as long.
"""


class PostingsMatcher(LeafMatcher):  # type: ignore[misc]  # Whoosh ships no types
    """Walks over the postings of a term, deleted documents included, as all matchers of Whoosh do."""

    def __init__(
        self,
        term: tuple[str, bytes],
        postings: FieldPostings,
        posting_format: formats.Format,
        scorer: BaseScorer | None,
    ) -> None:
        # Names that Whoosh's own class looks for.
        self.format = posting_format
        self.scorer = scorer
        self._term = term
        self._postings = postings
        # Views whose items are Python's own numbers.
        self._documents = postings.documents.data
        self._counts = postings.counts.data
        self._begins = postings.begins.data
        self._all_positions = postings.positions.data
        self._end = len(postings.documents)
        self._place = 0

    def is_active(self) -> bool:
        """Tell whether there is a posting to be read."""
        return self._place < self._end

    def reset(self) -> None:
        """Go back to the first posting."""
        self._place = 0

    def copy(self) -> Self:
        """Return a matcher that goes on from here on its own."""
        other = self.__class__(self._term, self._postings, self.format, self.scorer)
        other._place = self._place
        return other

    def id(self) -> int:
        """Return the number of the document."""
        return self._documents[self._place]

    def all_ids(self) -> Iterator[int]:
        """Return the numbers of all documents."""
        return iter(self._postings.documents.tolist())

    def weight(self) -> float:
        """Return how often the term stands in the document."""
        return float(self._counts[self._place])

    def value(self) -> bytes:
        """Return the posting as Whoosh's format writes it."""
        encoded: bytes = self.format.encode(self._positions())
        return encoded

    def value_as(self, astype: str) -> object:
        """Return the posting as one of the things that the format supports."""
        return self._positions() if astype == "positions" else super().value_as(astype)

    def next(self) -> bool:
        """Go to the next posting; tell whether it is in another block."""
        if self._place >= self._end:
            raise ReadTooFar
        self._place += 1
        return self._place % _BLOCK == 0

    def skip_to(self, document: int) -> bool:
        """Go to the first posting that is not before a document; tell whether it is in another block."""
        if not self.is_active():
            raise ReadTooFar
        before = self._place // _BLOCK
        self._place = bisect_left(self._documents, document, self._place)
        return self._place // _BLOCK != before

    def skip_to_quality(self, minimum: float) -> int:
        """Go to the next block in which a document may score more than this; return how many were passed over."""
        skipped = 0
        while self.is_active() and self.block_quality() <= minimum:
            self._place = (self._place // _BLOCK + 1) * _BLOCK
            skipped += 1
        return skipped

    def block_min_length(self) -> int:
        """Return the least number of terms that the field has in a document of this block."""
        return self._least_lengths[self._place // _BLOCK]

    def block_max_length(self) -> int:
        """Return the greatest number of terms that the field has in a document of this block."""
        return self._greatest_lengths[self._place // _BLOCK]

    def block_max_weight(self) -> float:
        """Return how often the term stands in the document of this block in which it stands most often."""
        return float(self._greatest_counts[self._place // _BLOCK])

    @cached_property
    def _least_lengths(self) -> memoryview:
        return _by_block(np.minimum, self._postings.lengths)

    @cached_property
    def _greatest_lengths(self) -> memoryview:
        return _by_block(np.maximum, self._postings.lengths)

    @cached_property
    def _greatest_counts(self) -> memoryview:
        return _by_block(np.maximum, self._postings.counts)

    def _positions(self) -> list[int]:
        begin = self._begins[self._place]
        return self._all_positions[begin : begin + self._counts[self._place]].tolist()


def _by_block(operation: np.ufunc, values: Integers) -> memoryview:
    """Return what values of each block come to; there is at least one."""
    return operation.reduceat(values, np.arange(0, len(values), _BLOCK)).data
