"""Long arrays in stretches that fit into little memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray


def running(values: NDArray[Any]) -> NDArray[np.int64]:
    """Return the sum of all values before each place, and as the last that of all."""
    sums = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(values, out=sums[1:])
    return sums


def lengths_of(starts: NDArray[Any]) -> NDArray[np.int64]:
    """Return how long pieces are from where each begins; the last of `starts` is where the last ends."""
    edges = starts.astype(np.int64)
    lengths: NDArray[np.int64] = edges[1:] - edges[:-1]
    return lengths


def stretches(starts: NDArray[Any], most: int) -> Iterator[tuple[int, int]]:
    """Yield the numbers of pieces, a first and one behind the last, that have so many items together at the most.

    `starts` tells where each piece begins, and where the last ends. A piece that is larger comes alone, and there are
    never more pieces in a stretch than items are allowed.
    """
    begin = 0
    while begin < len(starts) - 1:
        # As a number of their own type: with another one NumPy would copy all starts.
        limit = starts.dtype.type(min(int(starts[begin]) + most, int(starts[-1])))
        end = int(np.searchsorted(starts, limit, side="right")) - 1
        end = min(max(end, begin + 1), begin + most)
        yield begin, end
        begin = end
