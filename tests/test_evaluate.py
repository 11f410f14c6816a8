"""`handlist evaluate` on judged collections: what it measures, prints and refuses."""

from __future__ import annotations

import gzip
import json
from math import log2
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.cli import main

DOCUMENTS = {
    "d1": ("Recruitment fees", "Who pays the fees of recruitment, and when."),
    "d2": ("Passports", "Employers keep passports. Fees are rare."),
    "d3": ("Wells", "Water for a village."),
}
QUERIES = {"q1": "recruitment fees", "q2": "passports", "q3": "snow"}
JUDGMENTS = [("q1", "d1", "2"), ("q1", "d2", "1"), ("q2", "d2", "1"), ("q3", "d3", "0")]


def write_collection(
    folder: Path,
    documents: dict[str, tuple[str, str]] = DOCUMENTS,
    queries: dict[str, str] = QUERIES,
    judgments: list[tuple[str, str, str]] = JUDGMENTS,
) -> Path:
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({"_id": name, "title": title, "text": text}) for name, (title, text) in documents.items()]
    (folder / "corpus.jsonl").write_text("\n".join(lines))
    (folder / "queries.jsonl").write_text(
        "\n".join(json.dumps({"_id": name, "text": text}) for name, text in queries.items())
    )
    rows = ["\t".join(row) for row in [("query-id", "corpus-id", "score"), *judgments]]
    (folder / "qrels" / "test.tsv").write_text("\n".join(rows))
    return folder


def evaluate(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["evaluate", *map(str, arguments)])


def test_programs_get_the_figures_under_the_names_of_the_field(tmp_path: Path) -> None:
    result = evaluate(write_collection(tmp_path, queries=QUERIES | {"q3": "passports"}), "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert list(found) == ["ndcg@10", "map", "mrr", "recall@100", "queries"]
    assert found["queries"] == 2
    assert found["mrr"] == 1
    assert 2 / (2 + 1 / log2(3)) <= (2 * found["ndcg@10"] - 1) <= 1


def test_people_get_a_line_for_each_figure(tmp_path: Path) -> None:
    result = evaluate(write_collection(tmp_path, judgments=[("q2", "d2", "1")]))
    assert result.stdout.splitlines() == [
        "ndcg@10       1.0000",
        "map           1.0000",
        "mrr           1.0000",
        "recall@100    1.0000",
        "queries            1",
    ]


def test_packed_files_hold_the_same_collection(tmp_path: Path) -> None:
    plain = evaluate(write_collection(tmp_path), "--json").stdout
    for name in ("corpus.jsonl", "queries.jsonl", "qrels/test.tsv"):
        path = tmp_path / name
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    assert evaluate(tmp_path, "--json").stdout == plain


def test_documents_are_read_in_the_language_that_is_given(tmp_path: Path) -> None:
    documents = {"d1": ("Trabajadores", "Los derechos de los trabajadores."), "d2": ("Agua", "Un pozo.")}
    write_collection(tmp_path, documents, {"q1": "trabajadora"}, [("q1", "d1", "1")])
    assert json.loads(evaluate(tmp_path, "--json").stdout)["mrr"] == 0
    assert json.loads(evaluate(tmp_path, "--language", "es", "--json").stdout)["mrr"] == 1


def test_what_does_not_count_is_said(tmp_path: Path) -> None:
    judgments = [*JUDGMENTS, ("q2", "d9", "1"), ("q7", "d1", "1"), ("q2", "d2", "2")]
    said = evaluate(write_collection(tmp_path, judgments=judgments)).stderr
    assert "1 of 3 queries have no relevant document and do not count." in said
    assert "1 of 4 judged queries are not among the queries and do not count." in said
    assert "1 judgments are of documents that are not in the corpus; relevant ones count as not found." in said
    assert "1 judgments repeat another one; the last one of each counts." in said


def test_a_relevant_document_that_is_not_there_counts_as_not_found(tmp_path: Path) -> None:
    write_collection(tmp_path, judgments=[("q2", "d2", "1"), ("q2", "d9", "1")])
    assert json.loads(evaluate(tmp_path, "--json").stdout)["recall@100"] == 0.5


@pytest.mark.parametrize(
    ("name", "line", "reason"),
    [
        ("corpus.jsonl", "{", "is no document"),
        ("queries.jsonl", "{", "is no query: Expecting"),
        ("queries.jsonl", "[" * 100_000, "is no query: it is nested too deeply"),
        ("queries.jsonl", '{"text": "x"}', 'is no query: it has no "_id"'),
        ("queries.jsonl", '{"_id": "x"}', 'is no query: it has no "text"'),
        ("queries.jsonl", '{"_id": "q1", "text": "x"}', 'another line has the "_id" q1 already'),
        ("qrels/test.tsv", "q1\td1", "is no judgment"),
        ("qrels/test.tsv", "q1\td1\tmuch", "is no judgment"),
        ("qrels/test.tsv", "q1\td1\tnan", "is no judgment: nan is no grade"),
    ],
)
def test_a_line_that_cannot_be_understood_is_named(tmp_path: Path, name: str, line: str, reason: str) -> None:
    path = write_collection(tmp_path) / name
    number = len(path.read_text().splitlines()) + 1
    path.write_text(f"{path.read_text()}\n{line}\n")
    result = evaluate(tmp_path)
    assert result.exit_code == 1
    assert f"Line {number} of {path}" in result.stderr
    assert reason in result.stderr


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_named_with_what_there_should_be(tmp_path: Path, name: str) -> None:
    (write_collection(tmp_path) / name).unlink()
    result = evaluate(tmp_path)
    assert result.exit_code == 1
    assert f"{tmp_path / name} is missing. A judged collection is a folder with corpus.jsonl" in result.stderr


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_an_empty_file_is_said(tmp_path: Path, name: str) -> None:
    (write_collection(tmp_path) / name).write_text("")
    result = evaluate(tmp_path)
    assert result.exit_code == 1
    assert "holds no documents" in result.stderr or "there is nothing to measure" in result.stderr


def test_no_folder_is_said(tmp_path: Path) -> None:
    result = evaluate(tmp_path / "nowhere")
    assert result.exit_code == 1
    assert "nowhere is no folder" in result.stderr
