"""Where the indexes of a measurement lie while it runs."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from types import FrameType

from indexer.bench import BenchError


@contextmanager
def workspace(keep: Path | None, way_out: str = "--keep or TMPDIR") -> Iterator[Path]:
    """Give a folder for indexes: the one to keep, which has to be empty or new, or one that is gone after the block.

    It is also gone when the block is interrupted or the process is told to end. BenchError when it cannot be written;
    `way_out` says by what another folder is named if this one was not.
    """
    with ExitStack() as stack:
        if keep is None:
            stack.enter_context(_ending_in_order())
        try:
            yield _empty(keep) if keep else Path(stack.enter_context(TemporaryDirectory(prefix="handlist-bench-")))
        except OSError as error:
            place, options = (keep, "--keep") if keep else (gettempdir(), way_out)
            reason = error.strerror or error
            raise BenchError(
                f"Indexes cannot be kept in {place}: {reason}. Name another folder with {options}."
            ) from error


def _empty(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise BenchError(f"{folder} is not empty, so nothing was written there. Name an empty or a new folder.")
    return folder


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Let a process that is told to end leave its blocks, as an interrupted one does."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
