"""Libraries of rising size: what is measured of each, and that nothing measured is lost."""

from __future__ import annotations

import io
import json
import mmap
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.bench import BenchError, growth, synthetic
from indexer.bench.corpus import BenchDocument
from indexer.bench.engines import Engine
from indexer.bench.engines.handlist import ENGINE as HANDLIST
from indexer.bench.measures import build_seconds
from indexer.bench.probe import Memory, Probe, Request, memory, probed
from indexer.bench.queries import draw
from indexer.bench.tables import growth_lines
from indexer.cli import main
from indexer.progress import PlainReporter

DOCUMENTS = list(synthetic.documents(300))


def reporter() -> PlainReporter:
    return PlainReporter(io.StringIO())


def matching(words: str, documents: Iterable[BenchDocument]) -> list[BenchDocument]:
    """Return the documents with one of the words, found in the plainest way."""
    return [one for one in documents if set(words.split()) & set(f"{one.title} {one.text}".split())]


# With processes


def test_growth_is_measured_by_processes_of_their_own(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from indexer.cli import main; main()", "bench", "--grow", "--sizes", "40,120"]
    result = subprocess.run(
        [*command, "--queries", "4", "--rounds", "1", "--json"],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    assert result.returncode == 0, result.stderr
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(row["documents"], row["words"]) for row in found] == [(size, n) for size in (40, 120) for n in (1, 2, 3)]
    questions = draw(synthetic.documents(10_000), 4)
    for row in found:
        assert row.keys() == set(growth.GrowthRow.__dataclass_fields__)
        asked = [question.text for question in questions if question.words == row["words"]]
        assert row["hits"] == sum(len(matching(text, DOCUMENTS[: row["documents"]])) for text in asked)
        assert row["open_ms"] > 0
        for process in ("first", "second"):
            assert row[f"{process}_mb"] > row[f"{process}_added_mb"]
            assert row[f"{process}_mb"] >= row[f"{process}_own_mb"] > row[f"{process}_own_added_mb"]
    assert list(tmp_path.iterdir()) == []
    assert "Indexing synthetic documents: 120" in result.stderr


def test_indexes_of_all_sizes_may_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "_ASKED_FROM", 500)
    list(growth.grow(growth.GrowthPlan((5, 10), queries=1, rounds=1, keep=tmp_path / "kept"), reporter()))
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == ["10", "5", "smallest"]


def test_a_second_process_answers_while_the_first_still_holds_the_index(tmp_path: Path) -> None:
    HANDLIST.build(synthetic.documents(1), tmp_path / "small")
    HANDLIST.build(iter(DOCUMENTS), tmp_path / "index")
    words = draw(DOCUMENTS, 1)[0].text
    request = Request(str(tmp_path / "small"), str(tmp_path / "index"), [words], [words], rounds=2)
    with probed(request) as first, probed(replace(request, timed=[], rounds=0)) as second:
        assert first.totals == [len(matching(words, DOCUMENTS))]
        assert [len(rounds) for rounds in first.seconds] == [2]
        assert (second.totals, second.seconds) == ([], [])


