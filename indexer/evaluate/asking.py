"""Queries asked of an index in the way of the search box."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.evaluate.judgments import JudgedQuery
from indexer.index.engine import Engine, Results, SearchRequest
from indexer.index.query import parse
from indexer.index.ranking import DEFAULT, Ranking

DEPTH = 1_000
"""How many results of a query are looked at, as is usual in TREC."""

Rankings = dict[str, tuple[str, ...]]
"""What was found for each query: the ids of documents, the best first, by the id of the query."""


def ask_all(engine: Engine, queries: Iterable[JudgedQuery], ranking: Ranking = DEFAULT) -> Rankings:
    """Return what an index answers to each of the queries, the first 1,000 documents."""
    return {query.id: ranked(ask(engine, query.text, DEPTH, ranking)) for query in queries}


def ask(engine: Engine, text: str, depth: int, ranking: Ranking = DEFAULT) -> Results:
    """Return the `depth` best resources for what a visitor types, without the places where they match."""
    tree = parse(text, [facet.name for facet in engine.manifest.library.facets])
    return engine.search(SearchRequest(tree, limit=depth, facet_limit=1, ranking=ranking, placed=False))


def ranked(found: Results) -> tuple[str, ...]:
    """Return the ids of what was found, the best first."""
    return tuple(hit.resource.id for hit in found.hits)
