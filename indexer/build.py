"""The build: read what changed, index it beside what is published, check it, publish it, say what was done."""

from __future__ import annotations

import dataclasses
import errno
import functools
import hashlib
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from indexer.cache import Cache, CacheDamaged
from indexer.coverage import Reports, known_reports, ledger, outdated_paths
from indexer.documents import Extractions, ReadResource, read_resource
from indexer.extract import EXTRACTOR_VERSION, Context, Tools, WorkerError
from indexer.extract.tools import find_tools
from indexer.index import analysis, directory, open_generation
from indexer.index.engine import EngineError, SearchRequest
from indexer.index.ledger import FileReport, write_ledger
from indexer.index.manifest import FacetInfo, LibraryInfo, Manifest, sizes_of
from indexer.index.schema import SCHEMA_VERSION
from indexer.index.whoosh.vocabulary import GenerationVocabulary
from indexer.index.whoosh.writer import GenerationWriter
from indexer.library.corpus import scan
from indexer.library.entry import READER_VERSION
from indexer.library.settings import LibrarySettings
from indexer.plan import Changes, Plan, PlannedResource, Planner, compare
from indexer.progress import Reporter
from indexer.report import Report
from indexer.spaces import Repair, WordCounts, repairs
from indexer.state import State, read_state

_EVERYDAY_LOSS = 10
"""Losing up to this many resources is everyday editing, whatever share of a small library it is."""

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class BuildFailed(Exception):
    """Nothing was published by this build; the text says why and what to do."""


class Unsound(BuildFailed):
    """What was written does not hold what it should."""


@dataclass(frozen=True, slots=True)
class _Job:
    """What all steps of one build share. `base` is the generation to add to; None when all is written anew.

    `before` is the ledger of what is published. `tools` looks for the programs of this machine that help to read files,
    once, and when somebody wants to know.
    """

    settings: LibrarySettings
    index: Path
    reporter: Reporter
    cache: Cache
    tools: Callable[[], Tools]
    extractions: Extractions
    state: State
    before: Reports
    recipe: str
    base: Path | None

    @property
    def facets(self) -> list[str]:
        """The names of the library's facets."""
        return [facet.name for facet in self.settings.facets]


@dataclass(frozen=True, slots=True)
class _Written:
    """A generation, the ledger of its files, and what was mended in resources of it, by id."""

    generation: Path
    files: tuple[FileReport, ...]
    mended: Mapping[str, Repair] = field(default_factory=dict)


def build(settings: LibrarySettings, index: Path, reporter: Reporter, *, may_lose_most: bool = False) -> Report:
    """Bring an index up to date with its library and return what was done.

    Raises BuildFailed when nothing could be published, and EngineError when the index folder cannot be used.
    """
    with _failures_explained(index):
        directory.prepare(index)
        try:
            return _build(settings, index, reporter, may_lose_most=may_lose_most)
        except CacheDamaged:
            # It is thrown away by now. Damaged once more, it is the disk that has to be looked at.
            return _build(settings, index, reporter, may_lose_most=may_lose_most)


def _build(settings: LibrarySettings, index: Path, reporter: Reporter, *, may_lose_most: bool) -> Report:
    began = time.monotonic()
    tools = functools.cache(lambda: find_tools(settings.languages))
    with (
        directory.locked(index),
        Cache(directory.cache_file(index), _extractor(settings)) as cache,
        Extractions(cache, _cores(), lambda: Context(settings.limits, tools())) as extractions,
    ):
        job = _job(settings, index, reporter, cache, tools, extractions)
        outdated = _outdated(job)
        plan = _plan(job, outdated)
        changes = compare(job.state.resources, plan, outdated | _unreported(job, plan))
        if job.base and not changes and Manifest.read(job.base).library == _library(settings):
            files = _renewed_ledger(job, plan, job.base)
            return _report(job, plan, changes, _Written(job.base, files), published=False, began=began)
        if not may_lose_most:
            _refuse_great_loss(job, changes)
        try:
            written = _publish(job, plan, changes)
        except Unsound:
            # What it was added to may be what is wrong: nothing of that is used a second time.
            written = _publish(dataclasses.replace(job, base=None), plan, changes)
        return _report(job, plan, changes, written, published=True, began=began)


