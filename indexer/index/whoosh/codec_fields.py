"""The fields of a segment as stock Whoosh knows them: texts, and what the columns hold as fields of whole values."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.index.schema import TEXT_FIELDS
from indexer.index.whoosh.codec_postings import (
    ChosenStrings,
    ExactField,
    Field,
    FieldsOfTerms,
    Integers,
    TextField,
    exact_field,
)
from indexer.index.whoosh.fields import DATE, ID, LANGUAGE
from indexer.index.whoosh.postings import Numbers
from indexer.index.whoosh.segment import FacetView, Segment
from indexer.index.whoosh.strings import encoded

_DAY = 86_400_000_000
"""In microseconds."""

_SHIFTS = range(0, 64, 8)
"""A date stands as eight terms, each by a byte less precise than the one before, as `whoosh.fields.DATETIME` has it."""


@dataclass(frozen=True, slots=True)
class FacetValues:
    """The values that the documents of a segment have in a facet, sorted.

    `ranks` are their numbers, those of the n-th document from `starts[n]` to `starts[n + 1]`.
    """

    values: Sequence[bytes]
    starts: Integers
    ranks: Integers

    @classmethod
    def of(cls, views: Sequence[FacetView]) -> FacetValues:
        """Read those of the last of some segments; the others are all that stand before it in the index."""
        firsts = [view.first for view in views]
        known, numbers = np.unique(views[-1].ordinals, return_inverse=True)
        holders = [views[bisect_right(firsts, ordinal) - 1] for ordinal in known.tolist()]
        values = [view.values[ordinal - view.first] for view, ordinal in zip(holders, known.tolist(), strict=True)]
        order = sorted(range(len(values)), key=values.__getitem__)
        ranks = np.empty(len(values), dtype=np.intp)
        ranks[order] = np.arange(len(values))
        return cls([values[number] for number in order], views[-1].starts.astype(np.intp), ranks[numbers])

    def field(self) -> ExactField:
        """Return the field in which the values are terms."""
        documents = np.repeat(np.arange(len(self.starts) - 1, dtype=np.uint32), np.diff(self.starts))
        return exact_field(self.values, self.ranks, documents)

    def first_ranks(self) -> Integers:
        """Return for each document the number of its first value in order, the number of all for one without."""
        firsts = np.full(len(self.starts) - 1, len(self.values), dtype=np.intp)
        filled = np.flatnonzero(np.diff(self.starts))
        if len(filled):
            firsts[filled] = np.minimum.reduceat(self.ranks, self.starts[filled])
        return firsts


class SegmentFields:
    """A segment with what its index knows of it: its deleted documents, and the values of facets in those before it."""

    def __init__(self, segment: Segment, deleted: Numbers, before: Sequence[Segment]) -> None:
        self.segment = segment
        self.deleted = frozenset(deleted.tolist())
        self.texts: Mapping[str, TextField] = self._texts()
        self.names = sorted({ID, LANGUAGE, DATE, *self.texts, *segment.facets})
        self._before = before
        self._facets: dict[str, FacetValues] = {}
        self._fields: dict[str, Field] = {**self.texts}

    def __getitem__(self, name: str) -> Field:
        if name not in self._fields:
            self._fields[name] = self._field(name)
        return self._fields[name]

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def facet(self, name: str) -> FacetValues:
        """Return the values of a facet."""
        if name not in self._facets:
            self._facets[name] = FacetValues.of([each.facets[name] for each in (*self._before, self.segment)])
        return self._facets[name]

    def _texts(self) -> dict[str, TextField]:
        fields_of_terms = FieldsOfTerms(self.segment)
        return {name: TextField(self.segment, number, fields_of_terms) for number, name in enumerate(TEXT_FIELDS)}

    def _field(self, name: str) -> Field:
        if name in self.segment.facets:
            return self.facet(name).field()
        if name == LANGUAGE:
            return _language_field(self.segment)
        if name == DATE:
            return _date_field(self.segment)
        order = self.segment.file["id_order"]
        return ExactField(ChosenStrings(self.segment.ids, order), np.arange(len(order) + 1), order)


def microseconds(dates: Numbers) -> NDArray[np.int64]:
    """Return dates as Whoosh counts them: from the beginning of year 1 on. They mean nothing where there is none."""
    return (dates.astype(np.int64) - 1) * _DAY


def _language_field(segment: Segment) -> ExactField:
    own = [encoded(names[0]) for names in segment.language_names]
    terms = sorted(set(own))
    ranks = np.array([terms.index(name) for name in own], dtype=np.intp)
    documents = np.arange(segment.size, dtype=np.uint32)
    return exact_field(terms, ranks[segment.languages], documents)


def _date_field(segment: Segment) -> ExactField:
    documents = np.flatnonzero(segment.dates).astype(np.uint32)
    # Whoosh moves signed numbers up, so that they sort as their bytes do.
    sortable = microseconds(segment.dates[documents]).astype(np.uint64) + np.uint64(1 << 63)
    terms: list[bytes] = []
    ranks = []
    for shift in _SHIFTS:
        values, numbers = np.unique(sortable >> np.uint64(shift), return_inverse=True)
        ranks.append(numbers + len(terms))
        terms += [bytes([shift]) + value.to_bytes(8, "big") for value in values.tolist()]
    return exact_field(terms, np.concatenate(ranks), np.tile(documents, len(_SHIFTS)))
