"""The embedded engine: a published generation, answering by array operations over whole postings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from indexer.index.engine import Facet, Hit, Results, SearchRequest, Sort, Suggestion
from indexer.index.hierarchy import lineage
from indexer.index.manifest import Manifest
from indexer.index.schema import Resource
from indexer.index.whoosh.arrays import Documents, IndexArrays, Mask
from indexer.index.whoosh.evaluation import Evaluated, evaluate
from indexer.index.whoosh.ordering import page
from indexer.index.whoosh.pinning import documents_of, with_pins
from indexer.index.whoosh.placing import place
from indexer.index.whoosh.reranking import reranked
from indexer.index.whoosh.suggestions import suggestions


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
        hidden = documents_of(self._arrays, request.hidden)
        evaluated = with_pins(evaluate(self._arrays, request.query, request.ranking), pinned, hidden)
        filters = self._filters(evaluated.documents, request.filters)
        found = _narrowed(evaluated, list(filters.values()))
        if request.sort is Sort.RELEVANCE:
            found = reranked(self._arrays, found, request.ranking)
        shown = page(self._arrays, found, request.sort, request.offset, request.limit, pinned)
        return Results(
            total=len(found.documents),
            hits=tuple((self._placed if request.placed else self._hit)(found, number, pinned) for number in shown),
            facets=tuple(self._facet(name, evaluated, found, filters, request) for name in self._facets),
            complete=found.complete,
        )

    def suggest(self, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return titles and facet values that hold a word beginning with each word of `prefix`."""
        return suggestions(self._arrays, tuple(self._facets), prefix, limit)

    def resource(self, identifier: str) -> Resource | None:
        """Return the resource of that id, or None."""
        document = self._arrays.document(identifier)
        return None if document is None else self._arrays.record(document).resource

    def body(self, identifier: str) -> str:
        """Return the text of the page of that resource, paragraphs parted by empty lines; empty if there is none."""
        document = self._arrays.document(identifier)
        return "" if document is None else self._arrays.record(document).body()

    def close(self) -> None:
        """Give back files and memory; the engine answers nothing afterwards."""
        self._arrays.close()

    def _filters(self, documents: Documents, filters: Mapping[str, tuple[str, ...]]) -> dict[str, Mask]:
        """Return for each facet of which values are chosen which of the documents have one of them."""
        return {name: self._filter(documents, name, values) for name, values in filters.items() if values}

    def _filter(self, documents: Documents, name: str, values: tuple[str, ...]) -> Mask:
        if name not in self._arrays.facet_names:
            return np.zeros(len(documents), dtype=np.bool_)
        column = self._arrays.facet(name)
        return column.having(documents, column.ordinals_of(values))

    def _hit(self, found: Evaluated, number: int, pinned: Sequence[int]) -> Hit:
        document = int(found.documents[number])
        resource = self._arrays.record(document).resource
        return Hit(resource, float(found.scores[number]), is_pinned=document in pinned)

    def _placed(self, found: Evaluated, number: int, pinned: Sequence[int]) -> Hit:
        """Return a hit with the places where it matches, and what it lacks."""
        document = int(found.documents[number])
        record = self._arrays.record(document)
        matches, pages = place(record, [leaf.occurrences(document) for leaf in found.leaves])
        score, missing = float(found.scores[number]), found.missing(number)
        return Hit(record.resource, score, matches, pages, missing, is_pinned=document in pinned)

    def _facet(
        self, name: str, evaluated: Evaluated, found: Evaluated, filters: Mapping[str, Mask], request: SearchRequest
    ) -> Facet:
        """Count the values of a facet; the facet's own filter is left out."""
        counted = found
        if name in filters:
            counted = _narrowed(evaluated, [mask for other, mask in filters.items() if other != name])
        column, chosen = self._arrays.facet(name), request.filters.get(name, ())
        if separator := self._facets[name].hierarchy:
            chosen = tuple(above for value in chosen for above in lineage(value, separator))
            is_open = column.opened(chosen, separator)
            return column.listed(name, counted.documents, frozenset(chosen), request.facet_limit, is_open)
        return column.listed(name, counted.documents, frozenset(chosen), request.facet_limit)


def _narrowed(evaluated: Evaluated, masks: Sequence[Mask]) -> Evaluated:
    """Return what passes all filters."""
    if not masks:
        return evaluated
    return evaluated.narrowed(np.logical_and.reduce(masks))
