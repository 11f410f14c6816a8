"""Where the postings of terms are and how rare each is, looked up once: the best results of many queries share them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from indexer.index.whoosh.living import Living
from indexer.index.whoosh.scoring import inverse_document_frequency
from indexer.index.whoosh.segment import Segment
from indexer.index.whoosh.strings import encoded


class TermStatistics(NamedTuple):
    """Where the postings of a term begin and end in each segment, how many it has, and how rare it is.

    One that stands in two fields of a resource counts twice, which is near enough; those of deleted ones do not count.
    """

    stretches: tuple[tuple[int, int], ...]
    postings: int
    rarity: float


class KnownTerms(dict[str, TermStatistics]):
    """The statistics of terms in some segments, in which so many documents are not deleted; `living` counts postings.

    Few of all words tell what resources are about. When too many have been asked for, they are looked up anew.
    """

    _LIMIT = 5_000

    def __init__(self, segments: Sequence[Segment], documents: int, living: Living) -> None:
        super().__init__()
        self._segments = segments
        self._documents = documents
        self._living = living

    def __missing__(self, term: str) -> TermStatistics:
        if len(self) >= self._LIMIT:
            self.clear()
        name = encoded(term)
        stretches = tuple(segment.postings(name) for segment in self._segments)
        postings = self._living(stretches)
        rarity = inverse_document_frequency(self._documents, min(postings, self._documents))
        found = self[term] = TermStatistics(stretches, postings, rarity)
        return found
