"""The terms of one field of a segment, as stock Whoosh asks for them, and the documents of one term."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Protocol, overload

import numpy as np
from numpy.typing import NDArray

from indexer.index.whoosh.layout import FIELD_COUNT
from indexer.index.whoosh.postings import Numbers
from indexer.index.whoosh.segment import Segment
from indexer.index.whoosh.strings import Strings, starts_of

Integers = NDArray[Any]

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


_NOTHING: Numbers = np.empty(0, dtype=np.uint32)

NO_POSTINGS = FieldPostings(_NOTHING, _NOTHING, _NOTHING, _NOTHING, _NOTHING)


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

    def __init__(self, segment: Segment, number: int, fields_of_terms: FieldsOfTerms) -> None:
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


class FieldsOfTerms:
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
        if number == len(self.terms) or self.terms[number] != term:
            return NO_POSTINGS
        documents = self._documents[self._starts[number] : self._starts[number + 1]]
        ones = np.ones(len(documents), dtype=np.uint32)
        return FieldPostings(documents, ones, ones, np.zeros_like(ones), _NOTHING)


def exact_field(terms: Sequence[bytes], ranks: Integers, documents: Numbers) -> ExactField:
    """Return a field in which the n-th posting is of the term number `ranks[n]`; its documents never fall."""
    starts = starts_of(np.bincount(ranks, minlength=len(terms)))
    return ExactField(terms, starts, documents[np.argsort(ranks, kind="stable")])
