"""Looks for words in many short texts at once; the texts are folded words, parted and enclosed by spaces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.index.whoosh.ragged import runs_of
from indexer.index.whoosh.strings import Strings


def places(texts: Strings, wanted: bytes) -> NDArray[np.intp]:
    """Return at which bytes of all texts together these bytes begin, of which there have to be two at least.

    A space is wanted first and texts are enclosed by spaces, so nothing is found across the end of a text.
    """
    data = texts.bytes
    last = len(data) - len(wanted) + 1
    if last <= 0:
        return np.empty(0, dtype=np.intp)
    # The second byte first: a letter is rarer than a space.
    found = np.flatnonzero(data[1 : last + 1] == wanted[1])
    for place, byte in enumerate(wanted):
        if place != 1:
            found = found[data[found + place] == byte]
    return found


def numbers_at(texts: Strings, found: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the numbers of the texts that these bytes are in."""
    return np.searchsorted(texts.starts, found.astype(texts.starts.dtype), side="right") - 1


def containing(texts: Strings, wanted: bytes) -> NDArray[np.intp]:
    """Return the numbers of the texts that hold these bytes, rising."""
    numbers = numbers_at(texts, places(texts, wanted))
    return numbers[runs_of(numbers)]
