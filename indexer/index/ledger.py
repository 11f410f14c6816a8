"""The coverage ledger: every file of a library and how its reading ended, kept with the generation that holds it."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from indexer.index.engine import IndexUnreadable
from indexer.index.schema import Status

FILE_NAME = "ledger.json"

FINE = frozenset({Status.OK, Status.OCR})
"""How a reading ends that leaves nothing to do."""

_OUT_OF_REACH = frozenset({Status.MISSING, Status.REFUSED, Status.UNREADABLE})


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
    def key(self) -> tuple[str, str]:
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


def write_ledger(generation: Path, reports: Iterable[FileReport]) -> None:
    """Write the ledger of a generation, replacing the one that may be there: readers see one of the two whole."""
    data = [report.to_json() for report in reports]
    aside = generation / f"{FILE_NAME}.new"
    with aside.open("w", encoding="utf-8") as file:
        json.dump(data, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(generation / FILE_NAME)


def read_ledger(generation: Path) -> tuple[FileReport, ...]:
    """Read the ledger of a generation, in the order in which it was written; IndexUnreadable if it is damaged."""
    try:
        data = json.loads((generation / FILE_NAME).read_text(encoding="utf-8"))
        if not isinstance(data, list):
            raise TypeError("it is no list")
        return tuple(_report(item) for item in data)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnreadable(
            f"The list of files {generation / FILE_NAME} cannot be read ({error}). Build the index again."
        ) from error


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


def _report(item: dict[str, Any]) -> FileReport:
    for name in ("path", "format", "reason", "lacks"):
        if not isinstance(item[name], str):
            raise TypeError(f"{name} is no text")
    decoded = {
        "status": Status(item["status"]),
        "resources": tuple(item["resources"]),
        "since": datetime.fromisoformat(item["since"]) if item["since"] else None,
    }
    return FileReport(**item | decoded)
