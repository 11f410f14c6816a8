"""What is measured, and how figures are made of it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from indexer.bench.corpus import BenchDocument
from indexer.bench.engines import Engine, OpenIndex

_MILLISECONDS = 1e3
_MEGABYTE = 1e6

Clock = Callable[[], float]
"""Tells seconds since some moment."""

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one engine for questions of one length, as they are printed.

    `queries` is how many different ones were asked. Times are in milliseconds, sizes in megabytes (10^6 bytes). `hits`
    is how many documents all questions found together that every engine of the run was asked.
    """

    engine: str
    version: str
    documents: int
    words: int
    queries: int
    hits: int
    p50_ms: float
    p95_ms: float
    docs_per_s: int
    index_mb: float

    def to_json(self) -> dict[str, Any]:
        """Return the figures as plain data."""
        return asdict(self)


AnyRow = TypeVar("AnyRow", bound=Row)
"""Rows of a kind."""


def timed(index: OpenIndex[Any], words: str) -> tuple[int, float]:
    """Ask a question; return how many documents it found and the seconds until the whole answer was there."""
    began = time.perf_counter()
    answer = index.ask(words)
    seconds = time.perf_counter() - began
    return index.read(answer).total, seconds


def build_seconds(
    engine: Engine, documents: Iterable[BenchDocument], folder: Path, clock: Clock = time.perf_counter
) -> float:
    """Build an index; return the seconds that it took, without those that were spent on making the documents."""
    supply = Supply(documents, clock)
    began = clock()
    engine.build(supply, folder)
    return clock() - began - supply.seconds


def percentiles_ms(questions: Iterable[Sequence[float]]) -> tuple[float, float]:
    """Return p50 and p95 of some questions in milliseconds; each is given by its seconds in all rounds.

    A question counts with the median of its rounds. Of n questions, ranked from 0, p50 is that of rank n/2 and p95
    that of rank 0.95 n, both rounded down.
    """
    ordered = sorted(statistics.median(rounds) * _MILLISECONDS for rounds in questions)
    p50, p95 = (ordered[int(len(ordered) * share)] for share in (0.5, 0.95))
    return round(p50, 3), round(p95, 3)


def megabytes(size: float) -> float:
    """Return bytes as megabytes, to the nearest kilobyte."""
    return round(size / _MEGABYTE, 3)


def folder_bytes(folder: Path) -> int:
    """Return the size of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


class Supply(Iterator[_Item]):
    """Hands items on and keeps the `seconds` that were spent on making them, and how many there were (`count`)."""

    def __init__(self, items: Iterable[_Item], clock: Clock = time.perf_counter) -> None:
        self._items = iter(items)
        self._clock = clock
        self.seconds = 0.0
        self.count = 0

    def __next__(self) -> _Item:
        began = self._clock()
        item = next(self._items)
        self.seconds += self._clock() - began
        self.count += 1
        return item
