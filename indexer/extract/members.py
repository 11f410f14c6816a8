"""ZIP archives: each file in them as if it stood alone, named by its path in the archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from zipfile import ZipFile, ZipInfo

from indexer.extract.archive import open_archive, read_listed
from indexer.extract.formats import EXTRACTORS, format_of
from indexer.extract.items import Incomplete, Item, Remark
from indexer.extract.nested import read_inside
from indexer.extract.source import Context, Source
from indexer.index.schema import Status

_LARGEST = 100_000_000
"""Bytes of one member: it is held in memory while it is read."""
_NAMED = 3
_UNNAMED = "a file without a name"
_SEPARATORS = ("/", "\\")
"""The first is right; some programs of Windows write the second."""
_UTF8_FLAG = 0x800
_LEFT_BY_SYSTEMS = frozenset({".ds_store", "thumbs.db", "desktop.ini", "__macosx"})


@dataclass(slots=True)
class _Report:
    """What could not be read of an archive: files of other formats, and those that failed."""

    other: list[str] = field(default_factory=list)
    failed: list[Incomplete] = field(default_factory=list)

    def remark(self) -> Iterator[Remark]:
        """Yield a sentence about the files of formats that are not read."""
        if self.other:
            count = "One of its files is" if len(self.other) == 1 else f"{len(self.other):,} of its files are"
            yield Remark(f"{count} of a format that is not read in an archive: {_listed(self.other, ', ')}.")

    def settle(self) -> None:
        """Raise Incomplete if a file failed, with the status that most of them have."""
        if not self.failed:
            return
        status, _ = Counter(problem.status for problem in self.failed).most_common(1)[0]
        lacks = next((problem.lacks for problem in self.failed if problem.lacks), "")
        raise Incomplete(status, _listed([problem.reason for problem in self.failed], " "), lacks)


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the pages of each file in the order of the archive; those that fail are named at the end."""
    report = _Report()
    try:
        with open_archive(source, context.limits) as archive:
            for member in archive.infolist():
                name = _name(member)
                if not member.filename.endswith(_SEPARATORS) and not _is_litter(name):
                    yield from _read_member(archive, member, name, context, report)
    except Incomplete as problem:
        # What is wrong with the archive as a whole comes before what is wrong with its files.
        report.failed.insert(0, problem)
    yield from report.remark()
    report.settle()


def _read_member(archive: ZipFile, member: ZipInfo, name: str, context: Context, report: _Report) -> Iterator[Item]:
    try:
        content = Source.inside(name, _content(archive, member, name))
        kind = format_of(content)
        if kind not in EXTRACTORS or (kind == "image" and not context.tools.tesseract):
            report.other.append(name)
            return
        yield from read_inside(content, context)
    except Incomplete as problem:
        if problem.status is Status.NO_TEXT:
            yield Remark(problem.reason, problem.lacks)
        else:
            report.failed.append(problem)
    except MemoryError:
        # What it took is free again, and those behind it may be small.
        report.failed.append(Incomplete(Status.TOO_LARGE, f"{name}: Reading it takes too much memory."))


def _content(archive: ZipFile, member: ZipInfo, name: str) -> bytes:
    if member.file_size > _LARGEST:
        size = f"It has {member.file_size:,} bytes; of a file in an archive up to {_LARGEST:,} are read."
        raise Incomplete(Status.TOO_LARGE, f"{name}: {size}")
    try:
        return read_listed(archive, member)
    except Incomplete as problem:
        if problem.status is Status.ENCRYPTED:
            raise Incomplete(Status.ENCRYPTED, f"{name}: It is protected by a password.") from problem
        raise


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


def _listed(texts: list[str], separator: str) -> str:
    more = f" and {len(texts) - _NAMED:,} more" if len(texts) > _NAMED else ""
    return separator.join(texts[:_NAMED]) + more
