"""What a reader may yield beside pages, and how it says that it stopped short."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.index.schema import FileMetadata, Page, Status


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

    `reason` is a sentence for the person who keeps the library, `lacks` the Debian package that would help.
    """

    def __init__(self, status: Status, reason: str, lacks: str = "") -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.lacks = lacks
