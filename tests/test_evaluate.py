"""`handlist evaluate` on judged collections: what it measures, prints and refuses."""

from __future__ import annotations

import gzip
import json
from math import log2
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.cli import main
from tests.library_folder import built, write_page

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
    # Only the stem is one: as a word it is too far away to be taken for mistyped.
    documents = {"d1": ("Nacionalidades", "Las nacionalidades del mundo."), "d2": ("Agua", "Un pozo.")}
    write_collection(tmp_path, documents, {"q1": "nacional"}, [("q1", "d1", "1")])
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


# A library of one's own, judged in a spreadsheet


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    write_page(folder / "pages", "fees.md", "title: Recruitment fees", "Who pays the fees of recruitment.")
    write_page(folder / "pages", "wells.md", "title: Wells", "Water for a village.")
    built(folder / "pages", folder / "index")
    return folder / "index"


def write_csv(folder: Path, text: str | bytes) -> Path:
    path = folder / "judged.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    "text",
    [
        "query,resource,grade,note\nrecruitment fees,fees,3,\nrecruitment fees,wells,0,\nwater,wells,2,x\n",
        "\ufeffquery;resource;grade\r\nrecruitment fees;fees;3\r\nwater;wells;2\r\n",
        'Note,Grade,Resource,Query\n,3,fees,"recruitment\n fees"\n\n,2,wells,water\n',
    ],
)
def test_a_spreadsheet_judges_a_published_index(tmp_path: Path, index: Path, text: str) -> None:
    result = evaluate(write_csv(tmp_path, text), "--index", index, "--json")
    assert json.loads(result.stdout) == {"ndcg@10": 1, "map": 1, "mrr": 1, "recall@100": 1, "queries": 2}


def test_every_mistake_in_a_spreadsheet_is_named_with_its_line(tmp_path: Path, index: Path) -> None:
    rows = ["query,resource,grade", "fees,fees,3", "fees,nowhere,1", "fees,wells,4", "fees,fees,2", ",fees,1", "fees"]
    result = evaluate(write_csv(tmp_path, "\n".join(rows)), "--index", index)
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        f"Error: {tmp_path / 'judged.csv'} cannot be used as it is.",
        '  line 3: the library has no resource "nowhere"',
        '  line 4: the grade is "4", which is none of 0, 1, 2, 3',
        '  line 5: "fees" is judged for "fees" a second time',
        "  line 6: the query is empty",
        '  line 7: the grade is "", which is none of 0, 1, 2, 3',
    ]


def test_of_very_many_mistakes_the_first_are_named_and_the_others_counted(tmp_path: Path, index: Path) -> None:
    result = evaluate(write_csv(tmp_path, "query,resource,grade\n" + "fees,fees,9\n" * 60), "--index", index)
    assert len(result.stderr.splitlines()) == 52
    assert result.stderr.endswith("and 10 more\n")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "has no column query and no column resource and no column grade in its first line"),
        ("query,grade\nfees,3\n", "has no column resource in its first line"),
        ("query,resource,grade\nfees,fees,0\n", "has a resource of grade 1 or more, so there is nothing to measure"),
        ("query,resource,grade\n", "there is nothing to measure"),
        (b"query,resource,grade\nfr\xe9e,fees,1\n", "is not UTF-8"),
        ("query,resource,grade\nfees,fees," + "3" * 140_000, "cannot be read"),
    ],
)
def test_a_spreadsheet_that_judges_nothing_is_said(tmp_path: Path, index: Path, text: str | bytes, reason: str) -> None:
    result = evaluate(write_csv(tmp_path, text), "--index", index)
    assert result.exit_code == 1
    assert reason in result.stderr


def test_queries_without_a_useful_resource_are_left_out_and_counted(tmp_path: Path, index: Path) -> None:
    result = evaluate(write_csv(tmp_path, "query,resource,grade\nfees,fees,1\nsnow,wells,0\n"), "--index", index)
    assert "1 of 2 queries have no resource of grade 1 or more and do not count." in result.stderr


def test_options_that_mean_nothing_are_wrong_use(tmp_path: Path, index: Path) -> None:
    result = evaluate(write_csv(tmp_path, "query,resource,grade\n"), "--index", index, "--language", "fr")
    assert result.exit_code == 2
    assert "--language means nothing with a spreadsheet." in result.stderr
    result = evaluate(write_collection(tmp_path / "c"), "--index", index)
    assert result.exit_code == 2
    assert "--index means nothing with a folder." in result.stderr


