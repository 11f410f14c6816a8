"""How often faulty queries find nothing: queries of a library's own words, with faults of every kind in turn."""

from __future__ import annotations

import random
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from indexer.bench import BenchError
from indexer.evaluate.asking import ask, ranked
from indexer.evaluate.faults import FAULTS
from indexer.evaluate.passages import LibraryWords, library_words
from indexer.index.engine import Engine

_SEED = 11
_DRAWS = 2_000
"""So many passages are tried for one fault; a library without accents gives no occasion to forget one."""

_DEPTH = 10


@dataclass(frozen=True, slots=True)
class FaultyQuery:
    """What is typed, the kind of its fault, the passage that was meant and the id of the resource that holds it."""

    kind: str
    text: str
    meant: str
    resource: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many resources a faulty query found, and whether the one that was meant is among the first ten."""

    query: FaultyQuery
    total: int
    is_found: bool

    def to_json(self) -> dict[str, Any]:
        """Return what became of the query as plain data."""
        return {
            "kind": self.query.kind,
            "query": self.query.text,
            "meant": self.query.meant,
            "resource": self.query.resource,
            "total": self.total,
        }


@dataclass(frozen=True, slots=True)
class Robustness:
    """What became of faulty queries; at least one of them was asked."""

    outcomes: tuple[Outcome, ...]

    @property
    def zero_rate(self) -> float:
        """The share of queries that found nothing at all."""
        return len(self.zeros) / len(self.outcomes)

    @property
    def success(self) -> float:
        """The share of queries that found the resource they were made from among the first ten."""
        return sum(outcome.is_found for outcome in self.outcomes) / len(self.outcomes)

    @property
    def zeros(self) -> tuple[Outcome, ...]:
        """The queries that found nothing."""
        return tuple(outcome for outcome in self.outcomes if not outcome.total)

    def by_kind(self) -> dict[str, Robustness]:
        """Return the same for each kind of fault, in the order of `FAULTS`."""
        kinds = {kind: tuple(one for one in self.outcomes if one.query.kind == kind) for kind in FAULTS}
        return {kind: Robustness(outcomes) for kind, outcomes in kinds.items() if outcomes}

    def to_json(self) -> dict[str, Any]:
        """Return the figures and the queries that found nothing as plain data."""
        return {
            **self._figures(),
            "kinds": {kind: part._figures() for kind, part in self.by_kind().items()},
            "found_nothing": [outcome.to_json() for outcome in self.zeros],
        }

    def _figures(self) -> dict[str, Any]:
        return {"queries": len(self.outcomes), "zero_rate": self.zero_rate, "success@10": self.success}


def faulty_queries(engine: Engine, wanted: int) -> list[FaultyQuery]:
    """Return so many different queries, always the same ones for the same library, or fewer if it gives no more.

    All kinds of faults take turns, as long as the library gives an occasion for them. BenchError when it gives none.
    """
    library = library_words(engine)
    chance = random.Random(_SEED)  # noqa: S311 - a fixed seed, so that all who measure ask the same
    kinds = list(FAULTS) if library.resources else []
    queries: dict[str, FaultyQuery] = {}
    while kinds and len(queries) < wanted:
        for kind in [*kinds]:
            query = _query(kind, library, chance, queries)
            if query is None:
                kinds.remove(kind)
            else:
                queries[query.text] = query
    if not queries:
        raise BenchError("The library has no words of which queries could be made.")
    return list(queries.values())[:wanted]


def measure(engine: Engine, queries: Iterable[FaultyQuery]) -> Robustness:
    """Ask faulty queries in the way of the search box; there has to be at least one."""
    return Robustness(tuple(_outcomes(engine, queries)))


def _outcomes(engine: Engine, queries: Iterable[FaultyQuery]) -> Iterator[Outcome]:
    for query in queries:
        found = ask(engine, query.text, _DEPTH)
        yield Outcome(query, found.total, query.resource in ranked(found))


def _query(kind: str, library: LibraryWords, chance: random.Random, known: Container[str]) -> FaultyQuery | None:
    """Return a query with a fault of this kind that is not known yet, or None if no passage gives the occasion."""
    for _ in range(_DRAWS):
        passage = library.draw(chance)
        text = passage and FAULTS[kind](passage, library, chance)
        if passage and text and text != passage.text and text not in known:
            return FaultyQuery(kind, text, passage.text, passage.resource.id)
    return None
