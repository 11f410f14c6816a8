"""Work that PDFium may not survive, done in a copy of this process: refused memory, it aborts and raises nothing."""

from __future__ import annotations

import os
from collections.abc import Callable


def in_child(make: Callable[[], bytes]) -> bytes:
    """Return what a function makes, called in a child of this process, which shares its limits and ends with it.

    Raises MemoryError if the child ends without an answer. A file that both processes read must not be buffered, or
    the place where the child stopped reading would be taken for that of this process. It takes some 2 ms.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _answer(make, reading, writing)
    os.close(writing)
    try:
        with open(reading, "rb", 0) as answer:  # noqa: PTH123 - a pipe has no path
            made = answer.readall()
    finally:
        # Its pipe is closed, so it ends even if not everything was taken.
        _, status = os.waitpid(child, 0)
    if status:
        raise MemoryError
    return made


def _answer(make: Callable[[], bytes], reading: int, writing: int) -> None:
    """Write the answer and end at once, so that nothing of the process it is a copy of is done twice."""
    try:
        os.close(reading)
        with open(writing, "wb") as answer:
            answer.write(make())
        os._exit(0)
    finally:
        os._exit(1)
