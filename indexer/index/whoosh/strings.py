"""Many strings as two arrays: their UTF-8 bytes one behind the other, and where each begins."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.index.whoosh.array_file import ArrayFile, ArrayFileWriter

Starts = NDArray[np.uint32] | NDArray[np.uint64]
"""Where pieces begin that follow each other; the last item is where the last piece ends."""


def encoded(text: str) -> bytes:
    """Return a text as it stands in an index; half characters, which UTF-8 does not know, become question marks."""
    return text.encode("utf-8", "replace")


def starts_of(lengths: Sequence[int] | NDArray[Any]) -> Starts:
    """Return where each of several pieces begins that follow each other, and as the last where the last ends."""
    starts = np.zeros(len(lengths) + 1, dtype=np.uint64)
    np.cumsum(lengths, dtype=np.uint64, out=starts[1:])
    return starts.astype(number_type(int(starts[-1])), copy=False)


def number_type(largest: int) -> str:
    """Return the smaller of the two types of numbers that hold this one."""
    return "uint32" if largest < 2**32 else "uint64"


def put_strings(file: ArrayFileWriter, name: str, strings: Sequence[bytes]) -> None:
    """Write strings into a file of arrays under that name."""
    file.put(f"{name}.starts", starts_of([len(each) for each in strings]))
    file.put(f"{name}.bytes", np.frombuffer(b"".join(strings), dtype=np.uint8))


class Strings:
    """The strings that were written under a name; nothing is copied until one of them is asked for."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self.starts: NDArray[Any] = file[f"{name}.starts"]
        self.bytes: NDArray[np.uint8] = file[f"{name}.bytes"]
        # Views whose items are Python's own: asking NumPy for a single number takes several times as long.
        self._starts = self.starts.data
        self._bytes = self.bytes.data

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> bytes:
        return bytes(self._bytes[self._starts[number] : self._starts[number + 1]])

    def __iter__(self) -> Iterator[bytes]:
        data = self.bytes.tobytes()
        return (data[begin:end] for begin, end in pairwise(self.starts.tolist()))

    def find(self, wanted: bytes) -> int | None:
        """Return the number of a string among sorted ones, or None."""
        number = self.first_not_below(wanted)
        return number if number < len(self) and self[number] == wanted else None

    def first_not_below(self, wanted: bytes) -> int:
        """Return the number of the first of sorted strings that is not below this one."""
        return bisect_left(range(len(self)), wanted, key=self.__getitem__)
