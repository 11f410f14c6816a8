"""The production server: gunicorn with threads, and the rebuild schedule in a process beside it."""

from __future__ import annotations

import gc
import os
import socket
import struct
import sys
from dataclasses import dataclass
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.http import message
from gunicorn.workers import gthread

from indexer.index import open_index
from indexer.index.engine import EngineError
from webapp import create_app
from webapp.config import Config
from webapp.rebuilding import Schedule

BACKLOG = 1024
LONGEST_REQUEST_LINE = 65_536
"""In bytes: 1,000 characters are up to 12,000 once they are percent-encoded, and a longer query gets its reason."""

LARGEST_PORT = 65_535

FIRST_BYTE_SECONDS = 0.1
"""How long a thread waits for the first byte of a new connection before it serves another."""

STALLED_SECONDS = 5
"""How long a client may leave a request half sent, or an answer half taken, before its thread serves another."""


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
    schedule = Schedule(_schedule_command(rebuild)) if rebuild else None
    settings: dict[str, Any] = {
        # Bound by us and handed over: gunicorn would try a busy port for five seconds and say so in five lines.
        "bind": [f"fd://{listener.detach()}"],
        "worker_class": "gthread",
        "workers": workers,
        "threads": threads,
        # Loaded once and shared by all workers. Each opens the index for itself, when it is first asked; what was
        # opened for the greeting is closed by now.
        "preload_app": True,
        "limit_request_line": LONGEST_REQUEST_LINE,
        "loglevel": "warning",
        "logger_class": _Log,
        # The kernel's own way of sending would wait for a stalled client without end.
        "sendfile": False,
        "graceful_timeout": 10,
        # A door for administration that nobody asked for.
        "control_socket_disable": True,
        # Runs in the first process only; whatever follows run() also runs in every worker that ends.
        "on_exit": lambda _arbiter: schedule.end() if schedule else None,
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
        # How long a thread waits for the first byte; later ones find the connection waiting beside the threads.
        gthread.DEFAULT_WORKER_DATA_TIMEOUT = FIRST_BYTE_SECONDS
        for name, value in self._settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application, in the first process; the workers are its copies."""
        app = create_app(self._config)
        # What is loaded by now stays. Each full collection of garbage would look through all of it, in the middle of a
        # request and for 20 ms, and by doing so give every worker its own copy of the memory that they share.
        gc.collect()
        gc.freeze()
        return app


class _Log(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's log, in which a stalled client is one line and no failure of the server."""

    def exception(self, msg: str, *args: object, **kwargs: object) -> None:
        """Log a failure with its traceback, unless the failure is the client's."""
        if isinstance(sys.exc_info()[1], BlockingIOError):
            self.info("A client was silent for %d seconds and was let go.", STALLED_SECONDS)
            return
        super().exception(msg, *args, **kwargs)


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= LARGEST_PORT:
        # Looking the address up would take the port modulo 65,536 without a word.
        raise OverflowError
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    listener = socket.create_server(address, family=family, backlog=BACKLOG)
    # Accepted connections inherit these: there are few threads, and a silent client must not hold one of them.
    for direction in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        listener.setsockopt(socket.SOL_SOCKET, direction, struct.pack("ll", STALLED_SECONDS, 0))
    # An answer is sent in two parts, its headers and its body. The kernel would hold the second back until the first is
    # acknowledged, which clients on a connection that is kept open do after 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


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


def _schedule_command(plan: RebuildPlan) -> tuple[str, ...]:
    return (sys.executable, "-m", "indexer.schedule", "--cron", plan.cron, "--", *plan.arguments)
