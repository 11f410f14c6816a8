"""What a library holds now and what of it changed: pages are read only if their content did."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from indexer.cache import Cache
from indexer.extract.formats import format_by_suffix
from indexer.index.ledger import FileReport
from indexer.index.schema import Status
from indexer.library.corpus import Problem, Scan, SourceFile
from indexer.library.entry import Entry, PageStatus
from indexer.library.references import FileReference, Unresolved, resolve
from indexer.library.settings import LibrarySettings
from indexer.report import PageReport
from indexer.state import KnownPage, without_texts


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
    reasons.
    """

    entry: Entry
    texts: str
    files: tuple[AttachedFile, ...]
    lost: tuple[FileReport, ...]
    fingerprint: str

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of its files, relative to the library."""
        return tuple(file.reference.path for file in self.files)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the index should hold: its resources by id, and the pages they came from for the next build.

    `texts` are the keys of all pages in the cache; those of every planned resource are there. `reports` say of every
    page whether it is shown.
    """

    resources: Mapping[str, PlannedResource]
    pages: Mapping[str, KnownPage]
    texts: frozenset[str]
    reports: tuple[PageReport, ...]
    unattached: tuple[FileReport, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference between an index and a plan; ids in the order of the plan, `unchanged` as a number."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


class Planner:
    """Reads what changed of a library's pages and finds their files."""

    def __init__(
        self, settings: LibrarySettings, cache: Cache, known: Mapping[str, KnownPage], recipe: str, today: date
    ) -> None:
        self._settings = settings
        self._cache = cache
        self._known = known
        self._recipe = recipe
        self._today = today
        self._kept = cache.page_keys()
        self._problems: list[Problem] = []

    def plan(self, scan: Scan, advance: Callable[[], None], found: Callable[[PlannedResource], None]) -> Plan:
        """Return what the index should hold; `advance` is called for every page, `found` for every resource of it."""
        self._problems = list(scan.problems)
        pages: dict[str, KnownPage] = {}
        resources: dict[str, PlannedResource] = {}
        reports: list[PageReport] = []
        attached: set[str] = set()
        for source in scan.pages:
            page = self._page(source)
            advance()
            if page is None:
                reports.append(PageReport(source.path, PageStatus.UNREADABLE))
                continue
            pages[source.path] = page
            status = self._status(page.entry, resources)
            reports.append(PageReport(source.path, status, page.entry.id))
            if status is PageStatus.PUBLISHED:
                planned = self._resource(source, page)
                resources[planned.entry.id] = planned
                found(planned)
                attached.update(planned.paths)
                attached.update(file.path for file in planned.lost if file.status is Status.UNREADABLE)
        texts = frozenset(self._key(source, page.digest) for source, page in pages.items())
        unattached = tuple(_unattached(file.path) for file in scan.files if file.path not in attached)
        reports += [PageReport(path, PageStatus.IGNORED) for path in scan.ignored]
        return Plan(resources, pages, texts, tuple(reports), unattached, tuple(self._problems))

    def _page(self, source: SourceFile) -> KnownPage | None:
        """Return the page as it is now, read only if it changed; None when it cannot be read or holds nothing."""
        try:
            digest = self._cache.digest(source.absolute)
            known = self._known.get(source.path)
            if known is None or known.digest != digest or self._key(source.path, digest) not in self._kept:
                known = self._read(source)
        except OSError as error:
            self._problems.append(Problem(source.path, f"The page cannot be read: {error.strerror}."))
            return None
        self._problems += [Problem(source.path, reason) for reason in known.entry.problems]
        return known

    def _read(self, source: SourceFile) -> KnownPage:
        content = source.absolute.read_bytes()
        # Hashed once more: the file may have changed since its hash was taken.
        digest = hashlib.sha256(content).hexdigest()
        # Imported where it is needed: loading the parsers takes longer than a build that finds nothing changed.
        from indexer.library.pages import read_page

        entry = read_page(source, content, self._settings)
        self._cache.keep_page_texts(self._key(source.path, digest), entry.summary, entry.body)
        return KnownPage(digest, without_texts(entry))

    def _key(self, source: str, digest: str) -> str:
        return hashlib.sha256(f"{self._recipe}\0{source}\0{digest}".encode("utf-8", "surrogatepass")).hexdigest()

    def _status(self, entry: Entry, resources: Mapping[str, PlannedResource]) -> PageStatus:
        status = entry.status(self._today)
        first = resources.get(entry.id)
        if status is not PageStatus.PUBLISHED or first is None:
            return status
        reason = f'Its id "{entry.id}" is already that of {first.entry.source}; give one of them another.'
        self._problems.append(Problem(entry.source, f"{reason} This page is left out."))
        return PageStatus.DUPLICATE

    def _resource(self, source: SourceFile, page: KnownPage) -> PlannedResource:
        files: dict[str, AttachedFile] = {}
        lost: list[FileReport] = []
        for reference in page.entry.references:
            found = self._attached(resolve(reference, source.path, self._settings))
            if isinstance(found, AttachedFile):
                files.setdefault(found.reference.path, found)
            elif found:
                lost.append(found)
        attached = tuple(files.values())
        fingerprint = self._fingerprint(page, attached)
        return PlannedResource(page.entry, self._key(source.path, page.digest), attached, tuple(lost), fingerprint)

    def _attached(self, found: FileReference | Unresolved | None) -> AttachedFile | FileReport | None:
        if found is None:
            return None
        if isinstance(found, Unresolved):
            return FileReport(found.reference, found.status, reason=found.reason)
        absolute = self._settings.library / found.path
        try:
            return AttachedFile(found, absolute, self._cache.digest(absolute))
        except OSError as error:
            return FileReport(found.path, Status.UNREADABLE, reason=f"The file cannot be read: {error.strerror}.")

    def _fingerprint(self, page: KnownPage, files: tuple[AttachedFile, ...]) -> str:
        # The source too: without a title of its own a page is called after its file.
        parts = [self._recipe, page.entry.id, page.entry.source, page.digest]
        parts += [f"{file.reference.path}\0{file.digest}" for file in files]
        return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _unattached(path: str) -> FileReport:
    return FileReport(path, Status.UNATTACHED, reason="No published page names this file.")


def compare(indexed: Mapping[str, str], plan: Plan, outdated: frozenset[str]) -> Changes:
    """Return what has to be added, replaced and removed to make an index hold what is planned.

    `indexed` maps ids to fingerprints. Files whose paths are `outdated` are read again though they did not change.
    """
    added, changed = [], []
    for identifier, planned in plan.resources.items():
        before = indexed.get(identifier)
        if before is None:
            added.append(identifier)
        elif before != planned.fingerprint or not outdated.isdisjoint(planned.paths):
            changed.append(identifier)
    removed = tuple(identifier for identifier in indexed if identifier not in plan.resources)
    return Changes(tuple(added), tuple(changed), removed, len(plan.resources) - len(added) - len(changed))
