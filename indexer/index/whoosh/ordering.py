"""The order of results: one page of it is found without the others being sorted."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.index.engine import Sort
from indexer.index.whoosh.arrays import IndexArrays
from indexer.index.whoosh.evaluation import Evaluated
from indexer.index.whoosh.ragged import is_in

Places = NDArray[np.intp]
"""Places of documents among those found."""

_NEVER = date.max.toordinal() + 1
"""The day of what has no date where the oldest come first."""

_Numbers = Callable[[Places], NDArray[Any]]
"""Gives a number for each of some places; the lowest comes first."""


def page(
    arrays: IndexArrays, found: Evaluated, sort: Sort, offset: int, limit: int, pinned: Sequence[int] = ()
) -> list[int]:
    """Return the places of the results from number `offset` on, in their order.

    By relevance, the documents `pinned` come before all others, in their order. Equal scores follow by date, newest
    first, and then by title, so that the order never depends on where a document lies.
    """
    order = _Order(arrays, found, sort, pinned)
    return order.ordered(order.between(offset, offset + limit))


class _Order:
    """One order of some documents: by numbers, the lowest first, and at last by title."""

    def __init__(self, arrays: IndexArrays, found: Evaluated, sort: Sort, pinned: Sequence[int]) -> None:
        self._arrays = arrays
        self._documents = found.documents
        self._scores = found.scores
        # Within a segment the order of titles is known as numbers.
        titles: list[_Numbers] = [self._rank] if len(arrays.segments) == 1 else []
        numbers = {
            Sort.RELEVANCE: [self._relevance, self._age],
            Sort.DATE: [self._age],
            Sort.OLDEST: [self._day],
            Sort.TITLE: [],
        }[sort]
        # What lacks a part of the query follows in every order.
        tiers: list[_Numbers] = [] if found.is_partial is None else [found.is_partial.__getitem__]
        pins: list[_Numbers] = [self._turns(pinned).__getitem__] if pinned and sort is Sort.RELEVANCE else []
        self._numbers = [*pins, *tiers, *numbers, *titles]

    def ordered(self, places: Places) -> list[int]:
        """Return some places in this order."""
        listed: list[int] = places.tolist()
        columns = [numbers(places).tolist() for numbers in self._numbers]
        titles = map(self._title, listed)
        return [place for *_, place in sorted(zip(*columns, titles, listed, strict=True))]

    def between(self, begin: int, end: int) -> Places:
        """Return, in no order, the places of the documents that come from number `begin` on and before `end`."""
        return self._between(self._numbers, np.arange(len(self._documents)), begin, end)

    def _between(self, keys: Sequence[_Numbers], places: Places, begin: int, end: int) -> Places:
        """Do so among some places, whose order these keys tell and then their titles."""
        begin, end = max(begin, 0), min(end, len(places))
        if begin >= end:
            return places[:0]
        if end - begin == len(places):
            return places
        if not keys:
            return self._between_by_title(places, begin, end)
        values = keys[0](places)
        # Sorting takes no longer than NumPy's own selection, which is many times as slow where values are equal.
        ordered = np.sort(values)
        lowest, highest = ordered[begin], ordered[end - 1]
        parts = [places[(lowest < values) & (values < highest)]]
        for value in {lowest, highest}:
            before = int(np.searchsorted(ordered, value))
            parts.append(self._between(keys[1:], places[values == value], begin - before, end - before))
        return np.concatenate(parts)

    def _between_by_title(self, places: Places, begin: int, end: int) -> Places:
        """Do so by title alone: of several segments, only the titles are read that decide where to begin."""
        edges = np.searchsorted(self._documents[places], [*self._arrays.firsts, self._arrays.size]).tolist()
        parts = [self._by_rank(number, places[first:last]) for number, (first, last) in enumerate(pairwise(edges))]
        starts = _lowest(parts, self._title, begin)
        candidates = [part[start:][: end - begin] for part, start in zip(parts, starts, strict=True)]
        ordered = sorted(np.concatenate(candidates).tolist(), key=self._title)
        return np.array(ordered[: end - begin], dtype=np.intp)

    def _by_rank(self, segment: int, places: Places) -> Places:
        """Return places of one segment in the order of their titles."""
        numbers = self._documents[places] - self._arrays.firsts[segment]
        ordered: Places = places[np.argsort(self._arrays.segments[segment].title_ranks[numbers])]
        return ordered

    def _turns(self, pinned: Sequence[int]) -> NDArray[np.intp]:
        """Return for each place when it has its turn: those of pinned documents first, all others together."""
        turns = np.full(len(self._documents), len(pinned), dtype=np.intp)
        documents = np.array(pinned, dtype=np.intp)
        is_here = is_in(documents, self._documents)
        turns[np.searchsorted(self._documents, documents[is_here])] = np.flatnonzero(is_here)
        return turns

    def _relevance(self, places: Places) -> NDArray[Any]:
        return -self._scores[places]

    def _age(self, places: Places) -> NDArray[Any]:
        return -self._arrays.dates[self._documents[places]]

    def _day(self, places: Places) -> NDArray[Any]:
        days = self._arrays.dates[self._documents[places]]
        return np.where(days, days, _NEVER)

    def _rank(self, places: Places) -> NDArray[Any]:
        return self._arrays.segments[0].title_ranks[self._documents[places]]

    def _title(self, place: int) -> tuple[bytes, bytes]:
        return self._arrays.title_key(int(self._documents[place]))


def _lowest(parts: Sequence[Places], key: Callable[[int], Any], count: int) -> list[int]:
    """Return how many of each part are among the `count` lowest of all; parts are sorted, and no two keys are equal.

    The answers are closed in on from both sides by the middle of what is widest open, so that few keys are looked at.
    """
    lows, highs = [0] * len(parts), [min(count, len(part)) for part in parts]
    while lows != highs:
        widest = max(range(len(parts)), key=lambda number: highs[number] - lows[number])
        middle = (lows[widest] + highs[widest]) // 2
        pivot = key(int(parts[widest][middle]))
        below = [
            bisect_left(part, pivot, low, high, key=key) for part, low, high in zip(parts, lows, highs, strict=True)
        ]
        if sum(below) < count:
            lows = below
            lows[widest] = middle + 1
        else:
            highs = below
    return lows
