"""Judged collections in the layout of BEIR: a folder of documents, queries and judgments.

Thakur et al., BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of Information Retrieval Models (2021). The
folder holds `corpus.jsonl`, `queries.jsonl` and `qrels/test.tsv`, each of which may be packed by gzip.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.bench import BenchError
from indexer.bench.json_lines import json_object, numbered_lines
from indexer.evaluate.judgments import JudgedQuery, Judgments
from indexer.evaluate.metrics import has_relevant

_QUERY = 'Every line has to be an object of JSON such as {"_id": "q1", "text": "who pays"}.'
_JUDGMENT = "Every line has to hold the id of a query, the id of a document and a number, parted by tabs."
_LAYOUT = "A judged collection is a folder with corpus.jsonl, queries.jsonl and qrels/test.tsv, plain or as .gz."


@dataclass(frozen=True, slots=True)
class BeirFiles:
    """The files of a judged collection."""

    corpus: Path
    queries: Path
    judgments: Path


def find_files(folder: Path) -> BeirFiles:
    """Return the files of a judged collection; BenchError names the first that is missing."""
    if not folder.is_dir():
        raise BenchError(f"{folder} is no folder. {_LAYOUT}")
    corpus, queries, judgments = (_file(folder / name) for name in ("corpus.jsonl", "queries.jsonl", "qrels/test.tsv"))
    return BeirFiles(corpus, queries, judgments)


def read_judgments(files: BeirFiles, documents: Collection[str]) -> Judgments:
    """Return what was judged of these documents; BenchError names the line that cannot be understood.

    Documents that were judged but are not there count as relevant documents that cannot be found, as in trec_eval.
    """
    texts = _read_queries(files.queries)
    grades, repeated = _read_grades(files.judgments)
    queries = tuple(
        JudgedQuery(name, text, grades[name]) for name, text in texts.items() if has_relevant(grades.get(name, {}))
    )
    if not queries:
        raise BenchError(
            f"No query of {files.queries} has a relevant document in {files.judgments}, so there is nothing to measure."
        )
    return Judgments(queries, tuple(_remarks(texts, grades, documents, repeated)))


def _file(path: Path) -> Path:
    packed = path.with_name(f"{path.name}.gz")
    if path.is_file() or packed.is_file():
        return path if path.is_file() else packed
    raise BenchError(f"{path} is missing. {_LAYOUT}")


def _read_queries(path: Path) -> dict[str, str]:
    """Return the texts of the queries by their ids."""
    texts: dict[str, str] = {}
    for number, line in numbered_lines(path, "JSON lines"):
        try:
            name, text = _query(json_object(line))
            if name in texts:
                raise ValueError(f'another line has the "_id" {name} already')
        except (ValueError, RecursionError) as error:
            reason = "it is nested too deeply" if isinstance(error, RecursionError) else error
            raise BenchError(f"Line {number:,} of {path} is no query: {reason}. {_QUERY}") from error
        texts[name] = text
    return texts


def _query(data: Mapping[str, object]) -> tuple[str, str]:
    name, text = data.get("_id"), data.get("text")
    if not (isinstance(name, str) and name.strip()):
        raise ValueError('it has no "_id"')
    if not isinstance(text, str):
        raise ValueError('it has no "text"')
    return _id(name), text


def _read_grades(path: Path) -> tuple[dict[str, dict[str, float]], int]:
    """Return the grades of each query's documents, and how many lines judge what was judged before: the last counts."""
    grades: dict[str, dict[str, float]] = {}
    repeated = 0
    for number, line in numbered_lines(path, "tab-separated values"):
        cells = [cell.strip() for cell in line.split("\t")]
        if number == 1 and cells[0] == "query-id":
            continue
        try:
            query, document, grade = cells
            value = _grade(grade)
        except ValueError as error:
            raise BenchError(f"Line {number:,} of {path} is no judgment: {error}. {_JUDGMENT}") from error
        judged = grades.setdefault(_id(query), {})
        repeated += _id(document) in judged
        judged[_id(document)] = value
    return grades, repeated


def _grade(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is no grade")
    return value


def _id(text: str) -> str:
    """Return an id as the documents of a corpus bear it."""
    return " ".join(text.split())


def _remarks(
    texts: Mapping[str, str], grades: Mapping[str, Mapping[str, float]], documents: Collection[str], repeated: int
) -> Iterator[str]:
    unjudged = sum(not has_relevant(grades.get(query, {})) for query in texts)
    unasked = sum(query not in texts for query in grades)
    unknown = sum(document not in documents for query in texts for document in grades.get(query, {}))
    if unjudged:
        yield f"{unjudged:,} of {len(texts):,} queries have no relevant document and do not count."
    if unasked:
        yield f"{unasked:,} of {len(grades):,} judged queries are not among the queries and do not count."
    if unknown:
        yield f"{unknown:,} judgments are of documents that are not in the corpus; relevant ones count as not found."
    if repeated:
        yield f"{repeated:,} judgments repeat another one; the last one of each counts."
