"""Walks a library's folder: what of it is new, gone or not as it was known, and what could not be looked at.

Every build looks at every file, so whatever is done for each of them counts: a file that is as it was known costs one
look at its size, times and inode.
"""

from __future__ import annotations

import os
import posixpath
import stat
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from operator import itemgetter
from pathlib import Path
from typing import Protocol

from indexer.cache import SETTLED_NANOSECONDS
from indexer.encoding import is_encodable
from indexer.extract import ATTACHMENT_SUFFIXES
from indexer.index.curation import FILE_NAMES as CURATED
from indexer.index.directory import is_index
from indexer.library.globs import matches
from indexer.library.settings import FILE_NAME as SETTINGS
from indexer.library.settings import LibrarySettings, SettingsError

_RULES = frozenset((SETTINGS, *CURATED))
"""The files of a library that say how it is read and searched, and are no part of it whatever the patterns say."""

_CHANGING = b""
_OF_NO_INTEREST = b"o"
_FOLDER = b"f"
_CLOSED = b"c"
_stamp = struct.Struct("<4q").pack


class Kind(StrEnum):
    """What an entry of a folder is to the library.

    A FOLDER is walked, a CLOSED one is not. OTHER is all that is neither a page nor a document, be it of no interest,
    unfit or a link to a folder.
    """

    PAGE = "page"
    DOCUMENT = "document"
    IGNORED = "ignored"
    OTHER = "other"
    FOLDER = "folder"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Found:
    """An entry of the library. `path` is relative to it, with forward slashes.

    `look` changes whenever what lies there does. It is empty if that cannot be promised: of links, of what has a
    `problem`, a sentence, and of files that were just changed, as the clock is too coarse to tell a second change.
    """

    path: str
    kind: Kind
    look: bytes = _CHANGING
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was left out: where, relative to the library, and why, as a sentence."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Scan:
    """How a library's folder differs from what was known, each list ordered by path.

    `found` is what is new, or may have changed. `gone` are the paths of what was known and is there no more. Hidden
    entries are never looked at, nor is what lies in a folder that is left out as a whole.
    """

    found: tuple[Found, ...]
    gone: tuple[str, ...]
    problems: tuple[Problem, ...]


class Known(Protocol):
    """What was found by an earlier walk."""

    def folders(self) -> set[str]:
        """Return the paths of the folders that held something."""
        ...

    def looks(self, folder: str) -> dict[str, bytes]:
        """Return the looks of the entries of a folder by their names, in a new dictionary."""
        ...


def scan(settings: LibrarySettings, known: Known) -> Scan:
    """Compare a library's folder with what is known of it; SettingsError when it is gone."""
    if not settings.library.is_dir():
        raise SettingsError(f"There is no library folder at {settings.library}; name the folder that holds the pages.")
    walk = _Walk(settings, known)
    walk.run()
    found = sorted(walk.found, key=lambda one: one.path)
    problems = [Problem(one.path, one.problem) for one in found if one.problem] + walk.problems
    by_path = tuple(sorted(problems, key=lambda problem: problem.path))
    return Scan(tuple(found), tuple(sorted(walk.gone)), by_path)


def is_page(path: str, settings: LibrarySettings) -> bool:
    """Tell whether the file at this path, relative to the library, is a page."""
    return path not in _RULES and matches(path, settings.pages.include) and not matches(path, settings.pages.ignore)


def no_pages(settings: LibrarySettings) -> tuple[Problem]:
    """Return what is wrong with a library in which there is no page."""
    reason = f"No file fits the patterns of pages.include: {', '.join(settings.pages.include)}."
    return (Problem("", reason),)


def within(real: str, root: str) -> bool:
    """Tell whether a real path lies in the folder whose real path is `root`."""
    return real == root or real.startswith(root.rstrip("/") + "/")


def join(folder: str, name: str) -> str:
    """Return the path of an entry of a folder of the library, whose own path is empty."""
    return f"{folder}/{name}" if folder else name


def _unlike(
    entries: Iterator[os.DirEntry[str]], known: dict[str, bytes]
) -> Iterator[tuple[str, os.DirEntry[str], bytes]]:
    """Yield the entries that are not as they are known, and all folders, with names and what their looks were.

    What is left in `known` then is gone.
    """
    for entry in entries:
        look = known.pop(entry.name, _CHANGING)
        try:
            if look == _OF_NO_INTEREST:
                if not entry.is_symlink() and not entry.is_dir():
                    continue
            elif len(look) > 1:
                status = entry.stat(follow_symlinks=False)
                if look == _stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino):
                    continue
        except OSError:
            pass  # Why it cannot be looked at is said where it is looked at closely.
        yield entry.name, entry, look


