"""Sorted terms of several sources made one list, a block at a time: few of them are Python's objects at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from indexer.index.whoosh.strings import StringArray, StringCollector

_TERMS_AT_ONCE = 50_000
"""How many terms of all sources are looked at together; each takes some 150 bytes meanwhile."""

Places = NDArray[np.uint32]
"""For each term of a source, its number among the terms of all sources."""


def merged_terms(sources: Sequence[StringArray]) -> tuple[StringArray, list[Places]]:
    """Return the terms of all sources, sorted and each once, and where in them those of each source are."""
    merged = StringCollector()
    places = [np.empty(len(source), dtype=np.uint32) for source in sources]
    begins = [0] * len(sources)
    while ends := _block_ends(sources, begins):
        blocks = [source.between(begin, end) for source, begin, end in zip(sources, begins, ends, strict=True)]
        # Sorting is fast where much is sorted already; a set would lose that.
        terms = list(dict.fromkeys(sorted(chain.from_iterable(blocks))))
        numbers = dict(zip(terms, range(len(merged), len(merged) + len(terms)), strict=True))
        merged.extend(terms)
        for target, begin, end, block in zip(places, begins, ends, blocks, strict=True):
            target[begin:end] = np.fromiter(map(numbers.__getitem__, block), dtype=np.uint32, count=len(block))
        begins = ends
    return merged.strings(), places


def _block_ends(sources: Sequence[StringArray], begins: Sequence[int]) -> list[int]:
    """Return where the next block of each source ends, so that no later term of any is below one of the block.

    Empty when there is nothing left.
    """
    rest = [number for number, source in enumerate(sources) if begins[number] < len(source)]
    if not rest:
        return []
    most = max(1, _TERMS_AT_ONCE // len(rest))
    furthest = [min(begin + most, len(source)) for source, begin in zip(sources, begins, strict=True)]
    cut = [sources[number][furthest[number] - 1] for number in rest if furthest[number] < len(sources[number])]
    if not cut:
        return furthest
    # What follows the last term of the block that ends first; no term stands between it and that term.
    behind = min(cut) + b"\0"
    return [
        source.first_not_below(behind, begin, end) for source, begin, end in zip(sources, begins, furthest, strict=True)
    ]
