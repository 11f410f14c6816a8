"""What a librarian decides about searching, in files beside the settings that apply without a build.

`synonyms.toml` and `pins.toml` lie beside `library.toml`. While one of them cannot be used, the last good one is. For
those who never saw that one, as a server that starts anew, a copy is kept in the folder of the index, outside of the
generations: what the files say does not depend on what was indexed. Whoever reads a good file and may write there keeps
the copy: every build, and every server that has the right to; without it a server starts with what the last build saw.
Where the library's folder is not there at all, as on a machine that only serves, the copies are all there is.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from indexer.index import directory
from indexer.index.curated import CuratedFileError, read_text
from indexer.index.expansion import MAX_ADDED, expanded
from indexer.index.manifest import LibraryInfo
from indexer.index.pins import FILE_NAME as PINS
from indexer.index.pins import Choice, Pins, parse_pins, unknown_ids
from indexer.index.query import Node
from indexer.index.remarks import Remark
from indexer.index.synonyms import FILE_NAME as SYNONYMS
from indexer.index.synonyms import Synonyms, parse_synonyms

FILE_NAMES = (SYNONYMS, PINS)

_Value = TypeVar("_Value", Synonyms, Pins)


@dataclass(frozen=True, slots=True)
class Curation:
    """What was decided: what things are also called, and what comes first or is hidden."""

    synonyms: Synonyms = field(default_factory=Synonyms)
    pins: Pins = field(default_factory=Pins)

    def decided(self, typed: Node | None, languages: tuple[str, ...]) -> Decided:
        """Return what comes of a query as it was typed. `languages` are those of the library."""
        if typed is None:
            return Decided(None)
        expansion = expanded(typed, self.synonyms, languages)
        return Decided(expansion.tree, self.pins.choice(typed, languages), _bounded(expansion.left_out))


NOTHING = Curation()
"""What holds where nobody decided anything."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A query with the other names of what it asks for, its pins, and what was left out of it."""

    tree: Node | None
    choice: Choice = field(default_factory=Choice)
    bounded: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind(Generic[_Value]):
    """One of the files: its name, how its text is understood, and what it says if it is not there."""

    name: str
    parse: Callable[[Path, str], _Value]
    nothing: _Value


SYNONYM_FILE = Kind(SYNONYMS, parse_synonyms, Synonyms())
PIN_FILE = Kind(PINS, parse_pins, Pins())


@dataclass(frozen=True, slots=True)
class Loaded(Generic[_Value]):
    """What to go by, the text that says so (None if there is no file), and why the file itself cannot be used."""

    value: _Value
    text: str | None = None
    problem: CuratedFileError | None = None


def _bounded(left_out: int) -> tuple[Remark, ...]:
    if not left_out:
        return ()
    remark = Remark(
        "Other names of these words that were not searched: %(count)s. A query is given %(most)s at most.",
        {"count": left_out, "most": MAX_ADDED},
    )
    return (remark,)


def folder_of(library: LibraryInfo) -> Path:
    """Return the folder in which a library's files lie: that of its settings, or its own."""
    return Path(library.config).parent if library.config else Path(library.root)


def read_curation(library: LibraryInfo, index: Path) -> Curation:
    """Return what holds at the moment; of a file that cannot be used, the last good one."""
    folder = folder_of(library)
    return Curation(load(SYNONYM_FILE, folder, index).value, load(PIN_FILE, folder, index).value)


def problems_of(library: LibraryInfo, index: Path) -> list[CuratedFileError]:
    """Return why files cannot be used; of each, the first reason."""
    folder = folder_of(library)
    problems = load(SYNONYM_FILE, folder, index).problem, load(PIN_FILE, folder, index).problem
    return [problem for problem in problems if problem]


def load(kind: Kind[_Value], folder: Path, index: Path) -> Loaded[_Value]:
    """Read one of the files, or its last good copy if it cannot be used or its folder is not there."""
    path = folder / kind.name
    try:
        text = read_text(path)
        if text is None and not folder.is_dir():
            return _last_good(kind, index, None)
        return Loaded(kind.nothing if text is None else kind.parse(path, text), text)
    except CuratedFileError as problem:
        return _last_good(kind, index, problem)


def keep(kind: Kind[_Value], loaded: Loaded[_Value], index: Path) -> None:
    """Keep a copy of a file that is good; where nothing may be written, the one that is there stays."""
    copy = _copy(kind.name, index)
    # A folder that is no index yet, or no longer, would be refused as one if anything lay in it.
    if loaded.problem or not directory.is_index(index):
        return
    with contextlib.suppress(OSError, CuratedFileError):
        if loaded.text is None:
            copy.unlink(missing_ok=True)
        elif read_text(copy) != loaded.text:
            _replace(copy, loaded.text)


def kept_at(kind: Kind[_Value], index: Path) -> float:
    """Return when the copy of a file was written, in seconds since 1970; 0 if there is none."""
    try:
        return _copy(kind.name, index).stat().st_mtime
    except OSError:
        return 0.0


def keep_all(library: LibraryInfo, index: Path) -> None:
    """Keep copies of the files that are good."""
    folder = folder_of(library)
    keep(SYNONYM_FILE, load(SYNONYM_FILE, folder, index), index)
    keep(PIN_FILE, load(PIN_FILE, folder, index), index)


def unknown_pins(
    library: LibraryInfo, index: Path, known: Callable[[Iterable[str]], set[str]]
) -> Iterator[CuratedFileError]:
    """Yield where a good file of pins names resources that are not there; `known` returns those ids that are."""
    folder = folder_of(library)
    pins = load(PIN_FILE, folder, index)
    if pins.text is not None and not pins.problem:
        yield from unknown_ids(folder / PINS, pins.text, known)


def _copy(name: str, index: Path) -> Path:
    return index / "curation" / name


def _last_good(kind: Kind[_Value], index: Path, problem: CuratedFileError | None) -> Loaded[_Value]:
    copy = _copy(kind.name, index)
    try:
        text = read_text(copy)
        return Loaded(kind.nothing if text is None else kind.parse(copy, text), text, problem)
    except CuratedFileError:
        # Damaged, or another version of Handlist took for good what this one does not.
        return Loaded(kind.nothing, None, problem)


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        with new.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
