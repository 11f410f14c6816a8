"""Reads files in a fixed number of limited child processes, so that no file can hurt the process that builds."""

from __future__ import annotations

import stat
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Self

from indexer.extract.convert import Converter
from indexer.extract.formats import CONVERTED, format_by_suffix
from indexer.extract.items import Incomplete
from indexer.extract.process import WorkerProcess
from indexer.extract.source import Context
from indexer.index.schema import Extraction, Status
from indexer.limits import Limits

_DEFAULT = Context()


class ExtractionPool:
    """A context manager with `extract`, to be called by as many threads as there are workers.

    Processes are started when they are needed, reused from file to file and replaced after a crash, a time-out or
    when they have grown. Leaving the context ends them, and with them every call that still runs.
    """

    def __init__(self, workers: int, context: Context = _DEFAULT) -> None:
        """Allow `workers` processes at a time."""
        self._context = context
        self._lock = threading.Lock()
        self._is_closed = False
        self._converter = Converter(context)
        self._running: set[WorkerProcess] = set()
        # A place without a process is None. The process used last is used next: no more are started than needed.
        self._places: LifoQueue[WorkerProcess | None] = LifoQueue()
        for _ in range(workers):
            self._places.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def extract(self, path: Path) -> Extraction:
        """Read one file and return what was found in it; whatever the file is, the answer is an Extraction.

        Raises WorkerError if no process can be started, and RuntimeError if the pool is closed meanwhile.
        """
        extraction = _refused(path, self._context.limits) or self._read(path)
        is_convertible = extraction.status is Status.UNSUPPORTED and extraction.format in CONVERTED
        return self._read_converted(path, extraction) if is_convertible and self._context.tools.soffice else extraction

    def _read_converted(self, path: Path, asked: Extraction) -> Extraction:
        """Read what LibreOffice makes of a file; the answer is about the file as it is."""
        began = time.monotonic()
        try:
            with self._converter.converted(path, asked.format) as result:
                extraction = _refused(result.path, self._context.limits) or self._read(result.path)
                extraction = replace(extraction, reason=" ".join(filter(None, (extraction.reason, result.remark))))
        except Incomplete as error:
            extraction = Extraction(error.status, asked.format, reason=error.reason)
        except OSError as error:
            # The disk is full, or the file has just gone: another time it may well be read.
            reason = f"It could not be converted ({error.strerror}); the next build tries again."
            extraction = Extraction(Status.UNREADABLE, asked.format, reason=reason)
        return replace(extraction, format=asked.format, seconds=round(asked.seconds + time.monotonic() - began, 3))

    def _read(self, path: Path) -> Extraction:
        worker = self._places.get()
        try:
            # Whatever ended the process while it waited, it is not this file's fault.
            worker = self._kept(worker) or self._started()
            extraction = worker.extract(path.absolute())
        finally:
            self._places.put(self._kept(worker))
        if self._is_closed:
            raise RuntimeError(f"The extraction pool was closed while it read {path}.")
        return extraction

    def close(self) -> None:
        """End all processes; calls that wait for one raise RuntimeError."""
        with self._lock:
            self._is_closed = True
            for worker in self._running:
                worker.kill()
        with suppress(Empty):
            while True:
                self._kept(self._places.get_nowait())
        # Wakes a caller that waits for a place; it fails, hands the place back, and so wakes the next one.
        self._places.put(None)
        self._converter.close()

    def _started(self) -> WorkerProcess:
        worker = WorkerProcess(self._context)
        with self._lock:
            if not self._is_closed:
                self._running.add(worker)
                return worker
        worker.close()
        raise RuntimeError("The extraction pool is closed.")

    def _kept(self, worker: WorkerProcess | None) -> WorkerProcess | None:
        """Return the process if it can take another file; otherwise end it."""
        if worker is None or (worker.is_usable and not self._is_closed):
            return worker
        with self._lock:
            self._running.discard(worker)
        worker.close()
        return None


def _refused(path: Path, limits: Limits) -> Extraction | None:
    """Answer for the files that need no reading to know that nothing can be read."""

    def refuse(status: Status, reason: str) -> Extraction:
        return Extraction(status, format_by_suffix(path.suffix), reason=reason)

    try:
        info = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return refuse(Status.MISSING, "There is no such file.")
    except OSError as error:
        return refuse(Status.UNREADABLE, f"It cannot be opened: {error.strerror}.")
    except ValueError as error:
        return refuse(Status.DAMAGED, f"It cannot be opened: {error}.")
    if not stat.S_ISREG(info.st_mode):
        return refuse(Status.UNSUPPORTED, "It is a folder or a device, not a file.")
    if not info.st_size:
        return refuse(Status.NO_TEXT, "The file is empty.")
    if info.st_size > limits.file_bytes:
        size = f"It has {info.st_size:,} bytes; files of up to {limits.file_bytes:,} bytes are read."
        return refuse(Status.TOO_LARGE, size)
    return None
