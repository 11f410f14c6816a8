"""What a build did, for people and for programs: what changed, what it came to, and every file with its status."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexer.index.ledger import FileReport, LedgerFile, newest_problems_first, read_ledger
from indexer.library.corpus import Problem
from indexer.library.entry import PageReport
from indexer.state import State

_LISTED = 20
"""How many problems of one kind are listed in words; the JSON holds all."""


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a build. Ids are sorted; `published` is False when nothing had changed.

    `mended` are the words that had lost their space, each with its resource and as it is searched. `folder` is that of
    the generation, in which all pages and files are listed: they are read when they are asked for.
    """

    library: str
    generation: int
    published: bool
    seconds: float
    resources: int
    folder: Path
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    problems: tuple[Problem, ...] = ()
    mended: tuple[str, ...] = ()

    @property
    def pages(self) -> tuple[PageReport, ...]:
        """Every page of the library, and whether it is shown."""
        with closing(State(self.folder)) as state:
            return state.pages()

    @property
    def files(self) -> tuple[FileReport, ...]:
        """Every file of the library with its status, by path."""
        return read_ledger(self.folder)

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain data."""
        data = asdict(self)
        del data["folder"]
        listed = {"pages": [asdict(page) for page in self.pages], "files": [file.to_json() for file in self.files]}
        return data | listed

    def lines(self) -> Iterator[str]:
        """Yield the report in words."""
        yield self._headline()
        with closing(LedgerFile(self.folder)) as ledger, closing(State(self.folder)) as state:
            counts, (_, pages) = ledger.counts(), ledger.opened()
            attached, unattached = ledger.problems(), ledger.unattached()
            held_back = state.held_back()
        if counts:
            parts = ", ".join(f"{count:,} {status}" for status, count in counts.items())
            yield f"{_count(sum(counts.values()), 'file')}, {_count(pages, 'page')}: {parts}."
        problems = [f"{problem.path or self.library}: {problem.reason}" for problem in self.problems]
        yield from _listed("Pages that are not shown", [f"{page.path}: {page.status}" for page in held_back])
        yield from _listed("Problems", problems)
        yield from _listed("Files with problems", [file.line() for file in newest_problems_first(attached)])
        yield from _listed("Words that had lost their space and were parted", self.mended)
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
