"""The measurement itself: what it does and prints, never how fast that is."""

from __future__ import annotations

import errno
import io
import json
import os
import signal
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from indexer.bench import BenchError, synthetic
from indexer.bench.comparison import Plan, compare, schedule
from indexer.bench.corpus import BenchDocument
from indexer.bench.engines import PEERS, Answer, Engine, PeerUnavailable, chosen
from indexer.bench.engines.handlist import ENGINE as HANDLIST
from indexer.bench.measures import Row, Supply, folder_bytes, percentiles_ms
from indexer.bench.queries import Question, draw
from indexer.bench.tables import comparison_lines
from indexer.bench.workspace import workspace
from indexer.cli import main
from indexer.progress import PlainReporter

DOCUMENTS = list(synthetic.documents(300))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.jsonl"
    lines = ({"_id": one.id, **asdict(one)} for one in DOCUMENTS)
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder of their own to files that are not meant to stay."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def reporter() -> PlainReporter:
    return PlainReporter(io.StringIO())


def bench(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["bench", *map(str, arguments)], prog_name="handlist")


def rows(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def matching(words: str, documents: Iterable[BenchDocument]) -> list[BenchDocument]:
    """Return the documents with one of the words, found in the plainest way."""
    return [one for one in documents if set(words.split()) & set(f"{one.title} {one.text}".split())]


# Engines


def installed(name: str) -> Engine:
    if name == "tantivy":
        pytest.importorskip("tantivy")
    return chosen([name])[-1] if name in PEERS else HANDLIST


@pytest.mark.parametrize("name", ["handlist", *PEERS])
def test_every_engine_finds_counts_and_shows_the_same(name: str, tmp_path: Path) -> None:
    engine = installed(name)
    engine.build(iter(DOCUMENTS), tmp_path / "index")
    with closing(engine.open(tmp_path / "index")) as index:
        for question in draw(DOCUMENTS, 15):
            answer = index.read(index.ask(question.text))
            expected = matching(question.text, DOCUMENTS)
            assert answer.total == len(expected)
            assert len(answer.hits) == min(10, len(expected))
            assert {title for title, _ in answer.hits} <= {one.title for one in expected}
            assert any(any(word in str(excerpt) for word in question.text.split()) for _, excerpt in answer.hits)
            assert answer.facets["category"] == Counter(one.category for one in expected)
            tags = Counter(tag for one in expected for tag in one.tags)
            assert sorted(answer.facets["tags"].values()) == sorted(count for _, count in tags.most_common(50))
            assert all(tags[tag] == count for tag, count in answer.facets["tags"].items())


def test_a_peer_that_is_not_known_is_named_with_those_that_are() -> None:
    with pytest.raises(PeerUnavailable, match=r'no peer "solr".*Known are tantivy, fts5, whoosh\.'):
        chosen(["fts5", "solr"])
    with pytest.raises(PeerUnavailable, match='no peer "handlist"'):
        chosen(["handlist"])


def test_a_peer_that_is_not_installed_is_named_with_the_reason_and_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tantivy", None)
    monkeypatch.delitem(sys.modules, "indexer.bench.engines.tantivy", raising=False)
    with pytest.raises(PeerUnavailable, match=r"\"tantivy\" .*: .*tantivy.*pip install 'handlist\[bench\]'"):
        chosen(["tantivy"])


def test_an_sqlite_without_fts5_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    class Without(sqlite3.Connection):
        def execute(self, *_: object) -> sqlite3.Cursor:
            raise sqlite3.OperationalError("no such module: fts5")

    monkeypatch.setattr(sqlite3, "connect", Without)
    monkeypatch.delitem(sys.modules, "indexer.bench.engines.fts5", raising=False)
    with pytest.raises(PeerUnavailable, match=r'"fts5" .*without it \(no such module: fts5\)\. Use another Python'):
        chosen(["fts5"])


def test_handlist_comes_first_and_every_peer_once() -> None:
    assert [engine.name for engine in chosen(["whoosh", "fts5", "whoosh"])] == ["handlist", "whoosh", "fts5"]


# Turns


def fake(name: str, most: int = 100, build: Callable[[Iterable[BenchDocument], Path], None] | None = None) -> Engine:
    """Make an engine that finds one document, whatever it is asked."""

    class Index:
        def ask(self, words: str) -> str:
            return words

        def read(self, answer: str) -> Answer:
            return Answer(1, ((answer, answer),), {})

        def close(self) -> None:
            pass

    def built(documents: Iterable[BenchDocument], folder: Path) -> None:
        folder.mkdir()
        (folder / "index").write_text("\n".join(one.id for one in documents))

    return Engine(name, "1", build or built, lambda _: Index(), most)


def test_engines_take_turns_by_length_and_another_one_begins_every_time() -> None:
    questions = [Question(words, number, "x") for words in (1, 2, 3) for number in range(2)]
    turns = [(engine.name, one.words, one.number) for engine, one in schedule([fake("a"), fake("b")], questions, 2)]
    assert turns[:8] == [
        ("a", 1, 0), ("a", 1, 1), ("b", 1, 0), ("b", 1, 1),
        ("b", 2, 0), ("b", 2, 1), ("a", 2, 0), ("a", 2, 1),
    ]  # fmt: skip
    assert [turn[0] for turn in turns[8::2]] == ["a", "b", "b", "a", "a", "b", "b", "a"]
    assert Counter(turns) == dict.fromkeys(turns, 2)


def test_a_slow_engine_is_only_asked_the_first_of_each_length() -> None:
    questions = [Question(words, number, "x") for words in (1, 2) for number in range(5)]
    turns = [(engine.name, one.number) for engine, one in schedule([fake("fast"), fake("slow", most=2)], questions, 1)]
    assert Counter(turns) == {**{("fast", number): 2 for number in range(5)}, ("slow", 0): 2, ("slow", 1): 2}


def test_hits_are_counted_over_the_questions_that_all_engines_were_asked(corpus: Path) -> None:
    found = compare(Plan(corpus, queries=7, rounds=1), [fake("fast"), fake("slow", most=2)], reporter())
    assert [(row.engine, row.queries, row.hits) for row in found] == [("fast", 7, 2)] * 3 + [("slow", 2, 2)] * 3


def test_a_question_counts_with_the_median_of_its_rounds() -> None:
    assert percentiles_ms([[9.0, 0.001, 0.002], [0.004, 0.004, 0.0]]) == (4.0, 4.0)
    assert percentiles_ms([[n / 1000] for n in range(100)]) == (50.0, 95.0)


def test_a_supply_hands_everything_on_and_counts_it() -> None:
    supply = Supply("abc")
    assert (list(supply), supply.count) == (["a", "b", "c"], 3)
    assert supply.seconds > 0


# The command, with a corpus


def test_a_line_of_json_is_printed_for_every_engine_and_length(corpus: Path) -> None:
    found = rows(bench(corpus, "--peers", "fts5,whoosh", "--queries", 12, "--rounds", 1, "--json"))
    assert [(row["engine"], row["words"]) for row in found] == [
        (engine, words) for engine in ("handlist", "fts5", "whoosh") for words in (1, 2, 3)
    ]
    shared = draw(DOCUMENTS, 10)
    for row in found:
        assert row.keys() == set(Row.__dataclass_fields__)
        assert 0 < row["p50_ms"] <= row["p95_ms"]
        assert row["documents"] == 300
        assert row["docs_per_s"] > 0
        assert row["index_mb"] > 0
        assert row["queries"] == (10 if row["engine"] == "whoosh" else 12)
        asked = [question.text for question in shared if question.words == row["words"]]
        assert row["hits"] == sum(len(matching(text, DOCUMENTS)) for text in asked)


def test_people_get_a_table_and_what_to_know_about_it(corpus: Path) -> None:
    result = bench(corpus, "--queries", 3, "--rounds", 1)
    assert result.exit_code == 0
    heading, *lines = result.stdout.splitlines()
    assert heading.split() == ["engine", "words", "asked", "hits", "p50", "ms", "p95", "ms", "docs/s", "index", "MB"]
    assert [line.split()[:4] for line in lines[:3]] == [["handlist", HANDLIST.version, f"{n}", "3"] for n in (1, 2, 3)]
    assert "the ten best of 300 documents" in result.stdout
    assert "Indexing documents with handlist: 300" in result.stderr


def test_a_run_may_take_only_the_first_documents(corpus: Path) -> None:
    (row, *_) = rows(bench(corpus, "--documents", 200, "--queries", 3, "--rounds", 1, "--json"))
    first = draw(DOCUMENTS[:200], 3)[:3]
    assert (row["documents"], row["queries"]) == (200, 3)
    assert row["hits"] == sum(len(matching(question.text, DOCUMENTS[:200])) for question in first)


def test_indexes_are_gone_afterwards_unless_they_are_to_be_kept(corpus: Path, tmp_path: Path, temporary: Path) -> None:
    brief = ("--documents", 100, "--queries", 2, "--rounds", 1, "--peers", "fts5")
    assert bench(corpus, *brief).exit_code == 0
    assert list(temporary.iterdir()) == []
    kept = tmp_path / "kept" / "indexes"
    assert bench(corpus, *brief, "--keep", kept).exit_code == 0
    assert sorted(path.name for path in kept.iterdir()) == ["fts5", "handlist"]
    again = bench(corpus, *brief, "--keep", kept)
    assert (again.exit_code, again.stdout) == (1, "")
    assert f"{kept} is not empty" in again.stderr


def test_indexes_cannot_be_kept_in_a_file(corpus: Path) -> None:
    result = bench(corpus, "--keep", corpus)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"cannot be kept in {corpus}: File exists. Name another folder with --keep." in result.stderr


def test_a_full_disk_is_said_with_the_way_out(corpus: Path, temporary: Path) -> None:
    def full(_documents: Iterable[BenchDocument], _folder: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(BenchError, match=f"{temporary}: No space left on device. .* --keep or TMPDIR"):
        compare(Plan(corpus, queries=1), [fake("a", build=full)], reporter())
    assert list(temporary.iterdir()) == []


def test_an_interrupted_run_leaves_nothing_behind(corpus: Path, temporary: Path) -> None:
    def interrupted(documents: Iterable[BenchDocument], folder: Path) -> None:
        folder.mkdir()
        (folder / "half").write_text(next(iter(documents)).text)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare(Plan(corpus, queries=1), [fake("a", build=interrupted)], reporter())
    assert list(temporary.iterdir()) == []


def test_a_run_that_is_told_to_end_leaves_nothing_behind(temporary: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as ended, workspace(None):
        os.kill(os.getpid(), signal.SIGTERM)
    assert ended.value.code == 128 + signal.SIGTERM
    assert list(temporary.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) is before


def test_what_cannot_be_measured_is_said_before_anything_is_done(tmp_path: Path) -> None:
    missing = tmp_path / "missing.jsonl"
    for arguments, reason in {("--peers", "solr"): 'no peer "solr"', (): "missing.jsonl cannot be read"}.items():
        result = bench(missing, *arguments, "--keep", tmp_path / "kept")
        assert (result.exit_code, result.stdout) == (1, "")
        assert reason in result.stderr
        assert "Indexing" not in result.stderr
        assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "Name a CORPUS, or ask for --grow"),
        (["x.jsonl", "--grow"], "Name a CORPUS, or ask for --grow"),
        (["x.jsonl", "--sizes", "10"], "--sizes means nothing without --grow"),
        (["--grow", "--peers", "fts5"], "--peers means nothing with --grow"),
        (["--grow", "--documents", "5"], "--documents means nothing with --grow"),
        (["--grow", "--sizes", "10,many"], '"10,many" is not a list of whole numbers'),
        (["--grow", "--sizes", "0"], "whole numbers from 1"),
        (["x.jsonl", "--queries", "0"], "--queries"),
    ],
)
def test_a_measurement_that_makes_no_sense_is_wrong_use(arguments: list[str], reason: str) -> None:
    result = bench(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert reason in result.stderr


# Tables

ROW = Row("handlist", "0.1.0", 107_525, 1, 100, 12_345, 0.3456, 1.25, 45_678, 31.25)


def test_columns_of_a_table_are_flush() -> None:
    first, second, third, *_ = comparison_lines([ROW, replace(ROW, engine="a", p50_ms=1234.5, docs_per_s=9)])
    assert second == "handlist 0.1.0      1    100  12,345      0.35    1.25  45,678      31.2"
    assert third == "a 0.1.0             1    100  12,345  1,234.50    1.25       9      31.2"
    assert len(first) == len(second)


def test_the_size_of_an_index_counts_every_file_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one").write_bytes(b"x" * 10)
    (tmp_path / "two").write_bytes(b"x" * 5)
    (tmp_path / "link").symlink_to(tmp_path / "a" / "one")
    assert folder_bytes(tmp_path) == 15
