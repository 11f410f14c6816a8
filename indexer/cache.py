"""What need not be done twice: hashing files that did not change, reading pages and extracting texts from files.

The cache is disposable. It lies beside the index, is kept from build to build, and is made anew when it is damaged.
Damage is not looked for, as that would read the whole cache for every build: it is met when the damaged part is used.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from indexer.extract.serial import locator_from_json, metadata_from_json, metadata_to_json
from indexer.index.schema import Extraction, Page, Status
from indexer.library.entry import Entry

_SCHEMA = """
create table if not exists digests (path text primary key, stamp text, hashed_at integer, digest text) without rowid;
create table if not exists extractions
    (digest text, version text, lacks text, content blob, primary key (digest, version));
create index if not exists lacking on extractions (lacks);
create table if not exists entries (key text primary key, entry text, texts blob);
drop table if exists pages
"""

SETTLED_NANOSECONDS = 2_000_000_000
"""A file changed this shortly before it was hashed may change again within the clock's grain: it is hashed anew."""

_BLOCK = 1 << 20
_LEVEL = 3
_LINE_END = b"\n"

Result = TypeVar("Result")

_REFUSALS = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
}
"""What the machine refuses for the moment: no damage, and what is in the cache is worth keeping."""


class CacheDamaged(sqlite3.DatabaseError):
    """What the cache holds cannot be read. It is thrown away when it is closed; begun again, a build finds it new."""


class Cache:
    """Hashes, page texts and extractions on disk; may be shared by threads.

    Extractions of another `version` are not found. Any method may raise CacheDamaged, or another sqlite3.Error when the
    machine refuses.
    """

    def __init__(self, path: Path, version: str) -> None:
        self._path = path
        self._version = version
        self._lock = threading.Lock()
        self._is_damaged = False
        try:
            self._database = _open(path)
        except sqlite3.Error as error:
            if not _is_damage(error):
                raise
            _remove(path)
            self._database = _open(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()
        if self._is_damaged:
            _remove(self._path)

    def digest(self, path: Path) -> str:
        """Return the SHA-256 of a file's content, without reading it when nothing about it changed; or OSError."""
        stamp, changed = _stamp(path)
        # The length: a damaged hash is none.
        query = "select digest from digests where path = ? and stamp = ? and hashed_at > ? and length(digest) = 64"
        row = self._first(query, (os.fspath(path), stamp, changed + SETTLED_NANOSECONDS))
        return str(row[0]) if row else self._hash(path, stamp)

    def _hash(self, path: Path, stamp: str) -> str:
        now = time.time_ns()
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256", _bufsize=_BLOCK).hexdigest()
        self._write("replace into digests values (?, ?, ?, ?)", (os.fspath(path), stamp, now, digest))
        return digest

    def extraction(self, digest: str) -> Extraction:
        """Return what was extracted from the content of that hash, which the cache holds."""
        query = "select content from extractions where digest = ? and version = ?"
        return self._content(query, (digest, self._version), _decoded)

    def holds(self, digest: str) -> bool:
        """Tell whether the content of that hash was extracted before."""
        query = "select 1 from extractions where digest = ? and version = ?"
        return self._first(query, (digest, self._version)) is not None

    def keep_extraction(self, digest: str, extraction: Extraction) -> None:
        """Keep what was extracted from the content of that hash."""
        values = (digest, self._version, extraction.lacks, _encoded(extraction))
        self._write("replace into extractions values (?, ?, ?, ?)", values)

    def lacked(self) -> frozenset[str]:
        """Return the Debian packages without which something could not be extracted."""
        query = "select distinct lacks from extractions where lacks != ''"
        return self._run(lambda database: frozenset(package for (package,) in database.execute(query)))

    def forget_lacking(self, packages: Iterable[str]) -> None:
        """Drop what was extracted without one of these packages, so that it is extracted again."""
        lacking = [(package,) for package in packages]
        self._run(lambda database: database.executemany("delete from extractions where lacks = ?", lacking))

    def entry(self, key: str) -> Entry | None:
        """Return the page of that key without its texts, which are kept with it; None when it has to be read."""
        if self._first("select 1 from entries where key = ?", (key,)) is None:
            return None
        return self._content("select entry from entries where key = ?", (key,), _entry)

    def page_texts(self, key: str) -> tuple[str, str]:
        """Return the summary and the body of the page of that key, which is kept."""
        summary, body = self._content("select texts from entries where key = ?", (key,), _unpacked)
        return summary, body

    def keep_page(self, key: str, entry: Entry) -> None:
        """Keep a page."""
        written = json.dumps(entry.without_texts().to_json())
        self._write("replace into entries values (?, ?, ?)", (key, written, _packed([entry.summary, entry.body])))

    def forget(self, paths: Iterable[Path], pages: Iterable[str], digests: Iterable[str]) -> None:
        """Drop what belongs to these files and pages, by path, key and content hash."""

        def forget(database: sqlite3.Connection) -> None:
            for table, column, keys in (
                ("digests", "path", map(os.fspath, paths)),
                ("entries", "key", pages),
                ("extractions", "digest", digests),
            ):
                database.executemany(f"delete from {table} where {column} = ?", ((key,) for key in keys))  # noqa: S608  # names of ours

        self._run(forget)

    def forget_all_but(self, paths: Iterable[Path], pages: Iterable[str], digests: Iterable[str]) -> None:
        """Drop what belongs to files and pages that are gone, by path, key and content hash, and to other versions."""
        keys = {os.fspath(path) for path in paths} | set(pages) | set(digests)

        def forget(database: sqlite3.Connection) -> None:
            database.execute("create temp table kept (key text primary key) without rowid")
            database.executemany("insert into kept values (?)", ((key,) for key in keys))
            database.execute("delete from digests where path not in (select key from kept)")
            database.execute("delete from entries where key not in (select key from kept)")
            database.execute(
                "delete from extractions where version != ? or digest not in (select key from kept)", (self._version,)
            )
            database.execute("drop table kept")

        self._run(forget)

    def _content(self, query: str, key: tuple[str, ...], unpack: Callable[[Any], Result]) -> Result:
        """Return the one entry that a query finds. It is there, or the tree that leads to it is damaged."""

        def content(database: sqlite3.Connection) -> Result:
            row = database.execute(query, key).fetchone()
            if row is None:
                raise sqlite3.DatabaseError("an entry is lost")
            try:
                return unpack(row[0])
            except (zlib.error, ValueError, TypeError, KeyError, AttributeError) as error:
                raise sqlite3.DatabaseError(f"an entry is damaged ({error})") from error

        return self._run(content)

    def _first(self, query: str, values: tuple[object, ...]) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._run(lambda database: database.execute(query, values).fetchone())
        return row

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        self._run(lambda database: database.execute(statement, values))

    def _run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do something in one transaction, and tell damage from what the machine refuses.

        No context manager made of a generator: one that an interruption leaves half-way is finished too late, when the
        cache is closed.
        """
        with self._lock:
            try:
                with self._database:
                    return work(self._database)
            except sqlite3.Error as error:
                if not _is_damage(error):
                    raise
                self._is_damaged = True
                raise CacheDamaged(str(error)) from error


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, check_same_thread=False)
    try:
        # A power cut may cost the cache, never the index: speed is worth more here than durability.
        database.execute("pragma journal_mode = wal")
        database.execute("pragma synchronous = off")
        database.executescript(_SCHEMA)
    except BaseException:
        database.close()
        raise
    return database


def _is_damage(error: sqlite3.Error) -> bool:
    """Tell whether an error comes from what is in the cache, and neither from the machine nor from a wrong call."""
    if isinstance(error, sqlite3.ProgrammingError):
        return False
    # The low byte says what happened, the others where. What has no code is text or an entry that cannot be decoded.
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF not in _REFUSALS


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _stamp(path: Path) -> tuple[str, int]:
    """Return what changes whenever a file's content does, and when it last changed (nanoseconds)."""
    status = path.stat()
    stamp = f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}"
    return stamp, max(status.st_mtime_ns, status.st_ctime_ns)


