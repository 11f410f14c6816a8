"""Stock Whoosh, given the terms of Handlist's own analysis with their positions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from operator import itemgetter
from pathlib import Path

from whoosh import analysis as whoosh_analysis
from whoosh import fields, qparser, sorting, versionstring
from whoosh import index as whoosh_index

from indexer.bench.corpus import BenchDocument
from indexer.bench.engines import FACET_VALUES, TITLE_WEIGHT, TOP, Answer, Engine
from indexer.index import analysis

_MEMORY_MB = 512


class _SameTerms(whoosh_analysis.Analyzer):  # type: ignore[misc]  # Whoosh ships no types
    """Yields the terms that Handlist indexes as Whoosh's tokens."""

    def __call__(self, value: str, **wanted: object) -> Iterator[whoosh_analysis.Token]:
        """Yield one token object again and again, as Whoosh's own analysers do; `wanted` says what it may carry."""
        token = whoosh_analysis.Token(**wanted)
        token.boost = 1.0
        token.stopped = False
        terms = zip(analysis.terms(value, "en"), analysis.spans(value), strict=True)
        for position, (term, (start, end)) in enumerate(terms):
            token.text = token.original = term
            token.pos, token.startchar, token.endchar = position, start, end
            yield token


def _schema() -> fields.Schema:
    return fields.Schema(
        id=fields.ID(unique=True, stored=True),
        title=fields.TEXT(_SameTerms(), stored=True, field_boost=TITLE_WEIGHT),
        text=fields.TEXT(_SameTerms(), stored=True),
        tags=fields.KEYWORD(stored=True, commas=True),
        category=fields.ID(stored=True, sortable=True),
    )


def _build(documents: Iterable[BenchDocument], folder: Path) -> None:
    folder.mkdir()
    writer = whoosh_index.create_in(folder, _schema()).writer(limitmb=_MEMORY_MB)
    for document in documents:
        writer.add_document(
            id=document.id,
            title=document.title,
            text=document.text,
            tags=",".join(document.tags),
            category=document.category,
        )
    writer.commit()


class _Whoosh:
    """An open index with one searcher."""

    def __init__(self, folder: Path) -> None:
        schema = _schema()
        self._index = whoosh_index.open_dir(folder, schema=schema)
        self._searcher = self._index.searcher()
        self._parser = qparser.MultifieldParser(["title", "text"], schema, group=qparser.OrGroup)

    def ask(self, words: str) -> Answer:
        facets = {"tags": sorting.FieldFacet("tags", allow_overlap=True), "category": sorting.FieldFacet("category")}
        found = self._searcher.search(self._parser.parse(words), limit=TOP, groupedby=facets, maptype=sorting.Count)
        # With facets to count, Whoosh hands out all that it found, whatever the limit.
        hits = tuple((hit["title"], hit.highlights("text")) for hit in islice(found, TOP))
        counts = {name: found.groups(name) for name in facets}
        # Every document has one category; len(found) would run the query again.
        return Answer(sum(counts["category"].values()), hits, {name: _most(counts[name]) for name in facets})

    def read(self, answer: Answer) -> Answer:
        return answer

    def close(self) -> None:
        self._searcher.close()
        self._index.close()


def _most(counts: dict[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=itemgetter(1), reverse=True)[:FACET_VALUES])


ENGINE = Engine("whoosh", versionstring(), _build, _Whoosh, most_questions=10)
