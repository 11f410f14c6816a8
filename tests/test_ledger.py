"""The coverage ledger: kept whole, newest problems first, safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index.engine import IndexUnreadable
from indexer.index.ledger import FileReport, ledger_csv, newest_problems_first, read_ledger, write_ledger
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


@given(st.lists(reports))
def test_a_ledger_is_read_as_it_was_written(found: list[FileReport]) -> None:
    with TemporaryDirectory() as folder:
        write_ledger(Path(folder), found)
        again = read_ledger(Path(folder))
        assert list(again) == found
        assert [(report.since, report.seconds) for report in again] == [(one.since, one.seconds) for one in found]
        assert [path.name for path in Path(folder).iterdir()] == ["ledger.json"]


@pytest.mark.parametrize("content", ["", "{", "{}", "[1]", '[{"path": "a"}]', '[{"path": "a", "status": "eaten"}]'])
def test_a_damaged_ledger_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "ledger.json").write_text(content)
    with pytest.raises(IndexUnreadable, match=r"ledger\.json cannot be read .* Build the index again"):
        read_ledger(tmp_path)


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
