"""From a planned resource to the document that is indexed: its files are extracted once and cached."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from indexer.cache import Cache
from indexer.completion import completed
from indexer.extract import Context, ExtractionPool
from indexer.index.ledger import FileReport
from indexer.index.schema import Attachment, Document, Extraction, Resource, Status
from indexer.library.entry import Entry
from indexer.plan import AttachedFile, PlannedResource


@dataclass(frozen=True, slots=True)
class ReadResource:
    """A document ready to be indexed, what it was made of, and how the reading of each of its files ended.

    `fingerprint` is empty when a file changed since it was planned, or may be readable the next time: the next build
    then takes the resource for changed and reads it again.
    """

    document: Document
    fingerprint: str
    files: tuple[FileReport, ...]


_PASSING = {Status.MISSING, Status.UNREADABLE}
"""What says nothing of a file's content and may be different the next time."""


class Extractions:
    """The texts of files, read ahead in the background and handed out through the cache."""

    def __init__(self, cache: Cache, pending: Mapping[str, Future[Extraction | None]]) -> None:
        self._cache = cache
        self._pending = pending

    def of(self, file: AttachedFile) -> Extraction:
        """Return what a file holds, waiting until it has been read."""
        future = self._pending.get(file.digest)
        return (future.result() if future else None) or self._cache.extraction(file.digest)

    def is_settled(self, file: AttachedFile) -> bool:
        """Tell whether what `of` returns is what the content of that file will always give."""
        return self._cache.holds(file.digest)


@contextmanager
def extracting(
    files: Iterable[AttachedFile], cache: Cache, workers: int, context: Callable[[], Context]
) -> Iterator[Extractions]:
    """Read files in the background, in this order, each content once.

    `context` is asked for only if there is anything to read. Leaving the block early ends what is being read and does
    not begin the rest.
    """
    distinct = {file.digest: file for file in files if not cache.holds(file.digest)}
    if not distinct:
        yield Extractions(cache, {})
        return
    workers = min(workers, len(distinct))
    with ThreadPoolExecutor(workers, "extract") as threads, ExtractionPool(workers, context()) as pool:

        def extract(file: AttachedFile) -> Extraction | None:
            """Keep what a file holds in the cache, not in memory: it may be long until its turn comes."""
            extraction = pool.extract(file.absolute)
            if extraction.status in _PASSING or not _is_unchanged(file, cache):
                return extraction
            cache.keep_extraction(file.digest, extraction)
            return None

        pending = {digest: threads.submit(extract, file) for digest, file in distinct.items()}
        try:
            yield Extractions(cache, pending)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)


def _is_unchanged(file: AttachedFile, cache: Cache) -> bool:
    """Tell whether a file still holds what it was planned with; if not, its text belongs to no hash that is known."""
    try:
        return cache.digest(file.absolute) == file.digest
    except OSError:
        return False


def read_resource(planned: PlannedResource, extractions: Extractions, cache: Cache) -> ReadResource:
    """Put the texts of a resource's page and the pages of its files together."""
    summary, body = cache.page_texts(planned.texts)
    extracted = [(file, extractions.of(file)) for file in planned.files]
    names = _unique([file.reference.name for file in planned.files])
    attachments = tuple(_attachment(name, *pair) for name, pair in zip(names, extracted, strict=True))
    document = Document(
        resource=_resource(planned.entry, summary, attachments),
        body=body,
        pages=tuple(extraction.pages for _, extraction in extracted),
    )
    is_settled = all(map(extractions.is_settled, planned.files))
    fingerprint = planned.fingerprint if is_settled else ""
    return ReadResource(document, fingerprint, tuple(_report(*pair) for pair in extracted))


def _resource(entry: Entry, summary: str, attachments: tuple[Attachment, ...]) -> Resource:
    stated = Resource(
        id=entry.id,
        title=entry.title,
        summary=summary,
        date=entry.date,
        language=entry.language,
        url=entry.url,
        source=entry.source,
        facets=entry.facets,
        attachments=attachments,
    )
    return completed(stated, entry.unstated)


def _attachment(name: str, file: AttachedFile, extraction: Extraction) -> Attachment:
    return Attachment(
        name=name,
        path=file.reference.path,
        format=extraction.format,
        size=file.reference.size,
        locators=tuple(page.locator for page in extraction.pages),
        status=extraction.status,
        reason=extraction.reason,
        metadata=extraction.metadata,
    )


def _report(file: AttachedFile, extraction: Extraction) -> FileReport:
    return FileReport(
        path=file.reference.path,
        status=extraction.status,
        format=extraction.format,
        pages=len(extraction.pages),
        characters=extraction.characters,
        characters_left_out=extraction.characters_left_out,
        seconds=extraction.seconds,
        reason=extraction.reason,
        lacks=extraction.lacks,
    )


def _unique(names: list[str]) -> list[str]:
    """Tell files of the same name in different folders apart: "a.pdf", "a-2.pdf"."""
    unique: dict[str, None] = {}
    for name in names:
        stem, suffix = posixpath.splitext(name)
        candidate, number = name, 1
        while candidate in unique:
            number += 1
            candidate = f"{stem}-{number}{suffix}"
        unique[candidate] = None
    return list(unique)
