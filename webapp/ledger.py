"""The coverage ledger of the published index: read when an editor asks, and again when another one is published."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from indexer.index import published_generation
from indexer.index.ledger import FILE_NAME, FileReport, newest_problems_first, read_ledger

_Stamp = tuple[Path, int, int]
"""What tells one ledger from another: its file, and the inode and time of it.

The generation does not: a build that finds nothing changed keeps it and may write its ledger anew.
"""


@dataclass(frozen=True, slots=True)
class _Held:
    stamp: _Stamp | None
    reports: tuple[FileReport, ...]


class Ledger:
    """The ledger of an index directory, always that of the generation that is published now."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._held: _Held | None = None

    def reports(self) -> tuple[FileReport, ...]:
        """Return every file of the library, the newest problems first; IndexMissing or IndexUnreadable without one."""
        generation = published_generation(self._directory)
        # Taken before reading: a ledger that is replaced in between is read once more for the next request. Two that
        # ask at once may both read it, which harms nothing.
        stamp = _stamp(generation / FILE_NAME)
        held = self._held
        if held is None or held.stamp != stamp:
            held = self._held = _Held(stamp, tuple(newest_problems_first(read_ledger(generation))))
        return held.reports


def _stamp(path: Path) -> _Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return path, found.st_ino, found.st_mtime_ns
