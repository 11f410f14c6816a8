"""The production server: gunicorn with threads, and the rebuild schedule in a process beside it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.http import message

from indexer.index import open_index
from indexer.index.engine import EngineError
from webapp import create_app
from webapp.config import Config

BACKLOG = 1024
LONGEST_REQUEST_LINE = 65_536
"""In bytes: 1,000 characters are up to 12,000 once they are percent-encoded, and a longer query gets its reason."""

LARGEST_PORT = 65_535

PATIENCE_SECONDS = 25.0
"""How long the schedule may take to end a running build when the server ends."""


@dataclass(frozen=True, slots=True)
class RebuildPlan:
    """When to rebuild, as a crontab line, and the arguments of `handlist build`."""

    cron: str
    arguments: tuple[str, ...]


def serve(config: Config, host: str, port: int, workers: int, threads: int, rebuild: RebuildPlan | None) -> int:
    """Serve until told to end; return the exit status, 1 when the address cannot be used.

    Port 0 takes a free one. Without an index the server starts all the same and says so on every page until one is
    published.
    """
    try:
        listener = _listen(host, port)
    except (OSError, OverflowError) as reason:
        print(f"Nothing can be served at {_address(host, port)}: {_why(reason)}.", file=sys.stderr)
        return 1
    print(_greeting(config, _address(host, listener.getsockname()[1])), flush=True)
    schedule = _start_schedule(rebuild) if rebuild else None
    settings: dict[str, Any] = {
        # Bound by us and handed over: gunicorn would try a busy port for five seconds and say so in five lines.
        "bind": [f"fd://{listener.detach()}"],
        "worker_class": "gthread",
        "workers": workers,
        "threads": threads,
        # Loaded once and shared by all workers; the index itself is only opened after they have parted.
        "preload_app": True,
        "limit_request_line": LONGEST_REQUEST_LINE,
        "loglevel": "warning",
        "graceful_timeout": 10,
        # A door for administration that nobody asked for.
        "control_socket_disable": True,
        # Runs in the first process only; whatever follows run() also runs in every worker that ends.
        "on_exit": lambda _arbiter: _end_schedule(schedule),
    }
    try:
        _Gunicorn(config, settings).run()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    return 0


class _Gunicorn(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn with our settings; those its release does not know are left out."""

    def __init__(self, config: Config, settings: dict[str, Any]) -> None:
        self._config = config
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Hand over the settings."""
        # Gunicorn quietly lowers a longer limit to this one, and would answer a long query with a bare 414.
        message.MAX_REQUEST_LINE = LONGEST_REQUEST_LINE
        for name, value in self._settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application."""
        return create_app(self._config)


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= LARGEST_PORT:
        # Looking the address up would take the port modulo 65,536 without a word.
        raise OverflowError
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    return socket.create_server(address, family=family, backlog=BACKLOG)


def _why(reason: OSError | OverflowError) -> str:
    if isinstance(reason, OverflowError):
        return "a port is a number from 0 to 65535"
    if isinstance(reason, socket.gaierror):
        return "there is no such host name"
    text = os.strerror(reason.errno) if reason.errno else str(reason)
    return f"{text[0].lower()}{text[1:]}. Stop what is running there, or choose another with --port"


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _greeting(config: Config, address: str) -> str:
    try:
        engine = open_index(config.index)
    except EngineError as reason:
        return f"Handlist serves at {address}, but there is nothing to search yet: {reason}"
    title = config.title or engine.manifest.library.title
    engine.close()
    return f'Handlist serves "{title}" at {address}'


def _start_schedule(plan: RebuildPlan) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "indexer.schedule", "--cron", plan.cron, "--", *plan.arguments]
    # It reads its standard input until the end: when this process is gone, however it went, so is the schedule.
    return subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603  # our own command, no shell


def _end_schedule(schedule: subprocess.Popen[bytes] | None) -> None:
    if schedule is None:
        return
    schedule.terminate()
    try:
        schedule.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        schedule.kill()