def _cores() -> int:
    """Return how many cores this process may use, which may be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _unreported(job: _Job, plan: Plan) -> frozenset[str]:
    """Return the files that a ledger which lost lines knows nothing of; they are read again."""
    paths = {path for planned in plan.resources.values() for path in planned.paths}
    return frozenset(path for path in paths if (path, "") not in job.before)


def _outdated(job: _Job) -> frozenset[str]:
    """Return the files of which a program that was installed since would now read more; they are read again."""
    lacked = job.cache.lacked().union(report.lacks for report in job.before.values() if report.lacks)
    # Most libraries lack nothing, and looking for programs takes longer than everything else in a build of no changes.
    installed = job.tools().packages & lacked if lacked else frozenset()
    job.cache.forget_lacking(installed)
    return outdated_paths(job.before.values(), installed)


def _renewed_ledger(job: _Job, plan: Plan, generation: Path) -> tuple[FileReport, ...]:
    """Return the ledger as it is now: files may appear that no page names, though the index stays the same."""
    files = ledger(plan, {}, job.before, datetime.now(UTC))
    if files != tuple(job.before.values()):
        write_ledger(generation, files)
    return files


def _publish(job: _Job, plan: Plan, changes: Changes) -> _Written:
    generation = directory.new_generation(job.index)
    with _removed_on_failure(generation):
        written = _write(job, plan, changes, generation)
        _check(generation, len(plan.resources))
        job.cache.forget_all_but(*_in_use(job.settings, plan))
        # The last that may fail: what is published is never called unpublished.
        directory.publish(job.index, generation)
    return written


def _job(
    settings: LibrarySettings,
    index: Path,
    reporter: Reporter,
    cache: Cache,
    tools: Callable[[], Tools],
    extractions: Extractions,
) -> _Job:
    published = directory.current_generation(index)
    state = read_state(published)
    recipe = _recipe(settings)
    before = known_reports(published) if published else None
    is_sound = before is not None and state.recipe == recipe and published is not None and _opens(published)
    base = published if is_sound else None
    return _Job(settings, index, reporter, cache, tools, extractions, state, before or {}, recipe, base)


def _recipe(settings: LibrarySettings) -> str:
    """Name everything besides the library's files that decides what is in an index; another recipe, another index."""
    versions = [str(SCHEMA_VERSION), analysis.version(), EXTRACTOR_VERSION, str(READER_VERSION)]
    return hashlib.sha256("\n".join([*versions, settings.digest]).encode()).hexdigest()


def _extractor(settings: LibrarySettings) -> str:
    """Name everything besides a file's content that decides what is read of it."""
    return f"{EXTRACTOR_VERSION} {settings.limits} {'+'.join(settings.languages)}"


def _opens(generation: Path) -> bool:
    try:
        open_generation(generation).close()
    except EngineError:
        return False
    return True


def _plan(job: _Job, outdated: frozenset[str]) -> Plan:
    found = scan(job.settings)
    planner = Planner(job.settings, job.cache, job.state.pages if job.base else {}, job.recipe, date.today())

    def begin(planned: PlannedResource) -> None:
        """Have the files of a new or changed resource read while the other pages are."""
        is_indexed = job.base and job.state.resources.get(planned.entry.id) == planned.fingerprint
        if not is_indexed or not outdated.isdisjoint(planned.paths):
            _want(job, planned)

    with job.reporter.step("Reading pages", len(found.pages)) as advance:
        return planner.plan(found, advance, begin)


def _refuse_great_loss(job: _Job, changes: Changes) -> None:
    before, lost = len(job.state.resources), len(changes.removed)
    if lost > max(_EVERYDAY_LOSS, job.settings.max_loss * before):
        raise BuildFailed(
            f"This build would remove {lost:,} of {before:,} resources, so it was not published. If that is meant, run "
            "it again with --may-lose-most; if not, look whether the library's folder is complete."
        )


def _write(job: _Job, plan: Plan, changes: Changes, generation: Path) -> _Written:
    """Write a whole generation; what is unchanged is shared with the base."""
    base = job.base
    wanted = changes.added + changes.changed if base else tuple(plan.resources)
    settings = job.settings
    kept = plan.resources.keys() - set(wanted)
    resources = {identifier: job.state.resources[identifier] for identifier in plan.resources if identifier in kept}
    reports: dict[tuple[str, str], FileReport] = {}
    counts = WordCounts()
    for identifier in wanted:
        _want(job, plan.resources[identifier])
    with _writer(job, generation, base) as writer:
        for identifier in changes.changed + changes.removed if base else ():
            writer.remove(identifier)
        for read in _read(job, plan, wanted):
            resource = read.document.resource
            counts.add(resource.id, resource.language, writer.add(read.document))
            resources[resource.id] = read.fingerprint
            reports |= {report.key: report for report in read.files}
        writer.commit()
    mended = _mend(job, plan, counts, generation)
    found = ledger(plan, reports, job.before, datetime.now(UTC))
    state = State(job.recipe, plan.pages, resources)
    state.write(generation)
    write_ledger(generation, found)
    _manifest(settings, state, found, generation).write(generation)
    return _Written(generation, found, mended)


def _want(job: _Job, planned: PlannedResource) -> None:
    for file in planned.files:
        job.extractions.want(file)


