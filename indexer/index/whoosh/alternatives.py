"""Several wordings of one thing as one part of a query: found by any of them, and counted once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from indexer.index.ranking import ALTERNATIVE_WEIGHT
from indexer.index.whoosh.arrays import Documents
from indexer.index.whoosh.leaves import Leaf
from indexer.index.whoosh.ragged import united
from indexer.index.whoosh.scoring import Floats, inverse_document_frequency


class Scored(Protocol):
    """A part of a query: the documents that it gives a score, rising, and what it gives each of them."""

    @property
    def documents(self) -> Documents:
        """The documents."""
        ...

    @property
    def scores(self) -> Floats:
        """A score for each of the documents."""
        ...

    def leaves(self) -> Iterator[Leaf]:
        """Yield the leaves of the query that the part is made of."""
        ...


class Sum:
    """Parts of which each adds to the score."""

    def __init__(self, parts: Sequence[Scored]) -> None:
        self._parts = parts
        self.documents: Documents = _united(parts)

    @property
    def scores(self) -> Floats:
        """What all parts give each document together."""
        scores = np.zeros(len(self.documents), dtype=np.float32)
        for part in self._parts:
            scores[np.searchsorted(self.documents, part.documents)] += part.scores
        return scores

    def leaves(self) -> Iterator[Leaf]:
        """Yield the leaves of all parts."""
        for part in self._parts:
            yield from part.leaves()


class Best:
    """Wordings of one thing, of which the one counts that gives a document most; all but the first count less.

    A rarer wording counts no more than the first does for being rare: it says the same. `size` is the number of
    documents in the index.
    """

    def __init__(self, typed: Scored, others: Sequence[Scored], size: int) -> None:
        self._typed = typed
        self._others = others
        self._size = size
        self.documents: Documents = _united([typed, *others])

    @property
    def scores(self) -> Floats:
        """The best score that a wording gives each document."""
        scores = np.zeros(len(self.documents), dtype=np.float32)
        scores[np.searchsorted(self.documents, self._typed.documents)] = self._typed.scores
        for other in self._others:
            places = np.searchsorted(self.documents, other.documents)
            scores[places] = np.maximum(scores[places], np.float32(self._weight(other)) * other.scores)
        return scores

    def _weight(self, other: Scored) -> float:
        """Return what another wording counts beside the first."""
        of_typed, of_other = (inverse_document_frequency(self._size, len(p.documents)) for p in (self._typed, other))
        return ALTERNATIVE_WEIGHT * min(1.0, of_typed / of_other)

    def leaves(self) -> Iterator[Leaf]:
        """Yield the leaves of all wordings, those of the first before the others."""
        yield from self._typed.leaves()
        for other in self._others:
            yield from other.leaves()


def _united(parts: Sequence[Scored]) -> Documents:
    return united([np.empty(0, dtype=np.intp), *(part.documents for part in parts)])
