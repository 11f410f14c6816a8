"""Tables on disk in files that are replaced and never changed: who reads one keeps what it opened, whoever replaces it.

A new version is made beside the old one: as its copy, so that only what changed costs thought, and the rest a copy.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
"""The primary codes of errors that come from what a file holds, and not from the machine."""


def opened(path: Path) -> sqlite3.Connection:
    """Open tables for reading; OSError when there is no such file, and sqlite3.Error when it is none of tables."""
    path.stat()
    # Nobody writes to it, so it needs no locks, and no right to write beside it.
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


@contextmanager
def revised(path: Path, base: Path | None, schema: str) -> Iterator[sqlite3.Connection]:
    """Fill tables that begin as those of `base`, or empty, and then put them in the place of those at `path`.

    `base` may be `path`. Whatever happens, the file at `path` is the old one or the new one, whole and on disk.
    """
    aside = path.with_name(f"{path.name}.new")
    aside.unlink(missing_ok=True)
    if base:
        shutil.copyfile(base, aside)
    try:
        with closing(sqlite3.connect(aside)) as database:
            # Until it is whole nobody looks at it: it may as well break.
            database.execute("pragma journal_mode = off")
            database.execute("pragma synchronous = off")
            if base is None:
                database.executescript(schema)
            with database:
                yield database
        descriptor = os.open(aside, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
