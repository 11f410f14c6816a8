"""What a reader may yield beside pages, and how it says that it stopped short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.index.schema import FileMetadata, Locator, Page, Status

_NAMES, _LONGEST_NAME, _SENTENCES = 10, 80, 5
"""How much of a list is written out in a sentence, and how many sentences make a reason."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence for the person who keeps the library, about a file in which nothing went wrong.

    `lacks` is the Debian package with which more of the file could be read.
    """

    reason: str
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class MoreTime:
    """Asks that the file may take this many seconds in all, because something slow begins."""

    seconds: float


Item = Page | FileMetadata | Remark | MoreTime
"""What a reader yields, in the order of the file; of several FileMetadata the last one counts."""


class Incomplete(Exception):
    """Raised by a reader, after the pages it could read, when anything of the file is missing from them.

    `reason` is a sentence for the person who keeps the library, `lacks` the Debian package that would help, and
    `left_out` how many characters are known to be missing.
    """

    def __init__(self, status: Status, reason: str, lacks: str = "", left_out: int = 0) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.lacks = lacks
        self.left_out = left_out


class Cut(Incomplete):
    """Raised by a reader that kept as many characters as a file may have and counted those behind them."""

    def __init__(self, most: int, left_out: int) -> None:
        reason = f"Only its first {most:,} characters are searched; {left_out:,} more were left out."
        super().__init__(Status.CUT, reason, left_out=left_out)


def kept(pages: int, last: Locator | None) -> str:
    """Return a sentence about what was read before a reader failed; nothing if nothing was."""
    if not pages or last is None:
        return ""
    place = f"{last.unit} {last.label}" if last.label else ""
    place = " of ".join(filter(None, (place, last.within)))
    parts = "its first part" if pages == 1 else f"its first {pages:,} parts"
    return f"What was read before is searched: {parts}{f', up to {place}' if place else ''}."


def joined(problems: Sequence[Incomplete]) -> Incomplete:
    """Return several problems of a file as one: the status is that of the first, the reasons follow each other."""
    lacks = next((problem.lacks for problem in problems if problem.lacks), "")
    reasons = [problem.reason for problem in problems[:_SENTENCES]]
    if len(problems) > _SENTENCES:
        reasons.append(f"So it goes on with {len(problems) - _SENTENCES:,} more.")
    return Incomplete(problems[0].status, " ".join(reasons), lacks, sum(problem.left_out for problem in problems))


def listed(names: Sequence[str]) -> str:
    """Return the first names of a list in words, each shortened, and how many more there are."""
    shown = ", ".join(name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…" for name in names[:_NAMES])
    return shown + (f" and {len(names) - _NAMES:,} more" if len(names) > _NAMES else "")
