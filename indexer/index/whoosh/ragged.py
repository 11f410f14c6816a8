"""Rows of different lengths in one array."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def spread(begins: NDArray[np.intp], lengths: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the places of all items of rows that begin at `begins` and have these lengths, one row after the other."""
    shifts = begins - (np.cumsum(lengths) - lengths)
    return np.repeat(shifts, lengths) + np.arange(int(lengths.sum()), dtype=np.intp)


def runs_of(numbers: NDArray[np.integer]) -> NDArray[np.intp]:
    """Return at which places of a rising array another number begins."""
    if not len(numbers):
        return np.empty(0, dtype=np.intp)
    return np.concatenate(([0], np.flatnonzero(numbers[1:] != numbers[:-1]) + 1))


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
