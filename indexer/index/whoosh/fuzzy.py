"""Terms that are spelled nearly as a word is, found in a whole vocabulary by array operations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.index.whoosh.letters import letters_of
from indexer.index.whoosh.segment import Segment
from indexer.index.whoosh.strings import encoded


def terms_within(segment: Segment, words: Iterable[str], edits: int) -> list[int]:
    """Return the numbers of the terms that at most so many edits make of one of these words, rising.

    An edit inserts, deletes or replaces a code point (Levenshtein 1966).
    """
    found: set[int] = set()
    for word in words:
        # Few terms have the letters for it, so only those few are compared letter by letter.
        wanted = letters_of(np.array([0, len(encoded(word))]), np.frombuffer(encoded(word), dtype=np.uint8))
        possible = np.flatnonzero(np.bitwise_count(segment.letters ^ wanted) <= 2 * edits).tolist()
        terms = [segment.terms[number].decode("utf-8") for number in possible]
        near = distances(terms, word) <= edits
        found.update(number for number, is_near in zip(possible, near.tolist(), strict=True) if is_near)
    return sorted(found)


def distances(terms: Sequence[str], word: str) -> NDArray[np.int64]:
    """Return the Levenshtein distance of each term to a word, worked out for all terms side by side.

    The usual table has a row per letter of the word and a column per letter of the term; here each cell is an array
    over all terms. What a row owes to insertions is a running minimum.
    """
    lengths = np.array([len(term) for term in terms], dtype=np.intp)
    width = int(lengths.max(initial=0))
    if not width:
        return np.full(len(terms), len(word), dtype=np.int64)
    letters = np.array([[*map(ord, term), *[0] * (width - len(term))] for term in terms], dtype=np.uint32)
    columns = np.arange(width + 1)
    row = np.broadcast_to(columns, (len(terms), width + 1))
    for number, letter in enumerate(word, 1):
        below = np.empty_like(row)
        below[:, 0] = number
        below[:, 1:] = np.minimum(row[:, :-1] + (letters != ord(letter)), row[:, 1:] + 1)
        row = np.minimum.accumulate(below - columns, axis=1) + columns
    return row[np.arange(len(terms)), lengths]
