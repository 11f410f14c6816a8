"""The coverage ledger of a build: what was read of every file, who names it, and since when it is as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from indexer.index.ledger import FileReport, Key, LedgerFile
from indexer.index.schema import Status
from indexer.library.corpus import Kind
from indexer.plan import Plan
from indexer.state import Naming, State

Reports = Mapping[Key, FileReport]
"""Reports by their keys."""


@dataclass(frozen=True, slots=True)
class Revision:
    """How a ledger changes: `reports` take the place of everything that it says of some `paths`, in their order."""

    paths: tuple[str, ...]
    reports: tuple[FileReport, ...]

    def changes(self, before: LedgerFile, *, is_whole: bool) -> bool:
        """Tell whether the ledger says something else after it; a `whole` one leaves nothing else in it."""
        known = before.reports() if is_whole else [report for path in self.paths for report in before.at(path)]
        return list(known) != list(self.reports)

    @property
    def unattached(self) -> Iterator[str]:
        """The paths of the documents among them that no page names."""
        return (report.path for report in self.reports if report.status is Status.UNATTACHED)


def outdated_paths(before: LedgerFile, packages: frozenset[str]) -> frozenset[str]:
    """Return the files of which more can be read now, because a package that they lacked is installed."""
    return frozenset(report.path for report in before.lacking() if report.lacks in packages)


def revision(plan: Plan, known: State, read: Reports, before: LedgerFile | None, now: datetime) -> Revision:
    """Return what a plan changes in the ledger: files that are read, lost and unattached.

    `read` holds the reports of this build, `before` is the ledger of the one before, which stands for files that were
    not read again. Raises StateDamaged when it does not hold what it should.
    """
    planned: dict[str, list[Naming]] = {}
    for page in filter(None, plan.pages.values()):
        for path, fate in page.named:
            planned.setdefault(path, []).append(Naming(page.source, page.id, fate))
    said = {**{report.key: report for report in plan.lost}, **read}
    paths = sorted(plan.moved | planned.keys() | known.paths_named_by(plan.pages))
    reports: list[FileReport] = []
    for path in paths:
        naming = planned.get(path, []) + [one for one in known.naming(path) if one.source not in plan.pages]
        # By key and not by path alone: a name may lead nowhere from one page and be the path of a file.
        found = list(_named(path, naming, said, before, known))
        file = plan.files[path] if path in plan.files else known.file(path)
        if file and file.kind is Kind.DOCUMENT and not any(_is_attached(one) for one in found):
            found.append(FileReport(path, Status.UNATTACHED, reason="No published page names this file."))
        reports += (_dated(report, before, now) for report in sorted(found, key=lambda report: report.key))
    return Revision(tuple(paths), tuple(reports))


def _named(
    path: str, naming: Iterable[Naming], said: Reports, before: LedgerFile | None, known: State
) -> Iterator[FileReport]:
    """Yield the reports of a path that pages name, each with the resources that do, in the order of their pages."""
    identifiers: dict[str, list[str]] = {}
    for one in sorted(naming):
        identifiers.setdefault(one.fate, []).append(one.id)
    for fate, resources in identifiers.items():
        report = said.get((path, fate)) or (before.of((path, fate)) if before else None)
        if report is None:
            raise known.damage(f"the ledger says nothing of {path}")
        yield replace(report, resources=tuple(resources))


def _is_attached(report: FileReport) -> bool:
    """Tell whether a report is of a file that a page names, and not of a name that leads to none."""
    return bool(report.format) or report.status is Status.UNREADABLE


def _dated(report: FileReport, before: LedgerFile | None, now: datetime) -> FileReport:
    """Say since when a file is as it is: since the build that first said of it what is said now."""
    known = before.of(report.key) if before else None
    is_known = known is not None and (known.status, known.reason) == (report.status, report.reason)
    return replace(report, since=known.since if known and is_known else now)
