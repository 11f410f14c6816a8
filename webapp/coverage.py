"""What of the library's files can be found, and what not: the ledger as editors see it, without the web."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from indexer.index.analysis import fold
from indexer.index.engine import Engine
from indexer.index.ledger import FileReport
from webapp.addresses import coverage_csv_url, coverage_json_url, coverage_url, resource_url
from webapp.arguments import PROBLEMS, CoverageQuestion
from webapp.interface import _, number
from webapp.labels import files, format_name
from webapp.messages import Message
from webapp.paging import Paging, paging
from webapp.statuses import STATUS_WORDS, Words, gain

PAGE_SIZE = 100
"""How many files one page lists."""

RESOURCES_SHOWN = 3
"""How many of the resources that name a file are shown; the download holds all of them."""


@dataclass(frozen=True, slots=True)
class NamedBy:
    """A resource that names a file: its title and page, or its id alone when it is not in the index."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file as it is listed; `more` counts the resources that name it and are not among those shown."""

    report: FileReport
    status: str
    format: str
    resources: tuple[NamedBy, ...]
    more: int


@dataclass(frozen=True, slots=True)
class StatusLink:
    """The files of one status among those that fit the rest of the question."""

    label: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Help:
    """A Debian package that would help: what it is for in words, and the files that would gain."""

    package: str
    gain: str
    url: str


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """One page of the ledger; `first` and `last` count its files among the `total` that fit, 0 when there is none.

    `summary` and `help` speak of all files of the library, `statuses` of those that fit the text and the package.
    `without_lacks_url` gives the package up, and is empty where none is chosen.
    """

    question: CoverageQuestion
    built_at: datetime
    summary: str
    help: tuple[Help, ...]
    without_lacks_url: str
    statuses: tuple[StatusLink, ...]
    total: int
    first: int
    last: int
    files: tuple[FileRow, ...]
    paging: Paging
    messages: tuple[Message, ...]
    words: tuple[Words, ...]
    csv_url: str
    json_url: str


def fitting(reports: Iterable[FileReport], question: CoverageQuestion) -> list[FileReport]:
    """Return the files that a question asks for, in the order they come in, whatever its page."""
    wanted = fold(question.text).split()
    return [
        report
        for report in reports
        if _has_status(report, question.status)
        and question.lacks in ("", report.lacks)
        and _holds(f"{report.path}\n{report.reason}", wanted)
    ]


def coverage(engine: Engine, reports: Sequence[FileReport], question: CoverageQuestion) -> CoveragePage:
    """Return a page of the ledger; the engine knows the titles of the resources."""
    alike = fitting(reports, replace(question, status=""))
    found = [report for report in alike if _has_status(report, question.status)]
    last_page = max(1, -(-len(found) // PAGE_SIZE))
    start = (question.page - 1) * PAGE_SIZE
    shown = found[start : start + PAGE_SIZE]
    return CoveragePage(
        question=question,
        built_at=engine.manifest.built_at,
        summary=summary(reports),
        help=_help(reports),
        without_lacks_url=coverage_url(replace(question, lacks="", page=1)) if question.lacks else "",
        statuses=_status_links(alike, question),
        total=len(found),
        first=start + 1 if shown else 0,
        last=start + len(shown) if shown else 0,
        files=tuple(_row(engine, report) for report in shown),
        paging=paging(question.page, last_page, lambda number: coverage_url(replace(question, page=number))),
        messages=_messages(question, len(found), last_page),
        words=tuple(STATUS_WORDS.values()),
        csv_url=coverage_csv_url(question),
        json_url=coverage_json_url(question),
    )


def summary(reports: Sequence[FileReport]) -> str:
    """Return in words how many files there are and how their reading ended: "1,204 files: 1,180 ok, 24 cut"."""
    counts = Counter(report.status for report in reports)
    if not reports:
        return _("No files")
    parts = (f"{number(counts[status])} {_(words.name)}" for status, words in STATUS_WORDS.items() if counts[status])
    return _("%(files)s: %(statuses)s", files=files(len(reports)), statuses=_(", ").join(parts))


def packages(reports: Iterable[FileReport]) -> dict[str, int]:
    """Return the Debian packages that would help, each with how many files would gain, most first."""
    return dict(Counter(report.lacks for report in reports if report.lacks).most_common())


def _help(reports: Iterable[FileReport]) -> tuple[Help, ...]:
    return tuple(
        Help(package, gain(package, count), coverage_url(CoverageQuestion(lacks=package)))
        for package, count in packages(reports).items()
    )


def _status_links(alike: Sequence[FileReport], question: CoverageQuestion) -> tuple[StatusLink, ...]:
    counts = Counter(report.status for report in alike)
    choices = [
        ("", _("all files"), len(alike)),
        (PROBLEMS, _("problems"), sum(report.is_problem for report in alike)),
        *((status.value, _(words.name), counts[status]) for status, words in STATUS_WORDS.items()),
    ]
    return tuple(
        StatusLink(label, count, coverage_url(replace(question, status=status, page=1)), status == question.status)
        for status, label, count in choices
        if count or status in ("", question.status)
    )


def _row(engine: Engine, report: FileReport) -> FileRow:
    return FileRow(
        report=report,
        status=_(STATUS_WORDS[report.status].name),
        format=format_name(report.format) if report.format else "",
        resources=tuple(_named_by(engine, identifier) for identifier in report.resources[:RESOURCES_SHOWN]),
        more=len(report.resources[RESOURCES_SHOWN:]),
    )


def _named_by(engine: Engine, identifier: str) -> NamedBy:
    resource = engine.resource(identifier)
    return NamedBy(resource.title, resource_url(identifier)) if resource else NamedBy(identifier, "")


def _has_status(report: FileReport, status: str) -> bool:
    return report.is_problem if status == PROBLEMS else status in ("", report.status)


def _holds(text: str, wanted: Sequence[str]) -> bool:
    folded = fold(text) if wanted else ""
    return all(word in folded for word in wanted)


def _messages(question: CoverageQuestion, total: int, last_page: int) -> tuple[Message, ...]:
    if total and question.page > last_page:
        last = coverage_url(replace(question, page=last_page))
        page = number(last_page)
        end, way = _("The list ends on page %(page)s.", page=page), _("Go to page %(page)s", page=page)
        return (Message(end, last, way),)
    if not total:
        return (Message(_("No file fits all of this."), coverage_url(CoverageQuestion()), _("See all files")),)
    return ()
