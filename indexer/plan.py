"""What a library holds now and what of it changed: only what could be different from the last plan is planned again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path

from indexer.cache import Cache
from indexer.extract.formats import format_by_suffix
from indexer.index.ledger import FileReport, Key
from indexer.index.schema import Status
from indexer.library.corpus import Kind, Problem, Scan
from indexer.library.entry import Entry, PageStatus
from indexer.library.references import FileReference, Unresolved, places, resolve
from indexer.library.settings import LibrarySettings
from indexer.progress import Reporter
from indexer.state import FileState, PageState, State
from indexer.survey import Survey


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that a page names: where it is, and the hash of its content."""

    reference: FileReference
    absolute: Path
    digest: str

    @property
    def reading(self) -> str:
        """The key of what is read of it: what its content leaves open, its name decides."""
        return f"{self.digest}.{format_by_suffix(self.absolute.suffix)}"


@dataclass(frozen=True, slots=True)
class PlannedResource:
    """A resource that belongs in the index. `entry` is without its texts; `fingerprint` changes with any part of it.

    `texts` is the key of its page's texts in the cache. `lost` are the files it names that cannot be read, with the
    reasons. It is `restless` if what its names lead to may change without the walk through the library noticing.
    """

    entry: Entry
    texts: str
    files: tuple[AttachedFile, ...]
    lost: tuple[FileReport, ...]
    fingerprint: str
    places: tuple[int, ...] = ()
    is_restless: bool = False

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys that its files, and its names that lead nowhere, have in the ledger."""
        return (*((path, "") for path in self.paths), *(report.key for report in self.lost))

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of its files, relative to the library."""
        return tuple(file.reference.path for file in self.files)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the index should hold of the pages that were planned, and what the next build has to know of all.

    `resources` are by id and in the order of their pages. `pages` maps sources to what they became, None for those that
    are gone, and `files` paths to what lies there, likewise. `moved` are the paths at which something appeared,
    vanished or became something else. `problems` are those of the walk. `is_whole` tells that every page was planned.
    """

    resources: Mapping[str, PlannedResource]
    pages: Mapping[str, PageState | None]
    files: Mapping[str, FileState | None]
    moved: frozenset[str]
    problems: tuple[Problem, ...]
    is_whole: bool

    def digest(self, path: str) -> str:
        """Return the digest of a file's content; empty if it is gone, or none is known, or it is as it was."""
        file = self.files.get(path)
        return file.digest if file else ""

    def is_news_to(self, known: State) -> bool:
        """Tell whether the next build would know more by this plan than it does."""
        return bool(self.files) or any(page != known.page(source) for source, page in self.pages.items())

    def with_unsettled(self, sources: Iterable[str]) -> Plan:
        """Return the plan with pages whose resources the next build has to make again, whatever it finds."""
        pages = dict(self.pages)
        for source in sources:
            page = pages[source]
            pages[source] = page and replace(page, fingerprint="", is_restless=True)
        return replace(self, pages=pages)

    def without_digests(self, paths: Iterable[str], known: State) -> Plan:
        """Return the plan without the digests of these documents, which nobody needs any more."""
        files = dict(self.files)
        for path in paths:
            file = files[path] if path in files else known.file(path)
            if file and file.digest:
                files[path] = replace(file, digest="")
        return replace(self, files=files)

    @property
    def lost(self) -> Iterator[FileReport]:
        """The names in planned pages that lead to no file that can be read."""
        return (report for planned in self.resources.values() for report in planned.lost)


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference between an index and a plan; ids in the order of the plan, `unchanged` as a number."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int

    @property
    def total(self) -> int:
        """How many resources there are with the changes."""
        return len(self.added) + len(self.changed) + self.unchanged

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