def test_an_index_that_is_missing_is_said(tmp_path: Path) -> None:
    result = evaluate(write_csv(tmp_path, "query,resource,grade\n"), "--index", tmp_path / "none")
    assert result.exit_code == 1
    assert "There is no index in" in result.stderr


# Two rankings, and typos


def test_what_changed_since_a_run_is_told_query_by_query(tmp_path: Path) -> None:
    write_collection(tmp_path / "c", judgments=[("q1", "d1", "2"), ("q2", "d2", "1")])
    (tmp_path / "old").write_text("q1 Q0 d3 1 2 old\nq1 Q0 d1 2 1 old\nq2 Q0 d2 1 1 old\n")
    lines = evaluate(tmp_path / "c", "--compare", tmp_path / "old").stdout.splitlines()
    assert lines[0] == f"Before: {tmp_path / 'old'}. After: default."
    assert lines[2:4] == ["               before    after   change", "ndcg@10        0.8155   1.0000  +0.1845"]
    assert "1 better, 0 worse, 1 the same by nDCG@10. Two equally good rankings would differ as much with a" in lines
    assert lines[-2:] == ["+0.3691  0.6309 -> 1.0000  recruitment fees", "         2. -> 1.       grade 2  d1"]


def test_programs_get_a_comparison_with_every_query(tmp_path: Path) -> None:
    write_collection(tmp_path / "c")
    assert evaluate(tmp_path / "c", "--run", tmp_path / "old").exit_code == 0
    found = json.loads(evaluate(tmp_path / "c", "--compare", tmp_path / "old", "--json").stdout)
    assert found["before"] == found["after"]
    assert (found["wins"], found["losses"], found["ties"], found["p_value"]) == (0, 0, 2, 1)
    assert [(query["id"], query["query"], query["moved"]) for query in found["queries"]] == [
        ("q1", "recruitment fees", []),
        ("q2", "passports", []),
    ]


def test_queries_that_a_run_lacks_are_counted(tmp_path: Path) -> None:
    write_collection(tmp_path / "c")
    (tmp_path / "old").write_text("q2 Q0 d2 1 1 old\n")
    said = evaluate(tmp_path / "c", "--compare", tmp_path / "old").stderr
    assert f"1 of 2 queries are not in {tmp_path / 'old'}, which counts as nothing found." in said


def test_a_run_that_is_not_there_is_said_before_anything_is_indexed(tmp_path: Path) -> None:
    result = evaluate(write_collection(tmp_path), "--compare", tmp_path / "old")
    assert result.exit_code == 1
    assert "Indexing" not in result.stderr
    assert "old cannot be read: No such file or directory. Name a file of a TREC run" in result.stderr


def test_how_much_is_left_with_typos_is_told(tmp_path: Path) -> None:
    write_collection(tmp_path, judgments=[("q2", "d2", "1")])
    found = json.loads(evaluate(tmp_path, "--typos", "--json").stdout)
    assert found["clean"]["ndcg@10"] == 1
    assert found["kept"] == found["typos"]["ndcg@10"]
    last = evaluate(tmp_path, "--typos").stdout.splitlines()[-1]
    assert last.startswith(f"{found['kept']:.1%} of the nDCG@10 is left")


def test_one_thing_is_measured_at_a_time(tmp_path: Path) -> None:
    result = evaluate(write_collection(tmp_path), "--typos", "--compare", "x")
    assert result.exit_code == 2
    assert "Choose one of --compare and --typos." in result.stderr


def test_a_ranking_is_measured_by_its_name_and_beside_another_one(tmp_path: Path) -> None:
    queries = {"q1": "recruitment wells", "q2": "passports"}
    write_collection(tmp_path, queries=queries, judgments=[("q1", "d3", "1"), ("q2", "d2", "1")])
    lines = evaluate(tmp_path, "--compare", "bm25f").stdout.splitlines()
    assert lines[0] == "Before: bm25f. After: default."
    same = json.loads(evaluate(tmp_path, "--ranking", "bm25f", "--compare", "bm25f", "--json").stdout)
    assert same["ties"] == 2
    assert same["after"] == json.loads(evaluate(tmp_path, "--ranking", "bm25f", "--json").stdout)


def test_a_ranking_that_is_not_known_is_named_with_those_that_are(tmp_path: Path) -> None:
    result = evaluate(write_collection(tmp_path), "--ranking", "tfidf")
    assert result.exit_code == 2
    assert 'There is no ranking "tfidf". Known are default, bm25f' in result.stderr
    assert "Or name a ranking: default, bm25f" in evaluate(tmp_path, "--compare", "tfidf").stderr
