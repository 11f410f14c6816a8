"""What `handlist evaluate` does: it measures and prints."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from indexer.evaluate.asking import ask_all
from indexer.evaluate.run import Subject, collection, library
from indexer.evaluate.scores import Scores, mean_scores
from indexer.progress import PlainReporter


@dataclass(frozen=True, slots=True)
class Task:
    """What to evaluate: a collection in the layout of BEIR, or an index with the spreadsheet that judges it.

    `judged` is the folder of the one or the file of the other. `language` counts for a collection, `index` for a
    spreadsheet.
    """

    judged: Path
    index: Path
    language: str = "en"


def print_scores(task: Task, as_json: bool) -> None:
    """Print how good the answers to all judged queries are; BenchError or EngineError when that cannot be measured."""
    with _opened(task) as subject:
        queries = subject.judgments.queries
        scores = mean_scores(queries, _asked(subject))
    print(json.dumps(scores.to_json()) if as_json else "\n".join(score_lines(scores)))


def score_lines(scores: Scores) -> Iterator[str]:
    """Yield the figures for people."""
    for name, value in scores.to_json().items():
        yield f"{name:<12}{value:>8,}" if name == "queries" else f"{name:<12}{value:>8.4f}"


def _opened(task: Task) -> AbstractContextManager[Subject]:
    if task.judged.is_file():
        return library(task.judged, task.index)
    return collection(task.judged, task.language, _reporter())


def _asked(subject: Subject) -> dict[str, tuple[str, ...]]:
    _remark(subject.judgments.remarks)
    queries = subject.judgments.queries
    with _reporter().step("Asking queries", len(queries)):
        return ask_all(subject.engine, queries)


def _reporter() -> PlainReporter:
    return PlainReporter(sys.stderr)


def _remark(remarks: Iterable[str]) -> None:
    """Say what is to be known, apart from the figures that a program reads."""
    for remark in remarks:
        print(remark, file=sys.stderr)
