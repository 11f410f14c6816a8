"""What a query found, narrowed by dates and by chosen values, and what is counted of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from indexer.index import analysis
from indexer.index.engine import Facet, FacetCount, FacetValues, SearchRequest, ValuesRequest
from indexer.index.hierarchy import lineage
from indexer.index.manifest import FacetInfo, FacetKind
from indexer.index.numbers import NumberRange, read_range
from indexer.index.whoosh.arrays import Documents, IndexArrays, Mask
from indexer.index.whoosh.evaluation import Evaluated
from indexer.index.whoosh.facet_pages import page_of_values
from indexer.index.whoosh.facets import FacetColumn

_NAMES = FacetInfo("", "")


class Narrowing:
    """What a request leaves of what its query found; `facets` are those of the library by name.

    `found` passes all filters. The counts of a facet leave out that facet's own filter.
    """

    def __init__(
        self, arrays: IndexArrays, facets: Mapping[str, FacetInfo], evaluated: Evaluated, request: SearchRequest
    ) -> None:
        self._arrays = arrays
        self._facets = facets
        self._request = request
        self._dated = _within_dates(arrays, evaluated, request)
        chosen = {name: values for name, values in request.filters.items() if values}
        self._masks = {name: self._having(name, values) for name, values in chosen.items()}
        self.found = _narrowed(self._dated, list(self._masks.values()))

    def facet(self, name: str) -> Facet:
        """Count the values of a facet: the most frequent ones, and all chosen ones."""
        info, column, documents = self._facets[name], self._arrays.facet(name), self._counted(name)
        chosen, limit = self._request.filters.get(name, ()), self._request.facet_limit
        if info.hierarchy:
            chosen = tuple(above for value in chosen for above in lineage(value, info.hierarchy))
            return column.listed(name, documents, frozenset(chosen), limit, column.opened(chosen, info.hierarchy))
        ranges = _ranges_among(info, chosen)
        facet = column.listed(name, documents, frozenset(chosen).difference(ranges), limit)
        return _with_ranges(facet, column, documents, ranges) if ranges else facet

    def values(self, wanted: ValuesRequest) -> FacetValues:
        """Return a page of the values of a facet."""
        info, column = self._facets.get(wanted.facet, _NAMES), self._arrays.facet(wanted.facet)
        words = analysis.words(wanted.find)
        page = slice(wanted.offset, wanted.offset + wanted.limit)
        return page_of_values(column, self._counted(wanted.facet), words, wanted.order, info.kind, page)

    def _counted(self, name: str) -> Documents:
        """Return the documents of which the values of a facet are counted."""
        if name not in self._masks:
            return self.found.documents
        return _narrowed(self._dated, [mask for other, mask in self._masks.items() if other != name]).documents

    def _having(self, name: str, values: Sequence[str]) -> Mask:
        """Tell of each document that the query found whether it has one of these values."""
        documents = self._dated.documents
        if name not in self._arrays.facet_names:
            return np.zeros(len(documents), dtype=np.bool_)
        column = self._arrays.facet(name)
        ordinals = column.ordinals_of(values)
        for numbers in _ranges_among(self._facets.get(name, _NAMES), values).values():
            ordinals += column.ordinals_between(numbers.first, numbers.last)
        return column.having(documents, ordinals)


def _within_dates(arrays: IndexArrays, evaluated: Evaluated, request: SearchRequest) -> Evaluated:
    if request.since is None and request.until is None:
        return evaluated
    days = arrays.dates[evaluated.documents]
    # Those without a date have 0, and the first day there is has 1.
    first = request.since.toordinal() if request.since else 1
    passes = first <= days
    if request.until:
        passes &= days <= request.until.toordinal()
    return evaluated.narrowed(passes)


def _narrowed(evaluated: Evaluated, masks: Sequence[Mask]) -> Evaluated:
    """Return what passes all filters."""
    return evaluated.narrowed(np.logical_and.reduce(masks)) if masks else evaluated


def _ranges_among(info: FacetInfo, values: Sequence[str]) -> dict[str, NumberRange]:
    """Return those of the chosen values of a facet that are ranges of numbers."""
    if info.kind is not FacetKind.NUMBERS:
        return {}
    return {value: numbers for value in values if (numbers := read_range(value))}


def _with_ranges(facet: Facet, column: FacetColumn, documents: Documents, ranges: Mapping[str, NumberRange]) -> Facet:
    """Return a facet with ranges as values, each with the documents that have any number in it."""
    counted = [
        FacetCount(
            value, int(np.count_nonzero(column.having(documents, column.ordinals_between(each.first, each.last))))
        )
        for value, each in ranges.items()
    ]
    ordered = sorted([*facet.counts, *counted], key=lambda each: (-each.count, each.value))
    return Facet(facet.name, tuple(ordered), facet.more)
