"""The index that is being served: opened when it is first asked for, replaced when a newer one is published."""

from __future__ import annotations

import copy
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from indexer.index import current_generation, open_last_good
from indexer.index.engine import Engine, EngineError
from indexer.index.manifest import FILE_NAME
from webapp.warming import opened

log = logging.getLogger(__name__)

RETRY_SECONDS = 5.0
"""How long an index that could not be opened is left alone before it is tried again."""

_FAILURES = (EngineError, OSError, MemoryError)
"""What opening an index raises: it cannot be used, or the machine is short of something."""

Stamp = tuple[Path, int, int]
"""What tells one generation from another: its folder, and the inode and time of its manifest.

The folder alone does not: whoever deletes an index and builds it anew gets the same number again.
"""


class EngineSource(Protocol):
    """Whatever engines come from."""

    def engine(self) -> Engine:
        """Return the engine to answer from now; EngineError when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class _Held:
    """An engine, and the stamp of what was published when it was opened; None for one that was published before."""

    stamp: Stamp | None
    engine: Engine


@dataclass(frozen=True, slots=True)
class _Refused:
    """An index that could not be opened, why not, and the time of the monotonic clock when it is tried again."""

    stamp: Stamp | None
    reason: EngineError
    again: float


class Library:
    """The engine of an index directory, always of the generation that is published now.

    Requests ask for the engine once and keep it until they are answered. A replaced engine is never closed here:
    the last request that holds it lets go of it, and with it of its files and memory. Closing it any earlier
    would fail that request; counting the requests would only repeat what the interpreter counts anyway.
    """

    def __init__(
        self,
        directory: Path,
        open_engine: Callable[[Path], Engine] = opened,
        published: Callable[[Path], Path | None] = current_generation,
        open_last: Callable[[Path], Engine | None] = open_last_good,
    ) -> None:
        self._directory = directory
        self._open_engine = open_engine
        self._published = published
        self._open_last = open_last
        self._opening = threading.Lock()
        self._held: _Held | None = None
        self._refused: _Refused | None = None

    def engine(self) -> Engine:
        """Return the engine of the published index, or of the last good one; EngineError when there is neither."""
        stamp = self._stamp()
        held = self._held
        if held is None:
            with self._opening:
                return self._first(stamp)
        if stamp != held.stamp and self._worth_trying(stamp) and self._opening.acquire(blocking=False):
            try:
                return self._next(stamp, held)
            finally:
                self._opening.release()
        return held.engine

    def _stamp(self) -> Stamp | None:
        try:
            folder = self._published(self._directory)
            if folder is None:
                return None
            manifest = (folder / FILE_NAME).stat()
        except OSError:
            return None
        return folder, manifest.st_ino, manifest.st_mtime_ns

    def _first(self, stamp: Stamp | None) -> Engine:
        if self._held is not None:
            return self._held.engine
        if self._refused is not None and not self._worth_trying(stamp):
            raise copy.copy(self._refused.reason)
        try:
            return self._open(stamp).engine
        except _FAILURES as error:
            return self._last_good(stamp, _reason(error))

    def _last_good(self, stamp: Stamp | None, reason: EngineError) -> Engine:
        engine = self._open_last(self._directory)
        if engine is None:
            self._refuse(stamp, reason, "Nothing can be served")
            raise reason
        self._refuse(stamp, reason, f"Generation {engine.manifest.generation} is served instead")
        self._held = _Held(None, engine)
        return engine

    def _next(self, stamp: Stamp | None, held: _Held) -> Engine:
        try:
            return self._open(stamp).engine
        except _FAILURES as error:
            self._refuse(stamp, _reason(error), f"Generation {held.engine.manifest.generation} is still being served")
            return held.engine

    def _refuse(self, stamp: Stamp | None, reason: EngineError, consequence: str) -> None:
        if self._refused is None or self._refused.stamp != stamp:
            log.error("%s: %s", consequence, reason)
        # A copy, because an error that was raised holds on to the frames it went through.
        self._refused = _Refused(stamp, copy.copy(reason), time.monotonic() + RETRY_SECONDS)

    def _worth_trying(self, stamp: Stamp | None) -> bool:
        refused = self._refused
        return refused is None or refused.stamp != stamp or time.monotonic() >= refused.again

    def _open(self, stamp: Stamp | None) -> _Held:
        # The stamp was taken before opening: an index published in between is opened now and once more later.
        engine = self._open_engine(self._directory)
        self._held = _Held(stamp, engine)
        self._refused = None
        log.info("Serving generation %d of %s", engine.manifest.generation, self._directory)
        return self._held


def _reason(error: EngineError | OSError | MemoryError) -> EngineError:
    """Return what is to be said of a failure; what is no failure of the index is one of the machine."""
    if isinstance(error, EngineError):
        return error
    return EngineError(
        f"The index could not be opened for want of open files or memory ({str(error) or type(error).__name__}). It "
        "is sound and will be tried again. Give the server more of them."
    )
