"""Which words of the library a word may stand for that was mistyped, told from the other words of the query as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from indexer.index import analysis
from indexer.index.engine import Spelling
from indexer.index.query import Word
from indexer.index.whoosh.arrays import Documents, IndexArrays, Mask
from indexer.index.whoosh.candidates import candidates
from indexer.index.whoosh.lookup import Lookup
from indexer.index.whoosh.strings import encoded

_CONSIDERED = 12
"""How many candidates are looked up; the others are far less likely."""

_COMPANY = 3
"""How many of the other words are looked at, the rarest."""

_PRIOR = 2.0
"""As how many resources the whole library counts when it is told what stands beside a candidate (Dirichlet smoothing,
Zhai and Lafferty 2001)."""

_COMPANY_WEIGHT = 0.5
"""What the company of a word counts: less than one, because the words of a query do not stand together by chance."""


@dataclass(frozen=True, slots=True)
class _Company:
    """Another word of the query: which documents have it, and what part of all that is."""

    documents: Mask
    share: float


def knows(arrays: IndexArrays, word: str) -> bool:
    """Tell whether any document has a folded word in any of its forms."""
    terms = [encoded(term) for term in analysis.variants(word, arrays.languages)]
    return any(arrays.living(segment.postings(term) for segment in arrays.segments) for term in terms)


def spellings(arrays: IndexArrays, typed: str, others: Sequence[str], limit: int) -> tuple[Spelling, ...]:
    """Return the words that a folded word may stand for, the likeliest first, of those of one stem only one.

    `others` are the other words of the query.
    """
    lookup = Lookup(arrays, arrays.languages)
    company = _company(arrays, lookup, others)
    known = {analysis.variants(typed, arrays.languages)}
    found: list[Spelling] = []
    for candidate in candidates(arrays.written, typed, _CONSIDERED):
        word = arrays.written.words[candidate.number].decode("utf-8")
        forms = analysis.variants(word, arrays.languages)
        documents = lookup.leaf(Word(word)).documents
        # Words that only deleted documents have are still in the vocabulary.
        if forms in known or not len(documents):
            continue
        known.add(forms)
        likelihood = candidate.likelihood + sum(_likelihood(documents, each) for each in company)
        found.append(Spelling(arrays.written.text(candidate.number), len(documents), likelihood))
    found.sort(key=lambda spelling: -spelling.likelihood)
    return tuple(found[:limit])


def _company(arrays: IndexArrays, lookup: Lookup, others: Sequence[str]) -> list[_Company]:
    leaves = sorted((lookup.leaf(Word(other)) for other in others), key=lambda leaf: len(leaf.documents))
    company = []
    for leaf in [leaf for leaf in leaves if len(leaf.documents)][:_COMPANY]:
        mask = np.zeros(arrays.size, dtype=np.bool_)
        mask[leaf.documents] = True
        company.append(_Company(mask, len(leaf.documents) / arrays.live_count))
    return company


def _likelihood(documents: Documents, other: _Company) -> float:
    """Return how much likelier a candidate's documents make it that the other word stands beside it."""
    both = int(np.count_nonzero(other.documents[documents]))
    return _COMPANY_WEIGHT * log((both + _PRIOR * other.share) / ((len(documents) + _PRIOR) * other.share))
