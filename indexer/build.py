"""The build: read what changed, index it beside what is published, check it, publish it, say what was done."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from indexer.cache import Cache, CacheDamaged
from indexer.coverage import outdated_paths
from indexer.curated import curated
from indexer.documents import Extractions, ReadResource, read_resource
from indexer.extract import EXTRACTOR_VERSION, Context, Tools
from indexer.extract.tools import find_tools
from indexer.failures import BuildFailed, failures_explained
from indexer.index import analysis, directory, open_generation
from indexer.index.engine import EngineError, SearchRequest
from indexer.index.ledger import FileReport, Key, LedgerDamaged, LedgerFile
from indexer.index.manifest import Manifest
from indexer.index.schema import SCHEMA_VERSION
from indexer.index.whoosh.vocabulary import GenerationVocabulary
from indexer.index.whoosh.writer import GenerationWriter
from indexer.job import Job, viewpoint
from indexer.library.corpus import no_pages, scan
from indexer.library.entry import READER_VERSION
from indexer.library.settings import LibrarySettings
from indexer.plan import Changes, Plan, PlannedResource, Planner, compare
from indexer.progress import Reporter
from indexer.record import forget, library_info, record, renew
from indexer.report import Report
from indexer.spaces import Repair, WordCounts, repairs
from indexer.state import State, StateDamaged

__all__ = ["BuildFailed", "build"]

_EVERYDAY_LOSS = 10
"""Losing up to this many resources is everyday editing, whatever share of a small library it is."""


class Unsound(BuildFailed):
    """What was written does not hold what it should."""


@dataclass(frozen=True, slots=True)
class _Written:
    """A generation, the plan that was kept with it, and what was mended in resources of it, by id."""

    generation: Path
    plan: Plan
    mended: Mapping[str, Repair] = field(default_factory=dict)


def build(settings: LibrarySettings, index: Path, reporter: Reporter, *, may_lose_most: bool = False) -> Report:
    """Bring an index up to date with its library and return what was done.

    Raises BuildFailed when nothing could be published, and EngineError when the index folder cannot be used.
    """
    with failures_explained(index):
        directory.prepare(index)
        try:
            report = _build(settings, index, reporter, may_lose_most=may_lose_most)
        except (CacheDamaged, StateDamaged, LedgerDamaged) as error:
            # Thrown away, it is made anew. Damaged once more, it is the disk that has to be looked at.
            if isinstance(error, LedgerDamaged):
                error.path.unlink(missing_ok=True)
            report = _build(settings, index, reporter, may_lose_most=may_lose_most)
        problems = curated(settings, index, report.folder)
        return dataclasses.replace(report, problems=(*report.problems, *problems))


def _build(settings: LibrarySettings, index: Path, reporter: Reporter, *, may_lose_most: bool) -> Report:
    began = time.monotonic()
    tools = functools.cache(lambda: find_tools(settings.languages))
    with (
        directory.locked(index),
        Cache(directory.cache_file(index), _extractor(settings)) as cache,
        Extractions(cache, _cores(), lambda: Context(settings.limits, tools()), settings.languages) as extractions,
        ExitStack() as opened,
    ):
        job = _job(settings, index, reporter, cache, tools, extractions, opened)
        outdated = _outdated(job)
        plan = _plan(job, outdated)
        changes = _changes(job, plan, outdated)
        if job.base and not changes and Manifest.read(job.base).library == library_info(settings):
            renew(job, plan, job.base)
            return _report(job, plan, changes, _Written(job.base, plan), published=False, began=began)
        if not may_lose_most:
            _refuse_great_loss(job, changes)
        try:
            written = _publish(job, plan, changes)
        except Unsound:
            # What it was added to may be what is wrong: nothing of that is used a second time.
            job, plan = _anew(job, plan)
            written = _publish(job, plan, changes)
        return _report(job, plan, changes, written, published=True, began=began)


def _cores() -> int:
    """Return how many cores this process may use, which may be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _outdated(job: Job) -> frozenset[str]:
    """Return the files of which a program that was installed since would now read more; they are read again."""
    lacked = job.cache.lacked().union(report.lacks for report in job.before.lacking()) if job.before else frozenset()
    # Most libraries lack nothing, and looking for programs takes longer than everything else in a build of no changes.
    installed = job.tools().packages & lacked if lacked else frozenset()
    job.cache.forget_lacking(installed)
    return outdated_paths(job.before, installed) if job.before and installed else frozenset()


def _changes(job: Job, plan: Plan, outdated: frozenset[str]) -> Changes:
    """Compare what is planned with what the published index was made of."""
    indexed = job.state.fingerprints(None if plan.is_whole else plan.pages)
    return compare(indexed, job.state.resources(), plan, outdated | _unreported(job, plan))


def _unreported(job: Job, plan: Plan) -> frozenset[str]:
    """Return the files that a ledger which lost lines knows nothing of; they are read again.

    One that belongs to the state holds all of them.
    """
    if job.before is None or not plan.is_whole:
        return frozenset()
    reported = {report.key for report in job.before.reports()}
    paths = {path for planned in plan.resources.values() for path in planned.paths}
    return frozenset(path for path in paths if (path, "") not in reported)


