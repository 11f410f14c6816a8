"""From a planned resource to the document that is indexed: its files are extracted once and cached."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from indexer.cache import Cache
from indexer.completion import completed
from indexer.detection import language_of_file
from indexer.extract import Context, ExtractionPool
from indexer.index.ledger import FileReport
from indexer.index.schema import Attachment, Document, Extraction, Resource, Status
from indexer.library.entry import Entry
from indexer.plan import AttachedFile, PlannedResource


@dataclass(frozen=True, slots=True)
class ReadResource:
    """A document ready to be indexed, and how the reading of each of its files ended.

    It is not settled when a file changed since it was planned, or may be readable the next time: the next build then
    has to read the resource again.
    """

    document: Document
    files: tuple[FileReport, ...]
    is_settled: bool


_PASSING = {Status.MISSING, Status.UNREADABLE}
"""What says nothing of a file's content and may be different the next time."""


class Extractions:
    """The texts of files, read in the background in the order in which they are wanted, each content once.

    A context manager: leaving it ends what is being read and does not begin the rest. Texts are kept in the cache and
    not in memory, as it may be long until their turn comes.
    """

    def __init__(
        self, cache: Cache, workers: int, context: Callable[[], Context], languages: Collection[str] = ()
    ) -> None:
        """Read with `workers` processes at a time; `context` is asked for when the first file has to be read.

        `languages` are those of the library, which its files are likely to be in.
        """
        self._cache = cache
        self._languages = languages
        self._workers = workers
        self._context = context
        self._pending: dict[str, tuple[AttachedFile, Future[Extraction | None]]] = {}
        self._threads = ThreadPoolExecutor(workers, "extract")
        self._ends = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        try:
            # The threads that still wait for a process are let go by its end.
            self._ends.close()
        finally:
            self._threads.shutdown()

    def want(self, file: AttachedFile) -> None:
        """Begin to read a file, unless that is done or under way."""
        if file.reading not in self._pending and not self._cache.holds(file.reading):
            self._pending[file.reading] = file, self._threads.submit(self._extract, self._pool, file)

    def of(self, file: AttachedFile) -> Extraction:
        """Return what a wanted file holds, waiting until it has been read."""
        pending = self._pending.get(file.reading)
        passing = pending[1].result() if pending else None
        if pending and passing and pending[0].absolute != file.absolute:
            # What kept another copy of the file from being read need not be true of this one.
            passing = self._extract(self._pool, file)
        return passing or self._cache.extraction(file.reading)

    def is_settled(self, file: AttachedFile) -> bool:
        """Tell whether what `of` returns is what the content of that file will always give."""
        return self._cache.holds(file.reading)

    @cached_property
    def _pool(self) -> ExtractionPool:
        return self._ends.enter_context(ExtractionPool(self._workers, self._context()))

    def _extract(self, pool: ExtractionPool, file: AttachedFile) -> Extraction | None:
        """Keep what a file holds; return it only if it says nothing of what the file will hold the next time."""
        extraction = self._in_its_language(pool.extract(file.absolute))
        if extraction.status in _PASSING or not _is_unchanged(file, self._cache):
            return extraction
        self._cache.keep_extraction(file.reading, extraction)
        return None

    def _in_its_language(self, extraction: Extraction) -> Extraction:
        language = language_of_file(extraction, self._languages)
        return replace(extraction, metadata=replace(extraction.metadata, language=language))


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
    return ReadResource(document, tuple(_report(*pair) for pair in extracted), is_settled)


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
