from __future__ import annotations

from math import log2

from hypothesis import given
from hypothesis import strategies as st

from indexer.index.whoosh.merge_policy import Size, first_taken_in

Commit = tuple[int, float]
"""How many documents a commit adds, and which part of the living ones it removes."""

WORDS = 10
MOST_MOVED = 20_000_000

histories = st.lists(
    st.tuples(st.sampled_from([0, 1, 1, 1, 2, 5, 30, 1_000, 50_000]), st.sampled_from([0, 0, 0, 0.01, 0.3, 0.9])),
    min_size=1,
    max_size=200,
)


def size(documents: int, living: int) -> Size:
    return Size(documents, living, living * (WORDS + 1))


def committed(segments: list[Size], added: int) -> tuple[list[Size], list[Size]]:
    """Return the segments after a commit, and those that were taken in."""
    first = first_taken_in(segments, added * (WORDS + 1))
    living = added + sum(segment.living for segment in segments[first:])
    return [*segments[:first], *([size(living, living)] if living else [])], segments[first:]


@given(histories)
def test_an_index_has_few_segments_and_never_more_removed_than_living_documents(history: list[Commit]) -> None:
    segments: list[Size] = []
    for added, removed in history:
        living = [round(segment.living * (1 - removed)) for segment in segments]
        worn = [size(segment.documents, left) for segment, left in zip(segments, living, strict=True)]
        segments, _ = committed(worn, added)
        assert sum(segment.documents for segment in segments) <= 2 * sum(segment.living for segment in segments)
        huge = sum(1 for segment in segments if segment.amount > MOST_MOVED)
        most = max((segment.documents for segment in segments), default=1)
        assert len(segments) <= huge + 2 + log2(most)


@given(histories)
def test_a_commit_without_removals_moves_little_more_than_what_it_adds(history: list[Commit]) -> None:
    segments: list[Size] = []
    for added, _ in history:
        segments, taken_in = committed(segments, added)
        for number, segment in enumerate(taken_in):
            behind = added * (WORDS + 1) + sum(other.amount for other in taken_in[number + 1 :])
            assert segment.amount <= 4 * behind
            assert segment.amount <= MOST_MOVED


def test_documents_are_moved_few_times_however_many_commits_there_are() -> None:
    segments = [size(1_000_000, 1_000_000)]
    moved = most = 0
    for _ in range(20_000):
        segments, taken_in = committed(segments, 1)
        moved += sum(segment.living for segment in taken_in)
        most = max(most, len(segments))
    assert most <= 8
    assert moved <= 14 * 20_000


def test_nothing_is_moved_when_nothing_is_added_or_worn() -> None:
    assert first_taken_in([size(10, 10), size(4, 2)], 0) == 2


def test_a_worn_segment_goes_with_all_behind_it() -> None:
    assert first_taken_in([size(1_000, 1_000), size(20, 4), size(5, 5)], 0) == 1


def test_a_worn_segment_waits_while_more_would_have_to_be_moved_than_is_won() -> None:
    worn, huge = Size(1_000_000, 400_000, 20 * MOST_MOVED), Size(900_000, 900_000, 40 * MOST_MOVED)
    assert first_taken_in([worn, huge], 1) == 2
    assert first_taken_in([worn, Size(900_000, 540_000, 40 * MOST_MOVED)], 1) == 0


def test_a_segment_without_living_documents_goes() -> None:
    assert first_taken_in([size(10, 0)], 0) == 0


def test_a_huge_segment_stays_unless_it_is_worn() -> None:
    huge = Size(1_000_000, 1_000_000, 30 * MOST_MOVED)
    assert first_taken_in([huge], 29 * MOST_MOVED) == 1
    assert first_taken_in([Size(1_000_000, 499_999, 15 * MOST_MOVED)], 0) == 0
