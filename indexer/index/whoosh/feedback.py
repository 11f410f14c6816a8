"""What the best results are about: words that they share are looked for in all that compete with them.

A reader types few of the words that a subject has. The best results, most of which are right, hold the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from indexer.index import analysis
from indexer.index.ranking import SATURATION
from indexer.index.whoosh.arrays import Documents, IndexArrays
from indexer.index.whoosh.layout import FIELD_COUNT
from indexer.index.whoosh.ragged import spread
from indexer.index.whoosh.records import Record
from indexer.index.whoosh.scoring import Floats, bm25f, inverse_document_frequency
from indexer.index.whoosh.strings import encoded

WORDS = 10
"""How many words are taken from the best results."""

_WEIGHED = 4 * WORDS
"""Of how many words, those that stand most in the best results, it is looked up how rare they are."""

_PASSAGES = 4
"""How much of a resource is read besides its title, summary and tags: some 2,000 characters tell what it is about."""

_SHORTEST = 3
"""Shorter words are abbreviations or say nothing."""


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
    stop_words = analysis.stop_words(arrays.languages)
    for record, share in zip(records, shares, strict=True):
        for term, count in _counts(record, stop_words).items():
            sums[term] += share * count / (count + SATURATION)
            holders[term] += 1
    common = sorted((term for term in sums if holders[term] > 1), key=lambda term: (-sums[term], term))[:_WEIGHED]
    weighed = {encoded(term): sums[term] * _idf(arrays, encoded(term)) for term in common}
    return {term: weighed[term] for term in sorted(weighed, key=lambda term: (-weighed[term], term))[:WORDS]}


def _counts(record: Record, stop_words: frozenset[str]) -> Mapping[str, int]:
    """Return the terms of a resource's title, summary, tags and first passages with how often each stands there."""
    resource = record.resource
    passages = record.texts(0, min(_PASSAGES, len(record.positions)))
    tokens = analysis.tokens(" ".join([resource.title, resource.summary, *resource.keywords, "".join(passages)]))
    telling = [token for token in tokens if len(token) >= _SHORTEST and token not in stop_words and token.isalpha()]
    counts: dict[str, int] = defaultdict(int)
    for term in analysis.terms_of(telling, resource.language):
        counts[term] += 1
    return counts


def _idf(arrays: IndexArrays, term: bytes) -> float:
    """Return how rare a term is; one that stands in two fields of a resource counts twice, which is near enough."""
    postings = (segment.postings(term) for segment in arrays.segments)
    frequency = sum(end - begin for begin, end in postings)
    return inverse_document_frequency(arrays.live_count, min(frequency, arrays.live_count))


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
