"""The embedded engine: a published generation, answering by array operations over whole postings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path

from indexer.index.engine import FacetValues, Hit, Results, SearchRequest, Sort, Spelling, Suggestion, ValuesRequest
from indexer.index.manifest import Manifest
from indexer.index.query import Node
from indexer.index.schema import Resource
from indexer.index.whoosh.arrays import IndexArrays, Records
from indexer.index.whoosh.completions import Completions
from indexer.index.whoosh.evaluation import Evaluated, evaluate, matching
from indexer.index.whoosh.narrowing import Narrowing
from indexer.index.whoosh.ordering import page
from indexer.index.whoosh.pinning import documents_of, with_pins
from indexer.index.whoosh.placing import place
from indexer.index.whoosh.recency import refreshed
from indexer.index.whoosh.records import Record
from indexer.index.whoosh.reranking import reranked
from indexer.index.whoosh.similar import similar
from indexer.index.whoosh.spelling import knows, spellings
from indexer.index.whoosh.suggestions import completions_of, suggestions


class WhooshEngine:
    """A published generation that can be asked; see the port for what each verb promises."""

    def __init__(self, generation: Path, manifest: Manifest) -> None:
        self._manifest = manifest
        self._facets = {facet.name: facet for facet in manifest.library.facets}
        self._arrays = IndexArrays(generation)

    @property
    def manifest(self) -> Manifest:
        """What the index says of itself."""
        return self._manifest

    def search(self, request: SearchRequest) -> Results:
        """Answer one request."""
        pinned = documents_of(self._arrays, request.pinned)
        narrowing = self._narrowed(request, pinned)
        found, records = narrowing.found, Records(self._arrays)
        if request.sort is Sort.RELEVANCE:
            found = reranked(self._arrays, found, request.ranking, records)
            # The day of the index is today: so the same index always answers the same.
            found = refreshed(self._arrays, found, request.ranking, self._manifest.built_at.toordinal())
        shown = page(self._arrays, found, request.sort, request.offset, request.limit, pinned)
        return Results(
            total=len(found.documents),
            hits=tuple((_placed if request.placed else _hit)(found, number, pinned, records) for number in shown),
            facets=tuple(map(narrowing.facet, self._facets)),
            complete=found.complete,
            only_pinned=found.only_pinned,
            bounded=found.bounded,
        )

    def values(self, request: SearchRequest, wanted: ValuesRequest) -> FacetValues:
        """Return values of a facet that the results of a request have."""
        return self._narrowed(request, documents_of(self._arrays, request.pinned)).values(wanted)

    def count(self, query: Node) -> int:
        """Return how many resources hold all that is asked for."""
        return len(matching(self._arrays, query))

    def knows(self, word: str) -> bool:
        """Tell whether any resource holds a folded word, in any of its forms and any field."""
        return knows(self._arrays, word)

    def spellings(self, word: str, others: Sequence[str] = (), limit: int = 5) -> tuple[Spelling, ...]:
        """Return the words of the library that may have been meant by a folded word, the likeliest first."""
        return spellings(self._arrays, word, others, limit)

    def suggest(self, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return what may be typed, the most useful first: titles, facet values, phrases and words of the library."""
        return suggestions(self._arrays, self._completions, prefix, limit)

    def similar(self, identifier: str, limit: int = 5) -> tuple[Hit, ...]:
        """Return the resources most like that one, best first."""
        document = self._arrays.document(identifier)
        likes = [] if document is None else similar(self._arrays, document, limit)
        return tuple(Hit(like.record.resource, like.share) for like in likes)

    def resource(self, identifier: str) -> Resource | None:
        """Return the resource of that id, or None."""
        document = self._arrays.document(identifier)
        return None if document is None else self._arrays.record(document).resource

    def catalogue(self) -> Iterator[tuple[str, date | None]]:
        """Yield the id and the date of every resource, in the order in which the index holds them."""
        for identifier, day in self._arrays.identifiers():
            yield identifier.decode(), date.fromordinal(day) if day else None

    def body(self, identifier: str) -> str:
        """Return the text of the page of that resource, paragraphs parted by empty lines; empty if there is none."""
        document = self._arrays.document(identifier)
        return "" if document is None else self._arrays.record(document).body()

    def close(self) -> None:
        """Give back files and memory; the engine answers nothing afterwards."""
        self._arrays.close()

    @cached_property
    def _completions(self) -> Completions:
        return completions_of(self._arrays, tuple(self._facets))

    def _narrowed(self, request: SearchRequest, pinned: Sequence[int]) -> Narrowing:
        hidden = documents_of(self._arrays, request.hidden)
        evaluated = with_pins(evaluate(self._arrays, request.query, request.ranking), pinned, hidden)
        return Narrowing(self._arrays, self._facets, evaluated, request)


def _hit(found: Evaluated, number: int, pinned: Sequence[int], records: Mapping[int, Record]) -> Hit:
    document = int(found.documents[number])
    return Hit(records[document].resource, float(found.scores[number]), is_pinned=document in pinned)


def _placed(found: Evaluated, number: int, pinned: Sequence[int], records: Mapping[int, Record]) -> Hit:
    """Return a hit with the places where it matches, and what it lacks."""
    document = int(found.documents[number])
    record = records[document]
    matches, pages = place(record, [leaf.occurrences(document) for leaf in found.leaves])
    score, missing = float(found.scores[number]), found.missing(number)
    return Hit(record.resource, score, matches, pages, missing, is_pinned=document in pinned)
