"""The process that rebuilds on a schedule, beside the server: started with it, missed when gone, ended with it."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence

RESTART_SECONDS = 10.0
"""How long a schedule that ended by itself stays ended: one that cannot live shall not keep the machine busy."""

PATIENCE_SECONDS = 25.0
"""How long the schedule may take to end a running build when the server ends."""


class Schedule:
    """Keeps one process running until it is told to end."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._process = self._start()
        self._watcher = threading.Thread(target=self._watch, name="schedule", daemon=True)
        self._watcher.start()

    def end(self) -> None:
        """End the process and start no other: it is asked first and killed if it does not listen."""
        with self._lock:
            self._ending.set()
            self._process.terminate()
        self._watcher.join(PATIENCE_SECONDS)
        if self._watcher.is_alive():
            self._process.kill()
            self._watcher.join()

    def _start(self) -> subprocess.Popen[bytes]:
        # It reads its standard input until the end: when this process is gone, however it went, so is the schedule.
        return subprocess.Popen(self._command, stdin=subprocess.PIPE)  # noqa: S603  # our own command, no shell

    def _watch(self) -> None:
        while True:
            # The server collects every child that ends, so its exit status may be lost; that it ended is not.
            self._process.wait()
            if self._process.stdin:
                self._process.stdin.close()
            if self._ending.is_set():
                return
            print(
                f"The rebuild schedule ended by itself; it starts again in {RESTART_SECONDS:g} seconds.",
                file=sys.stderr,
                flush=True,
            )
            if self._ending.wait(RESTART_SECONDS):
                return
            self._restart()

    def _restart(self) -> None:
        with self._lock:
            if not self._ending.is_set():
                self._process = self._start()
