"""What the best results are about: words that they share are looked for in all that compete with them.

A reader types few of the words that a subject has. The best results, most of which are right, hold the others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from indexer.index import analysis
from indexer.index.ranking import SATURATION
from indexer.index.whoosh.arrays import Documents, IndexArrays
from indexer.index.whoosh.layout import FIELD_COUNT
from indexer.index.whoosh.ragged import spread
from indexer.index.whoosh.records import Record
from indexer.index.whoosh.scoring import Floats, bm25f
from indexer.index.whoosh.strings import encoded
from indexer.index.whoosh.telling import introduction, postings_of, rarity, telling_words

WORDS = 10
"""How many words are taken from the best results."""

_WEIGHED = 4 * WORDS
"""Of how many words, those that stand most in the best results, it is looked up how rare they are."""


def feedback(arrays: IndexArrays, documents: Documents, top: NDArray[np.intp], scores: Floats) -> Floats:
    """Return what each of the documents, in rising order, gains from the words of those at the places `top`.

    `scores` are those of the documents at these places. Lavrenko and Croft, Relevance-Based Language Models (2001): a
    word counts by how much it stands in each of the best results, times how good that result is; how much it stands
    there is told by BM25, as in Rocchio's feedback (1971). The words together count as one word of the query.
    """
    if len(top) < 2:
        return np.zeros(len(documents), dtype=np.float32)
    records = [arrays.record(int(document)) for document in documents[top].tolist()]
    words = _shared(records, (scores / scores.sum()).tolist(), arrays)
    gains = np.zeros(len(documents), dtype=np.float32)
    total = sum(words.values())
    for term, weight in words.items():
        gains += np.float32(weight / total) * _scores(arrays, term, documents)
    return gains


def _shared(records: Iterable[Record], shares: Iterable[float], arrays: IndexArrays) -> Mapping[bytes, float]:
    """Return the terms that at least two of the best results hold and that tell most of them, with their weights."""
    sums: dict[str, float] = defaultdict(float)
    holders: dict[str, int] = defaultdict(int)
    for record, share in zip(records, shares, strict=True):
        for term, count in _counts(record, arrays.languages).items():
            sums[term] += share * count / (count + SATURATION)
            holders[term] += 1
    common = sorted((term for term in sums if holders[term] > 1), key=lambda term: (-sums[term], term))[:_WEIGHED]
    weighed = {encoded(term): sums[term] * _idf(arrays, encoded(term)) for term in common}
    return {term: weighed[term] for term in sorted(weighed, key=lambda term: (-weighed[term], term))[:WORDS]}


def _counts(record: Record, languages: tuple[str, ...]) -> Mapping[str, int]:
    """Return the terms that tell what a resource is about with how often each stands there."""
    text = " ".join(text for _, text in introduction(record))
    return Counter(analysis.terms_of(telling_words(text, languages), record.resource.language))


def _idf(arrays: IndexArrays, term: bytes) -> float:
    return rarity(arrays, postings_of(arrays, term))


def _scores(arrays: IndexArrays, term: bytes, documents: Documents) -> Floats:
    """Return what a term would give each of the documents as a word of the query."""
    frequencies = np.zeros(len(documents))
    for first, segment in zip(arrays.firsts, arrays.segments, strict=True):
        begin, end = segment.postings(term)
        if begin == end:
            continue
        slots = segment.slots[begin:end]
        # Slots before the segment's own would be below zero, those behind it are not found.
        own = np.clip((documents - first) * FIELD_COUNT, 0, segment.size * FIELD_COUNT).astype(np.uint32)
        begins, ends = slots.searchsorted(own), slots.searchsorted(own + np.uint32(FIELD_COUNT))
        begins[documents < first] = ends[documents < first]
        rows = spread(begins, ends - begins)
        starts = segment.position_starts[begin : end + 1]
        weights = (starts[rows + 1] - starts[rows]) * arrays.scales[slots[rows].astype(np.intp) + first * FIELD_COUNT]
        frequencies += np.bincount(np.repeat(np.arange(len(documents)), ends - begins), weights, len(documents))
    return bm25f(frequencies.astype(np.float32), _idf(arrays, term))
