"""Where an index lives on disk: generations side by side, one of them published by a link that is switched at once.

DIR/handlist.json            says that this folder belongs to Handlist
DIR/current                  a link to the published generation
DIR/generations/00000012/    one generation
DIR/cache.sqlite             what was extracted from files, kept from build to build
DIR/lock                     held by the one process that builds

In the folder of a generation:

segment-NAME.arrays          what is searched of some of its documents; shared with the generation before if it can be
segment-NAME.texts           what is shown of them, shared likewise
segments.arrays              the list of its segments, with what is deleted in each
_MAIN_1.toc                  its table of contents, by which Whoosh opens it
manifest.json                what it says of itself, and the sizes of the files above
state.sqlite                 what the next build compares the library with
ledger.sqlite                what became of every file of the library
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.index.engine import EngineError

_MARKER = "handlist.json"
_CURRENT = "current"
_GENERATIONS = "generations"
_MARK = b'{"handlist": "index", "layout": 1}\n'
_KEPT = 2
"""How many generations stay on disk: the published one and the last good one before it."""


class NotAnIndex(EngineError):
    """The folder holds something else, so nothing is written there."""


class IndexLocked(EngineError):
    """Another process is building this index at the moment."""


def current_generation(directory: Path) -> Path | None:
    """Return the folder of the published generation, or None when nothing is published. Costs one look at a link."""
    try:
        return directory / (directory / _CURRENT).readlink()
    except OSError:
        return None


def older_generations(directory: Path) -> list[Path]:
    """Return the folders that are kept of what was published before, the newest first; of builds that run, none."""
    published = generation_number(current_generation(directory))
    try:
        older = [generation for generation in _generations(directory) if generation_number(generation) < published]
    except OSError:
        return []
    return older[::-1]


def generation_number(generation: Path | None) -> int:
    """Return the number of a generation by its folder; 0 for none."""
    return int(generation.name) if generation and generation.name.isdigit() else 0


def cache_file(directory: Path) -> Path:
    """Return where the extraction cache of an index lies."""
    return directory / "cache.sqlite"


def is_index(directory: Path) -> bool:
    """Tell whether a folder is an index directory, published or not."""
    return (directory / _MARKER).exists()


def prepare(directory: Path) -> None:
    """Make the folder an index directory, or raise NotAnIndex when it holds something that is not ours."""
    if directory.exists() and not directory.is_dir():
        raise NotAnIndex(f"{directory} is a file. Name a folder for the index.")
    _make_folder(directory)
    # In this order: the marker is the first that another build makes, so whatever else of it is seen, it is there.
    if any(directory.iterdir()) and not is_index(directory):
        raise NotAnIndex(
            f"{directory} holds other files and is no Handlist index, so nothing was written there. "
            "Name an empty or a new folder for the index."
        )
    _mark(directory / _MARKER)
    current = directory / _CURRENT
    if current.is_dir() and not current.is_symlink():
        raise NotAnIndex(
            f"{current} is a folder and has to be a link: the index was copied without its links, so it cannot be "
            f"added to. Delete {directory}, which costs nothing but time, and build again."
        )
    _make_folder(directory / _GENERATIONS)


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, so that a power cut does not take them back."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync(folder.parent)


def _mark(marker: Path) -> None:
    """Write the marker, or raise NotAnIndex when it is that of another layout."""
    written = marker.read_bytes() if marker.exists() else b""
    # Empty: another build is writing the same at this moment, or a power cut ended one that was.
    if not written:
        marker.write_bytes(_MARK)
    elif written != _MARK:
        raise NotAnIndex(
            f"{marker.parent} was not made by this version of Handlist: {marker.name} says {written[:99]!r} instead of "
            f"{_MARK!r}. Name another folder for the index."
        )


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold the index for building; raise IndexLocked at once when another process holds it.

    The lock belongs to the process, so it is gone when the process is, however it ended.
    """
    with (directory / "lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise IndexLocked(
                f"Another build of {directory} is running (process {holder}). Wait for it, or end it, and try again."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def new_generation(directory: Path) -> Path:
    """Make the empty folder of the next generation; what an interrupted build left behind is removed first."""
    published = current_generation(directory)
    number = generation_number(published) + 1
    for leftover in _generations(directory):
        if generation_number(leftover) >= number:
            shutil.rmtree(leftover)
    generation = directory / _GENERATIONS / f"{number:08d}"
    generation.mkdir()
    return generation


def publish(directory: Path, generation: Path) -> None:
    """Make a finished generation the one that readers see, then remove those no longer kept.

    Everything is on disk before the link is switched, so that a power cut leaves the old generation or the new one.
    """
    _sync_files(generation)
    _sync(generation.parent)
    link = directory / f"{_CURRENT}.new"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(_GENERATIONS) / generation.name)
    link.replace(directory / _CURRENT)
    _sync(directory)
    for old in _generations(directory)[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def _generations(directory: Path) -> list[Path]:
    return sorted(path for path in (directory / _GENERATIONS).iterdir() if path.name.isdigit())


def _sync_files(folder: Path) -> None:
    for path in folder.iterdir():
        # A file with a second name is shared with the generation before and was synced with it.
        if path.stat().st_nlink == 1:
            _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
