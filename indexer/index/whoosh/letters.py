"""The letters of each term as a set of bits, by which terms are told that cannot be spelled nearly as a word is."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def letters_of(starts: NDArray[Any], data: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Return the letters of terms, whose UTF-8 bytes lie one behind the other and begin at `starts`.

    Each code point sets one bit, chosen by its first byte, so an edit of one code point changes at most two bits.
    """
    bits = np.where(data & 0xC0 != 0x80, np.uint32(1) << (data & 31).astype(np.uint32), np.uint32(0))
    sums = np.zeros(len(starts) - 1, dtype=np.uint32)
    begins = starts[:-1].astype(np.intp)
    filled = np.diff(starts.astype(np.intp)) > 0
    if filled.any():
        sums[filled] = np.bitwise_or.reduceat(bits, begins[filled])
    return sums