def _anew(job: Job, plan: Plan) -> tuple[Job, Plan]:
    """Return the same build without anything to add to, and a plan of every page."""
    job = dataclasses.replace(job, base=None, known=State(None))
    return job, plan if plan.is_whole else _plan(job, frozenset())


def _publish(job: Job, plan: Plan, changes: Changes) -> _Written:
    generation = directory.new_generation(job.index)
    with _removed_on_failure(generation):
        written = _write(job, plan, changes, generation)
        _check(generation, changes.total)
        forget(job, written.plan, generation)
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
    opened: ExitStack,
) -> Job:
    published = directory.current_generation(index)
    state = opened.enter_context(closing(State(published)))
    recipe = _recipe(settings)
    before = _ledger(published, opened)
    is_sound = before is not None and state.facts.recipe == recipe and published is not None and _opens(published)
    is_known = is_sound and before is not None and state.facts.belongs(viewpoint(settings), before.mark)
    known = state if is_known else opened.enter_context(closing(State(None)))
    base = published if is_sound else None
    return Job(settings, index, reporter, cache, tools, extractions, state, before, recipe, base, known)


def _ledger(published: Path | None, opened: ExitStack) -> LedgerFile | None:
    try:
        return opened.enter_context(closing(LedgerFile(published))) if published else None
    except LedgerDamaged:
        return None


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


def _plan(job: Job, outdated: frozenset[str]) -> Plan:
    def begin(planned: PlannedResource) -> None:
        """Have the files of a new or changed resource read while the other pages are."""
        is_indexed = job.base and job.state.fingerprint(planned.entry.id) == planned.fingerprint
        if not is_indexed or not outdated.isdisjoint(planned.paths):
            _want(job, planned)

    planner = Planner(job.settings, job.cache, job.known, job.recipe, date.today(), job.reporter, begin)
    return planner.plan(scan(job.settings, job.known), outdated)


def _refuse_great_loss(job: Job, changes: Changes) -> None:
    before, lost = job.state.resources(), len(changes.removed)
    if lost > max(_EVERYDAY_LOSS, job.settings.max_loss * before):
        raise BuildFailed(
            f"This build would remove {lost:,} of {before:,} resources, so it was not published. If that is meant, run "
            "it again with --may-lose-most; if not, look whether the library's folder is complete."
        )


def _write(job: Job, plan: Plan, changes: Changes, generation: Path) -> _Written:
    """Write a whole generation: what is unchanged is shared with the base."""
    wanted = changes.added + changes.changed if job.base else tuple(plan.resources)
    reports: dict[Key, FileReport] = {}
    unsettled: list[str] = []
    counts = WordCounts()
    for identifier in wanted:
        _want(job, plan.resources[identifier])
    with _writer(job, generation, job.base) as writer:
        for identifier in changes.changed + changes.removed if job.base else ():
            writer.remove(identifier)
        for read in _read(job, plan, wanted):
            resource = read.document.resource
            counts.add(resource.id, resource.language, writer.add(read.document))
            reports |= {report.key: report for report in read.files}
            unsettled += [] if read.is_settled else [resource.source]
        writer.commit()
    mended = _mend(job, plan, counts, generation)
    kept = record(job, plan.with_unsettled(unsettled), changes, reports, generation)
    return _Written(generation, kept, mended)


def _want(job: Job, planned: PlannedResource) -> None:
    for file in planned.files:
        job.extractions.want(file)


def _writer(job: Job, generation: Path, base: Path | None) -> GenerationWriter:
    return GenerationWriter(generation, base, job.settings.languages[0], job.facets, job.hierarchies)


def _read(job: Job, plan: Plan, wanted: tuple[str, ...]) -> Iterator[ReadResource]:
    with job.reporter.step("Indexing resources", len(wanted)) as advance:
        for identifier in wanted:
            yield read_resource(plan.resources[identifier], job.extractions, job.cache)
            advance()


def _mend(job: Job, plan: Plan, counts: WordCounts, generation: Path) -> dict[str, Repair]:
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


def _check(generation: Path, expected: int) -> None:
    """Open what was written as a server would and count what it finds."""
    engine = open_generation(generation)
    try:
        total = engine.search(SearchRequest(limit=1)).total
    finally:
        engine.close()
    if total != expected:
        raise Unsound(f"The new index holds {total:,} resources instead of {expected:,}, so it was not published.")


def _report(job: Job, plan: Plan, changes: Changes, written: _Written, *, published: bool, began: float) -> Report:
    with closing(State(written.generation)) as state:
        problems = (*no_pages(job.settings), *plan.problems) if not state.has_pages() else plan.problems
        problems += state.problems()
    return Report(
        library=str(job.settings.library),
        generation=int(written.generation.name),
        published=published,
        seconds=round(time.monotonic() - began, 2),
        resources=changes.total,
        added=tuple(sorted(changes.added)),
        changed=tuple(sorted(changes.changed)),
        removed=tuple(sorted(changes.removed)),
        unchanged=changes.unchanged,
        problems=problems,
        mended=tuple(
            f"{identifier}: {word} → {' '.join(parts)}"
            for identifier, repair in sorted(written.mended.items())
            for word, parts in sorted(repair.parted.items())
        ),
        folder=written.generation,
    )


@contextmanager
def _removed_on_failure(generation: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        if directory.current_generation(generation.parent.parent) != generation:
            shutil.rmtree(generation, ignore_errors=True)
        raise
