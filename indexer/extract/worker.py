"""The process that reads files: it limits itself, answers one request after the other and ends with its input."""

from __future__ import annotations

import json
import os
import resource
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

from indexer.extract import wire
from indexer.extract.clean import clean
from indexer.extract.formats import EXTRACTORS, UNREADABLE, format_of
from indexer.extract.limits import Incomplete, Limits
from indexer.extract.tally import Tally
from indexer.index.schema import Status

_OPEN_FILES = 64
_LONGEST_REASON = 500
# A process grown to this part of its limit may be too full for the next file.
_WORN_PART = 2


def main() -> None:
    """Serve requests from standard input on standard output until the input ends."""
    limits = Limits(**json.loads(sys.argv[1]))
    warnings.simplefilter("ignore")
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    _confine(limits)
    _silence()
    answers.write(wire.encode({"ready": True}))
    answers.flush()
    while request := wire.receive(requests):
        _allow_processor_time(limits)
        for message in answer(Path(request["path"]), limits):
            answers.write(message)
            answers.flush()


def answer(path: Path, limits: Limits) -> Iterator[bytes]:
    """Yield the messages of a file: its format, its pages, and last its status. No file makes it raise."""
    tally = Tally(limits)
    problem: Incomplete | None = None
    try:
        yield from _pages(path, limits, tally)
    except Incomplete as error:
        problem = error
    except MemoryError:
        problem = Incomplete(
            Status.TOO_LARGE, f"Reading it takes more than {limits.memory_bytes >> 20:,} MiB of memory."
        )
    except OSError as error:
        problem = Incomplete(Status.DAMAGED, f"It cannot be read from the disk: {error.strerror}.")
    except Exception as error:  # noqa: BLE001 - the libraries fail on damaged files in more ways than they document
        problem = Incomplete(Status.DAMAGED, f"It cannot be read ({type(error).__name__}: {error}).")
    status, reason = tally.conclude(problem)
    yield wire.encode({"status": status, "reason": clean(reason)[:_LONGEST_REASON], "worn": _is_worn(limits)})


def _pages(path: Path, limits: Limits, tally: Tally) -> Iterator[bytes]:
    name = format_of(path)
    yield wire.encode({"format": name})
    if name not in EXTRACTORS:
        raise Incomplete(Status.UNSUPPORTED, UNREADABLE.get(name, "Its content is of no format that is known."))
    for page in EXTRACTORS[name].read(path, limits):
        kept = tally.keep(page)
        if kept:
            yield wire.encode({"label": kept.label, "text": kept.text})
        elif tally.is_full:
            return


def _confine(limits: Limits) -> None:
    """Give up what reading a file does not need: memory without end, writing, many open files, core dumps."""
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _silence() -> None:
    """Let nothing that a library prints get onto the line to the parent or onto its terminal."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (sys.stdout.fileno(), sys.stderr.fileno()):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _allow_processor_time(limits: Limits) -> None:
    """Allow the processor time of one more file; the limit counts from the start of the process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (used + limits.cpu_seconds + 1, resource.RLIM_INFINITY))


def _is_worn(limits: Limits) -> bool:
    """Tell whether this process has grown so much that the next file should have a fresh one."""
    try:
        # Not the peak that getrusage knows: a child inherits it from its parent.
        size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        # Only Linux tells; elsewhere a process is replaced when its memory fails.
        return False
    return size > limits.memory_bytes // _WORN_PART


if __name__ == "__main__":
    main()
