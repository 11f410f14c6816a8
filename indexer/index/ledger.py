"""The coverage ledger: every file of a library and how its reading ended, kept with the generation that holds it."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from indexer.index.engine import IndexUnreadable
from indexer.index.schema import Status
from indexer.index.tables import DAMAGE, opened, revised

FILE_NAME = "ledger.sqlite"

_SCHEMA = """
create table reports (
    path text, fate text, status text, format text, pages integer, characters integer, characters_left_out integer,
    seconds real, reason text, lacks text, resources text, since text, primary key (path, fate)
) without rowid;
create index lacking on reports (lacks) where lacks != '';
create table writing (mark text)
"""


class LedgerDamaged(IndexUnreadable):
    """The ledger at `path` is damaged, or not there."""

    def __init__(self, path: Path, error: Exception) -> None:
        super().__init__(f"The list of files {path} cannot be read ({error}). Rebuild the index.")
        self.path = path


FINE = frozenset({Status.OK, Status.OCR})
"""How a reading ends that leaves nothing to do."""

_OUT_OF_REACH = frozenset({Status.MISSING, Status.REFUSED, Status.UNREADABLE})


Key = tuple[str, str]
"""What tells one report from another; see `FileReport.key`."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file of the library and how its reading ended.

    `pages` and `characters` are what can be found in it, `characters_left_out` what is known to be missing, `seconds`
    how long it took. `reason` is a sentence for whoever keeps the library, `lacks` the Debian package with which more
    could be read. `resources` are the ids of the resources that name it, `since` is when a build first found it so.
    `format` is empty for what was never opened; its `path` is then as the page writes it.
    """

    path: str
    status: Status
    format: str = ""
    pages: int = 0
    characters: int = 0
    characters_left_out: int = 0
    seconds: float = field(default=0.0, compare=False)
    reason: str = ""
    lacks: str = ""
    resources: tuple[str, ...] = ()
    since: datetime | None = field(default=None, compare=False)

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return asdict(self) | {"since": self.since.isoformat() if self.since else None}

    def line(self) -> str:
        """Return the report in words: path, status, reason, and who names the file if it is not to be found."""
        named = f" Named by {', '.join(self.resources)}." if self.status in _OUT_OF_REACH and self.resources else ""
        return f"{self.path}: {self.status}. {self.reason}{named}"

    @property
    def key(self) -> Key:
        """What tells a report from others: the path of a file that was opened; of a mere name its fate as well.

        A name may lead nowhere from one page and be the path of a file, or lead nowhere from two pages for two reasons.
        """
        return self.path, "" if self.format else f"{self.status}. {self.reason}"

    @property
    def is_problem(self) -> bool:
        """Tell whether somebody should look at the file: not all of it can be found."""
        return self.status not in FINE or bool(self.lacks)


def newest_problems_first(reports: Iterable[FileReport]) -> list[FileReport]:
    """Return reports with the problems before the others, the newest first, and by path where nothing else decides."""
    by_path = sorted(reports, key=lambda report: report.path)
    return sorted(by_path, key=lambda report: (not report.is_problem, -_age(report)))


def _age(report: FileReport) -> float:
    return report.since.timestamp() if report.since and report.is_problem else 0.0


def write_ledger(generation: Path, reports: Iterable[FileReport], mark: str = "") -> None:
    """Write the whole ledger of a generation, replacing the one that may be there: readers see one of the two whole.

    `mark` is what is found in it again.
    """
    with revised(generation / FILE_NAME, None, _SCHEMA) as database:
        database.execute("insert into writing values (?)", (mark,))
        _put(database, reports)


def revise_ledger(generation: Path, base: Path, paths: Iterable[str], reports: Iterable[FileReport], mark: str) -> None:
    """Write the ledger of a generation as that of `base` with these reports for all that it says of some paths.

    LedgerDamaged if that of `base` is.
    """
    with _damage_of(base), revised(generation / FILE_NAME, base / FILE_NAME, _SCHEMA) as database:
        database.execute("update writing set mark = ?", (mark,))
        database.executemany("delete from reports where path = ?", ((path,) for path in paths))
        _put(database, reports)


@contextmanager
def _damage_of(base: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in DAMAGE:
            raise
        raise LedgerDamaged(base / FILE_NAME, error) from error


def _put(database: sqlite3.Connection, reports: Iterable[FileReport]) -> None:
    database.executemany(
        "replace into reports values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (_row(report) for report in reports)
    )


def _row(report: FileReport) -> tuple[object, ...]:
    """Return a report as a row, written out: there are many, and `asdict` takes twenty times as long."""
    path, fate = report.key
    return (
        path,
        fate,
        report.status,
        report.format,
        report.pages,
        report.characters,
        report.characters_left_out,
        report.seconds,
        report.reason,
        report.lacks,
        json.dumps(report.resources, ensure_ascii=False),
        report.since.isoformat() if report.since else None,
    )


class LedgerFile:
    """The ledger of a generation as it lies on disk; any method may raise LedgerDamaged, an IndexUnreadable.

    `mark` is what it was written with.
    """

    def __init__(self, generation: Path) -> None:
        self._path = generation / FILE_NAME
        with self._damage_named():
            self._database = opened(self._path)
            ((self.mark,),) = self._database.execute("select mark from writing")

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def reports(self) -> tuple[FileReport, ...]:
        """Return every file, by path."""
        return self._reports("order by path, fate")

    def of(self, key: Key) -> FileReport | None:
        """Return the report of that key."""
        return next(iter(self._reports("where path = ? and fate = ?", *key)), None)

    def at(self, path: str) -> tuple[FileReport, ...]:
        """Return what is said of a path, which may be a file and also lead nowhere from some pages."""
        return self._reports("where path = ? order by fate", path)

    def problems(self) -> tuple[FileReport, ...]:
        """Return the files of which not all can be found, by path; without those that no page names."""
        fine = ", ".join(f"'{status}'" for status in (*sorted(FINE), Status.UNATTACHED))
        return self._reports(f"where status not in ({fine}) or lacks != '' order by path, fate")

    def unattached(self) -> tuple[str, ...]:
        """Return the paths of the files that no page names."""
        query = "select path from reports where status = ? order by path"
        return tuple(str(path) for (path,) in self._rows(query, Status.UNATTACHED.value))

    def lacking(self) -> tuple[FileReport, ...]:
        """Return the files of which more could be read with another program."""
        return self._reports("where lacks != ''")

    def counts(self) -> dict[Status, int]:
        """Return how many files there are of each status, the most frequent first."""
        query = "select status, count(*) from reports group by status order by count(*) desc, min(path), min(fate)"
        return {Status(status): count for status, count in self._rows(query)}

    def opened(self) -> tuple[int, int]:
        """Return how many files were opened, and how many pages they have."""
        ((files, pages),) = self._rows("select count(*), coalesce(sum(pages), 0) from reports where format != ''")
        return files, pages

    def _reports(self, condition: str, *values: str) -> tuple[FileReport, ...]:
        rows = self._rows(f"select {', '.join(_COLUMNS)} from reports {condition}", *values)  # noqa: S608  # ours
        with self._damage_named():
            return tuple(_report(row) for row in rows)

    def _rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        with self._damage_named():
            return self._database.execute(query, values).fetchall()

    @contextmanager
    def _damage_named(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error, ValueError, TypeError) as error:
            raise LedgerDamaged(self._path, error) from error


def read_ledger(generation: Path) -> tuple[FileReport, ...]:
    """Read the ledger of a generation, by path; IndexUnreadable if it is damaged."""
    with closing(LedgerFile(generation)) as ledger:
        return ledger.reports()


_COLUMNS = tuple(field.name for field in fields(FileReport))
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def ledger_csv(reports: Iterable[FileReport]) -> str:
    """Return reports as CSV with a line of names on top, safe to open in a spreadsheet: no cell is a formula."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(_COLUMNS)
    for report in reports:
        row = report.to_json() | {"resources": "\n".join(report.resources)}
        table.writerow([_cell(row[column]) for column in _COLUMNS])
    return text.getvalue()


def _cell(value: object) -> object:
    """Return a value as a cell; an apostrophe before what a spreadsheet would calculate makes it text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _report(row: tuple[Any, ...]) -> FileReport:
    """Return the report that a row holds; TypeError or ValueError for other rows."""
    path, status, form, pages, characters, left_out, seconds, reason, lacks, resources, since = row
    return FileReport(
        path=path,
        status=Status(status),
        format=form,
        pages=pages,
        characters=characters,
        characters_left_out=left_out,
        seconds=seconds,
        reason=reason,
        lacks=lacks,
        resources=tuple(json.loads(resources)),
        since=datetime.fromisoformat(since) if since else None,
    )
