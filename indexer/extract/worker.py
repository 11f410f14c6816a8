"""The process that reads files: it limits itself, answers one request after the other and ends with its input."""

from __future__ import annotations

import errno
import os
import resource
import sys
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from indexer.extract import confined, wire
from indexer.extract.clean import clean
from indexer.extract.formats import format_of, read
from indexer.extract.items import Incomplete, MoreTime, Remark
from indexer.extract.serial import context_from_json, metadata_to_json
from indexer.extract.source import Context, Source
from indexer.extract.tally import Tally
from indexer.index.schema import FileMetadata, Page, Status
from indexer.limits import Limits

_OPEN_FILES = 64
_PASSING_ERRORS = {
    *(errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.EACCES),
    *(errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOENT),
}
"""What the disk or the machine refuses, and may grant another time."""

_LONGEST_ERROR = 200
_LONGEST_STATEMENT = 1000
"""Characters of a title or of the names of the authors."""

# A process grown to this part of its limit may be too full for the next file.
_WORN_PART = 2


def main() -> None:
    """Serve requests from standard input on standard output until the input ends."""
    context = context_from_json(sys.argv[1])
    limits = context.limits
    warnings.simplefilter("ignore")
    confined.end_with(int(sys.argv[2]))
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    _confine(limits)
    _silence()
    answers.write(wire.encode({"ready": True}))
    answers.flush()
    while request := wire.receive(requests):
        _allow_processor_time(limits.cpu_seconds)
        for message in answer(Path(request["path"]), context):
            answers.write(message)
            answers.flush()


def answer(path: Path, context: Context) -> Iterator[bytes]:
    """Yield the messages of a file: its format, its pages, and last its status. No file makes it raise."""
    limits = context.limits
    tally = Tally(limits)
    problem: Incomplete | None = None
    try:
        yield from _messages(path, context, tally)
    except Incomplete as error:
        problem = error
    except MemoryError:
        memory = f"{limits.memory_bytes >> 20:,} MiB of memory"
        problem = tally.interrupted(Status.TOO_LARGE, f"Reading it takes more than {memory}.")
    except OSError as error:
        status = Status.UNREADABLE if error.errno in _PASSING_ERRORS else Status.DAMAGED
        problem = tally.interrupted(status, f"It cannot be read from the disk: {error.strerror}.")
    except Exception as error:  # noqa: BLE001 - the libraries fail on damaged files in more ways than they document
        said = f"{type(error).__name__}: {error}"[:_LONGEST_ERROR]
        problem = tally.interrupted(Status.DAMAGED, f"It cannot be read ({said}).")
    status, reason = tally.conclude(problem)
    yield wire.encode(
        {
            "status": status,
            "reason": clean(reason),
            "lacks": tally.lacks(problem),
            "left_out": tally.left_out(problem),
            "worn": _is_worn(limits),
        }
    )


def _messages(path: Path, context: Context, tally: Tally) -> Iterator[bytes]:
    source = Source.on_disk(path)
    name = format_of(source)
    yield wire.encode({"format": name})
    for item in read(name, source, context):
        match item:
            case Page():
                kept = tally.keep(item)
                if kept:
                    yield from wire.encode_page(kept)
                elif tally.is_full:
                    return
            case FileMetadata():
                yield wire.encode({"metadata": metadata_to_json(_short(item))})
            case MoreTime():
                _allow_processor_time(int(item.seconds))
                yield wire.encode({"seconds": item.seconds})
            case Remark():
                tally.remarks.append(item)


def _short(metadata: FileMetadata) -> FileMetadata:
    """Return what a file says of itself, as far as it says what it is asked for and no more."""
    title, author = metadata.title[:_LONGEST_STATEMENT], metadata.author[:_LONGEST_STATEMENT]
    return replace(metadata, title=title, author=author, language=metadata.language[:_LONGEST_STATEMENT])


def _confine(limits: Limits) -> None:
    """Give up what reading a file does not need: memory without end, writing, many open files, core dumps."""
    confined.limit({"AS": limits.memory_bytes, "FSIZE": 0, "NOFILE": _OPEN_FILES, "CORE": 0})


def _silence() -> None:
    """Let nothing that a library prints get onto the line to the parent or onto its terminal."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (sys.stdout.fileno(), sys.stderr.fileno()):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _allow_processor_time(seconds: int) -> None:
    """Allow so much processor time from now on; the limit counts from the start of the process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = used + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


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
