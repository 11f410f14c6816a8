from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.schedule import Rebuild, parse_cron

KEEPER = (
    "import logging, sys; from datetime import datetime; from apscheduler.triggers.date import DateTrigger\n"
    "from indexer.schedule import keep_schedule\n"
    "logging.basicConfig(level=logging.INFO, format='%(message)s')\n"
    "keep_schedule(DateTrigger(datetime.now().astimezone()), [sys.executable, '-c', sys.argv[1]])\n"
)


def next_times(line: str, start: str, count: int = 4) -> list[str]:
    trigger = parse_cron(line)
    now = datetime.fromisoformat(start).astimezone()
    times: list[str] = []
    previous = None
    for _ in range(count):
        previous = trigger.get_next_fire_time(previous, now)
        times.append(f"{previous:%a %d %b %H:%M}")
        now = previous + timedelta(seconds=1)
    return times


@pytest.mark.parametrize("line", ["0 3 * * 0", "0 3 * * 7", "0 3 * * sun", "0 3 * * SUN"])
def test_sunday_is_0_and_7_as_cron_counts(line: str) -> None:
    # 1 November 2026 is a Sunday.
    assert next_times(line, "2026-11-02T00:00", 2) == ["Sun 08 Nov 03:00", "Sun 15 Nov 03:00"]


@pytest.mark.parametrize(
    ("weekday", "days"),
    [
        ("1-5", "Mon Tue Wed Thu Fri"),
        ("5-7", "Fri Sat Sun"),
        ("sun-tue", "Mon Tue Sun"),
        ("*/2", "Tue Thu Sat Sun"),
        ("1,3,7", "Mon Wed Sun"),
        ("2-6/2", "Tue Thu Sat"),
    ],
)
def test_weekdays_are_those_of_cron(weekday: str, days: str) -> None:
    found = next_times(f"0 0 * * {weekday}", "2026-11-02T00:00", len(days.split()))
    assert [each.split()[0] for each in found] == days.split()


def test_a_day_and_a_weekday_together_mean_either_as_in_cron() -> None:
    assert next_times("0 3 10 * mon", "2026-11-02T00:00") == [
        "Mon 02 Nov 03:00", "Mon 09 Nov 03:00", "Tue 10 Nov 03:00", "Mon 16 Nov 03:00",
    ]  # fmt: skip


def test_minutes_hours_and_months_are_read_with_steps_ranges_and_names() -> None:
    assert next_times("*/20 8-9 1 jan,Jul *", "2026-11-02T00:00", 7) == [
        "Fri 01 Jan 08:00", "Fri 01 Jan 08:20", "Fri 01 Jan 08:40", "Fri 01 Jan 09:00", "Fri 01 Jan 09:20",
        "Fri 01 Jan 09:40", "Thu 01 Jul 08:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "needs five fields .* has 0"),
        ("0 3 * *", "needs five fields .* has 4"),
        ("0 3 * * * *", "needs five fields .* has 6"),
        ("60 3 * * *", '"60" is no minute. It may hold 0 to 59'),
        ("0 24 * * *", '"24" is no hour'),
        ("0 3 0 * *", '"0" is no day'),
        ("0 3 * 13 *", '"13" is no month. It may hold 1 to 12 or jan to dec'),
        ("0 3 * * 8", '"8" is no weekday'),
        ("0 3 * * fri-mon", '"fri-mon" is no weekday'),
        ("*/0 3 * * *", r'"\*/0" is no minute'),
        ("0 3 last * *", '"last" is no day'),
        ("1,,2 3 * * *", '"" is no minute'),
        ("٣ 3 * * *", '"٣" is no minute'),
        ("0 3 30 2 *", "its day never comes"),
    ],
)
def test_a_line_that_is_no_schedule_is_refused_with_the_reason(line: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_cron(line)


@given(st.text(alphabet="0123456789*/-, asunmojx", max_size=20))
def test_no_line_fails_in_any_other_way(line: str) -> None:
    with contextlib.suppress(ValueError):
        parse_cron(line)


def test_a_wrong_line_ends_the_program_with_status_2_and_one_sentence() -> None:
    command = [sys.executable, "-m", "indexer.schedule", "--cron", "0 25 * * *", "--", "corpus"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert '"25" is no hour' in done.stderr
    assert "Traceback" not in done.stderr


def test_what_a_build_says_and_how_it_ended_goes_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        Rebuild(
            [sys.executable, "-c", "import sys; print('5 added'); print('trouble', file=sys.stderr); sys.exit(1)"]
        ).run()
    assert sorted(record.message for record in caplog.records) == [
        "5 added", "The rebuild ended with status 1", "The rebuild starts", "trouble",
    ]  # fmt: skip
    assert caplog.records[-1].levelname == "ERROR"


def test_a_build_that_cannot_start_does_not_end_the_schedule(caplog: pytest.LogCaptureFixture) -> None:
    Rebuild(["/nowhere/handlist"]).run()
    assert "could not be started" in caplog.text


def test_no_build_starts_after_the_end(tmp_path: Path) -> None:
    rebuild = Rebuild([sys.executable, "-c", f"open({str(tmp_path / 'built')!r}, 'w')"])
    rebuild.end()
    rebuild.run()
    assert not (tmp_path / "built").exists()


@contextmanager
def keeper(code: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a schedule that is due at once and runs this code."""
    process = subprocess.Popen([sys.executable, "-c", KEEPER, code], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    with process:
        try:
            yield process
        finally:
            process.kill()


def appears(path: Path) -> bool:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if path.exists() and path.read_text(encoding="utf-8"):
            return True
        time.sleep(0.02)
    return False


def build(folder: Path) -> str:
    """Return the code of a build that runs until it is told to end, and then notes that it could tidy up."""
    return (
        "import os, pathlib, signal, sys, time\n"
        f"folder = pathlib.Path({str(folder)!r})\n"
        "def end(*_): (folder / 'tidied').write_text('yes'); sys.exit(1)\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "(folder / 'pid').write_text(str(os.getpid()))\n"
        "time.sleep(60)\n"
    )


@pytest.mark.parametrize("how", ["the server is gone", "SIGTERM"])
def test_the_schedule_ends_with_its_server_and_ends_a_running_build_cleanly(tmp_path: Path, how: str) -> None:
    with keeper(build(tmp_path)) as process:
        assert appears(tmp_path / "pid")
        if how == "SIGTERM":
            process.send_signal(signal.SIGTERM)
        else:
            assert process.stdin is not None
            process.stdin.close()
        assert process.wait(20) == 0
    assert (tmp_path / "tidied").exists()
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text(encoding="utf-8")), 0)
