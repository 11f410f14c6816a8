"""All segments of a generation as one: columns over all documents, deletions, what the ranking needs."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, compress, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.index.ranking import FIELD_WEIGHTS
from indexer.index.schema import TEXT_FIELDS
from indexer.index.whoosh.facets import FacetColumn
from indexer.index.whoosh.generation import Generation
from indexer.index.whoosh.layout import FIELD_COUNT
from indexer.index.whoosh.living import Living
from indexer.index.whoosh.phrases import NO_PHRASES, Phrases, merged_phrases, phrases_of
from indexer.index.whoosh.records import Record
from indexer.index.whoosh.scoring import Floats, scale
from indexer.index.whoosh.segment import Segment
from indexer.index.whoosh.strings import encoded
from indexer.index.whoosh.term_statistics import KnownTerms
from indexer.index.whoosh.written_vocabulary import WrittenVocabulary
from indexer.index.whoosh.written_words import written_of

Documents = NDArray[np.intp]
"""Numbers of documents, rising."""

Mask = NDArray[np.bool_]
"""One truth value per document."""


class Records(dict[int, Record]):
    """What is shown of documents, read when it is first asked for: one request asks for some of them twice."""

    def __init__(self, arrays: IndexArrays) -> None:
        super().__init__()
        self._arrays = arrays

    def __missing__(self, document: int) -> Record:
        self[document] = record = self._arrays.record(document)
        return record


class IndexArrays:
    """One generation; its documents are numbered through all segments from 0, and those deleted keep their numbers.

    What is made of several segments is made when it is first asked for; of one segment it is the mapped file itself.
    Nothing changes afterwards, so any number of threads may read.
    """

    def __init__(self, generation: Path) -> None:
        listed = Generation.read(generation)
        self.segments = tuple(Segment(generation, name) for name in listed.segments)
        self.facet_names = tuple(listed.facets)
        *self.firsts, self.size = accumulate((segment.size for segment in self.segments), initial=0)
        self.live: Mask = np.ones(self.size, dtype=np.bool_)
        for first, deleted in zip(self.firsts, listed.segments.values(), strict=True):
            self.live[deleted.astype(np.intp) + first] = False
        self.has_deleted = [len(deleted) > 0 for deleted in listed.segments.values()]
        self.living = Living(
            self.segments,
            [self.live[first:][: segment.size] for first, segment in zip(self.firsts, self.segments, strict=True)],
        )
        self.live_count = int(np.count_nonzero(self.live))
        self.terms = KnownTerms(self.segments, self.live_count, self.living)
        self._facets: dict[str, FacetColumn] = {}

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages in which the texts of documents were analysed that are not deleted."""
        found: set[str] = set()
        for first, segment in zip(self.firsts, self.segments, strict=True):
            live = self.live[first : first + segment.size]
            counts = np.bincount(segment.languages[live], minlength=len(segment.language_names))
            rows = zip(segment.language_names, counts.tolist(), strict=True)
            found.update(name for names, count in rows if count for name in names)
        return tuple(sorted(found))

    @cached_property
    def is_bounded(self) -> bool:
        """Tells whether any document has words in a field in which they count only up to a number of occurrences."""
        bounded = [field for field, name in enumerate(TEXT_FIELDS) if math.isfinite(FIELD_WEIGHTS[name].most)]
        return any(bool(segment.lengths.reshape(-1, FIELD_COUNT)[:, bounded].any()) for segment in self.segments)

    @cached_property
    def scales(self) -> Floats:
        """What one occurrence counts in each slot, as BM25F has it; see `ranking.scale`."""
        lengths = self._joined([segment.lengths for segment in self.segments]).reshape(self.size, FIELD_COUNT)
        scales = np.empty((self.size, FIELD_COUNT), dtype=np.float32)
        for field, name in enumerate(TEXT_FIELDS):
            filled = lengths[self.live, field]
            filled = filled[filled > 0]
            average = float(filled.mean()) if len(filled) else 1.0
            scales[:, field] = scale(FIELD_WEIGHTS[name], lengths[:, field].astype(np.float32), average)
        return scales.ravel()

    @cached_property
    def written(self) -> WrittenVocabulary:
        """The words of the documents as they are written."""
        return WrittenVocabulary([written_of(segment.file) for segment in self.segments])

    @cached_property
    def phrases(self) -> Phrases:
        """The phrases that several documents share."""
        parts = [phrases_of(segment.file) for segment in self.segments]
        return merged_phrases([*parts, NO_PHRASES] if len(parts) != 1 else parts)

    @cached_property
    def dates(self) -> NDArray[np.int64]:
        """The day of each document as a proleptic ordinal; 0 for none."""
        return self._joined([segment.dates for segment in self.segments]).astype(np.int64)

    def facet(self, name: str) -> FacetColumn:
        """Return the values of a facet and who has them; nobody has any of one that is not in the index."""
        if name not in self.facet_names:
            return FacetColumn([], self.live)
        # Two threads that are the first to ask do the same work, and either result is right.
        if name not in self._facets:
            self._facets[name] = FacetColumn([segment.facets[name] for segment in self.segments], self.live)
        return self._facets[name]

    def document(self, identifier: str) -> int | None:
        """Return the number of the document of that id; None if there is none or it is deleted."""
        for first, segment in zip(self.firsts, self.segments, strict=True):
            number = segment.document(encoded(identifier))
            if number is not None and self.live[first + number]:
                return first + number
        return None

    def identifiers(self) -> Iterator[tuple[bytes, int]]:
        """Yield the id of each document that is not deleted and its day, as `dates` has it, in the order of numbers."""
        for first, segment in zip(self.firsts, self.segments, strict=True):
            live = self.live[first : first + segment.size].tolist()
            yield from compress(zip(segment.ids, segment.dates.tolist(), strict=True), live)

    def place(self, document: int) -> tuple[int, int]:
        """Return the number of a document's segment and its own number in it."""
        segment = bisect_right(self.firsts, document) - 1
        return segment, document - self.firsts[segment]

    def slots(self, documents: Documents) -> Iterator[tuple[int, slice, NDArray[np.uint32]]]:
        """Yield the slots of some documents in each segment that has any: its number and at which places they stand.

        The slots are two rows: the first one of each document, and the first one behind its last.
        """
        edges = documents.searchsorted([*self.firsts, self.size]).tolist()
        for number, (begin, end) in enumerate(pairwise(edges)):
            if begin < end:
                first = ((documents[begin:end] - self.firsts[number]) * FIELD_COUNT).astype(np.uint32)
                yield number, slice(begin, end), np.array([first, first + np.uint32(FIELD_COUNT)])

    def record(self, document: int) -> Record:
        """Return what is shown of a document."""
        segment, number = self.place(document)
        return self.segments[segment].record(number)

    def title_key(self, document: int) -> tuple[bytes, bytes]:
        """Return what documents are ordered by title with; no two are equal."""
        segment, number = self.place(document)
        return self.segments[segment].titles[number], self.segments[segment].ids[number]

    def close(self) -> None:
        """Let go of all files."""
        for segment in self.segments:
            segment.close()

    def _joined(self, columns: Sequence[NDArray[np.uint32]]) -> NDArray[np.uint32]:
        if len(columns) == 1:
            return columns[0]
        return np.concatenate([np.empty(0, dtype=np.uint32), *columns])
