"""What a build did, for people and for programs: what changed, what it came to, and every file with its status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from indexer.index.ledger import FileReport, newest_problems_first
from indexer.index.schema import Status
from indexer.library.corpus import Problem
from indexer.library.entry import PageStatus

_LISTED = 20
"""How many problems of one kind are listed in words; the JSON holds all."""


@dataclass(frozen=True, slots=True)
class PageReport:
    """One page of the library and whether it is shown; `id` is empty when it was not read.

    What the settings ignore is listed here too, documents as well as pages.
    """

    path: str
    status: PageStatus
    id: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a build. Ids are sorted; `published` is False when nothing had changed.

    `mended` are the words that had lost their space, each with its resource and as it is searched.
    """

    library: str
    generation: int
    published: bool
    seconds: float
    resources: int
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    pages: tuple[PageReport, ...] = ()
    files: tuple[FileReport, ...] = ()
    problems: tuple[Problem, ...] = ()
    mended: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return asdict(self) | {"files": [file.to_json() for file in self.files]}

    def lines(self) -> Iterator[str]:
        """Yield the report in words."""
        yield self._headline()
        counts = Counter(file.status for file in self.files)
        if counts:
            pages = sum(file.pages for file in self.files)
            parts = ", ".join(f"{count:,} {status}" for status, count in counts.most_common())
            yield f"{_count(len(self.files), 'file')}, {_count(pages, 'page')}: {parts}."
        problems = [f"{problem.path or self.library}: {problem.reason}" for problem in self.problems]
        held_back = [page for page in self.pages if page.status not in (PageStatus.PUBLISHED, PageStatus.IGNORED)]
        yield from _listed("Pages that are not shown", [f"{page.path}: {page.status}" for page in held_back])
        yield from _listed("Problems", problems)
        attached = [file for file in newest_problems_first(self.files) if file.status is not Status.UNATTACHED]
        yield from _listed("Files with problems", [file.line() for file in attached if file.is_problem])
        yield from _listed("Words that had lost their space and were parted", self.mended)
        unattached = [file.path for file in self.files if file.status is Status.UNATTACHED]
        yield from _listed("Files that no page names (they are not searched)", unattached)

    def _headline(self) -> str:
        resources = _count(self.resources, "resource")
        if not self.published:
            return (
                f"Nothing changed in {self.library}: generation {self.generation} with {resources} "
                f"stays published ({self.seconds:.1f} s)."
            )
        return (
            f"Published generation {self.generation} of {self.library}: {resources} "
            f"({len(self.added):,} added, {len(self.changed):,} changed, {len(self.removed):,} removed, "
            f"{self.unchanged:,} unchanged) in {self.seconds:.1f} s."
        )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _listed(title: str, lines: Sequence[str]) -> Iterator[str]:
    if not lines:
        return
    yield f"{title} ({len(lines):,}):"
    yield from (f"  {line}" for line in lines[:_LISTED])
    if len(lines) > _LISTED:
        yield f"  … and {len(lines) - _LISTED:,} more: --json lists all."
