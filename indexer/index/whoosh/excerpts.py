"""Excerpts: the stretch of a text that shows best why it was found."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.index import analysis
from indexer.index.engine import Excerpt
from indexer.index.whoosh.blocks import Integers
from indexer.index.whoosh.records import Record

MATCHING_WORDS = 28
"""Within how many words the matches of a stretch lie; the others of its words lead up to them."""

_LEAD_WORDS = 8
_WINDOW_WORDS = MATCHING_WORDS + _LEAD_WORDS

# About how long a word is with its space: how much of a text is looked through for a number of words.
_WORD_CHARACTERS = 7
# A stretch of few words may be long where there is nothing but dots, or a word without end.
_MOST_BEFORE, _MOST_AFTER = 2, 4

_SPACE = re.compile(r"\s+")
# The dotted line between a heading and its page in a table of contents, and the line to write on in a form.
_LEADERS = re.compile(r"[._…·](?:\s?[._…·]){3,}")
_SENTENCE_END = re.compile(r"[.!?:;]['\"”»)]*\s|[。！？：；][」』）]*|\n")
_ELLIPSIS = "…"

_Spans = Sequence[tuple[int, int]]


class Mark(NamedTuple):
    """A match in a text: the position of its first word, its number of words, which part of the query it is.

    `weight` is that part's weight: between stretches with as many parts, the heavier one is shown.
    """

    position: int
    width: int
    leaf: int
    weight: float = 1.0


def whole(text: str, marks: Sequence[Mark]) -> Excerpt:
    """Return all of a short text with its matches marked."""
    return of_words(text, analysis.spans(text), marks, 0)


def of_words(text: str, spans: Sequence[tuple[int, int]], marks: Sequence[Mark], first: int) -> Excerpt:
    """Return what `whole` does for a text of which it is known where its words are, and the position of the first."""
    return _segments(text, _ranges(spans, marks, first), 0, len(text), "", "")


def excerpt(text: str, marks: Sequence[Mark]) -> Excerpt:
    """Return the stretch of about 36 words that holds most of the query, with an ellipsis where it is cut."""
    anchor = _best_position(marks)
    spans = _first_spans(text, (len(text),), anchor + _WINDOW_WORDS + 1)
    if anchor >= len(spans):
        anchor = _best_position([mark for mark in marks if mark.position < len(spans)])
    return _cut(text, spans, _ranges(spans, marks, 0), anchor, (False, False))


def excerpt_of_page(record: Record, first: int, last: int, marks: Sequence[Mark]) -> Excerpt:
    """Return the excerpt of a page whose text is the passages of a record from `first` to `last`, not included.

    The positions of `marks` are those of the field, as the record's. Of the text only the passages that show are read:
    beyond a long stretch without words, or a word without end, nothing is shown.
    """
    anchor = _best_position(marks)
    begin, end = _around(record.positions, first, last, anchor)
    texts = record.texts(begin, end)
    text = texts[0] if len(texts) == 1 else "".join(texts)
    shift = record.positions[begin]
    spans = _first_spans(text, map(len, texts), anchor - shift + _WINDOW_WORDS + 1)
    return _cut(text, spans, _ranges(spans, marks, shift), anchor - shift, (begin > first, end < last))


def _around(positions: Integers, first: int, last: int, anchor: int) -> tuple[int, int]:
    """Return which passages of a page, from `first` to `last`, the excerpt needs whose best stretch is at `anchor`."""
    if last - first == 1:
        return first, last
    passage = bisect_right(positions, anchor, first, last) - 1
    end = bisect_left(positions, anchor + _WINDOW_WORDS + 1, passage, min(last, passage + _MOST_AFTER))
    # Where the text ends soon, the stretch begins earlier.
    lead = _LEAD_WORDS if end < last else _WINDOW_WORDS
    begin = bisect_right(positions, anchor - lead, first, passage + 1) - 1
    return max(first, passage - _MOST_BEFORE, begin), end


def heaviest(where: Sequence[NDArray[np.uint32]], weights: Sequence[float]) -> int:
    """Return the position at which the best stretch begins: that of most parts of the query, then the heaviest.

    `where` holds the rising positions of each part of the query, one of them at least. What `_best_position` says of
    few marks, this says of many.
    """
    # All of one type: NumPy would copy the positions into a wider one for every search.
    starts = np.sort(np.concatenate(where))
    parts = np.zeros(len(starts), dtype=np.int64)
    weight = np.zeros(len(starts))
    for positions, one in zip(where, weights, strict=True):
        counts = positions.searchsorted(starts + np.uint32(MATCHING_WORDS)) - positions.searchsorted(starts)
        parts += counts > 0
        weight += one * counts
    weight[parts < parts.max()] = -1.0
    return int(starts[weight.argmax()])


def _best_position(marks: Sequence[Mark]) -> int:
    """Return the position of the mark at which the best stretch begins: most parts of the query, then the heaviest."""
    if len(marks) < 2:
        return marks[0].position if marks else 0
    ordered = sorted(marks)
    if ordered[-1].position - ordered[0].position < MATCHING_WORDS:
        return ordered[0].position
    weights = {mark.leaf: mark.weight for mark in ordered}
    counts = dict.fromkeys(sorted(weights), 0)
    best, best_value = 0, (0, 0.0)
    end = 0
    for mark in ordered:
        while end < len(ordered) and ordered[end].position - mark.position < MATCHING_WORDS:
            counts[ordered[end].leaf] += 1
            end += 1
        # Summed anew each time and in one order: sums that are kept up to date drift apart.
        value = (sum(map(bool, counts.values())), sum(weights[leaf] * count for leaf, count in counts.items()))
        if value > best_value:
            best, best_value = mark.position, value
        counts[mark.leaf] -= 1
    return best


def _first_spans(text: str, lengths: Iterable[int], count: int) -> list[tuple[int, int]]:
    """Return the spans of the words of a text: as many as asked for or a few more; all if there are less.

    `lengths` are those of the parts of the text. Each is looked at alone, as when it was indexed: an endless word that
    was cut is two words.
    """
    spans: list[tuple[int, int]] = []
    begin = stop = 0
    for length in lengths:
        stop += length
        while begin < stop and len(spans) < count:
            space = _SPACE.search(text, begin + _WORD_CHARACTERS * (count - len(spans)), stop)
            end = space.end() if space else stop
            spans += analysis.spans(text, begin, end)
            begin = end
    return spans


def _sentence_start(text: str, spans: _Spans, position: int) -> int:
    """Return the position to begin at: the start of the sentence when it is near, else a few words before."""
    earliest = max(0, position - _LEAD_WORDS)
    if earliest == position:
        return position
    ends = [match.end() for match in _SENTENCE_END.finditer(text, spans[earliest][1], spans[position][0])]
    return bisect_left(spans, (ends[-1],), earliest) if ends else earliest


def _cut(text: str, spans: _Spans, ranges: _Spans, anchor: int, cut: tuple[bool, bool]) -> Excerpt:
    """Return the excerpt around the word `anchor`; `cut` tells whether there is more before and after the text."""
    more_before, more_after = cut
    begin = max(0, min(_sentence_start(text, spans, anchor), len(spans) - _WINDOW_WORDS))
    end = begin + _WINDOW_WORDS
    more_before = more_before or begin > 0
    more_after = more_after or end < len(spans)
    start = spans[begin][0] if more_before and spans else 0
    stop = spans[min(end, len(spans)) - 1][1] if more_after and spans else len(text)
    return _segments(text, ranges, start, stop, f"{_ELLIPSIS} " * more_before, f" {_ELLIPSIS}" * more_after)


def _ranges(spans: _Spans, marks: Sequence[Mark], shift: int) -> _Spans:
    """Return where the marked words and phrases begin and end in the text whose first word is at position `shift`."""
    ranges = set()
    last = len(spans) - 1
    for position, width, *_ in marks:
        first = position - shift
        if 0 <= first <= last:
            ranges.add((spans[first][0], spans[min(first + width - 1, last)][1]))
    return sorted(ranges)


def _segments(text: str, ranges: _Spans, start: int, stop: int, before: str, after: str) -> Excerpt:
    """Cut text[start:stop] into segments at the marks, and put what stands before and after it around it."""
    tidy = _tidy if _is_untidy(text[start:stop]) else str
    segments = []
    plain = before
    done = start
    for first, last in ranges:
        if first < done or last > stop:
            continue
        if plain := plain + tidy(text[done:first]):
            segments.append((plain, False))
        segments.append((tidy(text[first:last]), True))
        plain, done = "", last
    if plain := plain + tidy(text[done:stop]) + after:
        segments.append((plain, False))
    return tuple(segments)


def _is_untidy(text: str) -> bool:
    # No space but the common one is printable.
    return not text.isprintable() or "  " in text or _LEADERS.search(text) is not None


def _tidy(text: str) -> str:
    """Return a text with single spaces, and with an ellipsis for each dotted line."""
    return _SPACE.sub(" ", _LEADERS.sub(_ELLIPSIS, text))
