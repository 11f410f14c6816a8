"""Many strings as two arrays: their UTF-8 bytes one behind the other, and where each begins."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.index.whoosh.array_file import ArrayFile, ArrayFileWriter
from indexer.index.whoosh.ragged import spread
from indexer.index.whoosh.stretches import lengths_of, stretches

Starts = NDArray[np.uint32] | NDArray[np.uint64]
"""Where pieces begin that follow each other; the last item is where the last piece ends."""

_BYTES_AT_ONCE = 1_000_000
_BETWEEN_FENCES = 64


def encoded(text: str) -> bytes:
    """Return a text as it stands in an index; half characters, which UTF-8 does not know, become question marks."""
    return text.encode("utf-8", "replace")


def starts_of(lengths: array[int] | NDArray[Any]) -> Starts:
    """Return where each of several pieces begins that follow each other, and as the last where the last ends."""
    numbers = np.asarray(lengths)
    starts: Starts = np.zeros(len(numbers) + 1, dtype=number_type(int(numbers.sum())))
    np.cumsum(numbers, dtype=starts.dtype, out=starts[1:])
    return starts


def number_type(largest: int) -> str:
    """Return the smaller of the two types of numbers that hold this one."""
    return "uint32" if largest < 2**32 else "uint64"


class StringArray:
    """Strings of which nothing is copied until one of them is asked for."""

    def __init__(self, starts: NDArray[Any], data: NDArray[np.uint8]) -> None:
        self.starts = starts
        self.bytes = data
        # Views whose items are Python's own: asking NumPy for a single number takes several times as long.
        self._starts = starts.data
        self._bytes = data.data

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> bytes:
        return bytes(self._bytes[self._starts[number] : self._starts[number + 1]])

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.between(0, len(self)))

    def texts(self, numbers: NDArray[np.intp]) -> list[str]:
        """Return the strings of these numbers, which are UTF-8, as text."""
        data = self._bytes
        edges = zip(self.starts[numbers].tolist(), self.starts[numbers + 1].tolist(), strict=True)
        return [str(data[begin:end], "utf-8") for begin, end in edges]

    def between(self, begin: int, end: int) -> list[bytes]:
        """Return the strings from number `begin` to before `end`."""
        first = self._starts[begin]
        data = bytes(self._bytes[first : self._starts[end]])
        edges = (self.starts[begin : end + 1] - self.starts.dtype.type(first)).tolist()
        return [data[start:stop] for start, stop in pairwise(edges)]

    def find(self, wanted: bytes) -> int | None:
        """Return the number of a string among sorted ones, or None."""
        number = self.first_not_below(wanted)
        return number if number < len(self) and self[number] == wanted else None

    def first_not_below(self, wanted: bytes, begin: int = 0, end: int | None = None) -> int:
        """Return the number of the first of sorted strings, from `begin` to before `end`, that is not below this one.

        It is `end` when all are.
        """
        # Every so many strings one is held as an object: of the others only those between two have to be made.
        fence = bisect_left(self._fences, wanted)
        first, last = max(0, fence - 1) * _BETWEEN_FENCES, min(len(self), fence * _BETWEEN_FENCES)
        end = len(self) if end is None else end
        first, last = min(max(first, begin), end), min(max(last, begin), end)
        return bisect_left(range(len(self)), wanted, first, last, key=self.__getitem__)

    @cached_property
    def _fences(self) -> list[bytes]:
        """Every 64th of sorted strings."""
        return [self[number] for number in range(0, len(self), _BETWEEN_FENCES)]

    def order(self) -> list[int]:
        """Return the numbers of the strings as they are sorted, equal ones in the order in which they stand."""
        return sorted(range(len(self)), key=list(self).__getitem__)

    def chosen(self, numbers: NDArray[np.intp]) -> StringArray:
        """Return the strings of these numbers."""
        begins = self.starts[numbers].astype(np.int64)
        starts = starts_of(self.starts[numbers + 1] - self.starts[numbers])
        data = np.empty(int(starts[-1]), dtype=np.uint8)
        for first, last in stretches(starts, _BYTES_AT_ONCE):
            edges = starts[first : last + 1]
            data[edges[0] : edges[-1]] = self.bytes[spread(begins[first:last], lengths_of(edges))]
        return StringArray(starts, data)


class Strings(StringArray):
    """The strings that were written under a name."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        super().__init__(file[f"{name}.starts"], file[f"{name}.bytes"])


class StringCollector:
    """Collects strings one by one, each in little more than its bytes."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._lengths = array("I")

    def __len__(self) -> int:
        return len(self._lengths)

    def append(self, string: bytes) -> None:
        """Add a string."""
        self._bytes += string
        self._lengths.append(len(string))

    def extend(self, strings: Sequence[bytes]) -> None:
        """Add several strings."""
        self._bytes += b"".join(strings)
        self._lengths.extend(array("I", map(len, strings)))

    def strings(self) -> StringArray:
        """Return all that were added; none can be added afterwards."""
        return StringArray(starts_of(self._lengths), np.frombuffer(self._bytes, dtype=np.uint8))


def string_array(strings: Iterable[bytes]) -> StringArray:
    """Return strings as arrays."""
    collector = StringCollector()
    collector.extend(list(strings))
    return collector.strings()


def joined(parts: Sequence[StringArray]) -> StringArray:
    """Return the strings of several arrays as one."""
    lengths = [lengths_of(part.starts) for part in parts]
    return StringArray(starts_of(np.concatenate(lengths)), np.concatenate([part.bytes for part in parts]))


def enclosed(strings: StringArray) -> StringArray:
    """Return strings with a space before and behind each."""
    lengths = lengths_of(strings.starts) + 2
    starts = starts_of(lengths)
    data = np.full(int(starts[-1]), ord(" "), dtype=np.uint8)
    data[spread(starts[:-1].astype(np.intp) + 1, lengths - 2)] = strings.bytes[strings.starts[0] : strings.starts[-1]]
    return StringArray(starts, data)


def put_strings(file: ArrayFileWriter, name: str, strings: StringArray) -> None:
    """Write strings into a file of arrays under that name."""
    file.put(f"{name}.starts", strings.starts)
    file.put(f"{name}.bytes", strings.bytes)
