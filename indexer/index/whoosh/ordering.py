"""The order of results: one page of it is found without the others being sorted."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.index.engine import Sort
from indexer.index.whoosh.arrays import IndexArrays
from indexer.index.whoosh.evaluation import Evaluated

Places = NDArray[np.intp]
"""Places of documents among those found."""


def page(arrays: IndexArrays, found: Evaluated, sort: Sort, offset: int, limit: int) -> list[int]:
    """Return the places of the results from number `offset` on, in their order.

    Equal scores follow by date, newest first, and then by title, so that the order never depends on where a document
    lies.
    """
    order = _Order(arrays, found, sort)
    shown = order.first(offset + limit)
    if offset:
        shown = np.setdiff1d(shown, order.first(offset), assume_unique=True)
    return sorted(shown.tolist(), key=order.key)


class _Order:
    """One order of some documents: by numbers, the lowest first, and at last by title."""

    def __init__(self, arrays: IndexArrays, found: Evaluated, sort: Sort) -> None:
        self._arrays = arrays
        self._documents = found.documents
        self._scores = found.scores
        self._numbers = {Sort.RELEVANCE: [self._relevance, self._age], Sort.DATE: [self._age], Sort.TITLE: []}[sort]

    def key(self, place: int) -> tuple[object, ...]:
        """Return what a document is sorted by."""
        return *(numbers(place) for numbers in self._numbers), self._title(place)

    def first(self, count: int) -> Places:
        """Return the places of so many documents that come first, in no order."""
        places = np.arange(len(self._documents))
        certain: list[Places] = []
        for numbers in self._numbers:
            if count >= len(places):
                break
            before, places = _split(numbers(places), places, count)
            certain.append(before)
            count -= len(before)
        return np.concatenate([*certain, self._first_by_title(places, count)])

    def _first_by_title(self, places: Places, count: int) -> Places:
        """Return those that come first by title: ranks are known within a segment, between segments titles compare."""
        if count >= len(places):
            return places
        edges = np.searchsorted(self._documents[places], [*self._arrays.firsts, self._arrays.size]).tolist()
        candidates: list[int] = []
        for segment, first, (begin, end) in zip(
            self._arrays.segments, self._arrays.firsts, pairwise(edges), strict=True
        ):
            part = places[begin:end]
            ranks = segment.title_ranks[self._documents[part] - first]
            candidates += part[np.argsort(ranks)[:count]].tolist()
        return np.array(sorted(candidates, key=self._title)[:count], dtype=np.intp)

    def _relevance(self, places: Places | int) -> Any:  # noqa: ANN401  # a number for one place, an array for many
        return -self._scores[places]

    def _age(self, places: Places | int) -> Any:  # noqa: ANN401  # a number for one place, an array for many
        return -self._arrays.dates[self._documents[places]]

    def _title(self, place: int) -> tuple[bytes, bytes]:
        return self._arrays.title_key(int(self._documents[place]))


def _split(values: NDArray[Any], places: Places, count: int) -> tuple[Places, Places]:
    """Return which places have values that are among the `count` lowest for sure, and which share the rest of them."""
    if not count:
        return places[:0], places[:0]
    # Sorting takes no longer than NumPy's own selection, which is many times as slow where values are equal.
    last = np.sort(values)[count - 1]
    return places[values < last], places[values == last]
