"""The coverage ledger on the terminal: which files are not wholly searched, why, and what would help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer.index import published_generation
from indexer.index.ledger import FileReport, newest_problems_first, read_ledger


def index_ledger(index: Path) -> list[FileReport]:
    """Return every file of a published index, newest problems first; IndexMissing or IndexUnreadable without one."""
    return newest_problems_first(read_ledger(published_generation(index)))


def check_lines(reports: Sequence[FileReport]) -> Iterator[str]:
    """Yield the ledger in words: each problem with its figures, then the counts and what would help."""
    for report in reports:
        if report.is_problem:
            yield f"{report.path}: {report.status}"
            yield f"   {report.reason}{_named_by(report)}"
            yield f"   {_figures(report)}"
    yield _summary(reports)
    for package, count in Counter(report.lacks for report in reports if report.lacks).most_common():
        files = "1 file" if count == 1 else f"{count:,} files"
        yield f"Of {files} more can be searched: apt install {package}, then build again."


def _named_by(report: FileReport) -> str:
    return f" Named by {', '.join(report.resources)}." if report.resources else ""


def _figures(report: FileReport) -> str:
    pages = "1 page" if report.pages == 1 else f"{report.pages:,} pages"
    figures = [pages, f"{report.characters:,} characters"] if report.pages else []
    if report.characters_left_out:
        figures.append(f"{report.characters_left_out:,} characters not searched")
    if report.seconds:
        figures.append(f"{report.seconds:.1f} s")
    if report.since:
        figures.append(f"since {report.since:%Y-%m-%d %H:%M} UTC")
    return ", ".join(figures)


def _summary(reports: Sequence[FileReport]) -> str:
    counts = Counter(report.status for report in reports)
    listed = ", ".join(f"{count:,} {status}" for status, count in counts.most_common())
    files = "1 file" if len(reports) == 1 else f"{len(reports):,} files"
    return f"{files}: {listed}." if reports else "The library has no files."
