"""Rebuilds the index at the times of a crontab line.

    python -m indexer.schedule --cron "0 3 * * *" -- ARGUMENTS OF HANDLIST BUILD

It is started by the server and lives exactly as long: when the server's end of standard input closes, it ends. Every
build runs in a process of its own, so that all memory is given back and a crash is a line in the log.
"""

from __future__ import annotations

import argparse
import logging
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import FrameType
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

log = logging.getLogger("handlist.schedule")

BUILD = (sys.executable, "-c", "import sys; from indexer.cli import main; sys.exit(main())", "build")
"""Runs `handlist build` with the interpreter that runs this, wherever the command itself is installed."""

PATIENCE_SECONDS = 20.0
"""How long a build that was told to end may tidy up before it is killed."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")

Trigger = Any
"""A trigger of APScheduler, which has no types."""


@dataclass(frozen=True, slots=True)
class _Field:
    """One of the five fields of a crontab line; `names` stand for the numbers from `low` on."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()


FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day", 1, 31),
    _Field("month", 1, 12, MONTHS),
    # Sunday is 0, and 7 as well.
    _Field("weekday", 0, 7, WEEKDAYS),
)

_PART = re.compile(r"(?:(?P<all>\*)|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>[0-9]+))?", re.ASCII)


def parse_cron(text: str) -> Trigger:
    """Turn a crontab line (minute hour day month weekday) into a trigger; ValueError says what is wrong with it.

    The line means what it means to cron. APScheduler reads the same line differently in two ways: it counts weekdays
    from Monday, and when both day and weekday are given it waits for both instead of either.
    """
    parts = text.split()
    if len(parts) != len(FIELDS):
        raise ValueError(
            f'"{text}" is no schedule: it needs five fields (minute hour day month weekday) and has {len(parts)}. '
            '"0 3 * * *" is every night at three.'
        )
    minute, hour, day, month, weekday = (_values(part, field, text) for part, field in zip(parts, FIELDS, strict=True))
    time = {"minute": _listed(minute), "hour": _listed(hour), "month": _listed(month)}
    # Names, because APScheduler's weekday numbers are not cron's.
    on_day, on_weekday = {"day": _listed(day)}, {"day_of_week": ",".join(sorted({WEEKDAYS[n % 7] for n in weekday}))}
    if parts[2].startswith("*") or parts[4].startswith("*"):
        trigger = CronTrigger(**time, **on_day, **on_weekday)
    else:
        trigger = OrTrigger([CronTrigger(**time, **on_day), CronTrigger(**time, **on_weekday)])
    if trigger.get_next_fire_time(None, datetime.now().astimezone()) is None:
        raise ValueError(f'"{text}" is no schedule: its day never comes.')
    return trigger


def _listed(values: Sequence[int]) -> str:
    return ",".join(str(value) for value in values)


def _values(part: str, field: _Field, text: str) -> list[int]:
    """Return every number that a field names, in order."""
    values: set[int] = set()
    for piece in part.split(","):
        match = _PART.fullmatch(piece)
        if match is None:
            raise _wrong(piece, field, text)
        values |= set(_range(match, field, text))
    return sorted(values)


def _range(match: re.Match[str], field: _Field, text: str) -> range:
    piece, step = match[0], int(match["step"] or "1")
    if match["all"]:
        first, last = field.low, field.high
    else:
        first = _number(match["first"], piece, field, text)
        only = first if match["step"] is None else field.high
        last = _number(match["last"], piece, field, text) if match["last"] else only
    if not step or first > last:
        raise _wrong(piece, field, text)
    return range(first, last + 1, step)


def _number(word: str, piece: str, field: _Field, text: str) -> int:
    if word.lower() in field.names:
        return field.names.index(word.lower()) + field.low
    if not (word.isdigit() and len(word) < 4 and field.low <= int(word) <= field.high):
        raise _wrong(piece, field, text)
    return int(word)


def _wrong(piece: str, field: _Field, text: str) -> ValueError:
    names = f" or {field.names[0]} to {field.names[-1]}" if field.names else ""
    return ValueError(
        f'"{text}" is no schedule: "{piece}" is no {field.name}. '
        f"It may hold {field.low} to {field.high}{names}, * for all, 1-5, */2 and lists with commas."
    )


class Rebuild:
    """Runs one build at a time and can end it."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._lock = threading.Lock()
        self._running: subprocess.Popen[str] | None = None
        self._ended = False

    def run(self) -> None:
        """Build once: what the build says goes to the log, line by line, and how it ended."""
        try:
            process = self._start()
        except OSError as reason:
            log.error("The rebuild could not be started: %s", reason)
            return
        if process is None:
            return
        with process:
            for line in process.stdout or ():
                log.info("%s", line.rstrip())
        level = logging.INFO if process.returncode == 0 else logging.ERROR
        log.log(level, "The rebuild ended with status %d", process.returncode)

    def end(self) -> None:
        """End a build that is running and start no other: it is asked first and killed if it does not listen."""
        with self._lock:
            self._ended = True
            process = self._running
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()

    def _start(self) -> subprocess.Popen[str] | None:
        with self._lock:
            if self._ended:
                return None
            log.info("The rebuild starts")
            self._running = subprocess.Popen(  # noqa: S603  # our own command, no shell
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
            )
            return self._running


def keep_schedule(trigger: Trigger, command: Sequence[str]) -> None:
    """Run the command whenever the trigger says, until standard input ends or SIGTERM or SIGINT arrives.

    A run that is due while the last one still works is left out; one that was due while the machine slept is made up
    for once, however late.
    """
    rebuild = Rebuild(command)
    scheduler = BackgroundScheduler()
    scheduler.add_job(rebuild.run, trigger, max_instances=1, coalesce=True, misfire_grace_time=None)
    with _interruptible():
        scheduler.start()
        try:
            while sys.stdin.buffer.read(1):
                pass
        except KeyboardInterrupt:
            log.info("The schedule was told to end")
    rebuild.end()
    scheduler.shutdown()


@contextmanager
def _interruptible() -> Iterator[None]:
    """Make SIGTERM an interruption like Ctrl-C; afterwards neither disturbs the tidying up."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    ending = (signal.SIGTERM, signal.SIGINT)
    for each in ending:
        signal.signal(each, interrupt)
    try:
        yield
    finally:
        for each in ending:
            signal.signal(each, signal.SIG_IGN)


def main(arguments: Sequence[str] | None = None) -> int:
    """Keep a schedule until the server that started this process is gone; 2 when the schedule makes no sense."""
    parser = argparse.ArgumentParser(prog="python -m indexer.schedule", description="Rebuild the index on a schedule.")
    parser.add_argument(
        "--cron", required=True, metavar="LINE", help='when: minute hour day month weekday ("0 3 * * *")'
    )
    parser.add_argument("build", nargs="+", metavar="ARGUMENT", help='after "--": the arguments of handlist build')
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    try:
        trigger = parse_cron(given.cron)
    except ValueError as reason:
        parser.error(str(reason))
    keep_schedule(trigger, (*BUILD, *given.build))
    return 0


if __name__ == "__main__":
    sys.exit(main())
