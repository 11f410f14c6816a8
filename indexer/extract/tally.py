"""Counts what is kept of one file against the limits, and says in words what was not."""

from __future__ import annotations

from dataclasses import dataclass, replace

from indexer.extract.clean import clean, clean_line
from indexer.extract.limits import Incomplete, Limits
from indexer.index.schema import Page, Status


@dataclass(slots=True)
class Tally:
    """What was kept of a file so far, and what had to be left out."""

    limits: Limits
    pages: int = 0
    characters: int = 0
    pages_left_out: int = 0
    characters_left_out: int = 0

    def keep(self, page: Page) -> Page | None:
        """Return the page as it is kept: cleaned, cut where the room ends; None when there is no room left."""
        label, text = clean_line(page.label), clean(page.text)
        room = self.limits.characters - self.characters
        if self.is_full or (text and not room):
            self.pages_left_out += 1
            self.characters_left_out += len(text)
            return None
        self.pages += 1
        self.characters += min(len(text), room)
        self.characters_left_out += max(len(text) - room, 0)
        return replace(page, label=label, text=text[:room])

    @property
    def is_full(self) -> bool:
        """Tell whether no further page can be kept, not even an empty one."""
        return self.pages >= self.limits.pages

    def conclude(self, problem: Incomplete | None) -> tuple[Status, str]:
        """Return how the reading ended, and the reason if it did not end well."""
        reasons = [problem.reason] if problem else []
        if self.characters_left_out or self.pages_left_out:
            reasons.append(self._cut_reason())
        if problem:
            return problem.status, " ".join(reasons)
        if reasons:
            return Status.CUT, reasons[0]
        if not self.characters:
            return Status.NO_TEXT, "It holds no text; if it shows any, it is a scan or a picture."
        return Status.OK, ""

    def _cut_reason(self) -> str:
        if self.is_full:
            return f"Only its first {self.pages:,} pages are searched, which is the most that is kept of a file."
        pages = f" ({self.pages_left_out:,} whole pages among them)" if self.pages_left_out else ""
        return (
            f"Only its first {self.characters:,} characters are searched; "
            f"{self.characters_left_out:,} more{pages} were left out."
        )
