"""The coverage ledger: kept whole, newest problems first, safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index.engine import IndexUnreadable
from indexer.index.ledger import (
    FileReport,
    LedgerFile,
    ledger_csv,
    newest_problems_first,
    read_ledger,
    revise_ledger,
    write_ledger,
)
from indexer.index.schema import Status

OLD, NEW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, 12, 30, tzinfo=UTC)

reports = st.builds(
    FileReport,
    path=st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    status=st.sampled_from(Status),
    format=st.sampled_from(["", "pdf"]),
    pages=st.integers(0, 9),
    characters=st.integers(0, 9),
    seconds=st.floats(0, 9),
    reason=st.text(st.characters(exclude_categories=["Cs"])),
    lacks=st.sampled_from(["", "libreoffice"]),
    resources=st.lists(st.text(st.characters(exclude_categories=["Cs"]))).map(tuple),
    since=st.sampled_from([None, OLD, NEW]),
)


def by_key(found: list[FileReport]) -> list[FileReport]:
    return sorted({report.key: report for report in found}.values(), key=lambda report: report.key)


def assert_same(read: Sequence[FileReport], written: Sequence[FileReport]) -> None:
    assert list(read) == list(written)
    assert [(report.since, report.seconds) for report in read] == [(one.since, one.seconds) for one in written]


@given(st.lists(reports))
def test_a_ledger_is_read_as_it_was_written_by_path(found: list[FileReport]) -> None:
    with TemporaryDirectory() as folder:
        write_ledger(Path(folder), found)
        assert_same(read_ledger(Path(folder)), by_key(found))
        assert [path.name for path in Path(folder).iterdir()] == ["ledger.sqlite"]


@given(st.lists(reports), st.lists(reports))
def test_a_ledger_that_is_revised_says_only_what_is_new_of_the_paths_that_were_revised(
    found: list[FileReport], new: list[FileReport]
) -> None:
    with TemporaryDirectory() as name:
        first, second = Path(name) / "1", Path(name) / "2"
        first.mkdir()
        second.mkdir()
        write_ledger(first, found, "one")
        paths = {report.path for report in new}
        revise_ledger(second, first, paths, new, "two")
        assert_same(read_ledger(first), by_key(found))
        assert_same(read_ledger(second), by_key([report for report in found if report.path not in paths] + new))
        revise_ledger(first, first, paths, new, "two")
        assert_same(read_ledger(first), read_ledger(second))


@given(st.lists(reports))
def test_what_a_ledger_is_asked_is_what_its_reports_say(found: list[FileReport]) -> None:
    listed = by_key(found)
    with TemporaryDirectory() as folder:
        write_ledger(Path(folder), found, "mark")
        with closing(LedgerFile(Path(folder))) as ledger:
            assert ledger.mark == "mark"
            assert ledger.counts() == Counter(report.status for report in listed)
            assert list(ledger.counts().values()) == sorted(ledger.counts().values(), reverse=True)
            opened = [report for report in listed if report.format]
            assert ledger.opened() == (len(opened), sum(report.pages for report in opened))
            named = [report for report in listed if report.status is not Status.UNATTACHED]
            problems = [report for report in listed if report.is_problem and (report in named or report.lacks)]
            assert list(ledger.problems()) == problems
            unnamed = [report.path for report in listed if report.status is Status.UNATTACHED]
            assert list(ledger.unattached()) == unnamed
            assert set(ledger.lacking()) == {report for report in listed if report.lacks}
            assert all(ledger.of(report.key) == report for report in listed)
            assert all(report in ledger.at(report.path) for report in listed)


def nothing_of_tables(path: Path) -> None:
    path.write_text("[]")


def other_tables(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as database:
        database.execute("create table another (one text)")


def an_unknown_status(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("update reports set status = 'eaten'")


def half_of_it(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize(
    "damage",
    [Path.unlink, nothing_of_tables, other_tables, an_unknown_status, half_of_it],
    ids=lambda one: one.__name__,
)
def test_a_damaged_ledger_is_named(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    write_ledger(tmp_path, [FileReport(f"{number}.pdf", Status.OK, "pdf") for number in range(100)])
    damage(tmp_path / "ledger.sqlite")
    with pytest.raises(IndexUnreadable, match=r"ledger\.sqlite cannot be read .* Rebuild the index"):
        read_ledger(tmp_path)


def test_who_reads_a_ledger_goes_on_with_it_when_it_is_replaced(tmp_path: Path) -> None:
    write_ledger(tmp_path, [FileReport("a.pdf", Status.OK)])
    with closing(LedgerFile(tmp_path)) as ledger:
        write_ledger(tmp_path, [FileReport("b.pdf", Status.OK)])
        assert [report.path for report in ledger.reports()] == ["a.pdf"]
    assert [report.path for report in read_ledger(tmp_path)] == ["b.pdf"]


def test_a_ledger_that_cannot_be_written_leaves_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_ledger(tmp_path, [FileReport("a.pdf", Status.OK)])

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_ledger(tmp_path, [FileReport("b.pdf", Status.OK)])
    assert [report.path for report in read_ledger(tmp_path)] == ["a.pdf"]
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.sqlite"]


def test_problems_come_first_the_newest_of_them_before_the_older_and_the_rest_by_path() -> None:
    found = [
        FileReport("b.pdf", Status.OK, since=NEW),
        FileReport("a.pdf", Status.OK, since=OLD),
        FileReport("old.pdf", Status.DAMAGED, since=OLD),
        FileReport("z.pdf", Status.CUT, since=NEW),
        FileReport("y.pdf", Status.MISSING, since=NEW),
        FileReport("scan.pdf", Status.OCR, since=NEW),
        FileReport("half.pdf", Status.OK, lacks="tesseract-ocr", since=OLD),
    ]
    assert [report.path for report in newest_problems_first(found)] == [
        "y.pdf", "z.pdf", "half.pdf", "old.pdf", "a.pdf", "b.pdf", "scan.pdf",
    ]  # fmt: skip


def test_a_spreadsheet_shows_the_ledger_and_calculates_nothing() -> None:
    found = [
        FileReport(
            "=cmd|' /C calc'!A0", Status.DAMAGED, "pdf", 2, 3, 4, 0.5, '-1, "quoted"\nline', "", ("a", "b"), NEW
        ),
        FileReport("plain.pdf", Status.OK),
    ]
    rows = list(csv.DictReader(io.StringIO(ledger_csv(found))))
    assert [row["path"] for row in rows] == ["'=cmd|' /C calc'!A0", "plain.pdf"]
    assert rows[0]["reason"] == '\'-1, "quoted"\nline'
    assert (rows[0]["pages"], rows[0]["characters_left_out"], rows[0]["resources"]) == ("2", "4", "a\nb")
    assert rows[0]["since"] == "2026-02-01T12:30:00+00:00"
    assert rows[1]["since"] == ""
