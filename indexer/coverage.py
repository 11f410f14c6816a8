"""The coverage ledger of a build: what was read of every file, who names it, and since when it is as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from indexer.index.engine import IndexUnreadable
from indexer.index.ledger import FileReport, read_ledger
from indexer.plan import Plan

Reports = Mapping[tuple[str, str], FileReport]
"""Reports by their keys."""


def known_reports(generation: Path) -> Reports | None:
    """Return the reports of a generation; None when its ledger cannot be read."""
    try:
        return {report.key: report for report in read_ledger(generation)}
    except IndexUnreadable:
        return None


def outdated_paths(reports: Iterable[FileReport], packages: frozenset[str]) -> frozenset[str]:
    """Return the files of which more can be read now, because a package that they lacked is installed."""
    return frozenset(report.path for report in reports if report.lacks in packages)


def ledger(plan: Plan, read: Reports, before: Reports, now: datetime) -> tuple[FileReport, ...]:
    """Return the report of every file of the library by path: those that are read, those lost and those unattached.

    `read` holds the reports of this build, `before` those of the one before, which stand for files that were not read
    again.
    """
    naming: dict[tuple[str, str], list[str]] = {}
    found: dict[tuple[str, str], FileReport] = {}
    for identifier, report in _named(plan, read, before):
        naming.setdefault(report.key, []).append(identifier)
        found.setdefault(report.key, report)
    named = [replace(report, resources=tuple(dict.fromkeys(naming[key]))) for key, report in found.items()]
    dated = (_dated(report, before, now) for report in (*named, *plan.unattached))
    return tuple(sorted(dated, key=lambda report: report.key))


def _named(plan: Plan, read: Reports, before: Reports) -> Iterator[tuple[str, FileReport]]:
    for identifier, planned in plan.resources.items():
        for path in planned.paths:
            yield identifier, read.get((path, "")) or before[path, ""]
        for report in planned.lost:
            yield identifier, report


def _dated(report: FileReport, before: Reports, now: datetime) -> FileReport:
    """Say since when a file is as it is: since the build that first said of it what is said now."""
    known = before.get(report.key)
    is_known = known is not None and (known.status, known.reason) == (report.status, report.reason)
    return replace(report, since=known.since if known and is_known else now)