class Planner:
    """Plans the pages of a library that are not known to be as they were.

    `known` is what was planned before with the same `recipe`; with an empty one every page is planned. `found` is
    called for every resource as soon as it is planned.
    """

    def __init__(
        self,
        settings: LibrarySettings,
        cache: Cache,
        known: State,
        recipe: str,
        today: date,
        reporter: Reporter,
        found: Callable[[PlannedResource], None],
    ) -> None:
        self._settings = settings
        self._cache = cache
        self._known = known
        self._recipe = recipe
        self._today = today
        self._reporter = reporter
        self._found = found
        self._survey = Survey(settings, cache, known)

    def plan(self, scan: Scan, outdated: frozenset[str]) -> Plan:
        """Return what the index should hold; files whose paths are `outdated` have their pages planned, too."""
        self._survey.take(scan)
        sources = self._survey.in_doubt(self._today, outdated)
        with self._reporter.step("Reading pages", len(sources)) as advance:
            resources, pages = self._pages(sources, advance)
        rivals = self._rivals(sources, pages)
        if rivals:
            resources, pages = self._pages(sources | rivals, lambda: None)
        survey, is_whole = self._survey, self._known.is_empty
        return Plan(resources, pages, survey.files, frozenset(survey.moved), scan.problems, is_whole)

    def _rivals(self, sources: set[str], pages: Mapping[str, PageState | None]) -> set[str]:
        """Return the other pages with an id that one of the planned pages has or had: it may be theirs now."""
        identifiers = self._known.ids_of(sources) | {page.id for page in pages.values() if page}
        return self._known.sources_of(identifiers - {""}) - sources

    def _pages(
        self, sources: set[str], advance: Callable[[], None]
    ) -> tuple[dict[str, PlannedResource], dict[str, PageState | None]]:
        resources: dict[str, PlannedResource] = {}
        pages: dict[str, PageState | None] = {}
        for source in sorted(sources):
            file = self._survey.file(source)
            is_there = file is not None and file.kind is Kind.PAGE
            pages[source] = self._page(source, resources) if is_there else None
            advance()
        return resources, pages

    def _page(self, source: str, resources: dict[str, PlannedResource]) -> PageState:
        """Plan a page, read only if it changed, and the resource that it becomes if it is shown."""
        try:
            digest, entry = self._entry(source)
        except OSError as error:
            self._survey.note(source, "")
            problem = f"The page cannot be read: {error.strerror}."
            return PageState(source, PageStatus.UNREADABLE, is_restless=True, problems=(problem,))
        page = PageState(
            source,
            entry.status(self._today),
            entry.id,
            digest,
            holds=_holds(entry, self._today),
            problems=entry.problems,
        )
        first = resources.get(entry.id)
        if page.status is not PageStatus.PUBLISHED:
            return page
        if first:
            reason = f'Its id "{entry.id}" is already that of {first.entry.source}; give one of them another.'
            problems = (*entry.problems, f"{reason} This page is left out.")
            return replace(page, status=PageStatus.DUPLICATE, problems=problems)
        planned = resources[entry.id] = self._resource(entry, digest)
        self._found(planned)
        return replace(
            page,
            fingerprint=planned.fingerprint,
            named=tuple(sorted({*planned.keys})),
            places=tuple(sorted({*planned.places})),
            is_restless=planned.is_restless,
        )

    def _entry(self, source: str) -> tuple[str, Entry]:
        """Return a page without its texts, which are in the cache then, and the digest of its content; or OSError."""
        digest = self._survey.digest(source)
        entry = self._cache.entry(self._key(source, digest))
        if entry:
            return digest, entry
        content = (self._settings.library / source).read_bytes()
        # Hashed once more: the file may have changed since its hash was taken.
        digest = hashlib.sha256(content).hexdigest()
        self._survey.note(source, digest)
        # Imported where it is needed: loading the parsers takes longer than a build that finds nothing changed.
        from indexer.library.pages import read_page

        entry = read_page(source, content, self._settings)
        self._cache.keep_page(self._key(source, digest), entry)
        return digest, entry.without_texts()

    def _key(self, source: str, digest: str) -> str:
        return page_key(self._recipe, source, digest)

    def _resource(self, entry: Entry, digest: str) -> PlannedResource:
        files: dict[str, AttachedFile] = {}
        lost: list[FileReport] = []
        tried: dict[str, None] = {}
        for reference in entry.references:
            resolution = resolve(reference, entry.source, self._settings)
            tried |= dict.fromkeys(resolution.tried)
            found = self._attached(resolution.found)
            if isinstance(found, AttachedFile):
                files.setdefault(found.reference.path, found)
            elif found:
                lost.append(found)
        attached = tuple(files.values())
        is_unread = any(report.status is Status.UNREADABLE for report in lost)
        return PlannedResource(
            entry,
            self._key(entry.source, digest),
            attached,
            tuple(lost),
            self._fingerprint(entry, digest, attached),
            tuple(chain.from_iterable(map(places, tried))),
            is_restless=is_unread or not all(map(self._survey.sees, tried)),
        )

    def _attached(self, found: FileReference | Unresolved | None) -> AttachedFile | FileReport | None:
        if found is None:
            return None
        if isinstance(found, Unresolved):
            return FileReport(found.reference, found.status, reason=found.reason)
        try:
            return AttachedFile(found, self._settings.library / found.path, self._survey.digest(found.path))
        except OSError as error:
            return FileReport(found.path, Status.UNREADABLE, reason=f"The file cannot be read: {error.strerror}.")

    def _fingerprint(self, entry: Entry, digest: str, files: tuple[AttachedFile, ...]) -> str:
        # The source too: without a title of its own a page is called after its file.
        parts = [self._recipe, entry.id, entry.source, digest]
        parts += [f"{file.reference.path}\0{file.digest}" for file in files]
        return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def page_key(recipe: str, source: str, digest: str) -> str:
    """Return the key in the cache of a page with that content."""
    return hashlib.sha256(f"{recipe}\0{source}\0{digest}".encode("utf-8", "surrogatepass")).hexdigest()


def _holds(entry: Entry, today: date) -> tuple[date, date] | None:
    """Return the days, first and behind the last, between which the dates of a page say what they say today."""
    turns = [day for day in (entry.publish_from, entry.expires) if day]
    if not turns:
        return None
    past, coming = [day for day in turns if day <= today], [day for day in turns if day > today]
    return max(past, default=date.min), min(coming, default=date.max)


def compare(indexed: Mapping[str, str], total: int, plan: Plan, outdated: frozenset[str]) -> Changes:
    """Return what has to be added, replaced and removed to make an index of `total` resources hold what is planned.

    `indexed` maps the ids of what the planned pages were to fingerprints. Files whose paths are `outdated` are read
    again though they did not change.
    """
    added, changed = [], []
    for identifier, planned in plan.resources.items():
        before = indexed.get(identifier)
        if before is None:
            added.append(identifier)
        elif before != planned.fingerprint or not outdated.isdisjoint(planned.paths):
            changed.append(identifier)
    removed = tuple(identifier for identifier in indexed if identifier not in plan.resources)
    return Changes(tuple(added), tuple(changed), removed, total - len(changed) - len(removed))
