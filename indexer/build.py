"""The build: read what changed, index it beside what is published, check it, publish it, say what was done."""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from indexer.cache import Cache, CacheDamaged
from indexer.documents import Extractions, extracting, read_resource
from indexer.extract import EXTRACTOR_VERSION, WorkerError
from indexer.index import analysis, directory, open_generation
from indexer.index.engine import EngineError, SearchRequest
from indexer.index.manifest import FacetInfo, LibraryInfo, Manifest, sizes_of
from indexer.index.schema import SCHEMA_VERSION
from indexer.index.whoosh.writer import GenerationWriter, is_scattered
from indexer.library.corpus import scan
from indexer.library.pages import READER_VERSION
from indexer.library.settings import LibrarySettings
from indexer.plan import Changes, Plan, Planner, compare
from indexer.progress import Reporter
from indexer.report import Report
from indexer.state import IndexedResource, State, read_state

_EVERYDAY_LOSS = 10
"""Losing up to this many resources is everyday editing, whatever share of a small library it is."""

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class BuildFailed(Exception):
    """Nothing was published by this build; the text says why and what to do."""


class Unsound(BuildFailed):
    """What was written does not hold what it should."""


@dataclass(frozen=True, slots=True)
class _Job:
    """What all steps of one build share. `base` is the generation to add to; None when all is written anew."""

    settings: LibrarySettings
    index: Path
    reporter: Reporter
    cache: Cache
    state: State
    recipe: str
    base: Path | None


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
    with directory.locked(index), Cache(directory.cache_file(index), EXTRACTOR_VERSION) as cache:
        job = _job(settings, index, reporter, cache)
        plan = _plan(job)
        changes = compare(job.state.resources, plan)
        if job.base and not changes and Manifest.read(job.base).library == _library(settings):
            return _report(job, plan, changes, job.state, job.base, published=False, began=began)
        if not may_lose_most:
            _refuse_great_loss(job, changes)
        try:
            generation, state = _publish(job, plan, changes)
        except Unsound:
            # What it was added to may be what is wrong: nothing of that is used a second time.
            generation, state = _publish(dataclasses.replace(job, base=None), plan, changes)
        return _report(job, plan, changes, state, generation, published=True, began=began)


def _publish(job: _Job, plan: Plan, changes: Changes) -> tuple[Path, State]:
    generation = directory.new_generation(job.index)
    with _removed_on_failure(generation):
        state = _write(job, plan, changes, generation)
        _check(generation, len(state.resources))
        job.cache.forget_all_but(*_in_use(job.settings, plan))
        # The last that may fail: what is published is never called unpublished.
        directory.publish(job.index, generation)
    return generation, state


def _job(settings: LibrarySettings, index: Path, reporter: Reporter, cache: Cache) -> _Job:
    published = directory.current_generation(index)
    state = read_state(published)
    recipe = _recipe(settings)
    base = published if published and state.recipe == recipe and _opens(published) else None
    return _Job(settings, index, reporter, cache, state, recipe, base)


def _recipe(settings: LibrarySettings) -> str:
    """Name everything besides the library's files that decides what is in an index; another recipe, another index."""
    versions = [str(SCHEMA_VERSION), analysis.version(), EXTRACTOR_VERSION, str(READER_VERSION)]
    return hashlib.sha256("\n".join([*versions, settings.digest]).encode()).hexdigest()


def _opens(generation: Path) -> bool:
    try:
        open_generation(generation).close()
    except EngineError:
        return False
    return True


def _plan(job: _Job) -> Plan:
    found = scan(job.settings)
    planner = Planner(job.settings, job.cache, job.state.pages if job.base else {}, job.recipe, date.today())
    with job.reporter.step("Reading pages", len(found.pages)) as advance:
        return planner.plan(found, advance)


def _refuse_great_loss(job: _Job, changes: Changes) -> None:
    before, lost = len(job.state.resources), len(changes.removed)
    if lost > max(_EVERYDAY_LOSS, job.settings.max_loss * before):
        raise BuildFailed(
            f"This build would remove {lost:,} of {before:,} resources, so it was not published. If that is meant, run "
            "it again with --may-lose-most; if not, look whether the library's folder is complete."
        )


def _write(job: _Job, plan: Plan, changes: Changes, generation: Path) -> State:
    """Write a whole generation: what is unchanged is shared with the base, unless too much of that is outdated."""
    outdated = job.state.rewritten + len(changes.changed) + len(changes.removed)
    is_worn = outdated > len(plan.resources) or (job.base is not None and is_scattered(job.base))
    base = None if is_worn else job.base
    wanted = changes.added + changes.changed if base else tuple(plan.resources)
    settings = job.settings
    kept = plan.resources.keys() - set(wanted)
    resources = {identifier: job.state.resources[identifier] for identifier in plan.resources if identifier in kept}
    files = [file for identifier in wanted for file in plan.resources[identifier].files]
    facets = [facet.name for facet in settings.facets]
    with (
        extracting(files, job.cache, os.cpu_count() or 1) as extractions,
        GenerationWriter(generation, base, settings.languages[0], facets) as writer,
    ):
        for identifier in changes.changed + changes.removed if base else ():
            writer.remove(identifier)
        added = _add(job, plan, wanted, extractions, writer)
        writer.commit()
    state = State(job.recipe, plan.pages, resources | added, outdated if base else 0)
    state.write(generation)
    _manifest(settings, state, generation).write(generation)
    return state


def _add(
    job: _Job, plan: Plan, wanted: tuple[str, ...], extractions: Extractions, writer: GenerationWriter
) -> dict[str, IndexedResource]:
    indexed: dict[str, IndexedResource] = {}
    with job.reporter.step("Indexing resources", len(wanted)) as advance:
        for identifier in wanted:
            planned = plan.resources[identifier]
            read = read_resource(planned, extractions, job.cache)
            writer.add(read.document)
            # Without a fingerprint the next build takes it for changed and reads it again.
            indexed[identifier] = IndexedResource(planned.fingerprint if read.is_settled else "", read.files)
            advance()
    return indexed


def _manifest(settings: LibrarySettings, state: State, generation: Path) -> Manifest:
    files = {file.path: file for resource in state.resources.values() for file in resource.files}
    fingerprints = sorted(resource.fingerprint for resource in state.resources.values())
    return Manifest(
        schema_version=SCHEMA_VERSION,
        analysis=analysis.version(),
        generation=int(generation.name),
        built_at=datetime.now(UTC),
        corpus=hashlib.sha256("\n".join(fingerprints).encode()).hexdigest(),
        resources=len(state.resources),
        files=len(files),
        pages=sum(file.pages for file in files.values()),
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
    return [*pages, *(file.absolute for file in files)], plan.texts, [file.digest for file in files]


def _report(
    job: _Job, plan: Plan, changes: Changes, state: State, generation: Path, *, published: bool, began: float
) -> Report:
    lost = [file for resource in plan.resources.values() for file in resource.lost]
    files = {file.path: file for resource in state.resources.values() for file in resource.files}
    # A file that may not be read is lost to every page that names it, and is still one file.
    listed = sorted([*files.values(), *dict.fromkeys(lost), *plan.unattached], key=lambda file: file.path)
    return Report(
        library=str(job.settings.library),
        generation=int(generation.name),
        published=published,
        seconds=round(time.monotonic() - began, 2),
        resources=len(state.resources),
        added=tuple(sorted(changes.added)),
        changed=tuple(sorted(changes.changed)),
        removed=tuple(sorted(changes.removed)),
        unchanged=changes.unchanged,
        pages=plan.reports,
        files=tuple(listed),
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
