"""The letters of each term as a set of bits, by which terms are told that cannot be spelled nearly as a word is."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.index.whoosh.stretches import stretches

_BYTES_AT_ONCE = 1_000_000


def letters_of(starts: NDArray[Any], data: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Return the letters of terms, whose UTF-8 bytes lie one behind the other and begin at `starts`.

    Each code point sets one bit, chosen by its first byte. So an edit, which inserts, deletes or replaces one code
    point, changes at most two bits, and terms whose bits differ in more than 2 n are more than n edits apart.
    """
    letters = np.zeros(len(starts) - 1, dtype=np.uint32)
    for begin, end in stretches(starts, _BYTES_AT_ONCE):
        first = int(starts[begin])
        edges = starts[begin : end + 1].astype(np.intp) - first
        bits = _bits(data[first : first + int(edges[-1])])
        # Of an empty stretch, `reduceat` would return what stands behind it.
        filled = np.flatnonzero(edges[1:] > edges[:-1])
        if len(filled):
            letters[begin + filled] = np.bitwise_or.reduceat(bits, edges[filled])
    return letters


def _bits(data: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Return one bit for each byte that begins a code point, and none for those that go on with one."""
    begins = (data & 0xC0) != 0x80
    bits: NDArray[np.uint32] = np.left_shift(begins.astype(np.uint32), data & 31)
    return bits
