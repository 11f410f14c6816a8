"""Checksums of what lies in an index: as fast as memory, and held against every file once when it is opened."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from indexer.index.engine import IndexUnreadable

_ALIGNMENT = 64
_WORDS_A_BLOCK = 512
_BYTES_A_BLOCK = 8 * _WORDS_A_BLOCK
_BYTES_A_STEP = 256 * _BYTES_A_BLOCK

_Stamp = tuple[int, int, int, int]

_sound: set[_Stamp] = set()
"""Files that this process has checked: generations share most of theirs, which never change."""


def is_sound(descriptor: int) -> bool:
    """Tell whether this process has found an open file sound before."""
    return _stamp(descriptor) in _sound


def found_sound(descriptor: int) -> None:
    """Remember that an open file was found sound."""
    _sound.add(_stamp(descriptor))


def checksum_of(path: Path) -> int:
    """Return the checksum of a whole file."""
    with path.open("rb") as file:
        return checksum(file.fileno(), 0, os.fstat(file.fileno()).st_size)


def check(path: Path, expected: int) -> None:
    """Raise IndexUnreadable if a whole file does not fit its checksum."""
    with path.open("rb") as file:
        if is_sound(file.fileno()):
            return
        if checksum(file.fileno(), 0, os.fstat(file.fileno()).st_size) != expected:
            raise IndexUnreadable(f"{path} is damaged: it does not fit its checksum. Rebuild the index.")
        found_sound(file.fileno())


def _stamp(descriptor: int) -> _Stamp:
    stat = os.fstat(descriptor)
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns


def aligned(size: int) -> int:
    """Return how many bytes an array of that size takes, with the zeros behind it."""
    return -(-size // _ALIGNMENT) * _ALIGNMENT


def checksum(descriptor: int, offset: int, size: int) -> int:
    """Return the sum of all numbers of 8 bytes, those in the n-th block of 4,096 bytes counted 2 n + 1 times.

    It is as fast as memory, and notices what disks and copying do: bytes that differ or are missing, and blocks that
    change places. Odd factors lose no bit, so a byte that differs always shows.
    """
    total = 0
    block = 0
    for data in _steps(descriptor, offset, aligned(size)):
        words = np.frombuffer(data, dtype=np.uint64)
        whole = len(words) // _WORDS_A_BLOCK
        sums = words[: whole * _WORDS_A_BLOCK].reshape(whole, _WORDS_A_BLOCK).sum(axis=1, dtype=np.uint64)
        factors = 2 * np.arange(block, block + whole, dtype=np.uint64) + np.uint64(1)
        total += int((sums * factors).sum(dtype=np.uint64))
        block += whole
        total += int(words[whole * _WORDS_A_BLOCK :].sum(dtype=np.uint64)) * (2 * block + 1)
    return total % 2**64


def _steps(descriptor: int, offset: int, size: int) -> Iterator[bytes]:
    """Read a part of a file in pieces that take little memory; all but the last hold whole blocks.

    Behind the end of the file are zeros, as there are behind an array that is to be followed by something.
    """
    for begin in range(0, size, _BYTES_A_STEP):
        count = min(_BYTES_A_STEP, size - begin)
        yield os.pread(descriptor, count, offset + begin).ljust(count, b"\0")
