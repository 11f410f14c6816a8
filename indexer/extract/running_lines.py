"""Running headers and footers: lines that stand at the edge of most pages in succession and say nothing new."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_DEPTH = 4
"""Lines at each edge of a page among which running ones are looked for."""
_LONGEST = 200
_WINDOW = 7
"""Pages in succession of which most have to carry a line."""
_FEWEST = 3
_BEFORE = 2 * _WINDOW
_NUMBER = re.compile(r"(?<![\d.,])\d{1,9}(?!\d|[.,]\d)")
_MOST_NUMBERS = 3
_ROMAN = re.compile(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


@dataclass(frozen=True, slots=True)
class _EdgeLine:
    """A line near the edge of a page: its index, and the ways in which lines of other pages may be its like."""

    index: int
    keys: frozenset[str]


_Edges = tuple[tuple[_EdgeLine, ...], tuple[_EdgeLine, ...]]
"""The lines at the top of a page from the first one down, and those at its foot from the last one up."""


class RunningLines:
    """Takes running lines out of the pages of one document, which are handed in in order and in any portions.

    A line is running if its like stands at the same edge of at least four of seven pages in succession, or of seven
    odd or seven even ones; a document of fewer pages needs most of them, and three. Lines are alike if they are equal
    but for one number that counts the pages. Where a running line stands for the first time it is kept, and so are all
    lines behind the first one that is not running.
    """

    def __init__(self) -> None:
        self._number = 0
        self._before: list[_Edges] = []
        self._shown: set[str] = set()

    def remove(self, pages: Sequence[tuple[str, str]]) -> list[str]:
        """Return the texts of the next pages, given as printed label and text, without their running lines."""
        lines = [text.split("\n") for _, text in pages]
        edges = [
            _edges(page, self._number + offset, label)
            for offset, (page, (label, _)) in enumerate(zip(lines, pages, strict=True))
        ]
        known = [*self._before, *edges]
        running = _running(known)
        start = len(self._before)
        texts = [
            "\n".join(self._kept(page, known[start + offset], running[start + offset]))
            for offset, page in enumerate(lines)
        ]
        self._number += len(pages)
        self._before = known[-_BEFORE:]
        return texts

    def _kept(self, lines: list[str], edges: _Edges, running: set[tuple[int, str]]) -> Iterable[str]:
        removed: set[int] = set()
        for edge, edge_lines in enumerate(edges):
            for line in edge_lines:
                keys = {key for key in line.keys if (edge, key) in running}
                if not keys:
                    break
                if keys & self._shown:
                    removed.add(line.index)
                self._shown |= keys
        return (line for index, line in enumerate(lines) if index not in removed)


def _edges(lines: list[str], number: int, label: str) -> _Edges:
    return _edge(lines, range(len(lines)), number, label), _edge(lines, range(len(lines))[::-1], number, label)


def _edge(lines: list[str], indexes: range, number: int, label: str) -> tuple[_EdgeLine, ...]:
    found: list[_EdgeLine] = []
    for index in indexes:
        words = lines[index][: _LONGEST + 1].casefold().split()
        if not words:
            continue
        if len(found) == _DEPTH or len(lines[index]) > _LONGEST:
            break
        found.append(_EdgeLine(index, frozenset(_keys(words, number, label.casefold()))))
    return tuple(found)


def _keys(words: list[str], number: int, label: str) -> Iterator[str]:
    """Yield a line as it is, and with each of its numbers told by its distance from the number of the page."""
    line = " ".join(words)
    yield line
    for match in list(_NUMBER.finditer(line))[:_MOST_NUMBERS]:
        yield f"{line[: match.start()]}\0{int(match[0]) - number}{line[match.end() :]}"
    if label in words:
        yield " ".join("\0" if word == label else word for word in words)
    if len(words) == 1 and _ROMAN.fullmatch(line):
        yield f"\0{_roman(line) - number}"


def _roman(numeral: str) -> int:
    values = [_ROMAN_VALUES[digit] for digit in numeral]
    # A digit before a greater one is taken away from it.
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))


def _running(pages: Sequence[_Edges]) -> list[set[tuple[int, str]]]:
    """Return for each page which keys are running at which edge, 0 for the top and 1 for the foot."""
    places: dict[tuple[int, str], list[int]] = defaultdict(list)
    for offset, edges in enumerate(pages):
        for edge, lines in enumerate(edges):
            for key in {key for line in lines for key in line.keys}:
                places[edge, key].append(offset)
    running: list[set[tuple[int, str]]] = [set() for _ in pages]
    for place, offsets in places.items():
        if len(offsets) < _FEWEST:
            continue
        for offset in _crowded(offsets, len(pages)):
            running[offset].add(place)
        for parity in (0, 1):
            same = [offset // 2 for offset in offsets if offset % 2 == parity]
            for half in _crowded(same, len(range(parity, len(pages), 2))):
                running[2 * half + parity].add(place)
    return running


def _crowded(offsets: list[int], pages: int) -> Iterator[int]:
    """Yield those of the rising offsets that lie in a window with enough others; some may come twice."""
    enough = max(_FEWEST, min(_WINDOW, pages) // 2 + 1)
    for index in range(len(offsets) - enough + 1):
        if offsets[index + enough - 1] - offsets[index] < _WINDOW:
            yield from offsets[index : index + enough]
