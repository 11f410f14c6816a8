"""What the process that reads has said of one file, put together in the process that asked."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from indexer.extract import wire
from indexer.extract.items import kept
from indexer.extract.serial import locator_from_json, metadata_from_json, text_from_json
from indexer.index.schema import Extraction, FileMetadata, Page, Status
from indexer.limits import Limits


@dataclass(slots=True)
class Answer:
    """What a worker has said of one file so far."""

    format: str
    limits: Limits
    seconds: float
    cpu_seconds: int = 0
    pages: list[Page] = field(default_factory=list)
    characters: int = 0
    left_out: int = 0
    status: Status | None = None
    reason: str = ""
    lacks: str = ""
    metadata: FileMetadata = field(default_factory=FileMetadata)
    began: float = field(default_factory=time.monotonic)

    def take(self, message: wire.Message) -> None:
        """Add what a message says; raises KeyError, TypeError, ValueError or OverflowError if it is nonsense."""
        if "status" in message:
            self.status, self.reason = Status(message["status"]), text_from_json(message["reason"])
            self.lacks, self.left_out = text_from_json(message["lacks"]), int(message["left_out"])
        elif "format" in message:
            self.format = text_from_json(message["format"])
        elif "metadata" in message:
            self.metadata = metadata_from_json(message["metadata"])
        elif "seconds" in message:
            self._allow(float(message["seconds"]))
        elif "more" in message:
            self._lengthen(text_from_json(message["more"]))
        else:
            self._add(Page(locator_from_json(message["locator"]), text_from_json(message["text"])))

    def _allow(self, seconds: float) -> None:
        """Let the reading take longer, up to what a file may take at all, whatever the worker asks for."""
        allowed = min(seconds, self.limits.ocr_seconds)
        self.seconds = max(self.seconds, allowed)
        self.cpu_seconds = max(self.cpu_seconds, int(allowed))

    def _add(self, page: Page) -> None:
        self.pages.append(page)
        self._count(page.text)

    def _lengthen(self, more: str) -> None:
        """Add a further piece to the last page; a list of pieces would hold a long page twice when it is joined."""
        if not self.pages:
            raise ValueError("a piece of no page")
        page = self.pages.pop()
        locator, text = page.locator, page.text
        # Python lengthens a text where it is, if nothing else refers to it.
        del page
        text += more
        self.pages.append(Page(locator, text))
        self._count(more)

    def _count(self, text: str) -> None:
        self.characters += len(text)
        if self.characters > self.limits.characters or len(self.pages) > self.limits.pages:
            raise ValueError("more text than was allowed")

    @property
    def is_complete(self) -> bool:
        """Tell whether the status, which comes last, has come."""
        return self.status is not None

    def ended(self) -> Extraction:
        """Return what was read, with the status that the worker gave."""
        return Extraction(
            status=self.status or Status.DAMAGED,
            format=self.format,
            pages=tuple(self.pages),
            reason=self.reason,
            lacks=self.lacks,
            metadata=self.metadata,
            characters_left_out=self.left_out,
            seconds=round(time.monotonic() - self.began, 3),
        )

    @property
    def deadline(self) -> float:
        """The time, by the monotonic clock, at which the worker has to be done."""
        return self.began + self.seconds

    def failed(self, status: Status, reason: str) -> Extraction:
        """Return what was read before the worker failed."""
        before = kept(len(self.pages), self.pages[-1].locator if self.pages else None)
        self.status, self.reason = status, f"{reason} {before}".strip()
        return self.ended()
