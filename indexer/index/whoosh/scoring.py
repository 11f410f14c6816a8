"""The formulas of the ranking, over arrays; their weights are in `ranking`."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from indexer.index.ranking import FIELD_WEIGHTS, SATURATION, FieldWeight
from indexer.index.schema import TEXT_FIELDS

Floats = NDArray[np.float32]

MOST: Floats = np.array([FIELD_WEIGHTS[name].most for name in TEXT_FIELDS], dtype=np.float32)
"""What all occurrences of a word in a field count together at the most, field by field."""


def inverse_document_frequency(documents: int, frequency: int) -> float:
    """Return what a word found in `frequency` of `documents` resources tells; always above zero.

    The form of Robertson and Walker with one added inside the logarithm, as Lucene uses it.
    """
    return math.log1p((documents - frequency + 0.5) / (frequency + 0.5))


def scale(field: FieldWeight, length: Floats, average_length: float) -> Floats:
    """Return what one occurrence in one field of each resource counts before saturation.

    Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), equation 3.18: the field's
    weight, divided by how much longer than usual the field is. Occurrences times this add up over the fields.
    """
    b = field.length_normalisation
    return np.asarray(field.weight / ((1 - b) + b * length / average_length), dtype=np.float32)


def bm25f(pseudo_frequency: Floats, idf: float | Floats) -> Floats:
    """Return the score that one word of a query gives each resource; of several words, `idf` has one for each score.

    Robertson and Zaragoza (2009), equation 3.19: saturation is applied once, to the sum over all fields.
    """
    return np.asarray(idf * pseudo_frequency / (SATURATION + pseudo_frequency), dtype=np.float32)
