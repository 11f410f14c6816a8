"""Columns of prose that a file gives row by row, across the page, brought into the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

_FEWEST_ROWS = 5
_MOST_GUTTERS = 2
NARROWEST = 6.0
"""Points between two columns; the blanks between words are narrower."""
_NARROWEST_COLUMN = 0.15
"""The part of the width of all text."""
_MEAN_LENGTH = 20
_CONTINUED = 0.4
"""The part of the lines of prose that go on with a sentence, which cells of a table hardly ever do."""


class Box(NamedTuple):
    """A rectangle on a page, in points; `bottom` is less than `top`.

    A tuple, as many are made for each page, and in half the time of a data class.
    """

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text in one line that leaps over no gutter."""

    text: str
    box: Box


def joined(boxes: Sequence[Box]) -> Box:
    """Return the smallest box around some boxes, of which there is at least one."""
    return Box(
        min(box.left for box in boxes),
        min(box.bottom for box in boxes),
        max(box.right for box in boxes),
        max(box.top for box in boxes),
    )


def is_leap(left: Box, right: Box) -> bool:
    """Tell whether two words stand in one row and so far from each other as columns do."""
    width = right.left - left.right
    return width >= max(NARROWEST, 0.5 * (left.top - left.bottom)) and _is_beside(left, right)


def share_a_place(gaps: Sequence[tuple[float, float]]) -> bool:
    """Tell whether enough gaps, given as their edges, lie above each other for a gutter to run through them."""
    return len(gaps) >= _FEWEST_ROWS and _most_covered(gaps)[1] >= _FEWEST_ROWS


def gutters(boxes: Sequence[Box]) -> list[float]:
    """Return where at least five rows of text leap over a gap, from left to right; almost always nowhere.

    `boxes` are those of words in the order of the file. Gaps near the edges of the text, as behind the marks of a
    list, do not count.
    """
    gaps = [(left.right, right.left) for left, right in pairwise(boxes) if is_leap(left, right)]
    if len(gaps) < _FEWEST_ROWS:
        return []
    whole = joined(boxes)
    margin = _NARROWEST_COLUMN * (whole.right - whole.left)
    gaps = [(left, right) for left, right in gaps if left >= whole.left + margin and right <= whole.right - margin]
    found: list[float] = []
    while len(gaps) >= _FEWEST_ROWS and len(found) < _MOST_GUTTERS:
        middle, count = _most_covered(gaps)
        if count < _FEWEST_ROWS:
            break
        found.append(middle)
        gaps = [gap for gap in gaps if not gap[0] <= middle <= gap[1]]
    return sorted(found)


def in_reading_order(pieces: Sequence[Piece], gutters: Sequence[float]) -> list[str]:
    """Return the lines of a page, given piece by piece in the order of the file, with columns of prose in sequence.

    The answer is empty if there is nothing to put in order.
    """
    lines: list[str] = []
    zone: list[list[Piece]] = []
    is_mended = False
    for row in [*_rows(pieces), []]:
        if row and not any(_crosses(piece, gutters) for piece in row):
            zone.append(row)
            continue
        columns = _columns(zone, gutters)
        is_mended = is_mended or bool(columns)
        lines += columns or map(_line, zone)
        lines += [_line(row)] if row else []
        zone = []
    return lines if is_mended else []


def _is_beside(left: Box, right: Box) -> bool:
    """Tell whether two boxes stand side by side in one row."""
    shared = min(left.top, right.top) - max(left.bottom, right.bottom)
    return right.left >= left.right and shared > 0.5 * min(left.top - left.bottom, right.top - right.bottom)


def _most_covered(gaps: Sequence[tuple[float, float]]) -> tuple[float, int]:
    """Return the middle of the stretch that lies in the most gaps, and in how many it does."""
    # Where a gap begins at the place where another ends, both count: -1 sorts before 1.
    events = sorted([(start, -1) for start, _ in gaps] + [(end, 1) for _, end in gaps])
    best, covered, middle = 0, 0, 0.0
    for (position, kind), following in zip(events, [*events[1:], events[-1]], strict=True):
        covered -= kind
        if covered > best:
            best, middle = covered, (position + following[0]) / 2
    return middle, best


def _rows(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yield the pieces that follow each other in the file and stand side by side."""
    row: list[Piece] = []
    for piece in pieces:
        if row and not _is_beside(row[-1].box, piece.box):
            yield row
            row = []
        row.append(piece)
    if row:
        yield row


def _crosses(piece: Piece, gutters: Sequence[float]) -> bool:
    return any(piece.box.left < gutter < piece.box.right for gutter in gutters)


def _line(row: Sequence[Piece]) -> str:
    return " ".join(piece.text for piece in row)


def _columns(zone: Sequence[Sequence[Piece]], gutters: Sequence[float]) -> list[str]:
    """Return the lines of rows that cross no gutter, column by column; nothing unless the columns are prose."""
    columns: list[list[str]] = [[] for _ in range(len(gutters) + 1)]
    for row in zone:
        for piece in row:
            columns[sum(gutter <= piece.box.left for gutter in gutters)].append(piece.text)
    shared = sum(len(row) > 1 for row in zone)
    if shared < max(_FEWEST_ROWS, len(zone) / 2) or not all(map(_is_prose, filter(None, columns))):
        return []
    return [line for column in columns for line in column]


def _is_prose(lines: Sequence[str]) -> bool:
    continued = sum(line[:1].isalpha() and not line[:1].isupper() for line in lines)
    return sum(map(len, lines)) >= _MEAN_LENGTH * len(lines) and continued >= _CONTINUED * len(lines)
