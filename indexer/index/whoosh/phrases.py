"""The frequent phrases of a segment: two to four words that stand side by side in several of its documents.

They are folded, do not begin or end with a stop word, and each knows in how many documents it stands. What was
deleted is counted until all is built anew, so who shows a phrase asks the engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.index.whoosh.array_file import ArrayFile, ArrayFileWriter
from indexer.index.whoosh.strings import StringArray, Strings, put_strings, string_array
from indexer.index.whoosh.term_merging import merged_terms

MOST = 100_000
"""How many phrases a segment has at the most: of more, the most frequent."""

MOST_ONCE = 20_000
"""Up to how many phrases those that stand in a single document stay: another segment may have them, too."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases, sorted, their words parted by spaces, and in how many documents each stands."""

    texts: StringArray
    counts: NDArray[np.uint32]


NO_PHRASES = Phrases(string_array([]), np.empty(0, dtype=np.uint32))


def put_phrases(file: ArrayFileWriter, phrases: Phrases) -> None:
    """Write phrases into a file of arrays."""
    put_strings(file, "phrases", phrases.texts)
    file.put("phrase_counts", phrases.counts)


def phrases_of(file: ArrayFile) -> Phrases:
    """Return the phrases of a file of arrays, of which nothing is copied."""
    return Phrases(Strings(file, "phrases"), file["phrase_counts"])


def merged_phrases(parts: Sequence[Phrases]) -> Phrases:
    """Return the phrases of several sources as one; counts add up."""
    if len(parts) == 1:
        return parts[0]
    texts, places = merged_terms([part.texts for part in parts])
    counts = np.zeros(len(texts), dtype=np.uint32)
    for part, place in zip(parts, places, strict=True):
        counts[place] += part.counts
    kept = np.flatnonzero(counts >= least_count(counts))
    return Phrases(texts.chosen(kept), counts[kept])


def least_count(counts: NDArray[np.integer]) -> int:
    """Return in how many documents a phrase has to stand to be kept among so many."""
    if len(counts) <= MOST_ONCE:
        return 1
    if int(np.count_nonzero(counts > 1)) <= MOST:
        return 2
    # Of equal ones all or none: the last that would fit may have others beside it.
    return int(np.partition(counts, len(counts) - MOST - 1)[len(counts) - MOST - 1]) + 1
