"""What the words of the best results bring to all others, against the formula written out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.index import analysis
from indexer.index.ranking import SATURATION
from indexer.index.schema import Document, Resource
from indexer.index.whoosh.arrays import IndexArrays, Records
from indexer.index.whoosh.feedback import feedback
from tests.test_evaluation import folder_of
from tests.test_reranking import weights

SUBJECT = ("tenancy", "eviction", "landlord", "housing", "rent", "deposit")
texts = st.lists(st.sampled_from((*SUBJECT, "of", "2021", "uk")), max_size=8).map(" ".join)


def plain_feedback(
    arrays: IndexArrays, bodies: Sequence[str], top: Sequence[int], scores: Sequence[float]
) -> list[float]:
    """Return the gain of each document: what Lavrenko and Croft make of the words of at least two of the best."""
    counts = {
        place: Counter(analysis.terms(" ".join(w for w in bodies[place].split() if w in SUBJECT), "en"))
        for place in top
    }
    rare, weight = {}, {}
    for term in {analysis.terms(word, "en")[0] for word in SUBJECT}:
        holders = [place for place in top if counts[place][term]]
        found = sum(term in analysis.terms(body, "en") for body in bodies)
        rare[term] = math.log(1 + (len(bodies) - found + 0.5) / (found + 0.5))
        if len(holders) > 1:
            standing = [counts[place][term] / (counts[place][term] + SATURATION) for place in top]
            weight[term] = rare[term] * sum(s / sum(scores) * x for s, x in zip(scores, standing, strict=True))
    gains = [0.0] * len(bodies)
    for term, share in weight.items():
        for place, row in enumerate(weights(arrays, term.encode())):
            frequency = math.fsum(row)
            gains[place] += share / sum(weight.values()) * rare[term] * frequency / (frequency + SATURATION)
    return gains


@given(
    st.lists(texts, min_size=3, max_size=9),
    st.lists(st.sampled_from([0.5, 1.0, 3.0]), min_size=1, max_size=3),
    st.sampled_from([0, 4]),
)
@example(["tenancy rent", "tenancy rent", "tenancy", "rent", "rent", "rent"], [1.0, 1.0], 0)
@example(["tenancy rent", "rent deposit", "tenancy", "rent", "deposit"], [1.0, 1.0], 0)
def test_a_document_gains_by_the_words_that_two_of_the_best_share_and_the_rarer_the_more(
    bodies: list[str], scores: list[float], growth: int
) -> None:
    found = [Document(Resource(f"r{number}", f"{number}"), body) for number, body in enumerate(bodies)]
    with folder_of((found[:4], []), (found[4:], []), growth=growth) as folder:
        arrays = IndexArrays(folder)
        top, best = np.arange(len(scores)), np.array(scores, dtype=np.float32)
        gains = feedback(arrays, np.arange(arrays.size), top, best, Records(arrays))
        assert gains.tolist() == pytest.approx(plain_feedback(arrays, bodies, top.tolist(), scores), abs=1e-4)
