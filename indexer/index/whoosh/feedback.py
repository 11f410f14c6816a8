"""What the best results are about: words that they share are looked for in all that compete with them.

A reader types few of the words that a subject has. The best results, most of which are right, hold the others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from indexer.index import analysis
from indexer.index.ranking import SATURATION
from indexer.index.whoosh.arrays import Documents, IndexArrays
from indexer.index.whoosh.layout import FIELD_COUNT
from indexer.index.whoosh.ragged import spread
from indexer.index.whoosh.records import Record
from indexer.index.whoosh.scoring import MOST, Floats, bm25f
from indexer.index.whoosh.segment import Segment
from indexer.index.whoosh.strings import encoded
from indexer.index.whoosh.telling import introduction, rarity, telling_words

WORDS = 10
"""How many words are taken from the best results."""

_WEIGHED = 4 * WORDS
"""Of how many words, those that stand most in the best results, it is looked up how rare they are."""


@dataclass(frozen=True, slots=True)
class _Term:
    """A word of the best results: how much it tells of them, how rare it is, and its postings in each segment."""

    weight: float
    idf: float
    postings: Sequence[tuple[int, int]]


def feedback(
    arrays: IndexArrays, documents: Documents, top: NDArray[np.intp], scores: Floats, records: Mapping[int, Record]
) -> Floats:
    """Return what each of the documents, in rising order, gains from the words of those at the places `top`.

    `scores` are those of the documents at these places. Lavrenko and Croft, Relevance-Based Language Models (2001): a
    word counts by how much it stands in each of the best results, times how good that result is; how much it stands
    there is told by BM25, as in Rocchio's feedback (1971). The words together count as one word of the query.
    """
    gains = np.zeros(len(documents), dtype=np.float32)
    if len(top) < 2:
        return gains
    best = [records[document] for document in documents[top].tolist()]
    terms = _shared(best, scores.tolist(), arrays)
    total = sum(term.weight for term in terms)
    edges = [_edges(segment, documents - first) for first, segment in zip(arrays.firsts, arrays.segments, strict=True)]
    for term in terms:
        gains += np.float32(term.weight / total) * bm25f(_frequencies(arrays, term, edges), term.idf)
    return gains


def _shared(records: Sequence[Record], scores: Sequence[float], arrays: IndexArrays) -> Sequence[_Term]:
    """Return the terms that at least two of the best results hold and that tell most of them."""
    # Exact sums: results of equal scores stand in the order of their numbers, which says nothing of them.
    whole = fsum(scores)
    parts: dict[str, list[float]] = defaultdict(list)
    for record, score in zip(records, scores, strict=True):
        for term, count in _counts(record, arrays.languages).items():
            parts[term].append(score / whole * count / (count + SATURATION))
    sums = {term: fsum(each) for term, each in parts.items() if len(each) > 1}
    common = sorted(sums, key=lambda term: (-sums[term], term))[:_WEIGHED]
    weighed = [_term(arrays, term, sums[term]) for term in common]
    # A stable sort: of equal weight come first those that stand more in the best results, and then by letters.
    return sorted(weighed, key=lambda term: -term.weight)[:WORDS]


def _term(arrays: IndexArrays, term: str, standing: float) -> _Term:
    """Look a term up."""
    name = encoded(term)
    postings = [segment.postings(name) for segment in arrays.segments]
    idf = rarity(arrays, arrays.living(postings))
    return _Term(standing * idf, idf, postings)


def _counts(record: Record, languages: tuple[str, ...]) -> Mapping[str, int]:
    """Return the terms that tell what a resource is about with how often each stands there."""
    text = " ".join(text for _, text in introduction(record))
    return Counter(analysis.terms_of(telling_words(text, languages), record.resource.language))


def _edges(segment: Segment, documents: Documents) -> NDArray[np.uint32]:
    """Return the first slot of each document, then the first behind each; the same for one of another segment."""
    own = np.clip(documents * FIELD_COUNT, 0, segment.size * FIELD_COUNT)
    behind = np.where(documents < 0, own, np.minimum(own + FIELD_COUNT, segment.size * FIELD_COUNT))
    return np.concatenate([own, behind]).astype(np.uint32)


def _frequencies(arrays: IndexArrays, term: _Term, edges: Sequence[NDArray[np.uint32]]) -> Floats:
    """Return how often a term stands in each document, weighed as one occurrence counts where it stands."""
    count = len(edges[0]) // 2 if edges else 0
    frequencies = np.zeros(count, dtype=np.float32)
    for first, segment, (begin, end), own in zip(arrays.firsts, arrays.segments, term.postings, edges, strict=True):
        slots = segment.slots[begin:end]
        found = slots.searchsorted(own)
        lengths = found[count:] - found[:count]
        if not lengths.any():
            continue
        rows = spread(found[:count], lengths)
        starts = segment.position_starts[begin : end + 1]
        weights = (starts[rows + 1] - starts[rows]) * arrays.scales[slots[rows].astype(np.intp) + first * FIELD_COUNT]
        weights = np.minimum(weights, MOST[slots[rows] % FIELD_COUNT])
        frequencies += np.bincount(np.repeat(np.arange(count), lengths), weights, count).astype(np.float32)
    return frequencies
