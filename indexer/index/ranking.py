"""How results are ranked: a short table of weights, applied when a query is answered."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldWeight:
    """What a word counts in one field: `weight` times, `length_normalisation` (b) between 0 (none) and 1 (full).

    However often it occurs there, it counts no more than `most` occurrences in a text of usual length.
    """

    weight: float
    length_normalisation: float
    most: float = math.inf


FIELD_WEIGHTS = {
    "title": FieldWeight(5.0, 0.5),
    "summary": FieldWeight(3.0, 0.5),
    "keywords": FieldWeight(3.0, 0.5),
    "body": FieldWeight(1.0, 0.75),
    "attachments": FieldWeight(1.0, 0.75, most=2.0),
}
"""A title names what a resource is about, a summary and its tags say it, a body and files mention it as well.

An annex of three hundred pages holds every word of its subject many times, which says less than one word in a title.
"""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The named weights of one way to rank; each is off at 0.

    `feedback` is the share that words of the best results have beside those of the query, 0 to 1 (see
    `whoosh/feedback.py`). `proximity` weighs words of the query that stand near each other (`whoosh/proximity.py`).
    `recency` is what a resource of today gains, in shares of the best score, and `half_life` after how many years it
    gains half of that. When fewer resources than `enough` hold all words, those with fewer of them are results as well;
    `complete_first` puts those with all words before them, whatever their scores.
    """

    feedback: float = 0.0
    proximity: float = 0.0
    recency: float = 0.0
    half_life: float = 3.0
    enough: int = 0
    complete_first: bool = True


BM25F = Ranking()
"""Nothing but the words of the query, all of which have to be found."""

DEFAULT = Ranking(feedback=0.3, proximity=0.5, enough=10)
"""Ten results fill the first page, so that below it nobody has to wade through what lacks a word."""

RANKINGS = {"default": DEFAULT, "bm25f": Ranking(enough=sys.maxsize, complete_first=False)}
"""The rankings that have a name, to be compared with each other; `bm25f` asks for any of the words."""

ALTERNATIVE_WEIGHT = 0.8
"""What a match of another wording counts beside one of the words as they were typed."""

SATURATION = 1.2
"""The k1 of BM25: how soon a further occurrence of the same word stops counting."""
