"""No file can hurt: limits, hostile and damaged files, and what happens when the process that reads one dies."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from indexer.extract import Context, ExtractionPool, Tools
from indexer.index.schema import Extraction, Locator, Page, Status
from indexer.limits import Limits
from tests.extraction import Read, pdf

MAIN = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{MAIN}" Target="word/document.xml"/></Relationships>'
)


def read_with(path: Path, limits: Limits) -> Extraction:
    with ExtractionPool(1, Context(limits)) as pool:
        return pool.extract(path)


def word(path: Path, document: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", RELS)
        archive.writestr("word/document.xml", document)
    return path


def text(path: Path, content: str = "plain words") -> Path:
    path.write_text(content)
    return path


def thick_pdf(path: Path) -> Path:
    """Write a small file of 20,000 pages, all of the same 100 lines: more than a minute of work."""
    lines = b"".join(b"(The same words on every page, line by line) Tj T*\n" for _ in range(100))
    stream = b"BT /F1 6 Tf 7 TL 10 780 Td\n" + lines + b"ET"
    page = b"<</Type/Page/Parent 2 0 R/Contents 3 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F1 4 0 R>>>>>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 20000/Kids[" + b" ".join(b"%d 0 R" % (5 + n) for n in range(20_000)) + b"]>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *[page] * 20_000,
    ]
    body = b"".join(b"%d 0 obj%s\nendobj\n" % (number, data) for number, data in enumerate(objects, start=1))
    path.write_bytes(b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF")
    return path


def children() -> set[int]:
    """Return the processes that this thread has started and that still run."""
    return set(map(int, Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split()))


# Files that are not there, not files, or refused by their size


def test_a_missing_file_is_missing(tmp_path: Path, read: Read) -> None:
    assert read(tmp_path / "a.pdf") == Extraction(Status.MISSING, "pdf", reason="There is no such file.")


def test_a_file_that_cannot_be_opened_says_why(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.pdf").symlink_to(tmp_path / "a.pdf")
    extraction = read(tmp_path / "a.pdf")
    assert extraction.status is Status.UNREADABLE
    assert "symbolic links" in extraction.reason


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_permission_says_so(tmp_path: Path, read: Read) -> None:
    text(tmp_path / "a.txt").chmod(0)
    extraction = read(tmp_path / "a.txt")
    assert extraction.status is Status.DAMAGED
    assert "Permission denied" in extraction.reason


def test_a_pipe_or_a_folder_is_not_waited_for(tmp_path: Path, read: Read) -> None:
    os.mkfifo(tmp_path / "a.pdf")
    (tmp_path / "b.pdf").mkdir()
    assert {read(tmp_path / name).status for name in ("a.pdf", "b.pdf")} == {Status.UNSUPPORTED}


def test_an_empty_file_holds_no_text(tmp_path: Path, read: Read) -> None:
    assert read(text(tmp_path / "a.pdf", "")) == Extraction(Status.NO_TEXT, "pdf", reason="The file is empty.")


def test_a_file_over_the_size_limit_is_not_opened(tmp_path: Path) -> None:
    with (tmp_path / "a.pdf").open("wb") as stream:
        stream.truncate(1001)
    extraction = read_with(tmp_path / "a.pdf", Limits(file_bytes=1000))
    assert extraction.status is Status.TOO_LARGE
    assert "1,001 bytes" in extraction.reason


def test_a_file_name_that_is_no_unicode_is_read(tmp_path: Path, read: Read) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.txt")
    assert read(text(path)).pages == (Page(Locator(), "plain words"),)


# Nothing is cut in silence


def test_text_over_the_limit_is_cut_and_the_rest_is_counted(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", "one word.", "two words", "and three", "then four")
    extraction = read_with(path, Limits(characters=12))
    assert [page.text for page in extraction.pages] == ["one word.", "two"]
    assert extraction.status is Status.CUT
    assert extraction.reason == (
        "Only its first 12 characters are searched; 24 more (2 whole pages among them) were left out."
    )
    assert (extraction.characters, extraction.characters_left_out) == (12, 24)


def test_pages_over_the_limit_are_cut(tmp_path: Path) -> None:
    extraction = read_with(pdf(tmp_path / "a.pdf", "one", "two", "three", "four"), Limits(pages=2))
    assert (len(extraction.pages), extraction.status) == (2, Status.CUT)
    assert "first 2 pages" in extraction.reason


def test_a_text_file_over_the_limit_says_how_much_was_not_read(tmp_path: Path) -> None:
    extraction = read_with(text(tmp_path / "a.txt", "é" * 100), Limits(characters=10))
    assert extraction.pages == (Page(Locator(), "é" * 10),)
    assert extraction.status is Status.CUT
    assert extraction.reason == "Only its first 10 characters are searched; 90 more were left out."
    assert extraction.characters_left_out == 90


# Containers that would unpack into a flood


def test_a_zip_bomb_is_refused_without_unpacking_it(tmp_path: Path, read: Read) -> None:
    path = word(tmp_path / "a.docx", "<w>" + " " * 50_000_000 + "</w>")
    assert path.stat().st_size < 100_000
    extraction = read(path)
    assert extraction.status is Status.TOO_LARGE
    assert "zip bomb" in extraction.reason


def test_a_container_of_too_many_parts_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for number in range(20):
            archive.writestr(f"word/{number}", "")
    extraction = read_with(tmp_path / "a.docx", Limits(members=20))
    assert (extraction.status, extraction.reason) == (Status.TOO_LARGE, "It holds 21 parts; at most 20 are read.")


# The clock, the memory, and processes that die


def test_a_file_that_takes_too_long_is_ended_and_what_was_read_is_kept(tmp_path: Path) -> None:
    path = thick_pdf(tmp_path / "a.pdf")
    with ExtractionPool(1, Context(Limits(seconds=1.5))) as pool:
        extraction = pool.extract(path)
        assert extraction.status is Status.TIMED_OUT
        assert extraction.format == "pdf"
        assert "1.5 seconds" in extraction.reason
        assert "The same words" in extraction.pages[0].text
        assert pool.extract(text(tmp_path / "b.txt")).pages == (Page(Locator(), "plain words"),)


def test_a_file_that_takes_too_much_of_the_processor_is_ended(tmp_path: Path) -> None:
    extraction = read_with(thick_pdf(tmp_path / "a.pdf"), Limits(cpu_seconds=0))
    assert extraction.status is Status.TIMED_OUT
    assert "0 seconds of the processor" in extraction.reason


def test_a_file_that_needs_too_much_memory_is_too_large_and_the_next_one_is_read(tmp_path: Path) -> None:
    # A picture has to be in memory as a whole for Tesseract, be it there or not.
    with (tmp_path / "a.png").open("wb") as greedy:
        greedy.write(b"\x89PNG\r\n\x1a\n")
        greedy.truncate(190 << 20)
    tools = Tools(tesseract="/nowhere/tesseract", ocr_languages="eng")
    with ExtractionPool(1, Context(Limits(memory_bytes=200 << 20), tools)) as pool:
        extraction = pool.extract(tmp_path / "a.png")
        assert extraction.status is Status.TOO_LARGE
        assert "200 MiB of memory" in extraction.reason
        assert pool.extract(text(tmp_path / "b.txt")).status is Status.OK


def test_a_process_is_used_for_one_file_after_the_other(tmp_path: Path) -> None:
    others = children()
    with ExtractionPool(1) as pool:
        pool.extract(text(tmp_path / "a.txt"))
        first = children() - others
        pool.extract(tmp_path / "a.txt")
        assert children() - others == first
        assert len(first) == 1
    assert children() == others


@pytest.mark.parametrize(
    ("number", "status", "reason"),
    [
        # Not the file's fault: what is unreadable is read again by the next build.
        (signal.SIGKILL, Status.UNREADABLE, "The process that read it was ended (Killed); the next build reads it"),
        (signal.SIGSEGV, Status.DAMAGED, "The process that read it broke down (Segmentation fault)."),
        (signal.SIGABRT, Status.TOO_LARGE, "Reading it most likely takes more than 512 MiB of memory."),
    ],
)
def test_a_process_that_dies_costs_the_file_it_was_reading_and_no_other(
    tmp_path: Path, number: signal.Signals, status: Status, reason: str
) -> None:
    path = thick_pdf(tmp_path / "a.pdf")
    others = children()
    with ExtractionPool(1) as pool:
        pool.extract(text(tmp_path / "b.txt"))
        (worker,) = children() - others
        with ThreadPoolExecutor(1) as thread:
            reading = thread.submit(pool.extract, path)
            # Once it uses the processor it reads, and this file keeps it busy for long.
            used = processor_ticks(worker)
            while processor_ticks(worker) < used + 3:
                time.sleep(0.001)
            os.kill(worker, number)
            extraction = reading.result()
        assert extraction.status is status
        assert extraction.reason.startswith(reason)
        assert pool.extract(tmp_path / "b.txt").status is Status.OK


def processor_ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def test_a_process_that_died_between_two_files_is_not_noticed(tmp_path: Path) -> None:
    others = children()
    with ExtractionPool(1) as pool:
        pool.extract(text(tmp_path / "a.txt"))
        (worker,) = children() - others
        os.kill(worker, signal.SIGKILL)
        os.waitid(os.P_PID, worker, os.WEXITED | os.WNOWAIT)
        assert pool.extract(tmp_path / "a.txt").status is Status.OK


def test_a_large_parent_does_not_make_its_workers_look_worn(tmp_path: Path) -> None:
    ballast = bytearray(os.urandom(1 << 20) * 150)
    others = children()
    with ExtractionPool(1, Context(Limits(memory_bytes=200 << 20))) as pool:
        pool.extract(text(tmp_path / "a.txt"))
        assert len(children() - others) == 1
    assert len(ballast) == 150 << 20


def test_as_many_threads_as_workers_read_at_once(tmp_path: Path) -> None:
    paths = [text(tmp_path / f"{number}.txt", f"number {number}") for number in range(40)]
    with ExtractionPool(2) as pool, ThreadPoolExecutor(4) as threads:
        assert [e.pages[0].text for e in threads.map(pool.extract, paths)] == [f"number {n}" for n in range(40)]


def test_closing_the_pool_ends_a_call_that_still_reads(tmp_path: Path) -> None:
    path = thick_pdf(tmp_path / "a.pdf")
    with ThreadPoolExecutor(2) as threads:
        pool = ExtractionPool(1)
        calls = [threads.submit(pool.extract, path) for _ in range(2)]
        pool.close()
        for call in calls:
            with pytest.raises(RuntimeError, match="closed"):
                call.result(timeout=10)


def test_a_process_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib\nfrom indexer.extract import ExtractionPool\npool = ExtractionPool(1)\n"
        "pool.extract(pathlib.Path(sys.argv[1]))\nprint('read', flush=True)\nsys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, str(text(tmp_path / "a.txt"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == "read\n"
        listed = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text()
        worker = os.pidfd_open(int(listed))
        parent.kill()
        ended, _, _ = select.select([worker], [], [], 10)
    os.close(worker)
    assert ended


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it ends with its next page")
def test_a_process_that_is_busy_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib, threading\nfrom indexer.extract import ExtractionPool\npool = ExtractionPool(1)\n"
        "pool.extract(pathlib.Path(sys.argv[1]))\nprint('read', flush=True)\npool.extract(pathlib.Path(sys.argv[2]))\n"
    )
    # Ten million characters without a page in between: for seconds it neither writes nor reads.
    busy = text(tmp_path / "b.txt", "a\u0301\n" * 5_000_000)
    command = [sys.executable, "-c", script, str(text(tmp_path / "a.txt")), str(busy)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == "read\n"
        number = int(Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text())
        worker = os.pidfd_open(number)
        used = processor_ticks(number)
        while processor_ticks(number) < used + 10:
            time.sleep(0.001)
        parent.kill()
        began = time.monotonic()
        ended, _, _ = select.select([worker], [], [], 10)
    os.close(worker)
    assert ended
    assert time.monotonic() - began < 0.5


def test_a_process_outlives_the_thread_that_started_it(tmp_path: Path) -> None:
    others = set(processes_of_this_process())
    with ExtractionPool(1) as pool:
        for _ in range(3):
            with ThreadPoolExecutor(1) as thread:
                assert thread.submit(pool.extract, text(tmp_path / "a.txt")).result().status is Status.OK
            assert len(set(processes_of_this_process()) - others) == 1


def processes_of_this_process() -> list[int]:
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(number) for task in tasks for number in task.read_text().split()]


def test_the_process_that_reads_has_given_up_what_it_does_not_need(tmp_path: Path) -> None:
    others = children()
    with ExtractionPool(1, Context(Limits(memory_bytes=1 << 29))) as pool:
        pool.extract(text(tmp_path / "a.txt"))
        (worker,) = children() - others
        listed = Path(f"/proc/{worker}/limits").read_text()
        assert os.getsid(worker) == worker
        environment = Path(f"/proc/{worker}/environ").read_text()
    limits = {line[:26].strip(): line[26:].split()[0] for line in listed.splitlines()}
    assert limits["Max address space"] == str(1 << 29)
    assert (limits["Max file size"], limits["Max core file size"], limits["Max open files"]) == ("0", "0", "64")
    assert limits["Max cpu time"] != "unlimited"
    assert "HOME=" not in environment
