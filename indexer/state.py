"""What the last build saw of its library and made of it: kept with its generation, so that the next follows the change.

Every question is asked of tables, so that what did not change is never turned into objects.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from indexer.index.ledger import Key
from indexer.index.tables import opened
from indexer.library.corpus import Kind, Problem, join
from indexer.library.entry import PageReport, PageStatus

FILE_NAME = "state.sqlite"
SCHEMA = """
create table facts (recipe text, viewpoint text, mark text, corpus text);
create table files (folder text, name text, kind text, look blob, digest text, primary key (folder, name))
    without rowid;
create table pages (
    number integer primary key, source text unique, id text, status text, digest text, fingerprint text,
    holds_from integer, holds_until integer, is_restless integer
);
create index pages_by_id on pages (id);
create index pages_restless on pages (number) where is_restless;
create index pages_dated on pages (holds_from, holds_until) where holds_from is not null;
create table named (page integer, path text, fate text, primary key (page, path, fate)) without rowid;
create index named_by_path on named (path);
create table places (page integer, place integer, primary key (page, place)) without rowid;
create index places_by_place on places (place);
create table problems (page integer, number integer, reason text, primary key (page, number)) without rowid
"""
STATE_VERSION = 2
"""Raised by one whenever a state written before would leave alone what has to be planned again."""

_BATCH = 500
"""How many values are asked for at once; SQLite takes at least 999."""


class StateDamaged(Exception):
    """What a generation says of its build cannot be read. It is thrown away: begun again, a build reads everything."""


@dataclass(frozen=True, slots=True)
class FileState:
    """An entry of a folder as it was found. `digest` is that of the content of a page or of a file that a page names.

    It is empty for what could not be read and for what nobody asked of.
    """

    kind: Kind
    look: bytes
    digest: str = ""


@dataclass(frozen=True, slots=True)
class PageState:
    """A page as it was planned: its id, whether it is shown, and what it was made of.

    `digest` is that of its content, empty if it could not be read, `fingerprint` that of all its resource was made of,
    empty if the next build has to make it again. `holds` are the days, first and behind the last, between which its
    dates say the same. `named` are the keys of its files in the ledger, and `places` the numbers of the places at which
    they were looked for and of the folders on the way there, both in order. A page that is `restless` has to be planned
    by every build.
    """

    source: str
    status: PageStatus
    id: str = ""
    digest: str = ""
    fingerprint: str = ""
    holds: tuple[date, date] | None = None
    named: tuple[Key, ...] = ()
    places: tuple[int, ...] = ()
    is_restless: bool = False
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What holds for a whole state.

    `recipe` names what every document depends on: settings, schema, analysis, readers. `viewpoint` says where the
    library was looked at, and by whom. `mark` is also that of the ledger which was written with it.
    """

    recipe: str = ""
    viewpoint: str = ""
    mark: str = ""

    def belongs(self, viewpoint: str, mark: str) -> bool:
        """Tell whether the state still tells what need not be looked at again, from there and beside that ledger."""
        return (self.viewpoint, self.mark) == (viewpoint, mark)


class Naming(NamedTuple):
    """That a page, which is the resource `id`, names a file, or a name that leads nowhere, whose `fate` is said."""

    source: str
    id: str
    fate: str


