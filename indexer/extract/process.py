"""One child process that reads files, seen from the parent: started, asked, watched by the clock and ended."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

from indexer.extract import wire
from indexer.extract.answer import Answer
from indexer.extract.formats import format_by_suffix
from indexer.extract.serial import context_to_json
from indexer.extract.source import Context
from indexer.index.schema import Extraction, Status

_ROOT = Path(__file__).parents[2]
_CHUNK = 1 << 20
_START_SECONDS = 60.0
_END_SECONDS = 1.0
_INHERITED = ("PYTHONPATH", "LD_LIBRARY_PATH", "TESSDATA_PREFIX")
_FROM_OUTSIDE = frozenset({signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
"""How a process ends that did nothing wrong: none of its limits and no crash sends these."""


class WorkerError(RuntimeError):
    """The reading process cannot be started: the installation is broken, or its memory limit is too small."""


class _Died(Exception):
    """The process ended before it had answered."""


class WorkerProcess:
    """A child process that reads one file after the other; used by one thread at a time, but any may kill it."""

    def __init__(self, context: Context) -> None:
        """Start the process and wait until it has limited itself; raises WorkerError if it does not get there."""
        self._limits = context.limits
        self._is_spent = False
        # A file, because a pipe that nobody empties would stop the process; it can write to it only until it is ready.
        with tempfile.TemporaryFile() as errors:
            lifeline, held = os.pipe()
            self._lifeline = os.fdopen(held, "wb", 0)
            try:
                self._process = _start(context, errors, lifeline)
            finally:
                os.close(lifeline)
            try:
                next(self._messages(Answer("", context.limits, _START_SECONDS)))
            except (_Died, TimeoutError, ValueError) as error:
                self.close()
                errors.seek(0)
                raise WorkerError(_start_failure(errors.read())) from error

    @property
    def is_usable(self) -> bool:
        """Tell whether the process lives and should be given another file."""
        return not self._is_spent and self._process.poll() is None

    def extract(self, path: Path) -> Extraction:
        """Have a file read, named by an absolute path; afterwards the process may be no longer usable."""
        limits = self._limits
        answer = Answer(format_by_suffix(path.suffix), limits, limits.seconds, limits.cpu_seconds)
        try:
            self._ask(path, answer)
        except TimeoutError:
            self.kill()
            return answer.failed(Status.TIMED_OUT, f"Reading it took longer than {answer.seconds:g} seconds.")
        except _Died:
            return self._post_mortem(answer)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            self.kill()
            return answer.failed(Status.DAMAGED, f"It made its reader answer nonsense ({error}).")
        return answer.ended()

    def kill(self) -> None:
        """End the process and whatever it may have started, at once."""
        # It is still there for a moment, and must not be given another file.
        self._is_spent = True
        if self._process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the process and all that it started, and give back its pipes; called once."""
        self.kill()
        self._process.wait()
        for pipe in (self._lifeline, self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()

    def _ask(self, path: Path, answer: Answer) -> None:
        requests = cast(IO[bytes], self._process.stdin)
        try:
            requests.write(wire.encode({"path": str(path)}))
            requests.flush()
        except OSError as error:
            raise _Died from error
        for message in self._messages(answer):
            answer.take(message)
            if answer.is_complete:
                self._is_spent = bool(message.get("worn"))
                return

    def _messages(self, answer: Answer) -> Iterator[wire.Message]:
        """Yield messages as they arrive, up to the answer's deadline; raises TimeoutError, or _Died if no more come."""
        inbox = wire.Inbox()
        answers = cast(IO[bytes], self._process.stdout).fileno()
        arrival = select.poll()
        arrival.register(answers, select.POLLIN)
        while True:
            left = answer.deadline - time.monotonic()
            if left <= 0 or not arrival.poll(left * 1000):
                raise TimeoutError
            data = os.read(answers, _CHUNK)
            if not data:
                raise _Died
            yield from inbox.take(data)

    def _post_mortem(self, answer: Answer) -> Extraction:
        with suppress(subprocess.TimeoutExpired):
            # It has closed its end of the line: to kill it while it ends would hide why it does.
            self._process.wait(_END_SECONDS)
        self.kill()
        return answer.failed(*self._cause_of_death(self._process.wait(), answer.cpu_seconds))

    def _cause_of_death(self, code: int, cpu_seconds: int) -> tuple[Status, str]:
        if code == -signal.SIGXCPU:
            return Status.TIMED_OUT, f"Reading it took more than {cpu_seconds} seconds of the processor's time."
        if -code in _FROM_OUTSIDE:
            # The system was short of memory or shuts down: another time the same file may well be read.
            ended = f"The process that read it was ended ({signal.strsignal(-code)}); the next build reads it again."
            return Status.UNREADABLE, ended
        if code == -signal.SIGABRT:
            # Libraries written in C and C++ have no other way out when they are refused more.
            memory = f"{self._limits.memory_bytes >> 20:,} MiB of memory"
            return Status.TOO_LARGE, f"Reading it most likely takes more than {memory}."
        how = signal.strsignal(-code) if code < 0 else f"exit status {code}"
        return Status.DAMAGED, f"The process that read it broke down ({how})."


def _start(context: Context, errors: IO[bytes], lifeline: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-X", "utf8", "-m", "indexer.extract.worker"]
    return subprocess.Popen(  # noqa: S603 - our own interpreter with our own module
        [*command, context_to_json(context), str(lifeline)],
        pass_fds=(lifeline,),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env=_environment(),
        start_new_session=True,
    )


def _environment() -> dict[str, str]:
    """Return the little that a reader needs to know of its surroundings: where the libraries and their data are."""
    inherited = {name: os.environ[name] for name in _INHERITED if os.environ.get(name)}
    return inherited | {
        "PYTHONPATH": os.pathsep.join(filter(None, (str(_ROOT), inherited.get("PYTHONPATH")))),
        # After it has limited itself the process cannot write, not even compiled modules.
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _start_failure(errors: bytes) -> str:
    last = errors.decode("utf-8", "replace").strip().rpartition("\n")[2]
    return (
        f"The process that reads attachments does not start: {last or 'it says nothing'}. "
        "Reinstall the program, or raise the memory limit if it was lowered."
    )
