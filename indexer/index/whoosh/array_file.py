"""A file of named arrays: written once, mapped into memory by everyone who reads it.

A head of 64 bytes, the arrays one behind the other on multiples of 64 bytes, and a table of them as JSON, to which the
head points. The head is written last, so that a file that was not finished is none. Arrays are in the byte order of
the machine: they are used as they lie, and a machine of the other order is told to write its own.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.index.engine import SHORTAGES, IndexUnreadable
from indexer.index.whoosh.checksums import aligned, checksum, found_sound, is_sound

_FORMAT = 1
_MAGIC = b"HANDLIST"
_ORDER = 0x01020304
_SWAPPED = 0x04030201
_HEAD = struct.Struct("=8sIIQQI28s")
"""Magic, byte order, format, where the table begins, how long it is, its CRC-32, and zeros."""
_ZEROS = bytes(28)


class ArrayFileWriter:
    """Writes a new file of arrays; several of them can grow at the same time once their lengths are known."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("x+b")
        self._end = aligned(_HEAD.size)
        self._streams: dict[str, ArrayStream] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def reserve(self, name: str, dtype: str, length: int) -> ArrayStream:
        """Make room for an array of so many items, which are then appended piece by piece."""
        stream = ArrayStream(self._file.fileno(), np.dtype(dtype), length, self._end)
        self._end += aligned(stream.size)
        self._streams[name] = stream
        return stream

    def put(self, name: str, array: NDArray[Any]) -> None:
        """Write a whole array."""
        self.reserve(name, array.dtype.str, len(array)).append(array)

    def finish(self, about: Mapping[str, Any]) -> None:
        """Write the table with `about`, which has to be JSON, and the head; the file is then complete."""
        arrays = {}
        for name, stream in self._streams.items():
            stream.check_full(self._path)
            found = checksum(self._file.fileno(), stream.offset, stream.size)
            arrays[name] = [stream.dtype.name, stream.length, stream.offset, found]
        table = json.dumps({"about": about, "arrays": arrays}, ensure_ascii=False).encode("utf-8", "surrogatepass")
        self._file.seek(self._end)
        self._file.write(table)
        self._file.seek(0)
        self._file.write(_HEAD.pack(_MAGIC, _ORDER, _FORMAT, self._end, len(table), zlib.crc32(table), _ZEROS))
        self._file.flush()


class ArrayStream:
    """One array of a file that is being written; `size` is in bytes."""

    def __init__(self, descriptor: int, dtype: np.dtype[Any], length: int, offset: int) -> None:
        self.dtype = dtype
        self.length = length
        self.offset = offset
        self.size = length * dtype.itemsize
        self._descriptor = descriptor
        self._done = 0

    def append(self, items: NDArray[Any]) -> None:
        """Write the next items."""
        data = np.ascontiguousarray(items, dtype=self.dtype).view(np.uint8).data
        while data:
            written = os.pwrite(self._descriptor, data, self.offset + self._done)
            self._done += written
            data = data[written:]

    def check_full(self, path: Path) -> None:
        """Raise ValueError unless as many items were written as room was made for."""
        if self._done != self.size:
            raise ValueError(f"{path}: {self._done} bytes of an array were written instead of {self.size}")


class ArrayFile:
    """A file of arrays as it is read: `about` is what its writer said of it; arrays are views of the mapped file.

    Safe to share between threads. Raises IndexUnreadable for a file that is missing, cut short, of another version or
    byte order, or whose content does not fit its checksums; OSError when the machine is short of memory or open files.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._arrays: dict[str, NDArray[Any]] = {}
        try:
            with path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                self._map = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) if size else b""
                table = self._table()
                self._check(table["arrays"], file.fileno())
        except OSError as error:
            if error.errno in SHORTAGES:
                raise
            raise IndexUnreadable(f"{path} cannot be read ({error.strerror}). Rebuild the index.") from error
        self.about: Mapping[str, Any] = table["about"]
        for name, (dtype, length, offset, _) in table["arrays"].items():
            self._arrays[name] = np.frombuffer(self._map, dtype=dtype, count=length, offset=offset)

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return the array of that name."""
        try:
            return self._arrays[name]
        except KeyError:
            raise self._damaged(f'it has no "{name}"') from None

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def forget(self) -> None:
        """Give back the memory that was used for reading; what is read again is fetched again."""
        if isinstance(self._map, mmap.mmap):
            self._map.madvise(mmap.MADV_DONTNEED)

    def _damaged(self, reason: str) -> IndexUnreadable:
        return IndexUnreadable(f"{self._path} is damaged: {reason}. Rebuild the index.")

    def _table(self) -> dict[str, Any]:
        if len(self._map) < _HEAD.size:
            raise self._damaged("it is cut short")
        magic, order, version, begin, length, checksum, zeros = _HEAD.unpack_from(self._map)
        if magic != _MAGIC:
            raise self._damaged("it does not begin as files of an index do")
        if order == _SWAPPED:
            raise IndexUnreadable(f"{self._path} was written on a machine of another byte order. Rebuild the index.")
        if (order, version) != (_ORDER, _FORMAT):
            raise IndexUnreadable(f"{self._path} was written by another version of Handlist. Rebuild the index.")
        data = self._map[begin : begin + length]
        if begin + length != len(self._map):
            raise self._damaged("it is longer or shorter than its head says")
        if zlib.crc32(data) != checksum or zeros != _ZEROS:
            raise self._damaged("its table does not fit its checksum")
        table: dict[str, Any] = json.loads(data)
        return table

    def _check(self, table: Mapping[str, tuple[str, int, int, int]], descriptor: int) -> None:
        """Compare the arrays with their checksums unless this process has done so before.

        They are read and not looked at in the map: what is mapped counts as memory of the process.
        """
        if is_sound(descriptor):
            return
        for name, (dtype, length, offset, expected) in table.items():
            if checksum(descriptor, offset, length * np.dtype(dtype).itemsize) != expected:
                raise self._damaged(f'its "{name}" does not fit its checksum')
        found_sound(descriptor)
