"""Zip containers that have lost the directory at their end: what their members say of themselves makes a new one."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from struct import Struct
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED

from indexer.limits import Limits

# The records of a zip file as PKWARE's APPNOTE.TXT lays them out: local header, directory entry, end of directory.
_LOCAL = Struct("<4s5H3L2H")
_ENTRY = Struct("<4s6H3L5H2L")
_END = Struct("<4s4H2LH")
_LOCAL_MARK, _ENTRY_MARK, _END_MARK = b"PK\3\4", b"PK\1\2", b"PK\5\6"
_VERSION = 20
_SIZES_FOLLOW = 8
"""The flag of a member whose lengths stand after its content."""
_AFTER_CONTENT = (0, 12, 16, 20, 24)
"""How many bytes that may be: none, or checksum and lengths of 32 or 64 bits, with a mark before them or without."""
_MOST_ENTRIES = 0xFFFF
_PIECE = 65536
_TELLING = Limits(members=1_000, unpacked_bytes=20_000_000)
"""How far names are looked for, so that a file's format is soon told."""


@dataclass(frozen=True, slots=True)
class _Member:
    """A member as its own header describes it; `start` is the offset of its content, `end` what follows that."""

    flags: int
    method: int
    modified: tuple[int, int]
    checksum: int
    packed: int
    unpacked: int
    name: bytes
    offset: int
    start: int

    @property
    def end(self) -> int:
        return self.start + self.packed

    @property
    def entry(self) -> bytes:
        """The member as an entry of a directory."""
        lengths = (self.checksum, self.packed, self.unpacked, len(self.name), 0, 0, 0, 0, 0, self.offset)
        kind = (_VERSION, _VERSION, self.flags & ~_SIZES_FOLLOW, self.method, *self.modified)
        return _ENTRY.pack(_ENTRY_MARK, *kind, *lengths) + self.name


def with_directory(stream: BinaryIO, limits: Limits) -> BinaryIO | None:
    """Return a container followed by a directory of the members that are found from its start on; None if none is.

    The last of them may be cut off: it is listed with the content that it has. To find lengths that are not told, no
    more is unpacked than the limits allow.
    """
    size = stream.seek(0, io.SEEK_END)
    members = list(_members(stream, size, limits))
    if not members:
        return None
    directory = b"".join(member.entry for member in members)
    end = members[-1].end
    counts = (0, 0, len(members), len(members))
    return io.BufferedReader(_Joined(stream, end, directory + _END.pack(_END_MARK, *counts, len(directory), end, 0)))


def names_in(stream: BinaryIO) -> list[str]:
    """Return the names of the first members of a container, as far as each leads to the next."""
    size = stream.seek(0, io.SEEK_END)
    return [member.name.decode("utf-8", "replace") for member in _members(stream, size, _TELLING)]


def _members(stream: BinaryIO, size: int, limits: Limits) -> Iterator[_Member]:
    offset, count, unpacked = 0, 0, 0
    # One more than the limits allow is found, so that they refuse the container.
    while count <= min(limits.members, _MOST_ENTRIES - 1) and unpacked <= limits.unpacked_bytes:
        told = _read_header(stream, offset)
        if told is None or told.start > size:
            return
        is_whole = told.end <= size and not told.flags & _SIZES_FOLLOW
        member = told if is_whole else _measured(stream, told, limits.unpacked_bytes - unpacked)
        yield member
        count, unpacked = count + 1, unpacked + member.unpacked
        offset = _next_header(stream, member.end)


def _read_header(stream: BinaryIO, offset: int) -> _Member | None:
    stream.seek(offset)
    header = stream.read(_LOCAL.size)
    if len(header) < _LOCAL.size or not header.startswith(_LOCAL_MARK):
        return None
    _, _, flags, method, time, day, checksum, packed, unpacked, name_length, extra_length = _LOCAL.unpack(header)
    if method not in (ZIP_STORED, ZIP_DEFLATED):
        return None
    start = offset + _LOCAL.size + name_length + extra_length
    name = stream.read(name_length)
    return _Member(flags, method, (time, day), checksum, packed, unpacked, name, offset, start)


def _measured(stream: BinaryIO, told: _Member, room: int) -> _Member:
    """Return a member with lengths and checksum of the content that is there; what is stored runs to the end."""
    stream.seek(told.start)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS) if told.method == ZIP_DEFLATED else None
    checksum = packed = unpacked = 0
    waiting = b""
    while unpacked <= room and (piece := waiting or stream.read(_PIECE)):
        try:
            data = inflater.decompress(piece, _PIECE) if inflater else piece
        except zlib.error:
            # The reader of the member meets it again, after what precedes it.
            packed += len(piece)
            break
        checksum, unpacked = zlib.crc32(data, checksum), unpacked + len(data)
        if inflater and inflater.eof:
            # What follows the member may be counted as not consumed, too.
            packed += len(piece) - len(inflater.unused_data)
            break
        waiting = inflater.unconsumed_tail if inflater else b""
        packed += len(piece) - len(waiting)
    return replace(told, checksum=checksum, packed=packed, unpacked=unpacked)


def _next_header(stream: BinaryIO, end: int) -> int:
    """Return the offset of the header that follows a content, or of the end of that content if none does."""
    stream.seek(end)
    following = stream.read(_AFTER_CONTENT[-1] + len(_LOCAL_MARK))
    return next((end + length for length in _AFTER_CONTENT if following[length:].startswith(_LOCAL_MARK)), end)


class _Joined(io.RawIOBase):
    """The first bytes of a stream, up to `end`, followed by others."""

    def __init__(self, stream: BinaryIO, end: int, tail: bytes) -> None:
        self._stream = stream
        self._end = end
        self._tail = tail
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._end + len(self._tail)}[whence]
        self._position = max(start + offset, 0)
        return self._position

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - Python has no name for a buffer before 3.12
        target = memoryview(buffer).cast("B")
        if self._position < self._end:
            self._stream.seek(self._position)
            data = self._stream.read(min(len(target), self._end - self._position))
        else:
            begin = self._position - self._end
            data = self._tail[begin : begin + len(target)]
        target[: len(data)] = data
        self._position += len(data)
        return len(data)
