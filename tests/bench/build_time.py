"""A build beside recollindex on the same folder, in alternating runs: `python -m tests.bench.build_time LIBRARY`."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click

_HANDLIST = (sys.executable, "-c", "from indexer.cli import main; main(prog_name='handlist')")


@dataclass(frozen=True, slots=True)
class _Run:
    """One run: seconds by the clock, and the most memory (MiB) that the process or one it waited for held."""

    seconds: float
    memory: float


@click.command()
@click.argument("library", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--config", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Settings of the library.")
@click.option("--runs", default=3, show_default=True, type=click.IntRange(1), help="Runs of each program.")
def main(library: Path, config: Path | None, runs: int) -> None:
    """Build the index of LIBRARY from nothing and again with nothing changed; print the seconds and the memory."""
    settings = ("--config", str(config.absolute())) if config else ()
    with TemporaryDirectory() as folder:
        full, unchanged, recoll = list[_Run](), list[_Run](), list[_Run]()
        for _ in range(runs):
            index = Path(folder) / "index"
            shutil.rmtree(index, ignore_errors=True)
            build = (*_HANDLIST, "build", str(library.absolute()), "--index", str(index), *settings)
            full.append(_run(build))
            unchanged.append(_run(build))
            if shutil.which("recollindex"):
                recoll.append(_recoll(library, Path(folder) / "recoll"))
        _print("handlist, from nothing", full)
        _print("handlist, nothing changed", unchanged)
        _print("recollindex, from nothing", recoll)
        if recoll:
            print(f"ratio of the medians: {_median(full) / _median(recoll):.2f}")


def _run(command: tuple[str, ...]) -> _Run:
    began = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=Path(__file__).parents[2]
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise click.ClickException(f"{command[0]} ended with status {process.returncode}.")
    return _Run(time.perf_counter() - began, usage.ru_maxrss / 1024)


def _recoll(library: Path, folder: Path) -> _Run:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "recoll.conf").write_text(f"topdirs = {library.absolute()}\n", encoding="utf-8")
    os.sync()
    return _run(("recollindex", "-c", str(folder), "-z"))


def _median(runs: list[_Run]) -> float:
    return statistics.median(run.seconds for run in runs)


def _print(name: str, runs: list[_Run]) -> None:
    if runs:
        listed = ", ".join(f"{run.seconds:.2f}" for run in runs)
        print(f"{name}: median {_median(runs):.2f} s ({listed}), {max(run.memory for run in runs):.0f} MiB")


if __name__ == "__main__":
    main()
