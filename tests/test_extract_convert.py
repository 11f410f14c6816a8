from __future__ import annotations

import errno
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import tracemalloc
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest

from indexer.extract import Context, ExtractionPool, Tools, confined, libreoffice
from indexer.extract.tools import find_tools
from indexer.index.schema import Extraction, Page, Status, Unit
from indexer.limits import Limits
from tests.extraction import word

SOFFICE = find_tools([]).soffice
needs_libreoffice = pytest.mark.skipif(not SOFFICE, reason="the Debian package libreoffice is missing")
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
OLD = OLE + bytes(24) + "WordDocument".encode("utf-16-le") + bytes.fromhex("eca5")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which temporary files are made during the test, and nothing else."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def fake(folder: Path, script: str) -> Tools:
    """Return tools whose LibreOffice is a script that runs in the folder where the file to be converted lies."""
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return Tools(soffice=str(path))


def converting(folder: Path, script: str = "") -> Tools:
    """Return tools whose LibreOffice gives the same document for every file, after a script of the test."""
    new = word(folder / "new.docx", "<w:p><w:r><w:t>converted words</w:t></w:r></w:p>")
    return fake(folder, f"{script}\nmkdir -p out && cp {new} out/file.docx")


def old(path: Path) -> Path:
    path.write_bytes(OLD)
    return path


def read(path: Path, tools: Tools, limits: Limits | None = None) -> Extraction:
    with ExtractionPool(1, Context(limits or Limits(), tools)) as pool:
        return pool.extract(path)