def test_a_process_that_cannot_search_is_not_waited_for(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    nowhere = str(tmp_path / "nowhere")
    with pytest.raises(BenchError, match="ended with status 1"), probed(Request(nowhere, nowhere, [], [], 0)):
        pass
    assert "There is no index in" in capfd.readouterr().err


def test_memory_that_a_process_holds_alone_is_private_and_its_own() -> None:
    before = memory()
    held = bytearray(b"x" * 30_000_000)
    after = memory()
    assert 25_000_000 < after.private - before.private < 70_000_000
    assert 25_000_000 < after.own - before.own < 70_000_000
    del held


def test_pages_of_a_file_that_no_other_process_maps_are_private_and_not_its_own(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 30_000_000)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as pages:
        before = memory()
        assert pages[:: mmap.PAGESIZE].count(b"x") == -(-30_000_000 // mmap.PAGESIZE)
        after = memory()
    assert 25_000_000 < after.private - before.private < 70_000_000
    assert after.own - before.own < 5_000_000


# With figures that are known


def test_making_the_documents_is_left_out_of_the_time_of_a_build(tmp_path: Path) -> None:
    now = 100.0

    def made() -> Iterator[BenchDocument]:
        nonlocal now
        for document in DOCUMENTS[:7]:
            now += 2
            yield document

    def build(documents: Iterable[BenchDocument], _folder: Path) -> None:
        nonlocal now
        for _ in documents:
            now += 3
        now += 0.5

    engine = replace(HANDLIST, build=build)
    assert build_seconds(engine, made(), tmp_path / "index", lambda: now) == 7 * 3 + 0.5


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Make the figures known and let 30 documents interrupt the run; give the folder of temporary files."""

    def build(documents: Iterable[BenchDocument], folder: Path) -> None:
        folder.mkdir()
        (folder / "index").write_text("x" * 1_000 * len(list(documents)))

    def seconds(engine: Engine, documents: Iterable[BenchDocument], folder: Path) -> float:
        engine.build(documents, folder)
        return 4.0

    @contextmanager
    def found(request: Request) -> Iterator[Probe]:
        if Path(request.index).name == "30":
            raise KeyboardInterrupt
        asked = len(request.timed)
        if asked:
            first = Memory(20_000_000, 15_000_000), Memory(90_000_000, 18_000_000)
            yield Probe(0.0125, *first, [2] * asked, [[0.004]] * asked)
        else:
            yield Probe(9.9, Memory(21_000_000, 16_000_000), Memory(26_000_000, 20_000_000), [], [])

    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setattr(growth, "_ASKED_FROM", 500)
    monkeypatch.setattr(growth, "ENGINE", replace(HANDLIST, build=build))
    monkeypatch.setattr(growth, "build_seconds", seconds)
    monkeypatch.setattr(growth, "probed", found)
    return folder


def test_a_row_tells_the_figures_of_its_build_and_of_both_processes(known: Path) -> None:
    row, *others = growth.grow(growth.GrowthPlan((20,), queries=5, rounds=1), reporter())
    assert row == growth.GrowthRow(
        "handlist", HANDLIST.version, documents=20, words=1, queries=5, hits=10, p50_ms=4, p95_ms=4, docs_per_s=5,
        index_mb=0.02, open_ms=12.5, first_mb=90, first_added_mb=70, first_own_mb=18, first_own_added_mb=3,
        second_mb=26, second_added_mb=5, second_own_mb=20, second_own_added_mb=4,
    )  # fmt: skip
    assert [one.words for one in others] == [2, 3]
    assert list(known.iterdir()) == []


def grown(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["bench", "--grow", "--queries", "1", *arguments])


def test_an_interrupted_run_has_printed_the_sizes_that_were_done(known: Path) -> None:
    result = grown("--sizes", "10,20,30", "--json")
    assert result.exit_code == 1
    assert [json.loads(line)["documents"] for line in result.stdout.splitlines()] == [10] * 3 + [20] * 3
    assert list(known.iterdir()) == []


def test_an_interrupted_run_shows_the_table_of_the_sizes_that_were_done(known: Path) -> None:
    result = grown("--sizes", "10,20,30")
    assert result.exit_code == 1
    assert [line.split()[:2] for line in result.stdout.splitlines()[1:7]] == [
        [f"{documents}", f"{words}"] for documents in (10, 20) for words in (1, 2, 3)
    ]
    assert grown("--sizes", "30").stdout == ""
    assert list(known.iterdir()) == []


def test_a_row_is_known_before_the_next_size_is_begun(known: Path) -> None:
    rows = growth.grow(growth.GrowthPlan((20, 30), queries=1, rounds=1), reporter())
    assert [next(rows).words for _ in range(3)] == [1, 2, 3]
    assert len(list(known.iterdir())) == 1
    rows.close()
    assert list(known.iterdir()) == []


# Its table

GREW = growth.GrowthRow(
    "handlist", "0.1.0", 107_525, 1, 100, 12_345, 0.3456, 1.25, 45_678, 31.25,
    open_ms=12.34, first_mb=60.5, first_added_mb=20.25, first_own_mb=40.5, first_own_added_mb=0.25,
    second_mb=41, second_added_mb=1, second_own_mb=40, second_own_added_mb=0.5,
)  # fmt: skip


def test_the_table_of_growth_says_what_the_index_added_to_memory() -> None:
    heading, line, *_ = growth_lines([GREW])
    assert heading.split("  ")[-1].strip() == "2nd process MB"
    assert line.startswith("107,525 ")
    assert line.endswith("12.3    60.5 (+20.2)     41.0 (+1.0)")


def test_the_table_of_growth_says_that_private_memory_counts_the_page_cache_and_where_the_rest_is_told() -> None:
    note = " ".join(" ".join(growth_lines([GREW])).split())
    assert "pages of files which no other process maps" in note
    assert "page cache and are given back when memory is short" in note
    for name in ("first_own_mb", "second_own_mb", "first_own_added_mb", "second_own_added_mb"):
        assert name in note
        assert name in GREW.to_json()
