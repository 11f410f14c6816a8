"""Counts what is kept of one file against the limits, and says in words what was not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from indexer.extract.clean import clean, clean_line
from indexer.extract.items import Cut, Incomplete, Remark, kept, listed
from indexer.index.schema import Locator, Page, Status
from indexer.limits import Limits

_LONGEST_REASON = 1000
_MORE = " There is more to say."
_LONGEST_ANCHOR = 2000
"""Characters; browsers and servers follow no address that is much longer, and half of one leads nowhere."""


@dataclass(slots=True)
class Tally:
    """What was kept of a file so far, and what had to be left out."""

    limits: Limits
    pages: int = 0
    characters: int = 0
    pages_left_out: int = 0
    characters_left_out: int = 0
    last: Locator | None = None
    recognised: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def keep(self, page: Page) -> Page | None:
        """Return the page as it is kept: cleaned, cut where the room ends; None when there is no room left."""
        text = clean(page.text)
        room = self.limits.characters - self.characters
        if self.is_full or (text and not room):
            self.pages_left_out += 1
            self.characters_left_out += len(text)
            return None
        self.pages += 1
        self.characters += min(len(text), room)
        self.characters_left_out += max(len(text) - room, 0)
        self.last = locator = _short(page.locator)
        if locator.recognised:
            self.recognised.append(locator.label or str(self.pages))
        return Page(locator, text[:room])

    @property
    def is_full(self) -> bool:
        """Tell whether no further page can be kept, not even an empty one."""
        return self.pages >= self.limits.pages

    def conclude(self, problem: Incomplete | None) -> tuple[Status, str]:
        """Return how the reading ended, and what is to be said of it."""
        # What a reader cut for want of room is said in one sentence with what had no room here.
        reasons = [problem.reason] if problem and not isinstance(problem, Cut) else []
        if self.is_cut or isinstance(problem, Cut):
            reasons.append(self._cut_reason(self.left_out(problem) if isinstance(problem, Cut) else self.left_out()))
        if self.recognised:
            reasons.append(self._recognised_reason())
        reasons += dict.fromkeys(remark.reason for remark in self.remarks)
        status = problem.status if problem else self._status()
        if status is Status.NO_TEXT and not reasons:
            reasons.append("It holds no text.")
        return status, shortened(" ".join(reasons))

    def interrupted(self, status: Status, reason: str) -> Incomplete:
        """Return the failure of a reader that could say nothing itself, with what was kept before it."""
        return Incomplete(status, f"{reason} {kept(self.pages, self.last)}".strip())

    def left_out(self, problem: Incomplete | None = None) -> int:
        """Return how many characters are known to be missing, here and for a reader's own reason."""
        return self.characters_left_out + (problem.left_out if problem else 0)

    def lacks(self, problem: Incomplete | None) -> str:
        """Return the Debian package with which more could be read; empty if none would help."""
        packages = [problem.lacks if problem else "", *(remark.lacks for remark in self.remarks)]
        return next(filter(None, packages), "")

    def _status(self) -> Status:
        if self.is_cut:
            return Status.CUT
        if not self.characters:
            return Status.NO_TEXT
        return Status.OCR if self.recognised else Status.OK

    @property
    def is_cut(self) -> bool:
        """Tell whether anything had to be left out."""
        return bool(self.characters_left_out or self.pages_left_out)

    def _recognised_reason(self) -> str:
        if len(self.recognised) == self.pages:
            return "Its text was recognised in pictures and may hold errors."
        return f"The text of some pages was recognised in pictures and may hold errors: {listed(self.recognised)}."

    def _cut_reason(self, left_out: int) -> str:
        if self.is_full:
            return f"Only its first {self.pages:,} pages are searched, which is the most that is kept of a file."
        pages = f" ({self.pages_left_out:,} whole pages among them)" if self.pages_left_out else ""
        return f"Only its first {self.characters:,} characters are searched; {left_out:,} more{pages} were left out."


def shortened(reason: str) -> str:
    """Return as many sentences of a reason as a ledger has room for, or as many words if one is longer."""
    if len(reason) <= _LONGEST_REASON:
        return reason
    end = reason.rfind(". ", 0, _LONGEST_REASON - len(_MORE))
    if end > 0:
        return reason[: end + 1] + _MORE
    end = reason.rfind(" ", 0, _LONGEST_REASON)
    return reason[: end if end > 0 else _LONGEST_REASON - 1] + "…"


def _short(locator: Locator) -> Locator:
    anchor = locator.anchor if len(locator.anchor) <= _LONGEST_ANCHOR else ""
    return replace(locator, label=clean_line(locator.label), within=clean_line(locator.within), anchor=anchor)
