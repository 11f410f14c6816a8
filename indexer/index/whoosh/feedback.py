"""What the best results are about: words that they share are looked for in all that compete with them.

A reader types few of the words that a subject has. The best results, most of which are right, hold the others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import fsum

import numpy as np
from numpy.typing import NDArray

from indexer.index.ranking import SATURATION
from indexer.index.whoosh.arrays import Documents, IndexArrays
from indexer.index.whoosh.layout import FIELD_COUNT
from indexer.index.whoosh.ragged import spread
from indexer.index.whoosh.records import Record
from indexer.index.whoosh.scoring import MOST, Floats, bm25f
from indexer.index.whoosh.telling import opening, telling_terms
from indexer.index.whoosh.term_statistics import TermStatistics

WORDS = 10
"""How many words are taken from the best results."""

_WEIGHED = 2 * WORDS
"""Of how many words, those that stand most in the best results, it is looked up how rare they are."""


def feedback(
    arrays: IndexArrays, documents: Documents, top: NDArray[np.intp], scores: Floats, records: Mapping[int, Record]
) -> Floats:
    """Return what each of the documents, in rising order, gains from the words of those at the places `top`.

    `scores` are those of the documents at these places. Lavrenko and Croft, Relevance-Based Language Models (2001): a
    word counts by how much it stands in each of the best results, times how good that result is; how much it stands
    there is told by BM25, as in Rocchio's feedback (1971). The words together count as one word of the query.
    """
    best = [records[document] for document in documents[top].tolist()]
    shared = _shared(best, scores.tolist(), arrays) if len(top) > 1 else {}
    if not shared:
        return np.zeros(len(documents), dtype=np.float32)
    weights = np.array(list(shared.values()), dtype=np.float32)
    terms = [arrays.terms[term] for term in shared]
    rarities = np.array([term.rarity for term in terms], dtype=np.float32)
    gains = bm25f(_frequencies(arrays, terms, documents), rarities[:, np.newaxis])
    gains *= (weights / weights.sum())[:, np.newaxis]
    return np.asarray(gains.sum(axis=0), dtype=np.float32)


def _shared(records: Sequence[Record], scores: Sequence[float], arrays: IndexArrays) -> Mapping[str, float]:
    """Return the terms that at least two of the best results hold and that tell most of them, with how much."""
    # Exact sums: results of equal scores stand in the order of their numbers, which says nothing of them.
    whole = fsum(scores)
    parts: dict[str, list[float]] = defaultdict(list)
    for record, score in zip(records, scores, strict=True):
        for term, count in _counts(record, arrays.languages).items():
            parts[term].append(score / whole * count / (count + SATURATION))
    sums = {term: fsum(each) for term, each in parts.items() if len(each) > 1}
    common = sorted(sums, key=lambda term: (-sums[term], term))[:_WEIGHED]
    weights = {term: sums[term] * arrays.terms[term].rarity for term in common}
    # A stable sort: of equal weight come first those that stand more in the best results, and then by letters.
    return {term: weights[term] for term in sorted(common, key=lambda term: -weights[term])[:WORDS]}


def _counts(record: Record, languages: tuple[str, ...]) -> Counter[str]:
    """Return the terms that tell what a resource is about with how often each stands there."""
    resource = record.resource
    text = " ".join([resource.title, resource.summary, *resource.keywords, opening(record)])
    return telling_terms(text, languages, resource.language)


def _frequencies(arrays: IndexArrays, terms: Sequence[TermStatistics], documents: Documents) -> Floats:
    """Return for each term how often it stands in each document, weighed as one occurrence counts where it stands."""
    frequencies = np.empty((len(terms), len(documents)), dtype=np.float32)
    for number, places, slots in arrays.slots(documents):
        frequencies[:, places] = _in_segment(arrays, number, [term.stretches[number] for term in terms], slots)
    return frequencies


def _in_segment(
    arrays: IndexArrays, number: int, postings: Sequence[tuple[int, int]], edges: NDArray[np.uint32]
) -> Floats:
    """Return what `_frequencies` does in one segment: of documents with these slots, for terms with these postings."""
    segment, shift = arrays.segments[number], arrays.firsts[number] * FIELD_COUNT
    found = np.array([segment.slots[begin:end].searchsorted(edges) + begin for begin, end in postings])
    lengths = (found[:, 1] - found[:, 0]).ravel()
    holding = lengths.nonzero()[0]
    rows = spread(found[:, 0].ravel()[holding], lengths[holding])
    slots = segment.slots[rows].astype(np.intp)
    weights = (segment.position_starts[rows + 1] - segment.position_starts[rows]) * arrays.scales[slots + shift]
    if arrays.is_bounded:
        weights = np.minimum(weights, MOST[slots % FIELD_COUNT])
    sums = np.bincount(holding.repeat(lengths[holding]), weights, len(lengths))
    return sums.reshape(len(postings), edges.shape[1]).astype(np.float32)
