"""Queries asked of an index in the way of the search box."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from indexer.evaluate.judgments import JudgedQuery
from indexer.index.curation import NOTHING, Curation
from indexer.index.engine import Engine, Results, SearchRequest
from indexer.index.ranking import DEFAULT, Ranking
from indexer.index.understanding import understood

DEPTH = 1_000
"""How many results of a query are looked at, as is usual in TREC."""

Rankings = dict[str, tuple[str, ...]]
"""What was found for each query: the ids of documents, the best first, by the id of the query."""


def ask_all(
    engine: Engine, queries: Iterable[JudgedQuery], ranking: Ranking = DEFAULT, curation: Curation = NOTHING
) -> Rankings:
    """Return what an index answers to each of the queries, the first 1,000 documents."""
    return {query.id: ranked(ask(engine, query.text, DEPTH, ranking, curation)) for query in queries}


def ask(engine: Engine, text: str, depth: int, ranking: Ranking = DEFAULT, curation: Curation = NOTHING) -> Results:
    """Return the `depth` best resources for what a visitor types, without the places where they match.

    What a librarian decided for the library is part of it.
    """
    meant = understood(text, engine, curation)
    request = SearchRequest(meant.tree, limit=depth, facet_limit=1, placed=False)
    weighed = replace(request, ranking=engine.manifest.library.ranking(ranking))
    return engine.search(replace(weighed, pinned=meant.choice.show, hidden=meant.choice.hide))


def ranked(found: Results) -> tuple[str, ...]:
    """Return the ids of what was found, the best first."""
    return tuple(hit.resource.id for hit in found.hits)
