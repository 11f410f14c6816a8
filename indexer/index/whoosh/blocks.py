"""Strings packed into small compressed blocks: any one of them is read without the others.

A packed piece of data is its CRC-32, a byte that tells how it is kept, and the data itself, so that damage is noticed
wherever it is. A block is a packed piece that holds the lengths of a few strings and then their UTF-8. Blocks are about
a kilobyte: unpacking one costs 8 microseconds, while one of four kilobytes costs 20 and saves a tenth of the space.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from indexer.index.engine import IndexUnreadable

Integers = memoryview
"""Unsigned integers of 32 bits, usually a view of a mapped file."""

_BLOCK_CHARACTERS = 1_000
_SHORT = 200
"""Data of fewer bytes is kept as it is: compressing it saves less than reading it then costs."""

_PLAIN, _DEFLATED = 0, 1
_HEADER = struct.Struct("=IB")
# Deflate without the header and checksum of zlib; ours is over what is stored, so that damage is never inflated.
_RAW = -zlib.MAX_WBITS
# A window of four kilobytes is enough for a block, and clearing the memory of a larger one takes longer than the rest.
_WINDOW, _MEMORY = -12, 4
_LENGTH = array("I").itemsize

_Block = tuple[int, str, list[int]]
# The number of its first string, the texts of its strings as one, and where in it each begins, with its end.

DAMAGE = (zlib.error, struct.error, ValueError, LookupError, TypeError, EOFError, OverflowError)
"""What reading damaged data raises before it is given a name and a way out."""


def damaged(path: Path, error: Exception) -> IndexUnreadable:
    """Return the error that tells a person about a damaged file."""
    return IndexUnreadable(f"{path.name} is damaged ({error}). Rebuild the index.")


def packed(data: bytes) -> bytes:
    """Return data as it is stored: compressed if that makes it smaller, behind a checksum."""
    kind, stored = _PLAIN, data
    if len(data) >= _SHORT:
        deflate = zlib.compressobj(wbits=_WINDOW, memLevel=_MEMORY)
        compressed = deflate.compress(data) + deflate.flush()
        if len(compressed) < len(data):
            kind, stored = _DEFLATED, compressed
    return _HEADER.pack(zlib.crc32(stored, kind), kind) + stored


def unpacked(data: memoryview) -> memoryview:
    """Return what `packed` was given; raises one of DAMAGE if the checksum is not that of the data."""
    checksum, kind = _HEADER.unpack_from(data)
    stored = data[_HEADER.size :]
    if zlib.crc32(stored, kind) != checksum:
        raise ValueError("a checksum is wrong")
    return memoryview(zlib.decompress(stored, _RAW)) if kind == _DEFLATED else stored


def in_blocks(strings: Sequence[str]) -> tuple[list[bytes], list[int]]:
    """Return strings in packed blocks, and the number of the first string of each, with the number of all behind.

    The first string, which every reader wants, has a block of its own unless all of them fit into one.
    """
    if sum(map(len, strings)) <= _BLOCK_CHARACTERS:
        return [_block(strings)], [0, len(strings)]
    blocks: list[bytes] = []
    firsts = []
    first = size = 0
    for number, string in enumerate(strings):
        if number > first and (first == 0 or size + len(string) > _BLOCK_CHARACTERS):
            blocks.append(_block(strings[first:number]))
            firsts.append(first)
            first, size = number, 0
        size += len(string)
    blocks.append(_block(strings[first:]))
    return blocks, [*firsts, first, len(strings)]


def _block(strings: Sequence[str]) -> bytes:
    # What cannot be encoded, half of a surrogate pair, becomes one question mark: lengths stay as they are.
    return packed(array("I", map(len, strings)).tobytes() + "".join(strings).encode("utf-8", "replace"))


class Strings:
    """The strings of a list of blocks, read one by one. The block read last is kept unpacked.

    `ends` holds where each block ends in `data`, and `firsts` the number of its first string, with the number of all
    behind. Reading raises IndexUnreadable for what is damaged. Safe to share between threads.
    """

    __slots__ = ("_data", "_ends", "_firsts", "_kept", "_path")

    def __init__(self, path: Path, data: memoryview, ends: Integers, firsts: Integers) -> None:
        self._path = path
        self._data = data
        self._ends = ends
        self._firsts = firsts
        self._kept: _Block = (0, "", [0])

    def __getitem__(self, number: int) -> str:
        begin, text, bounds = self._block_of(number)
        return text[bounds[number - begin] : bounds[number - begin + 1]]

    def _block_of(self, number: int) -> _Block:
        kept = self._kept
        if kept[0] <= number < kept[0] + len(kept[2]) - 1:
            return kept
        try:
            block = bisect_right(self._firsts, number) - 1
            first = self._firsts[block]
            count = self._firsts[block + 1] - first
            data = unpacked(self._data[self._ends[block - 1] if block else 0 : self._ends[block]])
            text = str(data[count * _LENGTH :], "utf-8")
            bounds = list(accumulate(data[: count * _LENGTH].cast("I"), initial=0))
            kept = self._kept = (first, text, bounds)
        except DAMAGE as error:
            raise damaged(self._path, error) from error
        return kept
