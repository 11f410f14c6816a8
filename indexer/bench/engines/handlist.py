"""Handlist, through the doors that a build and the web use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from indexer import __version__
from indexer.bench.corpus import BenchDocument
from indexer.bench.engines import FACET_VALUES, TOP, Answer, Engine
from indexer.index import analysis, directory, open_index
from indexer.index.engine import Results, SearchRequest
from indexer.index.manifest import FacetInfo, LibraryInfo, Manifest, sizes_of
from indexer.index.query import parse
from indexer.index.schema import SCHEMA_VERSION, Document, Resource

_FACETS = (FacetInfo("tags", "Tags"), FacetInfo("category", "Category"))


def _build(documents: Iterable[BenchDocument], folder: Path) -> None:
    publish(map(_document, documents), folder, facets=_FACETS)


def publish(
    documents: Iterable[Document], folder: Path, language: str = "en", facets: Sequence[FacetInfo] = ()
) -> None:
    """Publish an index of these documents in an empty folder; `language` is the one that is usual."""
    from indexer.index.whoosh.writer import GenerationWriter  # a process that only asks does without Whoosh

    directory.prepare(folder)
    with directory.locked(folder):
        generation = directory.new_generation(folder)
        count = 0
        with GenerationWriter(generation, None, language, [facet.name for facet in facets]) as writer:
            for document in documents:
                writer.add(document)
                count += 1
            writer.commit()
        _manifest(generation, count, language, facets).write(generation)
        directory.publish(folder, generation)


def _document(document: BenchDocument) -> Document:
    facets = {"tags": document.tags, "category": (document.category,)}
    return Document(Resource(document.id, document.title, facets=facets), document.text)


def _manifest(generation: Path, resources: int, language: str, facets: Sequence[FacetInfo]) -> Manifest:
    return Manifest(
        schema_version=SCHEMA_VERSION,
        analysis=analysis.version(),
        generation=directory.generation_number(generation),
        built_at=datetime.now(UTC),
        corpus="",
        resources=resources,
        files=0,
        pages=0,
        library=LibraryInfo("Measurement", str(generation), languages=(language,), facets=tuple(facets)),
        sizes=sizes_of(generation),
    )


class _Handlist:
    """A published index, asked in the language of the search box."""

    def __init__(self, folder: Path) -> None:
        self._engine = open_index(folder)

    def ask(self, words: str) -> Results:
        query = parse(" OR ".join(words.split()))
        return self._engine.search(SearchRequest(query, limit=TOP, facet_limit=FACET_VALUES))

    def read(self, answer: Results) -> Answer:
        return Answer(
            total=answer.total,
            hits=tuple((hit.resource.title, tuple(match.excerpt for match in hit.matches)) for hit in answer.hits),
            facets={facet.name: {one.value: one.count for one in facet.counts} for facet in answer.facets},
        )

    def close(self) -> None:
        self._engine.close()


ENGINE = Engine("handlist", __version__, _build, _Handlist)
