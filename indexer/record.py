"""What a build leaves to the next one and to those who ask: state, ledger, manifest, and a cache without waste."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from indexer.coverage import Reports, Revision, revision
from indexer.extract.formats import format_by_suffix
from indexer.index import analysis
from indexer.index.ledger import LedgerFile, revise_ledger, write_ledger
from indexer.index.manifest import FacetInfo, LibraryInfo, Manifest, sizes_of
from indexer.index.schema import SCHEMA_VERSION
from indexer.job import Job, viewpoint
from indexer.library.corpus import Kind
from indexer.library.settings import LibrarySettings
from indexer.plan import Changes, Plan, page_key
from indexer.state import Facts, State
from indexer.state_writing import write_state


def record(job: Job, plan: Plan, changes: Changes, read: Reports, generation: Path) -> Plan:
    """Write the ledger, the state and the manifest of a new generation, and return the plan as it was kept.

    `read` are the reports of this build.
    """
    revised = revision(plan, job.known, read, job.before, datetime.now(UTC))
    plan = plan.without_digests(revised.unattached, job.known)
    mark = _mark()
    _write_ledger(job, plan, revised, generation, mark)
    _write_state(job, plan, generation, mark)
    _manifest(job.settings, changes, generation).write(generation)
    return plan


def renew(job: Job, plan: Plan, generation: Path) -> None:
    """Keep what else was found by a build that has nothing to publish: drafts, files that no page names, new times."""
    revised = revision(plan, job.known, {}, job.before, datetime.now(UTC))
    plan = plan.without_digests(revised.unattached, job.known)
    before = job.before
    if before is None or revised.changes(before, is_whole=plan.is_whole):
        mark = _mark()
        # First the ledger: a build that ends between the two leaves a state that does not belong to it, and the next
        # build plans every page.
        _write_ledger(job, plan, revised, generation, mark)
    elif plan.is_whole or plan.is_news_to(job.known):
        mark = before.mark
    else:
        return
    _write_state(job, plan, generation, mark)


def _mark() -> str:
    return os.urandom(8).hex()


def _write_ledger(job: Job, plan: Plan, revised: Revision, generation: Path, mark: str) -> None:
    if plan.is_whole or job.base is None:
        write_ledger(generation, revised.reports, mark)
    else:
        revise_ledger(generation, job.base, revised.paths, revised.reports, mark)


def _write_state(job: Job, plan: Plan, generation: Path, mark: str) -> None:
    facts = Facts(job.recipe, viewpoint(job.settings), mark)
    write_state(generation, None if plan.is_whole else job.base, facts, plan.pages, plan.files)


def _manifest(settings: LibrarySettings, changes: Changes, generation: Path) -> Manifest:
    with closing(LedgerFile(generation)) as ledger, closing(State(generation)) as state:
        files, pages = ledger.opened()
        return Manifest(
            schema_version=SCHEMA_VERSION,
            analysis=analysis.version(),
            generation=int(generation.name),
            built_at=datetime.now(UTC),
            corpus=state.corpus(),
            resources=changes.total,
            files=files,
            pages=pages,
            library=library_info(settings),
            sizes=sizes_of(generation),
        )


def library_info(settings: LibrarySettings) -> LibraryInfo:
    """Return what the answering half has to know of a library."""
    return LibraryInfo(
        title=settings.title,
        root=str(settings.library),
        config=str(settings.config or ""),
        description=settings.description,
        languages=settings.languages,
        recency=settings.ranking.recency,
        half_life=settings.ranking.half_life,
        logo=settings.appearance.logo,
        accent=settings.appearance.accent,
        style=settings.appearance.style,
        facets=tuple(
            FacetInfo(facet.name, facet.label, facet.kind, facet.hierarchy, facet.order) for facet in settings.facets
        ),
    )


def forget(job: Job, plan: Plan, generation: Path) -> None:
    """Drop from the cache what a new generation is no longer made of."""
    if plan.is_whole:
        _forget_all_but(job, plan)
        return
    before = ((path, job.known.file(path)) for path in plan.files)
    replaced = [(path, file) for path, file in before if file and file.digest and file.digest != plan.digest(path)]
    with closing(State(generation)) as state:
        used = state.digests_in_use(file.digest for _, file in replaced if file.kind is Kind.DOCUMENT)
    job.cache.forget(
        [job.settings.library / path for path, file in plan.files.items() if file is None],
        [page_key(job.recipe, path, file.digest) for path, file in replaced if file.kind is Kind.PAGE],
        [f"{file.digest}.{format_by_suffix(Path(path).suffix)}" for path, file in replaced if file.digest not in used],
    )


def _forget_all_but(job: Job, plan: Plan) -> None:
    files = [file for resource in plan.resources.values() for file in resource.files]
    pages = [page for page in plan.pages.values() if page]
    job.cache.forget_all_but(
        [*(job.settings.library / page.source for page in pages), *(file.absolute for file in files)],
        [page_key(job.recipe, page.source, page.digest) for page in pages],
        [file.reading for file in files],
    )
