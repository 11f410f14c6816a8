"""Writes the state of a generation: that of the one before, but for what a plan changes."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from indexer.index.tables import DAMAGE, revised
from indexer.library.entry import PageStatus
from indexer.state import FILE_NAME, SCHEMA, Facts, FileState, PageState, StateDamaged

_CORPUS = 1 << 256


def write_state(
    generation: Path,
    base: Path | None,
    facts: Facts,
    pages: Mapping[str, PageState | None],
    files: Mapping[str, FileState | None],
) -> None:
    """Write the state of a generation: that of `base`, if any, but for these pages and files; None are gone."""
    with _damage_of(base), revised(generation / FILE_NAME, base and base / FILE_NAME, SCHEMA) as database:
        corpus = _replaced(database, pages)
        database.execute("delete from facts")
        values = (facts.recipe, facts.viewpoint, facts.mark, corpus)
        database.execute("insert into facts values (?, ?, ?, ?)", values)
        rows = [(*_split(path), file) for path, file in files.items()]
        gone = [(folder, name) for folder, name, file in rows if file is None]
        database.executemany("delete from files where folder = ? and name = ?", gone)
        found = [(folder, name, file.kind, file.look, file.digest) for folder, name, file in rows if file]
        database.executemany("replace into files values (?, ?, ?, ?, ?)", found)


@contextmanager
def _damage_of(base: Path | None) -> Iterator[None]:
    """Throw away a state that turns out to be damaged when another is made from it."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if base is None or error.sqlite_errorcode & 0xFF not in DAMAGE:
            raise
        (base / FILE_NAME).unlink(missing_ok=True)
        raise StateDamaged(f"{base / FILE_NAME} cannot be used ({error}).") from error


def _split(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder, name


def _replaced(database: sqlite3.Connection, pages: Mapping[str, PageState | None]) -> str:
    """Replace these pages, and return the fingerprint of the corpus as it is then.

    It is the sum of the hashes of all fingerprints, so that it follows a change; see Bellare and Micciancio 1997,
    "A New Paradigm for Collision-Free Hashing", for what such a sum promises.
    """
    found = database.execute("select corpus from facts").fetchone()
    corpus = int(found[0], 16) if found else 0
    for source, page in pages.items():
        known = database.execute("select number, status, fingerprint from pages where source = ?", (source,)).fetchone()
        number, status, fingerprint = known or (None, "", "")
        if known:
            corpus -= _weight(status, fingerprint)
            for table in ("named", "places", "problems"):
                database.execute(f"delete from {table} where page = ?", (number,))  # noqa: S608  # names of ours
        if page:
            corpus += _weight(page.status, page.fingerprint)
            _insert(database, number, page)
        else:
            database.execute("delete from pages where number = ?", (number,))
    return _hex(corpus)


def _weight(status: str, fingerprint: str) -> int:
    is_shown = status == PageStatus.PUBLISHED
    return int.from_bytes(hashlib.sha256(fingerprint.encode()).digest()) if is_shown else 0


def _hex(corpus: int) -> str:
    return f"{corpus % _CORPUS:064x}"


def _insert(database: sqlite3.Connection, number: int | None, page: PageState) -> None:
    begin, end = (day.toordinal() for day in page.holds) if page.holds else (None, None)
    row = (page.source, page.id, page.status, page.digest, page.fingerprint, begin, end, page.is_restless or None)
    number = database.execute("replace into pages values (?, ?, ?, ?, ?, ?, ?, ?, ?)", (number, *row)).lastrowid
    database.executemany("replace into named values (?, ?, ?)", ((number, *key) for key in page.named))
    database.executemany("replace into places values (?, ?)", ((number, place) for place in page.places))
    numbered = enumerate(page.problems)
    database.executemany("insert into problems values (?, ?, ?)", ((number, *problem) for problem in numbered))
