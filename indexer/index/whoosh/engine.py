"""The embedded engine: a published generation, answering by array operations over whole postings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.index import analysis
from indexer.index.engine import Facet, FacetCount, Hit, Results, SearchRequest, Sort, Suggestion
from indexer.index.manifest import Manifest
from indexer.index.schema import Resource
from indexer.index.whoosh import fields
from indexer.index.whoosh.arrays import FacetColumn, IndexArrays, Mask
from indexer.index.whoosh.evaluation import Evaluated, evaluate
from indexer.index.whoosh.placing import place
from indexer.index.whoosh.texts import BODY, TextReader


class WhooshEngine:
    """A published generation that can be asked; see the port for what each verb promises."""

    def __init__(self, generation: Path, manifest: Manifest) -> None:
        self._manifest = manifest
        self._facet_names = tuple(facet.name for facet in manifest.library.facets)
        self._arrays = IndexArrays(generation, manifest.library.languages[0], self._facet_names)
        self._texts = TextReader(generation)

    @property
    def manifest(self) -> Manifest:
        """What the index says of itself."""
        return self._manifest

    def search(self, request: SearchRequest) -> Results:
        """Answer one request."""
        evaluated = evaluate(self._arrays, request.query)
        filters = self._filter_masks(request.filters)
        matching = _all(evaluated.mask, filters)
        documents = self._in_order(np.flatnonzero(matching), evaluated, request.sort)
        shown = documents[request.offset : request.offset + request.limit].tolist()
        return Results(
            total=len(documents),
            hits=tuple(self._hit(document, evaluated) for document in shown),
            facets=tuple(self._facet(name, evaluated.mask, filters, request) for name in self._facet_names),
        )

    def suggest(self, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return titles and facet values that hold a word beginning with each word of `prefix`."""
        wanted = [f" {word}" for word in analysis.words(prefix)]
        if not wanted:
            return ()
        found = [*self._facet_suggestions(wanted), *self._title_suggestions(wanted)]
        # What begins as typed comes first, then what is shortest: the least is left to read.
        found.sort(key=lambda item: (not item[0].startswith(wanted[0]), len(item[0]), item[0], item[1].id))
        return tuple(suggestion for _, suggestion in found[:limit])

    def resource(self, identifier: str) -> Resource | None:
        """Return the resource of that id, or None."""
        document = self._arrays.document(identifier)
        return None if document is None else self._texts.record(self._arrays.address(document)).resource

    def body(self, identifier: str) -> str:
        """Return the text of the page of that resource, paragraphs parted by empty lines; empty if there is none."""
        document = self._arrays.document(identifier)
        if document is None:
            return ""
        record = self._texts.record(self._arrays.address(document))
        rows = np.flatnonzero(record.table[:, 0] == BODY).tolist()
        return "".join(self._texts.text(record, row) for row in rows)

    def close(self) -> None:
        """Give back files and memory; the engine answers nothing afterwards."""
        self._arrays.close()
        self._texts.close()

    def _filter_masks(self, filters: Mapping[str, tuple[str, ...]]) -> dict[str, Mask]:
        return {name: self._filter_mask(name, values) for name, values in filters.items() if values}

    def _filter_mask(self, name: str, values: tuple[str, ...]) -> Mask:
        if name not in self._facet_names:
            return np.zeros(self._arrays.size, dtype=np.bool_)
        column = self._arrays.facet(name)
        return column.having(column.ordinals_of(values), self._arrays.size)

    def _in_order(self, documents: NDArray[np.intp], evaluated: Evaluated, sort: Sort) -> NDArray[np.intp]:
        """Order documents; equal ones follow by date, newest first, and then by title."""
        titles = self._arrays.title_ranks()[documents]
        if sort is Sort.TITLE:
            return documents[np.argsort(titles)]
        newest_first = -self._arrays.numbers(fields.DATE)[documents]
        if sort is Sort.DATE:
            return documents[np.lexsort((titles, newest_first))]
        return documents[np.lexsort((titles, newest_first, -evaluated.scores[documents]))]

    def _hit(self, document: int, evaluated: Evaluated) -> Hit:
        record = self._texts.record(self._arrays.address(document))
        matches, pages = place(document, record, evaluated.leaves, self._texts)
        return Hit(record.resource, float(evaluated.scores[document]), matches, pages)

    def _facet(self, name: str, mask: Mask, filters: Mapping[str, Mask], request: SearchRequest) -> Facet:
        others = {facet: other for facet, other in filters.items() if facet != name}
        column = self._arrays.facet(name)
        counts = column.counts(_all(mask, others))
        return _listed(name, column, counts, frozenset(request.filters.get(name, ())), request.facet_limit)

    def _facet_suggestions(self, wanted: list[str]) -> list[tuple[str, Suggestion]]:
        columns = [(name, self._arrays.facet(name)) for name in self._facet_names]
        return [
            (folded, Suggestion(value, facet=name))
            for name, column in columns
            for value, folded in zip(column.values, column.folded, strict=True)
            if _begins(folded, wanted)
        ]

    def _title_suggestions(self, wanted: list[str]) -> list[tuple[str, Suggestion]]:
        return [
            (title.folded, Suggestion(title.text, id=title.id))
            for title in self._arrays.titles()
            if _begins(title.folded, wanted)
        ]


def _begins(folded: str, wanted: list[str]) -> bool:
    """Tell whether a folded text, led by a space, holds a word beginning with each of the wanted ones."""
    return all(word in folded for word in wanted)


def _all(mask: Mask, filters: Mapping[str, Mask]) -> Mask:
    for other in filters.values():
        mask = mask & other
    return mask


def _listed(name: str, column: FacetColumn, counts: NDArray[np.intp], chosen: frozenset[str], limit: int) -> Facet:
    """Return the most frequent values and all chosen ones, whether or not they have results or are known."""
    occurring = np.flatnonzero(counts)
    # A stable sort keeps values of equal count in their alphabetical order.
    ranked = occurring[np.argsort(-counts[occurring], kind="stable")]
    further = ranked[limit:][np.isin(ranked[limit:], column.ordinals_of(chosen))]
    listed = [FacetCount(column.values[n], int(counts[n])) for n in [*ranked[:limit].tolist(), *further.tolist()]]
    absent = sorted(chosen - {item.value for item in listed})
    return Facet(name, (*listed, *(FacetCount(value, 0) for value in absent)), more=len(ranked) - len(listed))
