"""How Handlist grows with its library: synthetic ones of rising size, each built from nothing, opened and asked.

The same questions are asked of every size, drawn from the titles of the first ten thousand documents; a word stands in
the same share of every library, so what an answer costs should grow as the library does, and no faster. Making the
documents is left out of the build rate. Two fresh processes open each index: the first tells how long opening takes,
what it holds in memory after 200 searches and how long the questions take; the second, while the first still runs,
tells what one more process costs. Private memory is what no other process shares; of the first one
that includes pages of the index, which the page cache gives back when memory is short. The part that is a process's
own is told apart.
"""

from __future__ import annotations

import shutil
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from indexer.bench import synthetic
from indexer.bench.engines.handlist import ENGINE
from indexer.bench.measures import Row, build_seconds, folder_bytes, megabytes, percentiles_ms
from indexer.bench.probe import Probe, Request, probed
from indexer.bench.queries import LENGTHS, Question, draw
from indexer.bench.workspace import workspace
from indexer.progress import Reporter

SIZES = (1_000, 10_000, 100_000, 1_000_000)
"""How many documents the libraries have, if nothing else is asked for."""

_ASKED_FROM = 10_000
_SEARCHES = 200


@dataclass(frozen=True, slots=True)
class GrowthPlan:
    """What to measure: libraries of these sizes, with so many questions of each length, in so many rounds."""

    sizes: tuple[int, ...] = SIZES
    queries: int = 100
    rounds: int = 3
    keep: Path | None = None


@dataclass(frozen=True, slots=True)
class GrowthRow(Row):
    """The figures of one size of library and one length of question.

    Memory is in megabytes, for the first and the second process: all that is private, what the index added to it, and
    of both the part that is the process's own (`indexer.bench.probe.Memory`).
    """

    open_ms: float
    first_mb: float
    first_added_mb: float
    first_own_mb: float
    first_own_added_mb: float
    second_mb: float
    second_added_mb: float
    second_own_mb: float
    second_own_added_mb: float


@dataclass(frozen=True, slots=True)
class _Library:
    """A synthetic library that is indexed: its documents, how fast that went, and the megabytes of its index."""

    documents: int
    docs_per_s: float
    index_mb: float


def grow(plan: GrowthPlan, reporter: Reporter) -> Generator[GrowthRow, None, None]:
    """Measure every size in its turn and yield, as soon as it is done, a row for every length of question.

    Close it when it is left early, so that its indexes are gone.
    """
    questions = draw(synthetic.documents(_ASKED_FROM), plan.queries)
    with workspace(plan.keep) as folder:
        small = folder / "smallest"
        ENGINE.build(synthetic.documents(1), small)
        for size in plan.sizes:
            index = folder / f"{size}"
            with reporter.step("Indexing synthetic documents", size):
                library = _build(size, index)
            with reporter.step("Asking questions of each length", plan.queries):
                first, second = _probe(small, index, questions, plan.rounds)
            if plan.keep is None:
                shutil.rmtree(index)
            yield from (_row(words, questions, library, first, second) for words in LENGTHS)


def _build(size: int, index: Path) -> _Library:
    """Build an index; the time that it took to make the documents is left out of the rate."""
    seconds = build_seconds(ENGINE, synthetic.documents(size), index)
    return _Library(size, size / seconds, megabytes(folder_bytes(index)))


def _probe(small: Path, index: Path, questions: Sequence[Question], rounds: int) -> tuple[Probe, Probe]:
    """Return what the first process found, and what the second while the first still held the index."""
    # One, two and three words in turn.
    mixed = sorted(questions, key=lambda question: question.number)
    searches = [question.text for question in islice(cycle(mixed), _SEARCHES)]
    timing = Request(str(small), str(index), searches, [question.text for question in questions], rounds)
    searching = Request(str(small), str(index), searches, timed=[], rounds=0)
    with probed(timing) as first, probed(searching) as second:
        return first, second


def _row(words: int, questions: Sequence[Question], library: _Library, first: Probe, second: Probe) -> GrowthRow:
    asked = [place for place, question in enumerate(questions) if question.words == words]
    p50, p95 = percentiles_ms(first.seconds[place] for place in asked)
    return GrowthRow(
        engine=ENGINE.name,
        version=ENGINE.version,
        documents=library.documents,
        words=words,
        queries=len(asked),
        hits=sum(first.totals[place] for place in asked),
        p50_ms=p50,
        p95_ms=p95,
        docs_per_s=round(library.docs_per_s),
        index_mb=library.index_mb,
        open_ms=round(first.open_seconds * 1000, 3),
        first_mb=megabytes(first.after.private),
        first_added_mb=megabytes(first.after.private - first.before.private),
        first_own_mb=megabytes(first.after.own),
        first_own_added_mb=megabytes(first.after.own - first.before.own),
        second_mb=megabytes(second.after.private),
        second_added_mb=megabytes(second.after.private - second.before.private),
        second_own_mb=megabytes(second.after.own),
        second_own_added_mb=megabytes(second.after.own - second.before.own),
    )
