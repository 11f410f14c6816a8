"""The fields of a segment as stock Whoosh asks for them: the terms of one field, and the documents of one term."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Protocol, overload

import numpy as np
from numpy.typing import NDArray

from indexer.index.schema import TEXT_FIELDS
from indexer.index.whoosh.fields import DATE, ID, LANGUAGE
from indexer.index.whoosh.layout import FIELD_COUNT
from indexer.index.whoosh.postings import Numbers
from indexer.index.whoosh.segment import FacetView, Segment
from indexer.index.whoosh.strings import Strings, encoded, starts_of

Integers = NDArray[Any]

_NOTHING: Numbers = np.empty(0, dtype=np.uint32)

_DAY = 86_400_000_000
"""In microseconds."""

_SHIFTS = range(0, 64, 8)
"""A date stands as eight terms, each by a byte less precise than the one before, as `whoosh.fields.DATETIME` has it."""

_TERMS_AT_HAND = 8
"""How many terms' postings are kept: Whoosh asks five times for each before it reads the first."""


@dataclass(frozen=True, slots=True)
class FieldPostings:
    """The postings of one term in one field, by rising document.

    `counts` says how often the term stands in each document, and `lengths` how many terms the field has there. The
    positions of the n-th posting are the `counts[n]` of `positions` from `begins[n]` on; fields of whole values have
    none.
    """

    documents: Numbers
    counts: Integers
    lengths: Integers
    begins: Integers
    positions: Numbers


class Field(Protocol):
    """An indexed field of a segment."""

    @property
    def terms(self) -> Sequence[bytes]:
        """The terms, sorted."""

    def postings(self, term: bytes) -> FieldPostings:
        """Return the postings of a term; empty for a term that does not occur."""


class ChosenStrings(Sequence[bytes]):
    """Some of many strings, in the order of their numbers; none is copied until it is asked for."""

    def __init__(self, strings: Strings, numbers: Numbers) -> None:
        self._strings = strings
        self._numbers = numbers.data

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, place: int) -> bytes: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[bytes]: ...
    def __getitem__(self, place: int | slice) -> bytes | Sequence[bytes]:
        if isinstance(place, slice):
            return [self._strings[number] for number in self._numbers[place]]
        return self._strings[self._numbers[place]]

    def __iter__(self) -> Iterator[bytes]:
        return map(self._strings.__getitem__, self._numbers)


class TextField:
    """One of the text fields, whose postings lie among those of the others."""

    def __init__(self, segment: Segment, number: int, fields_of_terms: _FieldsOfTerms) -> None:
        self._segment = segment
        self._number = number
        self._fields_of_terms = fields_of_terms
        self.postings = lru_cache(_TERMS_AT_HAND)(self._postings)

    @cached_property
    def terms(self) -> Sequence[bytes]:
        """The terms, sorted."""
        return ChosenStrings(self._segment.terms, self._fields_of_terms.having(self._number))

    @cached_property
    def lengths(self) -> Numbers:
        """How many terms the field has in each document."""
        return np.ascontiguousarray(self._segment.lengths[self._number :: FIELD_COUNT])

    def _postings(self, term: bytes) -> FieldPostings:
        segment = self._segment
        begin, end = segment.postings(term)
        slots = segment.slots[begin:end]
        places = np.flatnonzero(slots % FIELD_COUNT == self._number)
        documents = slots[places] // np.uint32(FIELD_COUNT)
        starts = segment.position_starts[begin : end + 1]
        begins = starts[places]
        return FieldPostings(documents, starts[places + 1] - begins, self.lengths[documents], begins, segment.positions)


class _FieldsOfTerms:
    """Tells in which text fields each term of a segment occurs. All postings are read, once, when it is first asked."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def having(self, field: int) -> Numbers:
        """Return the numbers of the terms that occur in a field."""
        return np.flatnonzero(self._bits & (1 << field)).astype(np.uint32)

    @cached_property
    def _bits(self) -> NDArray[np.uint8]:
        if not len(self._segment.terms):
            return np.empty(0, dtype=np.uint8)
        fields = np.empty(len(self._segment.slots), dtype=np.uint8)
        np.remainder(self._segment.slots, FIELD_COUNT, out=fields, casting="unsafe")
        firsts = self._segment.posting_starts[:-1].astype(np.intp)
        bits: NDArray[np.uint8] = np.bitwise_or.reduceat(np.uint8(1) << fields, firsts)
        return bits


class ExactField:
    """A field of whole values: the documents of the n-th term are those from `starts[n]` to `starts[n + 1]`."""

    def __init__(self, terms: Sequence[bytes], starts: Integers, documents: Numbers) -> None:
        self.terms = terms
        self._starts = starts
        self._documents = documents

    def postings(self, term: bytes) -> FieldPostings:
        """Return the postings of a term; empty for a term that does not occur."""
        number = bisect_left(self.terms, term)
        known = number < len(self.terms) and self.terms[number] == term
        documents = self._documents[self._starts[number] : self._starts[number + 1]] if known else _NOTHING
        ones = np.ones(len(documents), dtype=np.uint32)
        return FieldPostings(documents, ones, ones, np.zeros_like(ones), _NOTHING)


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
        return _exact_field(self.values, self.ranks, documents)

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
        fields_of_terms = _FieldsOfTerms(self.segment)
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


def _exact_field(terms: Sequence[bytes], ranks: Integers, documents: Numbers) -> ExactField:
    """Return a field in which the n-th posting is of the term number `ranks[n]`; its documents never fall."""
    starts = starts_of(np.bincount(ranks, minlength=len(terms)))
    return ExactField(terms, starts, documents[np.argsort(ranks, kind="stable")])


def _language_field(segment: Segment) -> ExactField:
    names = [encoded(name) for name in segment.language_names]
    order = sorted(range(len(names)), key=names.__getitem__)
    ranks = np.empty(len(names), dtype=np.intp)
    ranks[order] = np.arange(len(names))
    documents = np.arange(segment.size, dtype=np.uint32)
    return _exact_field([names[number] for number in order], ranks[segment.languages], documents)


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
    return _exact_field(terms, np.concatenate(ranks), np.tile(documents, len(_SHIFTS)))
