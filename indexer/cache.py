"""What need not be done twice: hashing files that did not change, reading pages and extracting texts from files.

The cache is disposable. It lies beside the index, is kept from build to build, and is made anew when it is damaged.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
import time
import zlib
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from indexer.index.schema import Extraction, Page, Status, Unit

_SCHEMA = """
create table if not exists digests (path text primary key, stamp text, hashed_at integer, digest text) without rowid;
create table if not exists extractions (digest text, version text, content blob, primary key (digest, version));
create table if not exists pages (key text primary key, content blob)
"""

_SETTLED_NANOSECONDS = 2_000_000_000
"""A file changed this shortly before it was hashed may change again within the clock's grain: it is hashed anew."""

_BLOCK = 1 << 20


class Cache:
    """Hashes, page texts and extractions on disk; may be shared by threads.

    Extractions of another `version` are not found.
    """

    def __init__(self, path: Path, version: str) -> None:
        self._version = version
        self._lock = threading.Lock()
        try:
            self._database = _open(path)
        except sqlite3.OperationalError:
            # A full disk or a lock, not damage: what is in it is worth keeping.
            raise
        except sqlite3.DatabaseError:
            for leftover in path.parent.glob(f"{path.name}*"):
                leftover.unlink()
            self._database = _open(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def digest(self, path: Path) -> str:
        """Return the SHA-256 of a file's content, without reading it when nothing about it changed; or OSError."""
        stamp, changed = _stamp(path)
        with self._lock:
            row = self._database.execute(
                "select hashed_at, digest from digests where path = ? and stamp = ?", (os.fspath(path), stamp)
            ).fetchone()
        if row and changed < row[0] - _SETTLED_NANOSECONDS:
            return str(row[1])
        return self._hash(path, stamp)

    def _hash(self, path: Path, stamp: str) -> str:
        now = time.time_ns()
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256", _bufsize=_BLOCK).hexdigest()
        with self._lock, self._database:
            self._database.execute("replace into digests values (?, ?, ?, ?)", (os.fspath(path), stamp, now, digest))
        return digest

    def extraction(self, digest: str) -> Extraction | None:
        """Return what was extracted from the content of that hash, or None."""
        with self._lock:
            row = self._database.execute(
                "select content from extractions where digest = ? and version = ?", (digest, self._version)
            ).fetchone()
        return _decoded(row[0]) if row else None

    def holds(self, digest: str) -> bool:
        """Tell whether the content of that hash was extracted before."""
        with self._lock:
            query = "select 1 from extractions where digest = ? and version = ?"
            return self._database.execute(query, (digest, self._version)).fetchone() is not None

    def keep_extraction(self, digest: str, extraction: Extraction) -> None:
        """Keep what was extracted from the content of that hash."""
        content = _encoded(extraction)
        with self._lock, self._database:
            self._database.execute("replace into extractions values (?, ?, ?)", (digest, self._version, content))

    def page_keys(self) -> set[str]:
        """Return the keys of all pages whose texts are kept."""
        with self._lock:
            return {key for (key,) in self._database.execute("select key from pages")}

    def page_texts(self, key: str) -> tuple[str, str]:
        """Return the summary and the body of the page of that key; LookupError when they are not kept."""
        with self._lock:
            row = self._database.execute("select content from pages where key = ?", (key,)).fetchone()
        if row is None:
            raise LookupError(f"The texts of page {key} are not in the cache.")
        summary, body = _unpacked(row[0])
        return summary, body

    def keep_page_texts(self, key: str, summary: str, body: str) -> None:
        """Keep the summary and the body of a page."""
        with self._lock, self._database:
            self._database.execute("replace into pages values (?, ?)", (key, _packed([summary, body])))

    def forget_all_but(self, paths: Iterable[Path], pages: Iterable[str], digests: Iterable[str]) -> None:
        """Drop what belongs to files and pages that are gone, by path, key and content hash, and to other versions."""
        with self._lock, self._database:
            self._database.execute("create temp table kept (key text primary key) without rowid")
            keys = {os.fspath(path) for path in paths} | set(pages) | set(digests)
            self._database.executemany("insert into kept values (?)", ((key,) for key in keys))
            self._database.execute("delete from digests where path not in (select key from kept)")
            self._database.execute("delete from pages where key not in (select key from kept)")
            self._database.execute(
                "delete from extractions where version != ? or digest not in (select key from kept)", (self._version,)
            )
            self._database.execute("drop table kept")


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


def _stamp(path: Path) -> tuple[str, int]:
    """Return what changes whenever a file's content does, and when it last changed (nanoseconds)."""
    status = path.stat()
    stamp = f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}"
    return stamp, max(status.st_mtime_ns, status.st_ctime_ns)


def _encoded(extraction: Extraction) -> bytes:
    data: dict[str, Any] = {
        "status": extraction.status,
        "format": extraction.format,
        "unit": extraction.unit,
        "pages": [(page.label, page.text) for page in extraction.pages],
        "reason": extraction.reason,
    }
    return _packed(data)


def _decoded(content: bytes) -> Extraction:
    data: dict[str, Any] = _unpacked(content)
    return Extraction(
        status=Status(data["status"]),
        format=data["format"],
        unit=Unit(data["unit"]),
        pages=tuple(Page(label, text) for label, text in data["pages"]),
        reason=data["reason"],
    )


def _packed(data: object) -> bytes:
    return zlib.compress(json.dumps(data).encode(), level=3)


def _unpacked(content: bytes) -> Any:  # noqa: ANN401  # whatever was packed
    try:
        return json.loads(zlib.decompress(content))
    except (zlib.error, ValueError) as error:
        raise sqlite3.DatabaseError(f"an entry is damaged ({error})") from error
