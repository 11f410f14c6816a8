"""What a librarian decided about searching, as it is now: files are read again when they change, without a restart."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from indexer.index.curation import (
    PIN_FILE,
    SYNONYM_FILE,
    Curation,
    Kind,
    Loaded,
    folder_of,
    keep,
    kept_at,
    load,
)
from indexer.index.manifest import LibraryInfo
from indexer.index.pins import Pins
from indexer.index.synonyms import Synonyms

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""How long what was seen is taken for granted before the files are looked at again."""

_SETTLED_SECONDS = 2.0
"""A file changed this shortly before it was read may change again without the clock telling."""

_Value = TypeVar("_Value", Synonyms, Pins)

_Look = tuple[int, ...]
"""Changes whenever a file does: its inode, size and times; where there is none, what is there instead."""


@dataclass(frozen=True, slots=True)
class _Seen(Generic[_Value]):
    """A file as it was last read: its look, None if it may change without another one, and what to go by.

    `good_at` is when that was read from a good file, in seconds since 1970.
    """

    look: _Look | None
    value: _Value
    good_at: float
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Held:
    """The files of one folder as they were seen at a time of the monotonic clock."""

    folder: Path
    synonyms: _Seen[Synonyms]
    pins: _Seen[Pins]
    looked_at: float

    @property
    def curation(self) -> Curation:
        return Curation(self.synonyms.value, self.pins.value)


class CurationSource(Protocol):
    """Whatever tells what was decided."""

    def of(self, library: LibraryInfo) -> Curation:
        """Return what holds for a library at the moment."""
        ...


class LiveCuration:
    """The files beside a library's settings, always as they are now or were a second ago.

    What is wrong with a file is logged once, and the last good one stays in use. Values never change and are shared by
    all threads; one of them looks while the others go on with what there is.
    """

    def __init__(self, index: Path) -> None:
        self._index = index
        self._looking = threading.Lock()
        self._held: _Held | None = None

    def of(self, library: LibraryInfo) -> Curation:
        """Return what holds for a library at the moment."""
        folder, held = folder_of(library), self._held
        if held is None or held.folder != folder:
            with self._looking:
                return self._look(folder).curation
        if time.monotonic() - held.looked_at >= LOOK_SECONDS and self._looking.acquire(blocking=False):
            try:
                return self._look(folder).curation
            finally:
                self._looking.release()
        return held.curation

    def _look(self, folder: Path) -> _Held:
        held = self._held if self._held and self._held.folder == folder else None
        if held and time.monotonic() - held.looked_at < LOOK_SECONDS:
            return held
        synonyms = self._see(SYNONYM_FILE, folder, held.synonyms if held else None)
        pins = self._see(PIN_FILE, folder, held.pins if held else None)
        self._held = _Held(folder, synonyms, pins, time.monotonic())
        return self._held

    def _see(self, kind: Kind[_Value], folder: Path, seen: _Seen[_Value] | None) -> _Seen[_Value]:
        """Return one of the files as it is, read only if it is not as it was seen."""
        look = _look_at(folder / kind.name)
        if seen and seen.look is not None and seen.look == look:
            return seen
        now = time.time()
        loaded = load(kind, folder, self._index)
        keep(kind, loaded, self._index)
        _log(kind, loaded, seen)
        if not loaded.problem:
            return _Seen(look, loaded.value, now)
        # Another process may have seen a good one since this one did, and then it kept a copy.
        if seen and kept_at(kind, self._index) <= seen.good_at:
            return _Seen(look, seen.value, seen.good_at, str(loaded.problem))
        return _Seen(look, loaded.value, now, str(loaded.problem))


def _look_at(path: Path) -> _Look | None:
    """Return how a file looks; None if it was changed so shortly ago that it may change without another look."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return path.is_symlink(), path.parent.is_dir()
    except OSError as error:
        return (error.errno or 0,)
    # Of the times only this one cannot be set by hand.
    if 0 <= time.time() - found.st_ctime < _SETTLED_SECONDS:
        return None
    return found.st_ino, found.st_dev, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _log(kind: Kind[_Value], loaded: Loaded[_Value], seen: _Seen[_Value] | None) -> None:
    before, problem = seen.problem if seen else "", str(loaded.problem or "")
    if problem and problem != before:
        last_good = "the last good one is used" if seen or loaded.text is not None else f"no {kind.name} applies"
        log.error("%s Until this is mended, %s.", problem, last_good)
    elif before and not problem:
        log.warning("%s is good again and in use.", kind.name)
