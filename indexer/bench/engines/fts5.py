"""SQLite's full-text search, FTS5, with tables beside it for the facets."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from indexer.bench.corpus import BenchDocument
from indexer.bench.engines import FACET_VALUES, TITLE_WEIGHT, TOP, Answer, Engine, PeerUnavailable

_TABLES = """
    CREATE VIRTUAL TABLE texts USING fts5(title, text, tokenize='porter unicode61');
    CREATE TABLE categories(document INTEGER PRIMARY KEY, category TEXT);
    CREATE TABLE tags(document INTEGER, tag TEXT);
"""
_BEST = f"""
    SELECT title, snippet(texts, 1, '<b>', '</b>', '…', 30) FROM texts WHERE texts MATCH ?
    ORDER BY bm25(texts, {TITLE_WEIGHT}, 1) LIMIT {TOP}
"""  # noqa: S608 - numbers of ours
_TAGS = f"""
    SELECT tag, count(*) FROM tags WHERE document IN (SELECT rowid FROM texts WHERE texts MATCH ?)
    GROUP BY tag ORDER BY count(*) DESC LIMIT {FACET_VALUES}
"""  # noqa: S608 - a number of ours
_CATEGORIES = """
    SELECT category, count(*) FROM categories WHERE document IN (SELECT rowid FROM texts WHERE texts MATCH ?)
    GROUP BY category ORDER BY count(*) DESC
"""
_FILE = "index.sqlite"


def _build(documents: Iterable[BenchDocument], folder: Path) -> None:
    folder.mkdir()
    with closing(sqlite3.connect(folder / _FILE)) as database:
        database.executescript(_TABLES)
        for number, document in enumerate(documents, 1):
            database.execute(
                "INSERT INTO texts(rowid, title, text) VALUES (?, ?, ?)", (number, document.title, document.text)
            )
            database.execute("INSERT INTO categories VALUES (?, ?)", (number, document.category))
            database.executemany("INSERT INTO tags VALUES (?, ?)", [(number, tag) for tag in document.tags])
        database.execute("CREATE INDEX tags_of_documents ON tags(document)")
        database.execute("INSERT INTO texts(texts) VALUES ('optimize')")
        database.commit()


class _Fts5:
    """An open database."""

    def __init__(self, folder: Path) -> None:
        self._database = sqlite3.connect(folder / _FILE)

    def ask(self, words: str) -> Answer:
        match = (" OR ".join(f'"{word}"' for word in words.split()),)
        hits = tuple(self._database.execute(_BEST, match))
        tags = dict(self._database.execute(_TAGS, match))
        # Every document has one category, so that their counts add up to the number of documents.
        categories = self._database.execute(_CATEGORIES, match).fetchall()
        total = sum(count for _, count in categories)
        return Answer(total, hits, {"tags": tags, "category": dict(categories[:FACET_VALUES])})

    def read(self, answer: Answer) -> Answer:
        return answer

    def close(self) -> None:
        self._database.close()


def _require_fts5() -> None:
    """Raise PeerUnavailable when this Python's SQLite was made without FTS5."""
    with closing(sqlite3.connect(":memory:")) as database:
        try:
            database.execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
        except sqlite3.OperationalError as error:
            raise PeerUnavailable(
                f'The peer "fts5" cannot be asked: SQLite {sqlite3.sqlite_version} of this Python was made without it '
                f"({error}). Use another Python, or leave it out of --peers."
            ) from error


_require_fts5()
ENGINE = Engine("fts5", sqlite3.sqlite_version, _build, _Fts5)
