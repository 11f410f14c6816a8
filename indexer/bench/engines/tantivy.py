"""tantivy, the search library in Rust, through its Python package."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import tantivy

from indexer.bench.corpus import BenchDocument
from indexer.bench.engines import FACET_VALUES, TITLE_WEIGHT, TOP, Answer, Engine

_HEAP_BYTES = 300_000_000
_FIELDS = ["title", "text"]
_COUNTS = {name: {"terms": {"field": name, "size": FACET_VALUES}} for name in ("tags", "category")}


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for name in _FIELDS:
        builder.add_text_field(name, stored=True, tokenizer_name="en_stem")
    for name in _COUNTS:
        builder.add_text_field(name, stored=True, tokenizer_name="raw", fast=True)
    return builder.build()


def _build(documents: Iterable[BenchDocument], folder: Path) -> None:
    folder.mkdir()
    writer = tantivy.Index(_schema(), path=str(folder)).writer(_HEAP_BYTES, 1)
    for document in documents:
        writer.add_document(
            tantivy.Document(
                id=document.id,
                title=document.title,
                text=document.text,
                tags=list(document.tags),
                category=document.category,
            )
        )
    writer.commit()
    writer.wait_merging_threads()


@dataclass(frozen=True, slots=True)
class _Found:
    """What the library answered: the matches, the titles and excerpts of the best, and the counted values."""

    matches: Any
    hits: list[tuple[str, str]]
    counts: dict[str, Any]


class _Tantivy:
    """An open index with one searcher."""

    def __init__(self, folder: Path) -> None:
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, path=str(folder))
        self._index.reload()
        self._searcher = self._index.searcher()

    def ask(self, words: str) -> _Found:
        query = self._index.parse_query(words, _FIELDS, field_boosts={"title": TITLE_WEIGHT})
        found = self._searcher.search(query, TOP)
        excerpts = tantivy.SnippetGenerator.create(self._searcher, query, self._schema, "text")
        documents = [self._searcher.doc(address) for _, address in found.hits]
        hits = [(document["title"][0], excerpts.snippet_from_doc(document).to_html()) for document in documents]
        return _Found(found, hits, self._searcher.aggregate(query, _COUNTS))

    def read(self, answer: _Found) -> Answer:
        facets = {
            name: {bucket["key"]: bucket["doc_count"] for bucket in counted["buckets"]}
            for name, counted in answer.counts.items()
        }
        return Answer(answer.matches.count, tuple(answer.hits), facets)

    def close(self) -> None:
        """Nothing to give back: the library closes its files when the objects are gone."""


ENGINE = Engine("tantivy", version("tantivy"), _build, _Tantivy)
