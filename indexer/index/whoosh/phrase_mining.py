"""Finds the phrases that several documents share, by operations over all their words at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.index.whoosh.phrases import Phrases, least_count
from indexer.index.whoosh.ragged import runs_of
from indexer.index.whoosh.strings import string_array

LONGEST = 4
"""The most words of a phrase."""

_FEW_WORDS = 10_000
"""Of so few words phrases are kept that stand once: other documents, which come later, may have them, too."""

_DOCUMENTS = 30_000
"""Of so many documents one more has to share a phrase than two."""

_BUCKET_BITS = 21
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)

Keys = NDArray[np.uint64]
Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts one behind the other: the number of each word, 0 for what is none; its text and its document.

    `names` are the folded words by their numbers, and `stop_words` the numbers of those that begin and end no phrase.
    """

    words: NDArray[np.uint32]
    texts: NDArray[np.integer]
    documents: NDArray[np.integer]
    names: Sequence[bytes]
    stop_words: Sequence[int]


def mined(texts: Texts) -> Phrases:
    """Return the phrases of some texts.

    Phrases of n words are looked for only where those of n - 1 are frequent that they begin and end with (Agrawal and
    Srikant 1994), and only among those whose bucket of a hash table has several (Park, Chen and Yu 1995).
    """
    words = texts.words
    is_few = len(words) <= _FEW_WORDS
    may_end = np.ones(len(texts.names), dtype=np.bool_)
    may_end[texts.stop_words] = False
    is_end = may_end[words]
    least = 1 if is_few else 2 + len(runs_of(texts.documents)) // _DOCUMENTS
    begins = np.flatnonzero((words[:-1] > 0) & (words[1:] > 0) & (texts.texts[:-1] == texts.texts[1:]))
    keys = words[begins].astype(np.uint64)
    found: list[tuple[int, Numbers, Numbers]] = []
    for width in range(2, LONGEST + 1):
        keys = keys * _MULTIPLIER + words[begins + width - 1]
        if not is_few:
            may_repeat = _in_full_buckets(keys)
            begins, keys = begins[may_repeat], keys[may_repeat]
        is_phrase = is_end[begins] & is_end[begins + width - 1]
        places, counts = _counted(keys[is_phrase], begins[is_phrase], texts.documents)
        enough = counts >= least
        found.append((width, places[enough], counts[enough]))
        goes_on = np.append(begins[1:] == begins[:-1] + 1, False) if len(begins) else np.zeros(0, dtype=np.bool_)
        begins, keys = begins[goes_on], keys[goes_on]
    return _written(texts, found)


def _in_full_buckets(keys: Keys) -> NDArray[np.bool_]:
    """Tell of each key whether it may be there twice."""
    buckets = ((keys * _MULTIPLIER) >> np.uint64(64 - _BUCKET_BITS)).astype(np.intp)
    full: NDArray[np.bool_] = np.bincount(buckets, minlength=1 << _BUCKET_BITS)[buckets] > 1
    return full


def _counted(keys: Keys, begins: Numbers, documents: NDArray[np.integer]) -> tuple[Numbers, Numbers]:
    """Return of each different key a place where it begins, and in how many documents it does."""
    order = np.argsort(keys, kind="stable")
    keys, begins = keys[order], begins[order]
    firsts = runs_of(keys.view(np.int64))
    # Equal keys stand in the order of their documents.
    owners = documents[begins]
    is_other = np.ones(len(keys), dtype=np.intp)
    is_other[1:] = (keys[1:] != keys[:-1]) | (owners[1:] != owners[:-1])
    counts = np.add.reduceat(is_other, firsts) if len(firsts) else firsts
    return begins[firsts], counts


def _written(texts: Texts, found: Sequence[tuple[int, Numbers, Numbers]]) -> Phrases:
    """Return phrases as texts; each has a width, places where such phrases begin, and their counts."""
    least = least_count(np.concatenate([counts for _, _, counts in found]))
    names = texts.names
    counted: dict[bytes, int] = {}
    for width, places, counts in found:
        kept = counts >= least
        rows = texts.words[places[kept][:, None] + np.arange(width)].tolist()
        for row, count in zip(rows, counts[kept].tolist(), strict=True):
            counted[b" ".join([names[number] for number in row])] = count
    ordered = sorted(counted)
    return Phrases(string_array(ordered), np.array([counted[text] for text in ordered], dtype=np.uint32))
