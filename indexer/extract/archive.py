"""Zip containers, the shell of most formats, read so that none of them can unpack into a flood."""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast
from zipfile import BadZipFile, ZipExtFile, ZipFile, ZipInfo

from indexer.extract import ole
from indexer.extract.items import Incomplete
from indexer.extract.salvage import with_directory
from indexer.extract.source import Source
from indexer.index.schema import Status
from indexer.limits import Limits

_HARMLESS_BYTES = 10_000_000
_PIECE_BYTES = 8192
_ENCRYPTED_FLAG = 1
_PROTECTED = "It is protected by a password."

DAMAGE = (BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, ValueError, OSError)
"""What the standard library raises for damage: ValueError for names that are no text, OSError for damaged bzip2."""


@contextmanager
def open_archive(source: Source, limits: Limits) -> Iterator[ZipFile]:
    """Open a zip container whose directory keeps the limits; raises Incomplete for any other file.

    Of a container that breaks off, the parts that are there can be read, and Incomplete is raised when that is done.
    """
    with open_directory(source, limits) as archive:
        members = archive.infolist()
        if len(members) > limits.members:
            raise Incomplete(Status.TOO_LARGE, f"It holds {len(members):,} parts; at most {limits.members:,} are read.")
        unpacked = sum(member.file_size for member in members)
        if unpacked > limits.unpacked_bytes:
            raise Incomplete(
                Status.TOO_LARGE, f"It unpacks to {unpacked:,} bytes; at most {limits.unpacked_bytes:,} are read."
            )
        check_ratio(unpacked, source.size, limits)
        yield archive


@contextmanager
def open_directory(source: Source, limits: Limits) -> Iterator[ZipFile]:
    """Open a zip container like `open_archive`, whatever its directory declares: that is for the caller to check.

    What it declares is true for as much as it declares: zipfile never hands out more of a member.
    """
    with source.open() as stream:
        if stream.read(len(ole.MARK)) == ole.MARK:
            raise Incomplete(Status.ENCRYPTED, _PROTECTED)
        problem: Incomplete | None = None
        try:
            archive = ZipFile(stream)
        except DAMAGE as error:
            archive, problem = _salvaged(stream, limits, error)
        with archive:
            _refuse_protected(archive.infolist())
            yield archive
        if problem:
            raise problem


def _salvaged(stream: BinaryIO, limits: Limits, error: Exception) -> tuple[ZipFile, Incomplete]:
    """Return what is left of a container without a directory, and what is to be said of it."""
    no_container = Incomplete(Status.DAMAGED, f"It is not a whole zip container ({error}).")
    joined = with_directory(stream, limits)
    if joined is None:
        raise no_container from error
    try:
        archive = ZipFile(joined)
    except DAMAGE as second:
        raise no_container from second
    reason = "Its end is missing or damaged, as after a broken upload; only what stands before that is searched."
    return archive, Incomplete(Status.DAMAGED, reason)


def check_ratio(unpacked: int, packed: int, limits: Limits) -> None:
    """Raise Incomplete if so many bytes come of so few that it must be meant to do harm."""
    if unpacked > max(_HARMLESS_BYTES, limits.ratio * packed):
        raise Incomplete(
            Status.TOO_LARGE, f"It unpacks to more than {limits.ratio} times its size, as only a zip bomb does."
        )


def _refuse_protected(members: list[ZipInfo]) -> None:
    files = [member for member in members if not member.filename.endswith("/")]
    if files and all(member.flag_bits & _ENCRYPTED_FLAG for member in files):
        raise Incomplete(Status.ENCRYPTED, _PROTECTED)


def read_member(archive: ZipFile, name: str) -> bytes:
    """Return the bytes of a member; raises Incomplete if it is missing, damaged or protected by a password."""
    with _damage_named(f"Its part {name}"):
        member = archive.getinfo(name)
        return _unpacked(archive, member, member.file_size)


def read_listed(archive: ZipFile, member: ZipInfo, size: int) -> bytes:
    """Return at most so many bytes of a file in an archive, which may hold several of one name.

    Raises Incomplete like `read_member`, with a reason in which the file is "it".
    """
    with _damage_named("It"):
        return _unpacked(archive, member, size)


def _unpacked(archive: ZipFile, member: ZipInfo, size: int) -> bytes:
    with archive.open(member) as stream:
        # A declared size that is a lie must not make zipfile unpack the truth in one go, as a bare read() does.
        return stream.read(size)


def pieces_of(archive: ZipFile, name: str) -> Iterator[bytes]:
    """Yield the bytes of a member in pieces, as far as they can be read; raises Incomplete like `read_member`."""
    with _damage_named(f"Its part {name}"), archive.open(name) as stream:
        # Not read(): what it unpacked before it met the damage would be lost.
        while piece := cast(ZipExtFile, stream).read1(_PIECE_BYTES):
            yield piece


@contextmanager
def _damage_named(subject: str) -> Iterator[None]:
    try:
        yield
    except KeyError as error:
        raise Incomplete(Status.DAMAGED, f"{subject} is missing.") from error
    except DAMAGE as error:
        raise Incomplete(Status.DAMAGED, f"{subject} is damaged ({error}).") from error
    except RuntimeError as error:
        # So zipfile says that it wants a password.
        raise Incomplete(Status.ENCRYPTED, f"{subject} is protected by a password.") from error
