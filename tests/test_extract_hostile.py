"""Files made to hurt, read as a build reads them: each ends in a status, in time and within its memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from indexer.extract import Context, ExtractionPool
from indexer.index.schema import Extraction, Status
from indexer.limits import Limits
from tests import hostile_files
from tests.extraction import Read
from tests.hostile_files import FORBIDDEN, NEEDLE, Hostile, sound

LIMITS = Limits(seconds=2, cpu_seconds=2, characters=1_000_000)
GRACE = 3.0
"""Seconds beyond the limit that a busy machine may need to notice it."""

PARENT_GROWTH = 20 << 20
"""Bytes that reading a file may cost the process that asks for it."""

POINTS = 50


@pytest.fixture(scope="module")
def guarded() -> Iterator[Read]:
    """Read files with small limits, one after the other."""
    with ExtractionPool(1, Context(LIMITS)) as pool:
        yield pool.extract


def memory(name: str, process: str = "self") -> int:
    """Return a figure of a process's memory in bytes; 0 if the process has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith(name)), 0)


def children() -> list[str]:
    return Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split()


def judge(file: Hostile, extraction: Extraction) -> None:
    assert extraction.status in file.statuses, extraction.reason
    assert extraction.reason or extraction.status is Status.OK
    assert extraction.seconds < LIMITS.seconds + GRACE
    assert not any(words in page.text for page in extraction.pages for words in FORBIDDEN)
    # What goes on to the index can be written there.
    "".join((extraction.reason, *(page.text + page.locator.label for page in extraction.pages))).encode()


def read_all(files: Iterable[Hostile], folder: Path, read: Read) -> int:
    """Read files and judge how each ended; return how many there were."""
    count = 0
    for file in files:
        path = folder / file.name
        path.write_bytes(file.content)
        # The highest mark is forgotten, so that what is read below was reached while this file was read.
        Path("/proc/self/clear_refs").write_text("5")
        before = memory("VmRSS")
        try:
            judge(file, read(path))
            assert memory("VmHWM") - before < PARENT_GROWTH
            assert all(memory("VmHWM", child) < LIMITS.memory_bytes for child in children())
        except AssertionError as error:
            raise AssertionError(f"{file.wrong}: {file.name}: {error}") from error
        count += 1
    return count


def truncated() -> Iterator[Hostile]:
    return hostile_files.truncated(POINTS)


@pytest.mark.parametrize(
    "files",
    [
        truncated,
        hostile_files.random_behind_header,
        hostile_files.nothing_but_zeros,
        hostile_files.encrypted,
        hostile_files.with_entities,
        hostile_files.bombs,
        hostile_files.lying_containers,
        hostile_files.other_than_named,
        hostile_files.bad_names,
        hostile_files.deep,
        hostile_files.pdfs,
        hostile_files.sheets,
        hostile_files.pictures,
        hostile_files.texts,
    ],
)
def test_no_file_made_to_hurt_does(files: Callable[[], Iterator[Hostile]], tmp_path: Path, guarded: Read) -> None:
    assert read_all(files(), tmp_path, guarded)


@pytest.mark.parametrize("suffix", sorted(set(sound()) - {"png"}))
def test_the_sound_files_that_the_hostile_ones_are_made_of_are_read(suffix: str, tmp_path: Path, guarded: Read) -> None:
    (tmp_path / f"a.{suffix}").write_bytes(sound()[suffix])
    extraction = guarded(tmp_path / f"a.{suffix}")
    assert (extraction.status, extraction.reason) == (Status.OK, "")
    assert any(NEEDLE in page.text for page in extraction.pages)


@pytest.mark.parametrize("suffix", sorted(set(sound()) - {"md", "csv", "txt"}))
def test_a_file_under_a_wrong_name_is_read_as_what_it_is(suffix: str, tmp_path: Path, guarded: Read) -> None:
    (tmp_path / f"a.{suffix}").write_bytes(sound()[suffix])
    right = guarded(tmp_path / f"a.{suffix}")
    for other in [*sound(), "doc", "jpg", "unknown"]:
        (tmp_path / f"b.{other}").write_bytes(sound()[suffix])
        assert guarded(tmp_path / f"b.{other}") == right