def _encoded(extraction: Extraction) -> bytes:
    """Return an extraction as a line of JSON and the texts of its pages behind it, compressed page by page."""
    texts = [page.text for page in extraction.pages]
    data: dict[str, Any] = {
        "status": extraction.status,
        "format": extraction.format,
        "pages": [
            (*astuple(page.locator), len(_bytes(text))) for page, text in zip(extraction.pages, texts, strict=True)
        ],
        "reason": extraction.reason,
        "lacks": extraction.lacks,
        "metadata": metadata_to_json(extraction.metadata),
        "characters_left_out": extraction.characters_left_out,
        "seconds": extraction.seconds,
    }
    compressor = zlib.compressobj(_LEVEL)
    parts = [compressor.compress(json.dumps(data).encode() + _LINE_END)]
    parts += [compressor.compress(_bytes(text)) for text in texts]
    return b"".join((*parts, compressor.flush()))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _decoded(content: bytes) -> Extraction:
    raw = zlib.decompress(content)
    end = raw.index(_LINE_END)
    data = json.loads(raw[:end])
    decoded = {
        "status": Status(data["status"]),
        "pages": tuple(_pages(data["pages"], memoryview(raw)[end + 1 :])),
        "metadata": metadata_from_json(data["metadata"]),
    }
    return Extraction(**data | decoded)


def _pages(rows: list[list[Any]], texts: memoryview) -> Iterator[Page]:
    start = 0
    for *locator, length in rows:
        yield Page(locator_from_json(locator), str(texts[start : start + length], "utf-8", "surrogatepass"))
        start += length
    if start != len(texts):
        raise ValueError("its texts have another length")


def _entry(content: str) -> Entry:
    return Entry.from_json(json.loads(content))


def _packed(data: object) -> bytes:
    return zlib.compress(json.dumps(data).encode(), _LEVEL)


def _unpacked(content: bytes) -> Any:  # noqa: ANN401  # whatever was packed
    return json.loads(zlib.decompress(content))
