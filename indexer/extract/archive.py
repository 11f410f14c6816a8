"""Zip containers, the shell of most formats, read so that none of them can unpack into a flood."""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast
from zipfile import BadZipFile, ZipExtFile, ZipFile, ZipInfo

from indexer.extract.items import Incomplete
from indexer.extract.salvage import with_directory
from indexer.extract.source import Source
from indexer.index.schema import Status
from indexer.limits import Limits

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_HARMLESS_BYTES = 10_000_000
_PIECE_BYTES = 8192
_ENCRYPTED_FLAG = 1
# Of what the standard library raises, ValueError is for names that are no text, OSError for damaged bzip2.
_DAMAGE = (BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, ValueError, OSError)


@contextmanager
def open_archive(source: Source, limits: Limits) -> Iterator[ZipFile]:
    """Open a zip container whose directory keeps the limits; raises Incomplete for any other file.

    Of a container that breaks off, the parts that are there can be read, and Incomplete is raised when that is done.
    """
    with source.open() as stream:
        if stream.read(len(_OLE)) == _OLE:
            raise Incomplete(Status.ENCRYPTED, "It is protected by a password.")
        problem: Incomplete | None = None
        try:
            archive = ZipFile(stream)
        except _DAMAGE as error:
            archive, problem = _salvaged(stream, limits, error)
        with archive:
            _check_directory(archive.infolist(), source.size, limits)
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
    except _DAMAGE as second:
        raise no_container from second
    reason = "Its end is missing or damaged, as after a broken upload; only what stands before that is searched."
    return archive, Incomplete(Status.DAMAGED, reason)


def _check_directory(members: list[ZipInfo], size: int, limits: Limits) -> None:
    """Hold what the directory declares against the limits: zipfile never hands out more than was declared."""
    if len(members) > limits.members:
        raise Incomplete(Status.TOO_LARGE, f"It holds {len(members):,} parts; at most {limits.members:,} are read.")
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.unpacked_bytes:
        raise Incomplete(
            Status.TOO_LARGE, f"It unpacks to {unpacked:,} bytes; at most {limits.unpacked_bytes:,} are read."
        )
    if unpacked > max(_HARMLESS_BYTES, limits.ratio * size):
        raise Incomplete(
            Status.TOO_LARGE, f"It unpacks to more than {limits.ratio} times its size, as only a zip bomb does."
        )
    files = [member for member in members if not member.filename.endswith("/")]
    if files and all(member.flag_bits & _ENCRYPTED_FLAG for member in files):
        raise Incomplete(Status.ENCRYPTED, "It is protected by a password.")


def read_member(archive: ZipFile, name: str) -> bytes:
    """Return the bytes of a member; raises Incomplete if it is missing, damaged or protected by a password."""
    with _damage_named(name):
        return read_listed(archive, archive.getinfo(name))


def read_listed(archive: ZipFile, member: ZipInfo) -> bytes:
    """Return the bytes of a member of the directory, which may list several of one name; raises like `read_member`."""
    with _damage_named(member.filename), archive.open(member) as stream:
        # A declared size that is a lie must not make zipfile unpack the truth in one go, as a bare read() does.
        return stream.read(member.file_size + 1)


def pieces_of(archive: ZipFile, name: str) -> Iterator[bytes]:
    """Yield the bytes of a member in pieces, as far as they can be read; raises Incomplete like `read_member`."""
    with _damage_named(name), archive.open(name) as stream:
        # Not read(): what it unpacked before it met the damage would be lost.
        while piece := cast(ZipExtFile, stream).read1(_PIECE_BYTES):
            yield piece


@contextmanager
def _damage_named(name: str) -> Iterator[None]:
    try:
        yield
    except KeyError as error:
        raise Incomplete(Status.DAMAGED, f"Its part {name} is missing.") from error
    except _DAMAGE as error:
        raise Incomplete(Status.DAMAGED, f"Its part {name} is damaged ({error}).") from error
    except RuntimeError as error:
        # So zipfile says that it wants a password.
        raise Incomplete(Status.ENCRYPTED, f"Its part {name} is protected by a password.") from error
