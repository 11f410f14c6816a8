"""What `handlist evaluate` does: it measures and prints. Figures go to standard output, remarks to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.bench import BenchError
from indexer.evaluate.asking import Rankings, ask_all
from indexer.evaluate.comparison import compare
from indexer.evaluate.judgments import JudgedQuery
from indexer.evaluate.robustness import faulty_queries, measure
from indexer.evaluate.run import Subject, collection, library
from indexer.evaluate.runs import read_run, write_run
from indexer.evaluate.scores import mean_scores
from indexer.evaluate.tables import comparison_lines, robustness_lines, score_lines, typo_lines
from indexer.evaluate.typos import mistyped
from indexer.index import open_index
from indexer.index.ranking import RANKINGS
from indexer.progress import PlainReporter


@dataclass(frozen=True, slots=True)
class Task:
    """What to evaluate: a collection in the layout of BEIR, or an index with the spreadsheet that judges it.

    `judged` is the folder of the one or the file of the other. `language` counts for a collection, `index` for a
    spreadsheet. `ranking` is the name of the ranking that is measured. Where `run` is given, what it found is written
    there as a run.
    """

    judged: Path
    index: Path
    language: str = "en"
    ranking: str = "default"
    run: Path | None = None


def print_scores(task: Task, as_json: bool) -> None:
    """Print how good the answers to all judged queries are; BenchError or EngineError when that cannot be measured."""
    with _opened(task) as subject:
        queries = subject.judgments.queries
        scores = mean_scores(queries, _asked(subject, queries, task))
    _print(scores.to_json(), score_lines(scores), as_json)


def print_comparison(task: Task, other: str, as_json: bool) -> None:
    """Print how good the answers are beside those of another ranking, query by query; errors as above.

    `other` is the name of a ranking or else the path of a run.
    """
    run = None if other in RANKINGS else _read_other(other)
    with _opened(task) as subject:
        queries = subject.judgments.queries
        before = _found_before(queries, run, other) if run else ask_all(subject.engine, queries, RANKINGS[other])
        comparison = compare(queries, before, _asked(subject, queries, task))
    _print(comparison.to_json(), comparison_lines(comparison, other, task.ranking), as_json)


def print_typos(task: Task, as_json: bool) -> None:
    """Print how much of the answers' quality is left when every longer word is mistyped; errors as above."""
    with _opened(task) as subject:
        queries = subject.judgments.queries
        clean = mean_scores(queries, ask_all(subject.engine, queries, RANKINGS[task.ranking]))
        wrong = mean_scores(queries, _asked(subject, [mistyped(query) for query in queries], task))
    kept = wrong.ndcg / clean.ndcg if clean.ndcg else 0.0
    _print({"clean": clean.to_json(), "typos": wrong.to_json(), "kept": kept}, typo_lines(clean, wrong, kept), as_json)


def print_robustness(index: Path, wanted: int, as_json: bool) -> None:
    """Print how often queries of a library's own words, with faults, find nothing; errors as above."""
    with closing(open_index(index)) as engine:
        queries = faulty_queries(engine, wanted)
        if len(queries) < wanted:
            _remark([f"The words of this library give only {len(queries):,} different faulty queries."])
        with _reporter().step("Asking faulty queries", len(queries)):
            found = measure(engine, queries)
    _print(found.to_json(), robustness_lines(found), as_json)


def _opened(task: Task) -> AbstractContextManager[Subject]:
    if task.judged.is_file():
        return library(task.judged, task.index)
    return collection(task.judged, task.language, _reporter())


def _asked(subject: Subject, queries: Sequence[JudgedQuery], task: Task) -> Rankings:
    _remark(subject.judgments.remarks)
    with _reporter().step("Asking queries", len(queries)):
        rankings = ask_all(subject.engine, queries, RANKINGS[task.ranking])
    if task.run:
        write_run(task.run, rankings)
    return rankings


def _read_other(other: str) -> Rankings:
    try:
        return read_run(Path(other))
    except BenchError as error:
        raise BenchError(f"{error} Or name a ranking: {', '.join(RANKINGS)}.") from error


def _found_before(queries: Sequence[JudgedQuery], run: Rankings, name: str) -> Rankings:
    missing = sum(query.id not in run for query in queries)
    if missing:
        _remark([f"{missing:,} of {len(queries):,} queries are not in {name}, which counts as nothing found."])
    return run


def _reporter() -> PlainReporter:
    return PlainReporter(sys.stderr)


def _remark(remarks: Iterable[str]) -> None:
    print("".join(f"{remark}\n" for remark in remarks), end="", file=sys.stderr)


def _print(data: dict[str, Any], lines: Iterator[str], as_json: bool) -> None:
    print(json.dumps(data, ensure_ascii=False) if as_json else "\n".join(lines))