class _Walk:
    """One way through all folders. Each is read once, at its own place rather than through a link to it."""

    def __init__(self, settings: LibrarySettings, known: Known) -> None:
        self.found: list[Found] = []
        self.gone: list[str] = []
        self.problems: list[Problem] = []
        self._settings = settings
        self._known = known
        # Text and not a Path, which takes as long to make as a folder to open.
        self._library = str(settings.library)
        self._root = os.path.realpath(settings.library)
        self._settled = time.time_ns() - SETTLED_NANOSECONDS
        self._folders = [("", self._root)]
        self._links: list[str] = []

    def run(self) -> None:
        """Walk, and fill the lists."""
        unseen, seen = self._known.folders(), set[str]()
        while self._folders or self._links:
            folder, real = self._folders.pop() if self._folders else self._link()
            if real not in seen:
                seen.add(real)
                unseen.discard(folder)
                self._folder(folder, real)
        self.gone += [join(folder, name) for folder in unseen for name in self._known.looks(folder)]

    def _link(self) -> tuple[str, str]:
        folder = self._links.pop()
        return folder, os.path.realpath(self._settings.library / folder)

    def _folder(self, folder: str, real: str) -> None:
        known = self._known.looks(folder)
        try:
            # Through its descriptor: the system then need not follow the path of the folder for every file in it.
            descriptor = os.open(f"{self._library}/{folder}", os.O_RDONLY | os.O_DIRECTORY)
            try:
                with os.scandir(descriptor) as entries:
                    # Sorted, so that of several links to one folder the same one counts every time.
                    for name, entry, look in sorted(_unlike(entries, known), reverse=True, key=itemgetter(0)):
                        if not name.startswith("."):
                            self._entry(entry, join(folder, name), real, look)
            finally:
                os.close(descriptor)
        except OSError as error:
            self.problems.append(Problem(folder, f"The folder cannot be read: {error.strerror}."))
        self.gone += [join(folder, name) for name in known]

    def _entry(self, entry: os.DirEntry[str], path: str, real: str, look: bytes) -> None:
        """Take an entry down, unless it is as it was known; `real` is the real path of its folder."""
        if not is_encodable(entry.name):
            shown = os.fsencode(path).decode("utf-8", errors="replace")
            reason = "The name is not UTF-8 and cannot be part of an address; rename it."
            self.problems.append(Problem(shown, reason))
            return
        try:
            found = self._look(entry, path)
            is_folder = entry.is_dir()
        except OSError as error:
            found, is_folder = Found(path, Kind.OTHER, problem=f"It cannot be read: {error.strerror}."), False
        if found.kind is Kind.FOLDER:
            self._folders.append((path, f"{real.rstrip('/')}/{entry.name}"))
        elif is_folder and found.kind is Kind.OTHER and not found.problem:
            self._links.append(path)
        if not found.look or found.look != look:
            self.found.append(found)

    def _look(self, entry: os.DirEntry[str], path: str) -> Found:
        """Return what an entry is; or OSError."""
        settings, is_link = self._settings, entry.is_symlink()
        absolute = f"{self._library}/{path}"
        of_no_interest = _CHANGING if is_link else _OF_NO_INTEREST
        if path in _RULES and not entry.is_dir():
            return Found(path, Kind.OTHER, of_no_interest)
        if matches(path, settings.pages.ignore):
            if entry.is_dir():
                return Found(path, Kind.CLOSED, _CHANGING if is_link else _CLOSED)
            return Found(path, Kind.IGNORED if _is_wanted(path, settings) else Kind.OTHER, of_no_interest)
        if is_link and not within(os.path.realpath(absolute), self._root):
            reason = "The symbolic link leads outside the library; put the file itself there."
            return Found(path, Kind.OTHER, problem=reason)
        if entry.is_dir():
            if is_index(Path(absolute)):
                return Found(path, Kind.CLOSED, _CHANGING if is_link else _CLOSED)
            return Found(path, Kind.OTHER) if is_link else Found(path, Kind.FOLDER, _FOLDER)
        if not _is_wanted(path, settings):
            return Found(path, Kind.OTHER, of_no_interest)
        return self._file(entry, path, absolute)

    def _file(self, entry: os.DirEntry[str], path: str, absolute: str) -> Found:
        """Describe a file, which has to be a regular one that this process may read."""
        status = entry.stat()
        if not stat.S_ISREG(status.st_mode):
            return Found(path, Kind.OTHER, problem="It is not a regular file and was left alone.")
        if not os.access(absolute, os.R_OK):
            return Found(path, Kind.OTHER, problem="The file cannot be read: Permission denied.")
        kind, limit = _kind(path, self._settings), self._settings.pages.max_bytes
        if kind is Kind.PAGE and status.st_size > limit:
            size = f"{status.st_size:,} bytes, and at most {limit:,} are read (pages.max_bytes)"
            return Found(path, Kind.OTHER, problem=f"The page is too large: {size}.")
        is_settled = max(status.st_mtime_ns, status.st_ctime_ns) < self._settled
        if entry.is_symlink() or not is_settled:
            return Found(path, kind)
        return Found(path, kind, _stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino))


def _kind(path: str, settings: LibrarySettings) -> Kind:
    return Kind.PAGE if is_page(path, settings) else Kind.DOCUMENT


def _is_wanted(path: str, settings: LibrarySettings) -> bool:
    return posixpath.splitext(path)[1].lower() in ATTACHMENT_SUFFIXES or matches(path, settings.pages.include)