# With the real LibreOffice


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder with one old file of each kind, made from new ones by LibreOffice."""
    folder = tmp_path_factory.mktemp("office")
    document = docx.Document()
    document.add_paragraph("An old letter")
    document.save(str(folder / "a.docx"))
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Costs"
    book.worksheets[0].append(["paper", 12])
    book.save(folder / "a.xlsx")
    show = pptx.Presentation()
    show.slides.add_slide(show.slide_layouts[5]).shapes.title.text = "An old slide"
    show.save(str(folder / "a.pptx"))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for new, name in (("docx", "doc"), ("xlsx", "xls"), ("pptx", "ppt")):
        command = [
            SOFFICE,
            profile,
            "--headless",
            "--convert-to",
            name,
            "--outdir",
            str(folder),
            str(folder / f"a.{new}"),
        ]
        subprocess.run(command, capture_output=True, timeout=120)
    yield folder
    shutil.rmtree(folder)


@needs_libreoffice
def test_old_office_files_are_read_as_what_they_are(office: Path, temporary: Path) -> None:
    with ExtractionPool(1, Context(tools=Tools(soffice=SOFFICE))) as pool:
        letter, book, show = (pool.extract(office / f"a.{name}") for name in ("doc", "xls", "ppt"))
        damaged = office / "damaged.doc"
        damaged.write_bytes((office / "a.doc").read_bytes()[:6000])
        failed = pool.extract(damaged)
    assert [(e.status, e.format, e.reason) for e in (letter, book, show)] == [
        (Status.OK, "doc", ""),
        (Status.OK, "xls", ""),
        (Status.OK, "ppt", ""),
    ]
    assert letter.pages[0].text == "An old letter"
    assert (book.pages[0].locator.unit, book.pages[0].locator.label) == (Unit.SHEET, "Costs")
    assert "An old slide" in show.pages[0].text
    assert (failed.status, failed.format) == (Status.DAMAGED, "doc")
    assert failed.reason == "LibreOffice can make nothing of it."
    assert list(temporary.iterdir()) == []


# With a LibreOffice that is a script


def test_without_libreoffice_an_old_file_says_what_would_help(tmp_path: Path) -> None:
    extraction = read(old(tmp_path / "a.doc"), Tools())
    assert (extraction.status, extraction.format, extraction.lacks) == (Status.UNSUPPORTED, "doc", "libreoffice")


def test_what_was_converted_is_read_and_nothing_is_left_behind(tmp_path: Path, temporary: Path) -> None:
    extraction = read(old(tmp_path / "a.doc"), converting(tmp_path))
    assert (extraction.status, extraction.format, extraction.lacks) == (Status.OK, "doc", "")
    assert [page.text for page in extraction.pages] == ["converted words"]
    assert list(temporary.iterdir()) == []


def test_only_a_copy_is_given_to_libreoffice_whatever_the_file_is_called(tmp_path: Path) -> None:
    path = old(tmp_path / os.fsdecode(b"-\xe9 %s\n,.doc"))
    tools = converting(tmp_path, f'printf "%s\\n" "$@" > {tmp_path}/arguments; printf more >> file.doc')
    assert read(path, tools).status is Status.OK
    arguments = (tmp_path / "arguments").read_text().splitlines()
    assert Path(arguments[-1]).name == "file.doc"
    assert Path(arguments[-1]).parent != tmp_path
    assert "--infilter=MS Word 97" in arguments
    assert path.read_bytes() == OLD


def test_a_file_from_before_1997_is_given_to_the_older_reader(tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_bytes(OLD.removesuffix(bytes.fromhex("eca5")))
    tools = converting(tmp_path, f'printf "%s\\n" "$@" > {tmp_path}/arguments')
    assert read(tmp_path / "a.doc", tools).status is Status.OK
    assert "--infilter=MS WinWord 6.0" in (tmp_path / "arguments").read_text()


def test_profiles_are_used_again_but_not_after_a_failure_and_forbid_macros(tmp_path: Path) -> None:
    # A file that is longer is one that this LibreOffice cannot convert.
    script = f'echo "$1" >> {tmp_path}/profiles; cat "$HOME"/profile/user/*.xcu > {tmp_path}/settings'
    tools = converting(tmp_path, f"{script}; test $(wc -c < file.doc) -lt 100 || exit 1")
    bad = tmp_path / "bad.doc"
    bad.write_bytes(OLD + bytes(100))
    with ExtractionPool(1, Context(tools=tools)) as pool:
        statuses = [pool.extract(path).status for path in (old(tmp_path / "a.doc"), tmp_path / "a.doc", bad, bad)]
    assert statuses == [Status.OK, Status.OK, Status.DAMAGED, Status.DAMAGED]
    first, second, third, fourth = (tmp_path / "profiles").read_text().splitlines()
    assert first == second == third != fourth
    assert '"DisableMacrosExecution" oor:op="fuse"><value>true' in (tmp_path / "settings").read_text()


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("a.doc", bytes(56) + bytes.fromhex("eca5") + bytes(9) + b"\1", Status.ENCRYPTED),
        ("a.doc", bytes(56) + bytes.fromhex("eca5") + bytes(9) + b"\0", Status.DAMAGED),
        ("a.doc", bytes(50) + bytes.fromhex("eca5") + bytes(9) + b"\1", Status.DAMAGED),
        ("a.doc", bytes(56) + bytes.fromhex("eca5"), Status.DAMAGED),
        ("a.xls", bytes(56) + bytes.fromhex("0908 1000 0006 0500") + bytes(12) + b"\x2f\0", Status.ENCRYPTED),
        ("a.xls", bytes(56) + bytes.fromhex("0908 1000 0006 0500") + bytes(12) + b"\x42\0", Status.DAMAGED),
        ("a.ppt", "EncryptedSummary".encode("utf-16-le"), Status.ENCRYPTED),
        ("a.ppt", b"damaged", Status.DAMAGED),
    ],
)
def test_a_file_that_cannot_be_converted_is_protected_or_damaged(
    tmp_path: Path, name: str, content: bytes, status: Status
) -> None:
    (tmp_path / name).write_bytes(OLE + content)
    extraction = read(tmp_path / name, fake(tmp_path, "exit 0"))
    assert (extraction.status, extraction.format, extraction.pages) == (status, name[2:], ())
    assert extraction.reason


def test_no_two_threads_share_a_profile(tmp_path: Path) -> None:
    # Each waits for the other, so both run at once.
    for name in ("1", "2"):
        os.mkfifo(tmp_path / name)
        (tmp_path / f"{name}.doc").write_bytes(OLD + name.encode())
    first, second = (f"echo > {tmp_path}/1; cat {tmp_path}/2", f"cat {tmp_path}/1; echo > {tmp_path}/2")
    meet = f"if grep -q 2$ file.doc; then {first}; else {second}; fi"
    tools = converting(tmp_path, f'{meet} > met; echo "$1" >> {tmp_path}/profiles')
    with ExtractionPool(2, Context(tools=tools)) as pool, ThreadPoolExecutor(2) as threads:
        extractions = list(threads.map(pool.extract, [tmp_path / "1.doc", tmp_path / "2.doc"]))
    assert [extraction.status for extraction in extractions] == [Status.OK, Status.OK]
    assert len(set((tmp_path / "profiles").read_text().splitlines())) == 2


def test_a_conversion_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path, temporary: Path) -> None:
    os.mkfifo(tmp_path / "alive")
    tools = fake(tmp_path, f"(exec > {tmp_path}/alive; while :; do :; done) & while :; do :; done")
    reader = os.open(tmp_path / "alive", os.O_RDONLY | os.O_NONBLOCK)
    extraction = read(old(tmp_path / "a.doc"), tools, Limits(convert_seconds=0.5))
    assert (extraction.status, extraction.format) == (Status.TIMED_OUT, "doc")
    assert extraction.reason == "LibreOffice took longer than 0.5 seconds to convert it."
    arrival = select.poll()
    arrival.register(reader)
    # Nobody writes any more.
    assert arrival.poll(10_000)[0][1] & select.POLLHUP
    os.close(reader)
    assert list(temporary.iterdir()) == []


def test_what_a_conversion_leaves_running_is_ended_with_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "alive")
    reader = os.open(tmp_path / "alive", os.O_RDONLY | os.O_NONBLOCK)
    tools = converting(tmp_path, f"(exec > {tmp_path}/alive; while :; do :; done) &")
    assert read(old(tmp_path / "a.doc"), tools).status is Status.OK
    arrival = select.poll()
    arrival.register(reader)
    assert arrival.poll(10_000)[0][1] & select.POLLHUP
    os.close(reader)


def test_a_libreoffice_that_does_not_start_is_not_the_fault_of_the_file(tmp_path: Path) -> None:
    extraction = read(old(tmp_path / "a.doc"), fake(tmp_path, "exit 127"))
    assert (extraction.status, extraction.format) == (Status.UNREADABLE, "doc")
    assert extraction.reason == "LibreOffice does not start; the next build tries again."


def test_a_conversion_that_writes_without_end_is_stopped(tmp_path: Path) -> None:
    tools = fake(tmp_path, "mkdir out; exec cat /dev/zero > out/file.docx")
    extraction = read(old(tmp_path / "a.doc"), tools, Limits(file_bytes=1 << 20))
    assert (extraction.status, extraction.format) == (Status.DAMAGED, "doc")
    assert extraction.pages == ()


def test_a_full_disk_is_not_the_fault_of_the_file_and_the_pool_can_be_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_folder: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(libreoffice, "new_room", full)
    extraction = read(old(tmp_path / "a.doc"), converting(tmp_path))
    assert (extraction.status, extraction.format) == (Status.UNREADABLE, "doc")
    assert extraction.reason == "It could not be converted (No space left on device); the next build tries again."


def test_a_program_that_cannot_be_started_converts_nothing(tmp_path: Path) -> None:
    assert read(old(tmp_path / "a.doc"), Tools(soffice="/nowhere/soffice")).status is Status.DAMAGED


def test_closing_the_pool_ends_a_conversion_and_removes_what_it_wrote(tmp_path: Path, temporary: Path) -> None:
    os.mkfifo(tmp_path / "started")
    tools = fake(tmp_path, f"echo > {tmp_path}/started; while :; do :; done")
    with ThreadPoolExecutor(1) as thread:
        pool = ExtractionPool(1, Context(tools=tools))
        call = thread.submit(pool.extract, old(tmp_path / "a.doc"))
        (tmp_path / "started").read_text()
        pool.close()
        with pytest.raises(RuntimeError, match="closed"):
            call.result(timeout=10)
    assert list(temporary.iterdir()) == []


def test_a_conversion_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "started")
    tools = fake(tmp_path, f"echo $$ > {tmp_path}/started; while :; do :; done")
    script = (
        "import sys, pathlib\nfrom indexer.extract import Context, ExtractionPool, Tools\n"
        "ExtractionPool(1, Context(tools=Tools(soffice=sys.argv[2]))).extract(pathlib.Path(sys.argv[1]))\n"
    )
    command = [sys.executable, "-c", script, str(old(tmp_path / "a.doc")), tools.soffice]
    with subprocess.Popen(command, env=os.environ | {"TMPDIR": str(tmp_path)}) as parent:
        converting_process = os.pidfd_open(int((tmp_path / "started").read_text()))
        parent.kill()
        assert select.select([converting_process], [], [], 10)[0]
    os.close(converting_process)


def test_what_converts_has_given_up_what_it_does_not_need(tmp_path: Path) -> None:
    tools = converting(tmp_path, f"cat /proc/self/limits > {tmp_path}/limits; env > {tmp_path}/environment")
    limits = Limits(memory_bytes=1 << 29, convert_seconds=30, file_bytes=5_000_000)
    assert read(old(tmp_path / "a.doc"), tools, limits).status is Status.OK
    lines = (tmp_path / "limits").read_text().splitlines()
    most = {line[:26].strip(): line[26:].split()[0] for line in lines}
    assert most["Max address space"] == str((512 + 320) << 20)
    assert (most["Max file size"], most["Max cpu time"]) == ("5000000", "31")
    assert (most["Max core file size"], most["Max open files"]) == ("0", "128")
    environment = (tmp_path / "environment").read_text().splitlines()
    assert {line.partition("=")[0] for line in environment} <= {
        "HOME",
        "TMPDIR",
        "PATH",
        "LC_ALL",
        "PWD",
        "_",
        "OLDPWD",
    }
    assert f"HOME={os.environ.get('HOME')}" not in environment


def allows_namespaces() -> bool:
    script = "from indexer.extract.confined import leave_network\nraise SystemExit(not leave_network())"
    return subprocess.run([sys.executable, "-c", script]).returncode == 0


@pytest.mark.skipif(not allows_namespaces(), reason="this system lets no user have a network namespace of his own")
def test_what_converts_reaches_no_network_and_is_still_its_user() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        asked = (
            f"import socket, os\nprint(os.getuid())\nsocket.create_connection(('127.0.0.1', {server.getsockname()[1]}))"
        )
        reader, lifeline = os.pipe()
        command = [sys.executable, confined.__file__, str(reader), "{}", sys.executable, "-c", asked]
        ended = subprocess.run(
            command, pass_fds=(reader,), capture_output=True, text=True, start_new_session=True, timeout=60
        )
    os.close(reader)
    os.close(lifeline)
    assert "Network is unreachable" in ended.stderr
    assert ended.stdout == f"{os.getuid()}\n"


def test_a_file_that_is_converted_with_the_network_at_hand_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Path(confined.__file__).read_text()
    script = tmp_path / "confined.py"
    script.write_text(source.replace("\nif __name__", "\nleave_network = lambda: False\nif __name__"))
    monkeypatch.setattr(confined, "__file__", str(script))
    extraction = read(old(tmp_path / "a.doc"), converting(tmp_path))
    assert extraction.status is Status.OK
    assert "had access to the network" in extraction.reason


def test_a_large_file_is_searched_for_its_marks_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "a.doc"
    header = bytes.fromhex("eca5") + bytes(9) + b"\1"
    for start in (3 * (1 << 20) - 64, 3 << 20, (3 << 20) - 1):
        with path.open("wb") as file:
            file.truncate(20 << 20)
            file.seek(start)
            file.write(header)
        tracemalloc.start()
        try:
            assert libreoffice.is_protected(path, "doc") is (start % 64 == 0)
            command = libreoffice.command("soffice", tmp_path, path)
            assert tracemalloc.get_traced_memory()[1] < 8 << 20
        finally:
            tracemalloc.stop()
        # A mark that two pieces share is found too.
        assert "--infilter=MS Word 97" in command


def test_old_files_inside_an_archive_are_not_converted(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.doc", OLD)
    extraction = read(tmp_path / "a.zip", converting(tmp_path))
    assert extraction.format == "zip"
    assert [page for page in extraction.pages if isinstance(page, Page) and page.text] == []
