"""What `handlist evaluate` does: it measures and prints."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from indexer.evaluate.asking import ask_all
from indexer.evaluate.run import collection
from indexer.evaluate.scores import Scores, mean_scores
from indexer.progress import PlainReporter


def print_collection(folder: Path, language: str, as_json: bool) -> None:
    """Print how good the answers to the queries of a judged collection are; BenchError when that cannot be measured."""
    reporter = PlainReporter(sys.stderr)
    with collection(folder, language, reporter) as subject:
        queries = subject.judgments.queries
        _remark(subject.judgments.remarks)
        with reporter.step("Asking queries", len(queries)):
            scores = mean_scores(queries, ask_all(subject.engine, queries))
    print(json.dumps(scores.to_json()) if as_json else "\n".join(score_lines(scores)))


def score_lines(scores: Scores) -> Iterator[str]:
    """Yield the figures for people."""
    for name, value in scores.to_json().items():
        yield f"{name:<12}{value:>8,}" if name == "queries" else f"{name:<12}{value:>8.4f}"


def _remark(remarks: Iterable[str]) -> None:
    """Say what is to be known, apart from the figures that a program reads."""
    for remark in remarks:
        print(remark, file=sys.stderr)
