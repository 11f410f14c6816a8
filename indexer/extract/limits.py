"""How much of anything the reading of one file may take, and how a reader says that it stopped short."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.index.schema import Status


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds on one file; each ends in a status and a reason, never in silence.

    `seconds` is wall clock, `cpu_seconds` processor time, `memory_bytes` the address space of the process that reads,
    `file_bytes` the size on disk; `characters` and `pages` bound the text that is kept. `members`, `unpacked_bytes`
    and `ratio` (unpacked to packed) bound zip containers, `cells` the cells of a workbook, empty ones included.
    """

    seconds: float = 60.0
    cpu_seconds: int = 60
    memory_bytes: int = 1 << 30
    file_bytes: int = 200_000_000
    characters: int = 20_000_000
    pages: int = 100_000
    members: int = 10_000
    unpacked_bytes: int = 500_000_000
    ratio: int = 200
    cells: int = 5_000_000


class Incomplete(Exception):
    """Raised by a reader, after the pages it could read, when anything of the file is missing from them.

    `reason` is a sentence for the person who keeps the library.
    """

    def __init__(self, status: Status, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
