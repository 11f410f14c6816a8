"""Excerpts: the stretch of a text that shows best why it was found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.index import analysis
from indexer.index.engine import Excerpt

_WINDOW_WORDS = 36
_LEAD_WORDS = 8
_SPACE = re.compile(r"\s+")
# The dotted line between a heading and its page in a table of contents, and the line to write on in a form.
_LEADERS = re.compile(r"[._…·](?:\s?[._…·]){3,}")
_SENTENCE_END = re.compile(r"[.!?:;]['\"”»)]*\s|\n")
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Mark:
    """A match in a text: the position of its first word, its number of words, and which part of the query it is."""

    position: int
    width: int
    leaf: int


def whole(text: str, marks: Sequence[Mark]) -> Excerpt:
    """Return all of a short text with its matches marked."""
    return _segments(text, analysis.spans(text), marks, 0, len(text))


def excerpt(text: str, marks: Sequence[Mark]) -> Excerpt:
    """Return the stretch of about 36 words that holds most of the query, with an ellipsis where it is cut."""
    spans = analysis.spans(text)
    inside = sorted((mark for mark in marks if mark.position < len(spans)), key=lambda mark: mark.position)
    if not inside:
        return _cut(text, spans, (), 0, min(len(spans), _WINDOW_WORDS))
    first = _best_window(inside)
    begin = min(_sentence_start(text, spans, inside[first].position), max(0, len(spans) - _WINDOW_WORDS))
    return _cut(text, spans, inside, begin, min(len(spans), begin + _WINDOW_WORDS))


def continued(shown: Excerpt, *, before: bool, after: bool) -> Excerpt:
    """Return an excerpt of a part of a text with an ellipsis where the text went on before or after that part."""
    segments = list(shown)
    if before and segments and not segments[0][0].startswith(_ELLIPSIS):
        segments.insert(0, (f"{_ELLIPSIS} ", False))
    if after and segments and not segments[-1][0].endswith(_ELLIPSIS):
        segments.append((f" {_ELLIPSIS}", False))
    return _joined(segments)


def _best_window(marks: Sequence[Mark]) -> int:
    """Return the index of the mark at which the best stretch begins: most parts of the query, then most marks."""
    best, best_value = 0, (0, 0)
    inside: Counter[int] = Counter()
    end = 0
    for begin, mark in enumerate(marks):
        while end < len(marks) and marks[end].position - mark.position < _WINDOW_WORDS - _LEAD_WORDS:
            inside[marks[end].leaf] += 1
            end += 1
        value = (len(inside), end - begin)
        if value > best_value:
            best, best_value = begin, value
        inside[mark.leaf] -= 1
        if not inside[mark.leaf]:
            del inside[mark.leaf]
    return best


def _sentence_start(text: str, spans: Sequence[tuple[int, int]], position: int) -> int:
    """Return the position to begin at: the start of the sentence when it is near, else a few words before."""
    earliest = max(0, position - _LEAD_WORDS)
    for candidate in range(position, earliest, -1):
        if _SENTENCE_END.search(text, spans[candidate - 1][1], spans[candidate][0]):
            return candidate
    return earliest


def _cut(text: str, spans: Sequence[tuple[int, int]], marks: Sequence[Mark], begin: int, end: int) -> Excerpt:
    start = spans[begin][0] if begin else 0
    stop = spans[end - 1][1] if end and end < len(spans) else len(text)
    segments = list(_segments(text, spans, marks, start, stop))
    if begin:
        segments.insert(0, (f"{_ELLIPSIS} ", False))
    if stop < len(text):
        segments.append((f" {_ELLIPSIS}", False))
    return _joined(segments)


def _segments(text: str, spans: Sequence[tuple[int, int]], marks: Sequence[Mark], start: int, stop: int) -> Excerpt:
    """Cut text[start:stop] into segments at the marks; white space becomes single spaces, dotted lines an ellipsis."""
    segments: list[tuple[str, bool]] = []
    done = start
    for first, last in sorted(_ranges(spans, marks)):
        if first < done or last > stop:
            continue
        segments += [(text[done:first], False), (text[first:last], True)]
        done = last
    segments.append((text[done:stop], False))
    return _joined([(_SPACE.sub(" ", _LEADERS.sub(_ELLIPSIS, piece)), marked) for piece, marked in segments])


def _ranges(spans: Sequence[tuple[int, int]], marks: Sequence[Mark]) -> set[tuple[int, int]]:
    """Return where each marked word or phrase begins and ends in the text."""
    return {
        (spans[mark.position][0], spans[min(mark.position + mark.width, len(spans)) - 1][1])
        for mark in marks
        if mark.position < len(spans)
    }


def _joined(segments: Sequence[tuple[str, bool]]) -> Excerpt:
    """Join neighbours of the same kind and drop empty ones."""
    joined: list[tuple[str, bool]] = []
    for piece, marked in segments:
        if not piece:
            continue
        if joined and joined[-1][1] == marked:
            joined[-1] = (joined[-1][0] + piece, marked)
        else:
            joined.append((piece, marked))
    return tuple(joined)
