"""The process that reads files: it limits itself, answers one request after the other and ends with its input."""

from __future__ import annotations

import json
import os
import resource
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from indexer.extract import wire
from indexer.extract.clean import clean
from indexer.extract.formats import EXTRACTORS, UNREADABLE, format_of
from indexer.extract.limits import Incomplete, Limits
from indexer.extract.tally import Tally
from indexer.index.schema import Status

_OPEN_FILES = 64
_LONGEST_REASON = 500
# A heap grown to this part of its limit may be too full of holes for the next file.
_WORN_PART = 4
_KIBIBYTE = 1024


def main() -> None:
    """Serve requests from standard input on standard output until the input ends."""
    limits = Limits(**json.loads(sys.argv[1]))
    warnings.simplefilter("ignore")
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    _confine(limits)
    _silence()
    _send(answers, {"ready": True})
    while request := wire.receive(requests):
        _allow_processor_time(limits)
        for message in answer(Path(request["path"]), limits):
            _send(answers, message)


def answer(path: Path, limits: Limits) -> Iterator[wire.Message]:
    """Yield all there is to say of a file: its format, its pages, and last its status. No file makes it raise."""
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
    yield {"status": status, "reason": clean(reason)[:_LONGEST_REASON], "worn": _is_worn(limits)}


def _pages(path: Path, limits: Limits, tally: Tally) -> Iterator[wire.Message]:
    name = format_of(path)
    yield {"format": name}
    if name not in EXTRACTORS:
        raise Incomplete(Status.UNSUPPORTED, UNREADABLE.get(name, "Its content is of no format that is known."))
    for page in EXTRACTORS[name].read(path, limits):
        kept = tally.keep(page)
        if kept:
            yield {"label": kept.label, "text": kept.text}
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
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIBIBYTE > limits.memory_bytes // _WORN_PART


def _send(answers: BinaryIO, message: wire.Message) -> None:
    answers.write(wire.encode(message))
    answers.flush()


if __name__ == "__main__":
    main()
