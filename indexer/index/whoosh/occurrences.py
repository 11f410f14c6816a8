"""Where the query stands in one document: what the evaluation hands to those who show a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.uint32]
"""Positions of words in one text field of one document, rising."""


@dataclass(frozen=True, slots=True)
class Occurrences:
    """One word, phrase or other leaf of the query in one document: per text field the positions at which it begins.

    `width` is how many words each occurrence spans; `idf` says how rare the leaf is. A field without an occurrence is
    not in `positions`.
    """

    width: int
    idf: float
    positions: Mapping[str, Positions]
