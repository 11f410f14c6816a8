"""Walks a library's folder: which files are its pages, which are documents, and what could not be looked at."""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.encoding import is_encodable
from indexer.extract import ATTACHMENT_SUFFIXES
from indexer.index.directory import is_index
from indexer.library.globs import matches
from indexer.library.settings import LibrarySettings, SettingsError


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the library. `path` is relative to it, with forward slashes; `size` is in bytes."""

    path: str
    absolute: Path
    size: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was left out: where, relative to the library, and why, as a sentence."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Ignored:
    """A page or document that the settings leave out."""

    path: str


@dataclass(frozen=True, slots=True)
class Scan:
    """What a library's folder holds, each list ordered by path.

    `files` are all documents, attached or not; `ignored` are the paths of pages and documents that the settings leave
    out one by one. What lies in a folder that is left out as a whole is not looked at.
    """

    pages: tuple[SourceFile, ...]
    files: tuple[SourceFile, ...]
    ignored: tuple[str, ...]
    problems: tuple[Problem, ...]


def scan(settings: LibrarySettings) -> Scan:
    """Find the pages and the documents of a library; SettingsError when its folder is gone."""
    if not settings.library.is_dir():
        raise SettingsError(f"There is no library folder at {settings.library}; name the folder that holds the pages.")
    pages, files, ignored, problems = [], [], [], []
    for found in _walk(settings):
        if isinstance(found, Problem):
            problems.append(found)
        elif isinstance(found, _Ignored):
            ignored.append(found.path)
        elif not is_page(found.path, settings):
            files.append(found)
        elif found.size > settings.pages.max_bytes:
            problems.append(_too_large(found, settings))
        else:
            pages.append(found)
    if not pages:
        problems.append(
            Problem("", f"No file fits the patterns of pages.include: {', '.join(settings.pages.include)}.")
        )
    by_path = tuple(sorted(problems, key=lambda problem: problem.path))
    return Scan(_ordered(pages), _ordered(files), tuple(sorted(ignored)), by_path)


def is_page(path: str, settings: LibrarySettings) -> bool:
    """Tell whether the file at this path, relative to the library, is a page."""
    return matches(path, settings.pages.include) and not matches(path, settings.pages.ignore)


def within(real: str, root: str) -> bool:
    """Tell whether a real path lies in the folder whose real path is `root`."""
    return real == root or real.startswith(root.rstrip("/") + "/")


def _ordered(files: list[SourceFile]) -> tuple[SourceFile, ...]:
    return tuple(sorted(files, key=lambda file: file.path))


def _too_large(page: SourceFile, settings: LibrarySettings) -> Problem:
    limit = settings.pages.max_bytes
    return Problem(
        page.path,
        f"The page is too large: {page.size:,} bytes, and at most {limit:,} are read (pages.max_bytes).",
    )


def _walk(settings: LibrarySettings) -> Iterator[SourceFile | Problem | _Ignored]:
    """Yield the files of all folders. Each folder is read once, at its own place rather than through a link to it."""
    root = os.path.realpath(settings.library)
    folders, links, seen = [""], list[str](), set[str]()
    while folders or links:
        folder = folders.pop() if folders else links.pop()
        real = os.path.realpath(settings.library / folder)
        if real in seen:
            continue
        seen.add(real)
        for found in _entries(folder, root, settings):
            if isinstance(found, SourceFile | Problem | _Ignored):
                yield found
            else:
                (links if found.is_symlink() else folders).append(_join(folder, found.name))


def _entries(
    folder: str, root: str, settings: LibrarySettings
) -> Iterator[SourceFile | Problem | _Ignored | os.DirEntry[str]]:
    """Yield what is directly in a folder: files and problems as such, folders as their directory entries."""
    try:
        with os.scandir(settings.library / folder) as entries:
            # Sorted, so that of several links to one folder the same one counts every time.
            listed = sorted(entries, key=lambda entry: entry.name, reverse=True)
    except OSError as error:
        yield Problem(folder, f"The folder cannot be read: {error.strerror}.")
        return
    for entry in listed:
        path = _join(folder, entry.name)
        if entry.name.startswith("."):
            continue
        found = _look(entry, path, root, settings)
        if found is not None:
            yield found


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _look(
    entry: os.DirEntry[str], path: str, root: str, settings: LibrarySettings
) -> SourceFile | Problem | _Ignored | os.DirEntry[str] | None:
    """Return what an entry is, or None when it is of no interest."""
    if not is_encodable(entry.name):
        shown = os.fsencode(path).decode("utf-8", errors="replace")
        return Problem(shown, "The name is not UTF-8 and cannot be part of an address; rename it.")
    try:
        if matches(path, settings.pages.ignore):
            return _Ignored(path) if _is_wanted(path, settings) and not entry.is_dir() else None
        if entry.is_symlink() and not within(os.path.realpath(entry.path), root):
            return Problem(path, "The symbolic link leads outside the library; put the file itself there.")
        if entry.is_dir():
            return None if is_index(Path(entry.path)) else entry
        if not _is_wanted(path, settings):
            return None
        return _source(entry, path)
    except OSError as error:
        return Problem(path, f"It cannot be read: {error.strerror}.")


def _is_wanted(path: str, settings: LibrarySettings) -> bool:
    return posixpath.splitext(path)[1].lower() in ATTACHMENT_SUFFIXES or matches(path, settings.pages.include)


def _source(entry: os.DirEntry[str], path: str) -> SourceFile | Problem:
    """Describe a file, which has to be a regular one that this process may read."""
    status = entry.stat()
    if not stat.S_ISREG(status.st_mode):
        return Problem(path, "It is not a regular file and was left alone.")
    if not os.access(entry.path, os.R_OK):
        return Problem(path, "The file cannot be read: Permission denied.")
    return SourceFile(path, Path(entry.path), status.st_size)
