"""Old Office files turned into new ones by LibreOffice, which runs as confined as it can be made to."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from indexer.extract import confined, libreoffice
from indexer.extract.formats import CONVERTED
from indexer.extract.items import Incomplete
from indexer.extract.source import Context
from indexer.extract.tools import CANNOT_RUN
from indexer.index.schema import Status

_WITH_NETWORK = "LibreOffice had access to the network while it converted it: this system lets no program give that up."


@dataclass(frozen=True, slots=True)
class Conversion:
    """What LibreOffice made of a file, and a sentence about how it was done, if there is anything to say."""

    path: Path
    remark: str = ""


class Converter:
    """Converts for as many threads as ask; `close` ends what runs and leaves nothing behind.

    LibreOffice takes a second to start with a profile that it knows and two with a new one, and no two may share one;
    so profiles are kept from file to file, one for each thread at work.
    """

    def __init__(self, context: Context) -> None:
        """Convert with the LibreOffice that the context names; nothing is written before the first file comes."""
        self._context = context
        self._lock = threading.Condition()
        self._is_closed = False
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._profiles: list[Path] = []
        self._running: set[subprocess.Popen[bytes]] = set()
        self._guests = 0

    @contextmanager
    def converted(self, path: Path, name: str) -> Iterator[Conversion]:
        """Lend a file of the format `name`, a key of CONVERTED, in the format that can be read.

        Raises Incomplete if LibreOffice makes nothing of it in time, and RuntimeError when the converter is closed.
        """
        with self._room() as room, _own_folder(room) as work:
            # A copy, so that no name confuses LibreOffice and nothing is written where the library lies.
            original = work / f"file.{name}"
            shutil.copyfile(path, original)
            if not original.stat().st_size:
                raise Incomplete(Status.NO_TEXT, "The file is empty.")
            self._run(room, work, original)
            found = work / "out" / f"file.{CONVERTED[name]}"
            if not found.exists():
                raise _failure(original, name)
            yield Conversion(found, _WITH_NETWORK if (work / confined.WITH_NETWORK).exists() else "")

    def close(self) -> None:
        """End what runs, wait until nobody uses a converted file any more, and remove all that was written."""
        with self._lock:
            self._is_closed = True
            for process in self._running:
                _kill(process)
            self._lock.wait_for(lambda: not self._guests)
            if self._folder:
                self._folder.cleanup()

    @contextmanager
    def _room(self) -> Iterator[Path]:
        """Lend a folder with a profile that no other thread uses; after a failure it is not used again."""
        with self._lock:
            self._check_open()
            self._folder = self._folder or tempfile.TemporaryDirectory(prefix="handlist-", ignore_cleanup_errors=True)
            room = self._profiles.pop() if self._profiles else libreoffice.new_room(Path(self._folder.name))
            self._guests += 1
        is_sound = False
        try:
            yield room
            is_sound = True
        finally:
            with self._lock:
                if is_sound:
                    self._profiles.append(room)
                else:
                    shutil.rmtree(room, ignore_errors=True)
                self._guests -= 1
                self._lock.notify_all()

    def _run(self, room: Path, work: Path, original: Path) -> None:
        """Let LibreOffice write what it makes of a file to the folder "out"; it may make nothing of it."""
        lifeline, held = os.pipe()
        # The program that was started is a script; what it started ends, at the latest, when the lifeline is closed.
        with os.fdopen(held, "wb", 0):
            try:
                process = self._start(room, work, original, lifeline)
            finally:
                os.close(lifeline)
            try:
                process.wait(self._context.limits.convert_seconds)
            except subprocess.TimeoutExpired as error:
                slow = f"LibreOffice took longer than {self._context.limits.convert_seconds:g} seconds to convert it."
                raise Incomplete(Status.TIMED_OUT, slow) from error
            finally:
                self._end(process)
        self._check_open()
        if process.returncode in CANNOT_RUN:
            raise Incomplete(Status.UNREADABLE, "LibreOffice does not start; the next build tries again.")

    def _start(self, room: Path, work: Path, original: Path, lifeline: int) -> subprocess.Popen[bytes]:
        limits, command = self._context.limits, libreoffice.command(self._context.tools.soffice, room, original)
        with self._lock:
            self._check_open()
            process = subprocess.Popen(  # noqa: S603 - our own interpreter, which becomes the program that was found
                [
                    sys.executable,
                    "-I",
                    "-S",
                    confined.__file__,
                    str(lifeline),
                    json.dumps(libreoffice.allowance(limits)),
                    *command,
                ],
                pass_fds=(lifeline,),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=libreoffice.environment(room, work),
                cwd=work,
                start_new_session=True,
            )
            self._running.add(process)
        return process

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._running.discard(process)
        _kill(process)
        process.wait()

    def _check_open(self) -> None:
        if self._is_closed:
            raise RuntimeError("The extraction pool is closed.")


@contextmanager
def _own_folder(room: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=room, ignore_cleanup_errors=True) as name:
        yield Path(name)


def _failure(original: Path, name: str) -> Incomplete:
    if libreoffice.is_protected(original, name):
        return Incomplete(Status.ENCRYPTED, "It is protected by a password.")
    return Incomplete(Status.DAMAGED, "LibreOffice can make nothing of it.")


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
