from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from webapp import rebuilding
from webapp.rebuilding import Schedule

STARTS = "import os, sys; print(os.getpid(), file=open(sys.argv[1], 'a'), flush=True); sys.stdin.read()"


def wait_for_starts(note: Path, count: int) -> list[int]:
    """Wait until so many processes have noted that they run, and return their numbers."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        lines = note.read_text(encoding="utf-8").splitlines() if note.exists() else []
        if len(lines) >= count:
            break
        time.sleep(0.02)
    return [int(line) for line in lines]


def test_a_schedule_that_was_killed_is_said_in_the_log_and_started_again_and_ends_when_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rebuilding, "RESTART_SECONDS", 0.01)
    note = tmp_path / "starts"
    schedule = Schedule([sys.executable, "-c", STARTS, str(note)])
    [first] = wait_for_starts(note, 1)
    os.kill(first, signal.SIGKILL)
    first, second = wait_for_starts(note, 2)
    assert "The rebuild schedule ended by itself" in capfd.readouterr().err
    schedule.end()
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)
    assert "ended by itself" not in capfd.readouterr().err
    assert len(wait_for_starts(note, 2)) == 2


def test_a_schedule_that_does_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "PATIENCE_SECONDS", 0.2)
    note = tmp_path / "starts"
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + STARTS
    schedule = Schedule([sys.executable, "-c", deaf, str(note)])
    [pid] = wait_for_starts(note, 1)
    schedule.end()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