def _writer(job: _Job, generation: Path, base: Path | None) -> GenerationWriter:
    return GenerationWriter(generation, base, job.settings.languages[0], job.facets)


def _read(job: _Job, plan: Plan, wanted: tuple[str, ...]) -> Iterator[ReadResource]:
    with job.reporter.step("Indexing resources", len(wanted)) as advance:
        for identifier in wanted:
            yield read_resource(plan.resources[identifier], job.extractions, job.cache)
            advance()


def _mend(job: _Job, plan: Plan, counts: WordCounts, generation: Path) -> dict[str, Repair]:
    """Index those of the new resources again whose texts lost spaces, and return what was mended in each.

    Only now the vocabulary is whole: a resource is as likely to be mended as the first as it is as the last.
    """
    with closing(GenerationVocabulary(generation)) as vocabulary:
        found = repairs(counts, vocabulary)
    if found:
        with _writer(job, generation, generation) as writer:
            for identifier, repair in found.items():
                writer.remove(identifier)
                read = read_resource(plan.resources[identifier], job.extractions, job.cache)
                writer.add(repair.of(read.document))
            writer.commit()
    return found


def _manifest(settings: LibrarySettings, state: State, found: tuple[FileReport, ...], generation: Path) -> Manifest:
    files = [report for report in found if report.format]
    fingerprints = sorted(state.resources.values())
    return Manifest(
        schema_version=SCHEMA_VERSION,
        analysis=analysis.version(),
        generation=int(generation.name),
        built_at=datetime.now(UTC),
        corpus=hashlib.sha256("\n".join(fingerprints).encode()).hexdigest(),
        resources=len(state.resources),
        files=len(files),
        pages=sum(file.pages for file in files),
        library=_library(settings),
        sizes=sizes_of(generation),
    )


def _library(settings: LibrarySettings) -> LibraryInfo:
    return LibraryInfo(
        title=settings.title,
        root=str(settings.library),
        config=str(settings.config or ""),
        description=settings.description,
        languages=settings.languages,
        facets=tuple(FacetInfo(facet.name, facet.label) for facet in settings.facets),
    )


def _check(generation: Path, expected: int) -> None:
    """Open what was written as a server would and count what it finds."""
    engine = open_generation(generation)
    try:
        total = engine.search(SearchRequest(limit=1)).total
    finally:
        engine.close()
    if total != expected:
        raise Unsound(f"The new index holds {total:,} resources instead of {expected:,}, so it was not published.")


def _in_use(settings: LibrarySettings, plan: Plan) -> tuple[list[Path], frozenset[str], list[str]]:
    pages = [settings.library / source for source in plan.pages]
    files = [file for resource in plan.resources.values() for file in resource.files]
    return [*pages, *(file.absolute for file in files)], plan.texts, [file.reading for file in files]


def _report(job: _Job, plan: Plan, changes: Changes, written: _Written, *, published: bool, began: float) -> Report:
    return Report(
        library=str(job.settings.library),
        generation=int(written.generation.name),
        published=published,
        seconds=round(time.monotonic() - began, 2),
        resources=len(plan.resources),
        added=tuple(sorted(changes.added)),
        changed=tuple(sorted(changes.changed)),
        removed=tuple(sorted(changes.removed)),
        unchanged=changes.unchanged,
        pages=plan.reports,
        files=written.files,
        mended=tuple(
            f"{identifier}: {word} → {' '.join(parts)}"
            for identifier, repair in sorted(written.mended.items())
            for word, parts in sorted(repair.parted.items())
        ),
        problems=plan.problems,
    )


@contextmanager
def _removed_on_failure(generation: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        if directory.current_generation(generation.parent.parent) != generation:
            shutil.rmtree(generation, ignore_errors=True)
        raise


@contextmanager
def _failures_explained(index: Path) -> Iterator[None]:
    """Turn what the machine refuses into a sentence; the index that was published is untouched by all of it."""
    try:
        yield
    except sqlite3.Error as error:
        raise BuildFailed(
            f"The cache {directory.cache_file(index)} cannot be used: {error}. If the disk is full, make room; "
            "otherwise delete that file, which costs nothing but time. Then run the build again. "
            f"{_nothing_published(index)}"
        ) from error
    except WorkerError as error:
        raise BuildFailed(f"{error} {_nothing_published(index)}") from error
    except OSError as error:
        reason = f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
        if error.errno in _FULL:
            reason = f"There is no room left for {index} ({reason}). Make room and run the build again"
        raise BuildFailed(f"{reason}. {_nothing_published(index)}") from error


def _nothing_published(index: Path) -> str:
    before = directory.current_generation(index)
    return "Nothing was published by this build" + ("; what was published before goes on serving." if before else ".")
