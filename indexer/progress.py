"""How far a build has come: a moving bar on a terminal, a line per step elsewhere, so that a log stays readable."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Protocol, TextIO

if TYPE_CHECKING:
    from rich.console import Console

Advance = Callable[[], None]


class Reporter(Protocol):
    """Whoever shows progress: opens a step of `total` parts and is told after each of them."""

    def step(self, label: str, total: int) -> AbstractContextManager[Advance]:
        """Show a step while its block runs."""
        ...


class PlainReporter:
    """Writes one line when a step begins; for logs, mails from cron and pipes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @contextmanager
    def step(self, label: str, total: int) -> Iterator[Advance]:
        """Say what begins, and how much of it there is."""
        print(f"{label}: {total:,}", file=self._stream, flush=True)
        yield lambda: None


class TerminalReporter:
    """Shows a bar for every step."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def step(self, label: str, total: int) -> Iterator[Advance]:
        """Show a bar that fills while the block runs and stays when it ends."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
        with Progress(*columns, console=self._console) as progress:
            task = progress.add_task(label, total=total)
            yield lambda: progress.advance(task)


def reporter() -> Reporter:
    """Return what fits the standard error output of this process."""
    # Where nobody looks at bars, the library that draws them is not loaded: most scheduled builds find nothing changed.
    if not sys.stderr.isatty():
        return PlainReporter(sys.stderr)
    from rich.console import Console

    console = Console(stderr=True)
    return TerminalReporter(console) if console.is_terminal else PlainReporter(sys.stderr)
