from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests import published, web_sample
from webapp.config import Config
from webapp.server import _listen, serve

SERVE = (
    "import sys; from pathlib import Path\n"
    "from webapp import server; from webapp.config import Config; from webapp.server import RebuildPlan, serve\n"
    "server.STALLED_SECONDS = 1\n"
    "plan = RebuildPlan(sys.argv[2], ('corpus',)) if sys.argv[2] else None\n"
    "sys.exit(serve(Config(Path(sys.argv[1])), '127.0.0.1', 0, 2, 4, plan))\n"
)

COUNTING = (
    "import gc; from webapp import create_app, server\n"
    "def counting(config):\n"
    "    app = create_app(config)\n"
    "    app.add_url_rule('/frozen', view_func=lambda: str(gc.get_freeze_count()))\n"
    "    return app\n"
    "server.create_app = counting\n"
)
"""Makes a server say how many objects no collection of garbage looks at."""


@contextmanager
def server(index: Path, cron: str = "", before: str = "") -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """Start a real server on a free port; give the process, its first line and its address."""
    command = [sys.executable, "-c", before + SERVE, str(index), cron]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+", line)
            assert address, line + process.stdout.read()
            yield process, line.strip(), address[0]
        finally:
            process.terminate()
            process.wait(30)


def get(address: str) -> tuple[int, str]:
    try:
        with urlopen(address, timeout=20) as answer:  # noqa: S310  # the address of our own server
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()]


def runs(pid: int) -> bool:
    """Tell whether a process still runs; one that ended and was not collected yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").replace("\0", " ")
    except OSError:
        return ""


def test_a_server_without_an_index_says_so_and_takes_up_the_first_one_and_the_next(tmp_path: Path) -> None:
    index = tmp_path / "index"
    with server(index) as (_, line, address):
        assert "nothing to search yet" in line
        assert get(f"{address}/readyz")[0] == get(f"{address}/search")[0] == 503
        assert get(f"{address}/healthz")[0] == 200
        published.publish(index, web_sample.documents()[:1])
        for _ in range(10):
            assert json.loads(get(f"{address}/api/v1/search")[1])["total"] == 1
        published.publish(index, web_sample.documents()[1:2])
        for _ in range(10):
            assert json.loads(get(f"{address}/api/v1/search")[1])["total"] == 2


def test_a_server_greets_with_the_title_and_ends_when_it_is_told(tmp_path: Path) -> None:
    published.publish(tmp_path, web_sample.documents())
    with server(tmp_path) as (process, line, address):
        assert line == f'Handlist serves "Test library" at {address}'
        status, html = get(f"{address}/search?q=recruitment")
        assert status == 200
        assert "<mark>recruitment</mark>" in html
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert process.stdout is not None
        assert "Traceback" not in process.stdout.read()


def test_a_query_of_ten_thousand_characters_is_refused_with_the_reason_and_one_thousand_are_answered(
    tmp_path: Path,
) -> None:
    published.publish(tmp_path, web_sample.documents())
    with server(tmp_path) as (_, _, address):
        status, text = get(f"{address}/search?q={'x' * 10_000}")
        assert status == 400
        assert "q: it has 10,000 characters and may have 1,000; please shorten it." in text
        assert get(f"{address}/search?q={'%E5%9B%BE' * 1_000}")[0] == 200


def test_a_port_that_is_taken_is_named_with_the_way_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert serve(Config(tmp_path), "127.0.0.1", port, 1, 1, None) == 1
    assert capsys.readouterr().err == (
        f"Nothing can be served at http://127.0.0.1:{port}: address already in use. "
        "Stop what is running there, or choose another with --port.\n"
    )


def test_the_body_of_an_answer_does_not_wait_until_its_headers_are_acknowledged() -> None:
    with _listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_an_address_that_cannot_be_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert serve(Config(tmp_path), "127.0.0.1", 70_000, 1, 1, None) == 1
    assert "from 0 to 65535" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads the process tree from /proc")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_schedule_lives_in_a_process_of_its_own_and_ends_with_the_server(
    tmp_path: Path, how: signal.Signals
) -> None:
    with server(tmp_path, cron="0 3 29 2 *") as (process, _, address):
        assert get(f"{address}/healthz")[0] == 200
        [schedule] = [pid for pid in children(process.pid) if "indexer.schedule" in command_of(pid)]
        process.send_signal(how)
        process.wait(30)
        # A server that is told to end waits for its schedule; one that is killed leaves it to notice.
        end = time.monotonic() + (30 if how is signal.SIGKILL else 0)
        while "indexer.schedule" in command_of(schedule) and time.monotonic() < end:
            time.sleep(0.05)
        assert "indexer.schedule" not in command_of(schedule)


def test_workers_share_one_listening_socket_and_leave_nothing_behind(tmp_path: Path) -> None:
    with server(tmp_path) as (process, _, address):
        assert get(f"{address}/healthz")[0] == 200
        end = time.monotonic() + 20
        while len(workers := children(process.pid)) < 2 and time.monotonic() < end:
            time.sleep(0.02)
        assert len(workers) == 2
    end = time.monotonic() + 20
    while any(map(runs, workers)) and time.monotonic() < end:
        time.sleep(0.02)
    assert not any(map(runs, workers))


def test_workers_do_not_collect_garbage_among_what_was_loaded_before_they_parted(tmp_path: Path) -> None:
    with server(tmp_path, before=COUNTING) as (_, _, address):
        status, count = get(f"{address}/frozen")
    assert status == 200
    # The modules of Flask and gunicorn alone.
    assert int(count) > 5_000


def test_clients_that_say_nothing_or_half_a_request_do_not_keep_the_others_waiting(tmp_path: Path) -> None:
    published.publish(tmp_path, web_sample.documents())
    with server(tmp_path) as (process, _, address):
        place = ("127.0.0.1", int(address.rsplit(":", 1)[1]))
        with ExitStack() as clients:
            # More than there are threads: each would hold one.
            for said in (*[b""] * 30, *[b"GET / HTTP/1.1\r\nHost:"] * 10):
                clients.enter_context(socket.create_connection(place)).sendall(said)
            assert get(f"{address}/healthz")[0] == 200
        process.terminate()
        assert process.stdout is not None
        assert "Traceback" not in process.stdout.read()
