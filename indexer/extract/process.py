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
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from indexer.extract import wire
from indexer.extract.formats import format_by_suffix
from indexer.extract.plain import context_to_json, locator_from_json, metadata_from_json
from indexer.extract.source import Context
from indexer.index.schema import Extraction, FileMetadata, Page, Status
from indexer.limits import Limits

_ROOT = Path(__file__).parents[2]
_CHUNK = 1 << 20
_START_SECONDS = 60.0
_END_SECONDS = 1.0
_LONGEST_CHARACTER = 4
_OVERHEAD = 1 << 16
_FROM_OUTSIDE = frozenset({signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
"""How a process ends that did nothing wrong: none of its limits and no crash sends these."""


class WorkerError(RuntimeError):
    """The reading process cannot be started: the installation is broken, or its memory limit is too small."""


class _Died(Exception):
    """The process ended before it had answered."""


@dataclass(slots=True)
class _Answer:
    """What a worker has said of one file so far."""

    format: str
    limits: Limits
    seconds: float
    pages: list[Page] = field(default_factory=list)
    characters: int = 0
    left_out: int = 0
    status: Status | None = None
    reason: str = ""
    lacks: str = ""
    metadata: FileMetadata = field(default_factory=FileMetadata)
    began: float = field(default_factory=time.monotonic)

    def take(self, message: wire.Message) -> None:
        """Add what a message says; raises KeyError, TypeError or ValueError if it makes no sense."""
        if "status" in message:
            self.status, self.reason = Status(message["status"]), _text(message["reason"])
            self.lacks, self.left_out = _text(message["lacks"]), int(message["left_out"])
        elif "format" in message:
            self.format = _text(message["format"])
        elif "metadata" in message:
            self.metadata = metadata_from_json(message["metadata"])
        elif "seconds" in message:
            self.seconds = float(message["seconds"])
        else:
            self._add(Page(locator_from_json(message["locator"]), _text(message["text"])))

    def _add(self, page: Page) -> None:
        self.pages.append(page)
        self.characters += len(page.text)
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
        kept = f" What was read before is searched: pages 1 to {len(self.pages):,}." if self.pages else ""
        self.status, self.reason = status, reason + kept
        return self.ended()


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text where text belongs")
    return value


class WorkerProcess:
    """A child process that reads one file after the other; used by one thread at a time, but any may kill it."""

    def __init__(self, context: Context) -> None:
        """Start the process and wait until it has limited itself; raises WorkerError if it does not get there."""
        self._limits = context.limits
        self._is_spent = False
        # A file, because a pipe that nobody empties would stop the process; it can write to it only until it is ready.
        with tempfile.TemporaryFile() as errors:
            self._process = _start(context, errors)
            try:
                next(self._messages(_Answer("", context.limits, _START_SECONDS)))
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
        answer = _Answer(format_by_suffix(path.suffix), self._limits, self._limits.seconds)
        try:
            self._ask(path, answer)
        except TimeoutError:
            self.kill()
            return answer.failed(Status.TIMED_OUT, f"Reading it took longer than {answer.seconds:g} seconds.")
        except _Died:
            return self._post_mortem(answer)
        except (KeyError, TypeError, ValueError) as error:
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
        """End the process and give back its pipes."""
        self.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()

    def _ask(self, path: Path, answer: _Answer) -> None:
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

    def _messages(self, answer: _Answer) -> Iterator[wire.Message]:
        """Yield messages as they arrive, up to the answer's deadline; raises TimeoutError, or _Died if no more come."""
        inbox = wire.Inbox(self._limits.characters * _LONGEST_CHARACTER + _OVERHEAD)
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

    def _post_mortem(self, answer: _Answer) -> Extraction:
        with suppress(subprocess.TimeoutExpired):
            # It has closed its end of the line: to kill it while it ends would hide why it does.
            self._process.wait(_END_SECONDS)
        self.kill()
        code = self._process.wait()
        if code == -signal.SIGXCPU:
            spent = f"Reading it took more than {self._limits.cpu_seconds} seconds of the processor's time."
            return answer.failed(Status.TIMED_OUT, spent)
        if -code in _FROM_OUTSIDE:
            # The system was short of memory or shuts down: another time the same file may well be read.
            ended = f"The process that read it was ended ({signal.strsignal(-code)}); the next build reads it again."
            return answer.failed(Status.UNREADABLE, ended)
        how = signal.strsignal(-code) if code < 0 else f"exit status {code}"
        return answer.failed(Status.DAMAGED, f"The process that read it broke down ({how}).")


def _start(context: Context, errors: IO[bytes]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-X", "utf8", "-m", "indexer.extract.worker", context_to_json(context)]
    return subprocess.Popen(  # noqa: S603 - our own interpreter with our own module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env=_environment(),
        start_new_session=True,
    )


def _environment() -> dict[str, str]:
    """Return the little that a reader needs to know of its surroundings: where the libraries are."""
    inherited = {name: os.environ[name] for name in ("PYTHONPATH", "LD_LIBRARY_PATH") if os.environ.get(name)}
    return inherited | {
        "PYTHONPATH": os.pathsep.join(filter(None, (str(_ROOT), inherited.get("PYTHONPATH")))),
        # After it has limited itself the process cannot write, not even compiled modules.
        "PYTHONDONTWRITEBYTECODE": "1",
        # openpyxl loads NumPy, whose BLAS would reserve memory for every core of the machine.
        "OPENBLAS_NUM_THREADS": "1",
        # Its wrapper around expat is written in Python and doubles the time a workbook takes; document types, all that
        # it guards against, are refused before openpyxl sees a part.
        "OPENPYXL_DEFUSEDXML": "False",
    }


def _start_failure(errors: bytes) -> str:
    last = errors.decode("utf-8", "replace").strip().rpartition("\n")[2]
    return (
        f"The process that reads attachments does not start: {last or 'it says nothing'}. "
        "Reinstall the program, or raise the memory limit if it was lowered."
    )
