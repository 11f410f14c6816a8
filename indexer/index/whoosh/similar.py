"""Resources like one: what tells most of what it is about is looked for in the titles, tags and texts of all others.

Its words are asked as one long query. What only the files of another resource hold does not count: a manual of a
hundred pages mentions every word of its subject, and would be like everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.index import analysis
from indexer.index.engine import Sort
from indexer.index.ranking import FIELD_WEIGHTS
from indexer.index.schema import TEXT_FIELDS
from indexer.index.whoosh.arrays import Documents, IndexArrays, Mask
from indexer.index.whoosh.evaluation import Evaluated
from indexer.index.whoosh.layout import FIELD_COUNT
from indexer.index.whoosh.ordering import page
from indexer.index.whoosh.ragged import runs_of
from indexer.index.whoosh.records import Record
from indexer.index.whoosh.scoring import Floats, bm25f, inverse_document_frequency
from indexer.index.whoosh.strings import encoded
from indexer.index.whoosh.telling import introduction, opening, telling_words

WORDS = 25
"""How many words of a resource are looked for, as many as tell what it is about and no more than cost little."""

LEAST = 0.1
"""What a resource must share of what the other one would score itself; below, words meet by chance."""

OTHER_LANGUAGE = 0.99
"""What a resource in another language than the other one counts: it follows those that are as good."""

_WEIGHED = 60
"""Of how many words, those that stand most in a resource, it is looked up how rare they are."""

_POSTINGS = 20_000
"""In how many texts these words may stand together; the least telling give way, so that no library takes long."""

_COPIES = 20
"""How many of the best may be passed over because they are copies of others."""

_BODY = TEXT_FIELDS.index("body")
_ATTACHMENTS = TEXT_FIELDS.index("attachments")


@dataclass(frozen=True, slots=True)
class Like:
    """A resource that is like another one: its number, what is shown of it, and its share of the other one's score."""

    document: int
    record: Record
    share: float


def similar(arrays: IndexArrays, document: int, limit: int) -> list[Like]:
    """Return the resources most like one, best first; none that shares little with it, and each content once.

    Robertson and Walker, Okapi at TREC-3 (1994): a word of a long query counts as often as it stands there, times its
    BM25 in the resource that is found. How often is told by the weights of the fields, as in the ranking.
    """
    record = arrays.record(document)
    scores = _scores(arrays, document, _words(arrays, record))
    documents = np.flatnonzero((scores > 0) & (scores >= LEAST * scores[document]))
    shares = (scores[documents] / scores[document]).astype(np.float32)
    shares[~_is_in_language(arrays, documents, record.resource.language)] *= np.float32(OTHER_LANGUAGE)
    best = page(arrays, Evaluated(documents, shares), Sort.RELEVANCE, 0, limit + _COPIES)
    found = zip(documents[best].tolist(), shares[best].tolist(), strict=True)
    likes = (Like(number, arrays.record(number), share) for number, share in found)
    # The resource itself comes first, so that it and its copies are passed over as well.
    return list(islice(_without_copies(arrays, chain([Like(document, record, 1.0)], likes)), 1, 1 + limit))


def _words(arrays: IndexArrays, record: Record) -> Mapping[str, float]:
    """Return the words that tell most of what a resource is about, each with how much it stands there."""
    counts: dict[str, float] = defaultdict(float)
    written: dict[str, str] = {}
    for field, text in introduction(record):
        words = telling_words(text, arrays.languages)
        for word, term in zip(words, analysis.terms_of(words, record.resource.language), strict=True):
            counts[term] += FIELD_WEIGHTS[field].weight
            written.setdefault(term, word)
    likely = sorted(counts, key=lambda term: (-counts[term], term))[:_WEIGHED]
    weights = {term: counts[term] * arrays.terms[term].rarity for term in likely}
    telling: dict[str, float] = {}
    room = _POSTINGS
    for term in sorted(weights, key=lambda term: (-weights[term], term)):
        postings = arrays.terms[term].postings
        if postings <= room and len(telling) < WORDS:
            telling[written[term]] = counts[term]
            room -= postings
    return telling


