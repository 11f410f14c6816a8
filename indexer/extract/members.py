"""ZIP archives: the files in them, one after the other, named by their paths in the archive.

Files inside are read as far as a file inside another one is: no archives, no old Office files, nothing inside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from zipfile import ZipFile, ZipInfo

from indexer.extract.archive import check_ratio, open_directory, read_listed
from indexer.extract.formats import format_of
from indexer.extract.items import Incomplete, Item, joined
from indexer.extract.nested import InnerFiles
from indexer.extract.source import Context, Source
from indexer.index.schema import Page, Status
from indexer.limits import Limits

_HEAD = 1 << 16
"""Bytes of a file that are enough to see whether it is of a format that is known."""
_UNNAMED = "a file without a name"
_SEPARATORS = ("/", "\\")
"""The first is right; some programs of Windows write the second."""
_UTF8_FLAG = 0x800
_LEFT_BY_SYSTEMS = frozenset({".ds_store", "thumbs.db", "desktop.ini", "__macosx"})


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the pages of each file in the order of the archive, until the limits are reached.

    Raises Incomplete, behind them, if a file could not be read as a whole, or if none is of a format that is read.
    """
    inner = InnerFiles(source, context)
    problems: list[Incomplete] = []
    is_read = False
    try:
        with open_directory(source, context.limits) as archive:
            for item in _items(archive, inner, context.limits):
                is_read = is_read or isinstance(item, Page)
                yield item
    except Incomplete as problem:
        # What is wrong with the archive as a whole comes before what is wrong with its files.
        problems.append(problem)
    problems += inner.failed
    remarks = [*inner.remarks()]
    if remarks and not is_read and not problems:
        raise joined([Incomplete(Status.UNSUPPORTED, remark.reason, remark.lacks) for remark in remarks])
    yield from remarks
    if problems:
        raise joined(problems)


def _items(archive: ZipFile, inner: InnerFiles, limits: Limits) -> Iterator[Item]:
    room = limits.unpacked_bytes
    for number, (name, member) in enumerate(_files(archive)):
        if number == limits.members:
            raise _rest_unread(name, f"{limits.members:,} files")
        try:
            size = _size_to_read(archive, member, name, limits)
            content = read_listed(archive, member, size) if size <= room else None
        except Incomplete as problem:
            inner.fail(name, problem)
            continue
        except MemoryError:
            inner.fail(name, Incomplete(Status.TOO_LARGE, "Unpacking it takes too much memory."))
            continue
        if content is None:
            raise _rest_unread(name, f"{limits.unpacked_bytes:,} unpacked bytes")
        room -= len(content)
        yield from inner.read(name, content)


def _rest_unread(name: str, most: str) -> Incomplete:
    return Incomplete(Status.CUT, f"{name} and the files behind it are not searched: of an archive {most} are read.")


def _files(archive: ZipFile) -> Iterator[tuple[str, ZipInfo]]:
    """Yield the files of an archive with their names, without folders and what systems leave."""
    for member in archive.infolist():
        name = _name(member)
        if not member.filename.endswith(_SEPARATORS) and not _is_litter(name):
            yield name, member


def _size_to_read(archive: ZipFile, member: ZipInfo, name: str, limits: Limits) -> int:
    """Return how many bytes of a file have to be read: of a film or a program, no more than tell that it is one."""
    size = member.file_size
    if size > _HEAD and format_of(Source.inside(name, read_listed(archive, member, _HEAD))) == "unknown":
        return _HEAD
    if size > limits.member_bytes:
        reason = f"It has {size:,} bytes; files in an archive are read up to {limits.member_bytes:,}."
        raise Incomplete(Status.TOO_LARGE, reason)
    check_ratio(size, member.compress_size, limits)
    return size


def _name(member: ZipInfo) -> str:
    """Return the path of a member as it is shown, without what leads out of the archive."""
    name = member.filename
    if not member.flag_bits & _UTF8_FLAG and not name.isascii():
        name = _as_utf8(name)
    return "/".join(part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")) or _UNNAMED


def _as_utf8(name: str) -> str:
    """Return a name that zipfile took for one in code page 437 as UTF-8, which macOS writes without saying so."""
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _is_litter(name: str) -> bool:
    """Tell whether a file was put there by the system and not by the author."""
    parts = name.lower().split("/")
    return not _LEFT_BY_SYSTEMS.isdisjoint(parts) or parts[-1].startswith("._")
