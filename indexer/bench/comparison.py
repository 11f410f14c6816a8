"""Handlist beside its peers: the same documents, the same questions, the same work, in one run.

Every index is built from the file by its engine alone; the rate counts from the first line that is read to the index
that can be asked. Then all are opened, and in every round each engine answers all questions of one length before the
next one does, beginning with another engine every time: what disturbs the machine for longer than that hits all
alike, and each runs as warm as it would alone. A question's time is the median of its rounds; p50 and p95 are those
of all questions.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from indexer.bench.corpus import read_corpus
from indexer.bench.engines import Engine
from indexer.bench.measures import Row, Supply, folder_bytes, megabytes, percentiles_ms, timed
from indexer.bench.queries import LENGTHS, Question, draw
from indexer.bench.workspace import workspace
from indexer.progress import Reporter


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure: a file, of which only the first `documents` count if given, with so many questions and rounds.

    `queries` counts those of each length. Indexes stay in the folder `keep`, if it is given.
    """

    corpus: Path
    documents: int | None = None
    queries: int = 100
    rounds: int = 3
    keep: Path | None = None


@dataclass(frozen=True, slots=True)
class _Built:
    """An index: the seconds that it took and its size in bytes."""

    seconds: float
    size: int


@dataclass(frozen=True, slots=True)
class _Asked:
    """What became of one question: how many documents it found, and its seconds in every round."""

    question: Question
    total: int
    seconds: list[float] = field(default_factory=list)


def compare(plan: Plan, engines: Sequence[Engine], reporter: Reporter) -> list[Row]:
    """Measure these engines: a row for each of them and every length of question; BenchError if the file is no good."""
    documents = Supply(read_corpus(plan.corpus, plan.documents))
    questions = draw(documents, plan.queries)
    with workspace(plan.keep) as folder:
        built = [_build(engine, plan, documents.count, folder, reporter) for engine in engines]
        asked = _ask_all(engines, questions, plan.rounds, folder, reporter)
    shared = min(plan.queries, *(engine.most_questions for engine in engines))
    return [
        _row(engine, index, documents.count, [one for one in asked[engine.name] if one.question.words == words], shared)
        for engine, index in zip(engines, built, strict=True)
        for words in LENGTHS
    ]


def schedule(
    engines: Sequence[Engine], questions: Sequence[Question], rounds: int
) -> Iterator[tuple[Engine, Question]]:
    """Yield who is asked what next: all questions of one length in a row, then the next engine, the first one rotating.

    Of each length an engine is asked no more than its `most_questions`.
    """
    turn = 0
    for _ in range(rounds):
        for words in LENGTHS:
            first = turn % len(engines)
            for engine in [*engines[first:], *engines[:first]]:
                for question in questions:
                    if question.words == words and question.number < engine.most_questions:
                        yield engine, question
            turn += 1


def _build(engine: Engine, plan: Plan, documents: int, folder: Path, reporter: Reporter) -> _Built:
    with reporter.step(f"Indexing documents with {engine.name}", documents):
        gc.collect()
        began = time.perf_counter()
        engine.build(read_corpus(plan.corpus, plan.documents), folder / engine.name)
        seconds = time.perf_counter() - began
    return _Built(seconds, folder_bytes(folder / engine.name))


def _ask_all(
    engines: Sequence[Engine], questions: Sequence[Question], rounds: int, folder: Path, reporter: Reporter
) -> dict[str, list[_Asked]]:
    """Return what every engine made of its questions, by its name."""
    asked: dict[str, dict[Question, _Asked]] = {engine.name: {} for engine in engines}
    with ExitStack() as stack:
        opened = {engine.name: stack.enter_context(closing(engine.open(folder / engine.name))) for engine in engines}
        with reporter.step("Asking questions in rounds", rounds), _garbage_of_others_set_aside():
            for engine, question in schedule(engines, questions, rounds):
                total, seconds = timed(opened[engine.name], question.text)
                asked[engine.name].setdefault(question, _Asked(question, total)).seconds.append(seconds)
    return {name: list(found.values()) for name, found in asked.items()}


@contextmanager
def _garbage_of_others_set_aside() -> Iterator[None]:
    """Keep the collector from walking, in the middle of an answer, through what all open indexes hold."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _row(engine: Engine, built: _Built, documents: int, asked: Sequence[_Asked], shared: int) -> Row:
    p50, p95 = percentiles_ms(one.seconds for one in asked)
    return Row(
        engine=engine.name,
        version=engine.version,
        documents=documents,
        words=asked[0].question.words,
        queries=len(asked),
        hits=sum(one.total for one in asked if one.question.number < shared),
        p50_ms=p50,
        p95_ms=p95,
        docs_per_s=round(documents / built.seconds),
        index_mb=megabytes(built.size),
    )