def _scores(arrays: IndexArrays, document: int, words: Mapping[str, float]) -> NDArray[np.float64]:
    """Return for each document what these words of one of them give it together, each times its weight."""
    keys, weights = _occurrences(arrays, document, list(words))
    begins = runs_of(keys)
    if not len(begins):
        return np.zeros(arrays.size)
    frequencies = np.add.reduceat(weights, begins)
    holding = keys[begins]
    # Dividing by one number is several times as fast as `divmod`.
    numbers = holding // arrays.size
    holders = np.bincount(numbers, minlength=len(words)).tolist()
    rarities = [inverse_document_frequency(arrays.live_count, count) for count in holders]
    scores = bm25f(frequencies, np.array(rarities, dtype=np.float32)[numbers])
    times = np.array(list(words.values()), dtype=np.float32)[numbers]
    return np.asarray(np.bincount(holding - numbers * arrays.size, scores * times, arrays.size), dtype=np.float64)


def _occurrences(arrays: IndexArrays, document: int, words: Sequence[str]) -> tuple[NDArray[np.int64], Floats]:
    """Return in which documents words stand, by rising key, and what each text of a document counts for its word.

    A key is the number of the word times the number of all documents plus the document. Files count of `document`
    only, as its words may have been taken from them.
    """
    found = [(number, *part) for number, word in enumerate(words) for part in _postings(arrays, word)]
    if not found:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
    numbers, parts, counts = zip(*found, strict=True)
    slots = np.concatenate(parts)
    documents = slots // FIELD_COUNT
    is_counted = (slots - documents * FIELD_COUNT != _ATTACHMENTS) | (documents == document)
    is_counted &= arrays.live[documents]
    keys = (np.repeat(numbers, [len(part) for part in parts]) * arrays.size + documents)[is_counted]
    weights = (arrays.scales[slots] * np.concatenate(counts).astype(np.float32))[is_counted]
    if (keys[1:] >= keys[:-1]).all():
        return keys, weights
    # A document may hold several forms of a word, those of several languages.
    order = np.argsort(keys, kind="stable")
    return keys[order], weights[order]


def _postings(arrays: IndexArrays, word: str) -> Iterator[tuple[NDArray[np.int64], NDArray[np.integer]]]:
    """Yield the slots in which a word stands, in any of its forms, and how often it does."""
    for term in analysis.variants(word, arrays.languages):
        for segment, first in zip(arrays.segments, arrays.firsts, strict=True):
            begin, end = segment.postings(encoded(term))
            if begin < end:
                slots = segment.slots[begin:end].astype(np.int64) + first * FIELD_COUNT
                yield slots, np.diff(segment.position_starts[begin : end + 1])


def _is_in_language(arrays: IndexArrays, documents: Documents, language: str) -> Mask:
    """Tell of each document, in rising order, whether it is in this language."""
    edges = documents.searchsorted([*arrays.firsts, arrays.size]).tolist()
    parts = [np.empty(0, dtype=np.bool_)]
    for segment, first, (begin, end) in zip(arrays.segments, arrays.firsts, pairwise(edges), strict=True):
        is_own = np.array([names[0] == language for names in segment.language_names], dtype=np.bool_)
        parts.append(is_own[segment.languages[documents[begin:end] - first]])
    return np.concatenate(parts)


def _without_copies(arrays: IndexArrays, likes: Iterable[Like]) -> Iterator[Like]:
    """Yield all but those that have title and content of one before."""
    known = set()
    for like in likes:
        content = _content(arrays, like)
        if content not in known:
            known.add(content)
            yield like


def _content(arrays: IndexArrays, like: Like) -> tuple[object, ...]:
    """Return what two resources have in common that say the same: how they begin, and how many words they have.

    Tags and dates do not count: the same page is often put up twice, and filed differently.
    """
    number, place = arrays.place(like.document)
    lengths = arrays.segments[number].lengths[place * FIELD_COUNT : (place + 1) * FIELD_COUNT].tolist()
    resource = like.record.resource
    begins = (*analysis.words(resource.title), resource.summary.strip(), opening(like.record).strip())
    return begins, lengths[_BODY], lengths[_ATTACHMENTS]
