"""What a process gives up before it touches a file that may be hostile.

Run as a script it confines itself and becomes another program: `confined.py LIFELINE LIMITS PROGRAM ARGUMENT...`, where
LIFELINE is the descriptor of a pipe and LIMITS a JSON object, the names of resource limits to the most of each. If it
cannot leave the network it writes a file WITH_NETWORK where it runs. Only the standard library is known here, so that
it starts in a few milliseconds.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

WITH_NETWORK = "with-network"
"""The name of the file that tells that the program which was started may use the network."""

_NEW_USER_NAMESPACE = 0x10000000
_NEW_NETWORK_NAMESPACE = 0x40000000


def limit(most: Mapping[str, int]) -> None:
    """Limit this process and those that it starts; the keys are names of `resource` without RLIMIT_."""
    for name, value in most.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(kind)[1]
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (bound, bound))


def end_with(lifeline: int) -> None:
    """End this process and its group when the other end of a pipe is closed, as it is when its owner dies.

    Nothing may ever be written to the pipe. It is the system that kills, so that no endless loop keeps a process alive.
    Linux alone can do this to a process that is busy, and it does it for all of a group, even after its leader died, as
    long as one of them holds the pipe. (The signal that Linux sends when a parent ends comes too early: it means the
    thread that started the process.)
    """
    if sys.platform == "linux":
        import fcntl

        fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpgrp())
        fcntl.fcntl(lifeline, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([lifeline], [], [], 0)[0]:
        raise SystemExit("The process that it works for has ended.")


def leave_network() -> bool:
    """Move this process to a network of its own in which there is nothing; tell whether the system allows it.

    A user may do that in a user namespace of his own, in which he stays who he is. Some systems forbid it.
    """
    if sys.platform != "linux":
        return False
    import ctypes

    user, group = os.getuid(), os.getgid()
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    if unshare is None or unshare(_NEW_USER_NAMESPACE | _NEW_NETWORK_NAMESPACE):
        return False
    # Who cannot be named in the new namespace is nobody there, and programs wonder.
    for name, line in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with suppress(OSError):
            Path(f"/proc/self/{name}").write_text(line)
    return True


def main() -> None:
    """Confine this process and become the program that is asked for, which inherits the lifeline."""
    _, lifeline, most, program, *_ = sys.argv
    end_with(int(lifeline))
    if not leave_network():
        Path(WITH_NETWORK).touch()
    limit(json.loads(most))
    os.execv(program, sys.argv[3:])  # noqa: S606 - the program that our own process asks for


if __name__ == "__main__":
    main()