class State:
    """The state of a generation; an empty one when there is none. Any method may raise StateDamaged."""

    def __init__(self, generation: Path | None) -> None:
        self._path = generation and generation / FILE_NAME
        try:
            self._database = opened(self._path) if self._path else _nothing()
        except (OSError, sqlite3.Error):
            self._path, self._database = None, _nothing()
        found = self._rows("select recipe, viewpoint, mark from facts")
        self.facts = Facts(*found[0]) if found else Facts()

    @property
    def is_empty(self) -> bool:
        """Tell whether there is no such file, or none that can be read."""
        return self._path is None

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def folders(self) -> set[str]:
        """Return the paths of the folders that held something."""
        return {folder for (folder,) in self._rows("select distinct folder from files")}

    def looks(self, folder: str) -> dict[str, bytes]:
        """Return the looks of the entries of a folder by their names."""
        return dict(self._rows("select name, look from files where folder = ?", folder))

    def file(self, path: str) -> FileState | None:
        """Return an entry of the library."""
        folder, _, name = path.rpartition("/")
        rows = self._rows("select kind, look, digest from files where folder = ? and name = ?", folder, name)
        return FileState(Kind(rows[0][0]), *rows[0][1:]) if rows else None

    def page(self, source: str) -> PageState | None:
        """Return a page as it was planned."""
        columns = "number, id, status, digest, fingerprint, holds_from, holds_until, is_restless"
        rows = self._rows(f"select {columns} from pages where source = ?", source)  # noqa: S608  # names of ours
        if not rows:
            return None
        number, identifier, status, digest, fingerprint, begin, end, is_restless = rows[0]
        problems = self._rows("select reason from problems where page = ? order by number", number)
        return PageState(
            source,
            PageStatus(status),
            identifier,
            digest,
            fingerprint,
            (date.fromordinal(begin), date.fromordinal(end)) if begin else None,
            tuple(self._rows("select path, fate from named where page = ? order by path, fate", number)),
            tuple(place for (place,) in self._rows("select place from places where page = ? order by place", number)),
            bool(is_restless),
            tuple(reason for (reason,) in problems),
        )

    def fingerprint(self, identifier: str) -> str | None:
        """Return the fingerprint of a resource; None when there is none of that id."""
        query = "select fingerprint from pages where id = ? and status = ?"
        rows = self._rows(query, identifier, PageStatus.PUBLISHED.value)
        return str(rows[0][0]) if rows else None

    def digests_in_use(self, digests: Iterable[str]) -> set[str]:
        """Return those of the digests that some file of the library has."""
        return {digest for (digest,) in self._each("select distinct digest from files where digest in ({})", digests)}

    def pages_at(self, places: Iterable[int]) -> set[str]:
        """Return the sources of the pages whose files were looked for at one of these places, or beneath it."""
        query = "select source from places join pages on number = page where place in ({})"
        return {source for (source,) in self._each(query, places)}

    def pages_naming(self, paths: Iterable[str]) -> set[str]:
        """Return the sources of the pages that name these files, by the paths they have in the ledger."""
        query = "select source from named join pages on number = page where path in ({})"
        return {source for (source,) in self._each(query, paths)}

    def restless(self, today: date) -> set[str]:
        """Return the sources of the pages that have to be planned whatever else changed."""
        day = today.toordinal()
        rows = self._rows("select source from pages where is_restless")
        rows += self._rows(
            "select source from pages where holds_from is not null and not (holds_from <= ? and ? < holds_until)",
            day,
            day,
        )
        return {source for (source,) in rows}

    def sources_of(self, identifiers: Iterable[str]) -> set[str]:
        """Return the sources of all pages with one of these ids, shown or not."""
        return {source for (source,) in self._each("select source from pages where id in ({})", identifiers)}

    def ids_of(self, sources: Iterable[str]) -> set[str]:
        """Return the ids of these pages."""
        return {found for (found,) in self._each("select id from pages where source in ({})", sources)}

    def fingerprints(self, sources: Iterable[str] | None = None) -> dict[str, str]:
        """Return the fingerprints of resources by their ids: of all, or of those that these pages became."""
        query = f"select id, fingerprint from pages where status = '{PageStatus.PUBLISHED}'"  # noqa: S608  # ours
        return dict(self._rows(query) if sources is None else self._each(f"{query} and source in ({{}})", sources))

    def ids_among(self, identifiers: Iterable[str]) -> set[str]:
        """Return those of some ids that are of resources."""
        query = f"select id from pages where status = '{PageStatus.PUBLISHED}' and id in ({{}})"  # noqa: S608  # ours
        return {found for (found,) in self._each(query, identifiers)}

    def paths_named_by(self, sources: Iterable[str]) -> set[str]:
        """Return the paths, as the ledger has them, of the files that these pages name."""
        query = "select path from pages join named on number = page where source in ({})"
        return {path for (path,) in self._each(query, sources)}

    def naming(self, path: str) -> list[Naming]:
        """Return which pages name a path, as the ledger has it."""
        query = "select source, id, fate from named join pages on number = page where path = ?"
        return [Naming(*row) for row in self._rows(query, path)]

    def resources(self) -> int:
        """Return how many resources there are."""
        query = "select count(*) from pages where status = ?"
        return int(self._rows(query, PageStatus.PUBLISHED.value)[0][0])

    def corpus(self) -> str:
        """Return a fingerprint of all fingerprints of resources, whatever their order."""
        rows = self._rows("select corpus from facts")
        return str(rows[0][0]) if rows else ""

    def pages(self) -> tuple[PageReport, ...]:
        """Return whether each page is shown, by path, and after them what the settings ignore."""
        ignored = "select folder, name from files where kind = ?"
        paths = sorted(join(*row) for row in self._rows(ignored, Kind.IGNORED.value))
        return (*self._reports("order by source"), *(PageReport(path, PageStatus.IGNORED) for path in paths))

    def held_back(self) -> tuple[PageReport, ...]:
        """Return the pages that are not shown, by path; without those that the settings ignore."""
        return self._reports("where status != ? order by source", PageStatus.PUBLISHED.value)

    def has_pages(self) -> bool:
        """Tell whether there is any page, shown or not."""
        return bool(self._rows("select 1 from pages limit 1"))

    def problems(self) -> tuple[Problem, ...]:
        """Return what was wrong with pages, by their paths."""
        query = "select source, reason from problems p join pages on pages.number = page order by source, p.number"
        return tuple(Problem(*row) for row in self._rows(query))

    def _reports(self, condition: str, *values: str) -> tuple[PageReport, ...]:
        rows = self._rows(f"select source, status, id from pages {condition}", *values)  # noqa: S608  # ours
        return tuple(PageReport(source, PageStatus(status), identifier) for source, status, identifier in rows)

    def _each(self, query: str, values: Iterable[str | int]) -> Iterator[tuple[Any, ...]]:
        """Ask for many values, as many at a time as SQLite takes; `{}` is where they belong in the query."""
        wanted = list(values)
        for start in range(0, len(wanted), _BATCH):
            batch = wanted[start : start + _BATCH]
            yield from self._rows(query.format(", ".join("?" * len(batch))), *batch)

    def _rows(self, query: str, *values: str | int) -> list[tuple[Any, ...]]:
        try:
            return self._database.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise self.damage(str(error)) from error

    def damage(self, reason: str) -> StateDamaged:
        """Throw the file away, since it is damaged, and return the exception that says so."""
        if self._path:
            self._path.unlink(missing_ok=True)
        return StateDamaged(f"{self._path} cannot be used ({reason}).")


def _nothing() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.executescript(SCHEMA)
    return database
