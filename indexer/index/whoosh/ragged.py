"""Rows of different lengths in one array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

_Integer = TypeVar("_Integer", bound=np.integer)


def spread(begins: NDArray[np.intp], lengths: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the places of all items of rows that begin at `begins` and have these lengths, one row after the other."""
    # Methods of arrays: the functions of NumPy do the same, and take longer for short arrays than what they do.
    ends = lengths.cumsum()
    places: NDArray[np.intp] = (begins - ends + lengths).repeat(lengths)
    places += np.arange(len(places))
    return places


def runs_of(numbers: NDArray[np.integer]) -> NDArray[np.intp]:
    """Return at which places of a rising array another number begins."""
    is_other = np.ones(len(numbers), dtype=np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=is_other[1:])
    return is_other.nonzero()[0]


def united(parts: Sequence[NDArray[_Integer]]) -> NDArray[_Integer]:
    """Return the numbers of several rising arrays as one, each once."""
    # Rising stretches are what a merge sort finds and merges; `np.unique` takes fifty times as long.
    numbers = np.sort(np.concatenate(parts), kind="stable")
    return numbers[runs_of(numbers)]


def is_in(numbers: NDArray[Any], among: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell of each number whether it is among others of the same type, which are rising."""
    if not len(among):
        return np.zeros(len(numbers), dtype=np.bool_)
    places = np.searchsorted(among, numbers)
    places[places == len(among)] = 0
    found: NDArray[np.bool_] = among[places] == numbers
    return found


def stable_order(numbers: NDArray[np.uint32]) -> NDArray[np.intp]:
    """Return the order that sorts numbers and leaves equal ones as they are.

    NumPy sorts numbers of 16 bits by their digits, seven times as fast as by comparing, so larger ones are sorted by
    their lower half and then by their upper.
    """
    order = np.argsort(numbers.astype(np.uint16), kind="stable")
    if not len(numbers) or numbers.max() < 2**16:
        return order
    upper = (numbers >> 16).astype(np.uint16)
    by_upper: NDArray[np.intp] = order[np.argsort(upper[order], kind="stable")]
    return by_upper
