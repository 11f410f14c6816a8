"""Decides which segments of an index become one with those that are added, so that it has few and little is moved.

Only the last ones can, because the values of facets are numbered through all segments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_GROWTH = 4
"""A segment is taken in while it is at most so many times as large as all behind it together.

So each is at least four times as large as the next. In 20,000 commits of a document each an index never had more than
8 segments, and a document was moved 13 times; with 2 these are 11 and 9, with 8 they are 6 and 25.
"""

_MOST_MOVED = 20_000_000
"""A segment of more words is left alone unless it is worn: moving it takes seconds."""


@dataclass(frozen=True, slots=True)
class Size:
    """The size of a segment: its documents, those of them that are not removed, and how much there is to move of these.

    `amount` is about the number of their words, and one more for each.
    """

    documents: int
    living: int
    amount: int


def first_taken_in(segments: Sequence[Size], added: int) -> int:
    """Return the number of the first segment that is taken in, with all behind it, when that amount is added.

    It is the number of segments when none is.
    """
    first = next((number for number in range(len(segments)) if _are_worn(segments[number:])), len(segments))
    behind = added + sum(segment.amount for segment in segments[first:])
    while first and behind and segments[first - 1].amount <= min(_GROWTH * behind, _MOST_MOVED):
        first -= 1
        behind += segments[first].amount
    return first


def _are_worn(segments: Sequence[Size]) -> bool:
    """Tell whether segments together hold more that was removed than what is left.

    Together, because all behind a segment have to be moved with it: never is more moved than is won.
    """
    return 2 * sum(segment.living for segment in segments) < sum(segment.documents for segment in segments)
