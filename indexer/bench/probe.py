"""A fresh process that opens an index and searches, and says what that took: `python -m indexer.bench.probe`.

It reads one line, a `Request` as JSON, and answers with one line, a `Probe`; it then keeps the index open until its
input ends, so that a second process meets an index that another one holds. A small index is opened and asked first,
so that what is measured is the cost of the index and not that of loading the program.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, cast

from indexer.bench import BenchError
from indexer.bench.engines.handlist import ENGINE
from indexer.bench.measures import timed

_ROOT = str(Path(__file__).parents[2])
_SMAPS = Path("/proc/self/smaps_rollup")
_WARMING = 3


@dataclass(frozen=True, slots=True)
class Request:
    """What a process shall do: open and ask the index `small`, then `index`, then measure.

    `searches` are made before memory is looked at; `timed` are asked after it, in so many `rounds`.
    """

    small: str
    index: str
    searches: list[str]
    timed: list[str]
    rounds: int


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes of a process that it shares with no other one, as Linux counts them (proc(5), smaps_rollup).

    `private` is all of that (Private_Clean and Private_Dirty), with the pages of files that only this process maps:
    they belong to the page cache and are given back when memory is short. `own` is what no file holds (Anonymous).
    """

    private: int
    own: int


@dataclass(frozen=True, slots=True)
class Probe:
    """What a process found: its memory before it opened the index and after its searches.

    `totals` and `seconds` belong to the timed searches; `seconds[i]` has an entry for every round.
    """

    open_seconds: float
    before: Memory
    after: Memory
    totals: list[int]
    seconds: list[list[float]]


def memory() -> Memory:
    """Return the memory of this process."""
    lines = [line.split() for line in _SMAPS.read_text(encoding="ascii").splitlines()[1:]]
    size = {name: int(kibibytes) * 1024 for name, kibibytes, _ in lines}
    return Memory(private=size["Private_Clean:"] + size["Private_Dirty:"], own=size["Anonymous:"])


@contextmanager
def probed(request: Request) -> Iterator[Probe]:
    """Let a fresh process do what is requested; it holds the index open while the block runs."""
    with subprocess.Popen(
        [sys.executable, "-m", "indexer.bench.probe"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (_ROOT, os.environ.get("PYTHONPATH"))))},
        # An interrupt from the keyboard is for the process that measures; it ends this one.
        start_new_session=True,
    ) as process:
        try:
            answer = _asked(process, request)
            yield answer
        except BaseException:
            process.kill()
            raise


def _asked(process: subprocess.Popen[str], request: Request) -> Probe:
    questions, answers = cast(IO[str], process.stdin), cast(IO[str], process.stdout)
    with suppress(BrokenPipeError):  # it has ended; why, is said below
        questions.write(json.dumps(asdict(request)) + "\n")
        questions.flush()
    line = answers.readline()
    if not line:
        raise BenchError(f"A process that searched ended with status {process.wait()}; it said why above.")
    found = json.loads(line)
    return Probe(**found | {name: Memory(**found[name]) for name in ("before", "after")})


def main() -> None:
    """Do what standard input requests, say what was found, and hold the index until the input ends."""
    request = Request(**json.loads(sys.stdin.readline()))
    with closing(ENGINE.open(Path(request.small))) as small:
        for words in request.searches[:_WARMING]:
            small.ask(words)
    before = memory()
    began = time.perf_counter()
    with closing(ENGINE.open(Path(request.index))) as index:
        opened = time.perf_counter() - began
        for words in request.searches:
            index.ask(words)
        after = memory()
        asked = [[timed(index, words) for words in request.timed] for _ in range(request.rounds)]
        totals = [total for total, _ in asked[0]] if asked else []
        seconds = [[one for _, one in rounds] for rounds in zip(*asked, strict=True)]
        print(json.dumps(asdict(Probe(opened, before, after, totals, seconds))), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
