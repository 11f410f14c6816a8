"""Postings of several sources made one, by moving blocks of numbers: nothing is decoded, and memory is bounded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.index.whoosh.array_file import ArrayFileWriter
from indexer.index.whoosh.layout import FIELD_COUNT
from indexer.index.whoosh.phrases import merged_phrases, put_phrases
from indexer.index.whoosh.postings import Numbers, Postings, put_terms
from indexer.index.whoosh.ragged import spread, stable_order
from indexer.index.whoosh.stretches import lengths_of, running, stretches
from indexer.index.whoosh.strings import Starts, number_type, starts_of
from indexer.index.whoosh.term_merging import Places, merged_terms
from indexer.index.whoosh.written_words import NO_TERM, WrittenWords, merged_written, put_written

GONE = np.uint32(0xFFFFFFFF)
"""The new number of a document that is left out."""

_AT_ONCE = 500_000
"""How many positions are moved at a time; each takes some 60 bytes meanwhile."""

_NO_SLOT = np.uint32(0xFFFFFFFF)

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Source:
    """Postings to be merged; `documents` maps each of their documents to its new number, or GONE."""

    postings: Postings
    documents: Numbers


def renumbered(count: int, first: int) -> Numbers:
    """Return the new numbers of `count` documents that are all kept and follow each other from `first` on."""
    return np.arange(first, first + count, dtype=np.uint32)


def merge(sources: Sequence[Source], file: ArrayFileWriter) -> None:
    """Write the postings of all sources as one into a file.

    The slots of a later source are higher, but for one: a source may go on with the last slot of the one before, in
    higher positions. What two sources have of a term in that slot becomes one posting.
    """
    terms, places = merged_terms([source.postings.terms for source in sources])
    parts = [
        _Part(source, its_places, not (source.documents == GONE).any())
        for source, its_places in zip(sources, places, strict=True)
    ]
    counts, position_counts = _counts(parts, len(terms))
    if counts.all():
        put_terms(file, terms)
        file.put("posting_starts", starts_of(counts))
    else:
        occurring = np.flatnonzero(counts)
        put_terms(file, terms.chosen(occurring))
        file.put("posting_starts", starts_of(counts[occurring]))
    put_written(file, _written(parts, counts))
    put_phrases(file, merged_phrases([source.postings.phrases for source in sources]))
    output = _Output(file, int(counts.sum()), int(position_counts.sum()))
    for rows in _moved(parts, starts_of(position_counts)):
        output.append(rows)
        for part in parts:
            part.forget()
    output.finish()


def _written(parts: Sequence[_Part], counts: NDArray[Any]) -> WrittenWords:
    """Return the written words of all parts; `counts` says how many postings are left of each term."""
    is_left = counts > 0
    numbers = np.where(is_left, np.cumsum(is_left) - 1, NO_TERM).astype(np.uint32)
    written = [part.source.postings.written for part in parts]
    return merged_written(written, [numbers[part.places] for part in parts], counts[is_left].astype(np.int64))


@dataclass(frozen=True, slots=True)
class _Rows:
    """Postings in a row: the place of each one's term, its slot and its frequency; and the positions of all."""

    places: Places
    slots: Numbers
    frequencies: Counts
    positions: Numbers


def _moved(parts: Sequence[_Part], starts: Starts) -> Iterator[_Rows]:
    """Yield the postings of all parts, term by term; `starts` says where the positions of each term begin."""
    for begin, end in stretches(starts, _AT_ONCE):
        if end == begin + 1:
            # It may be a term that stands everywhere.
            for part in parts:
                yield from part.pieces(begin)
        else:
            yield _sorted([part.rows(*part.postings_between(begin, end)) for part in parts], begin)


@dataclass(frozen=True, slots=True)
class _Part:
    """A source, the places of its terms among those of all sources, and whether all its documents are kept."""

    source: Source
    places: Places
    is_whole: bool

    def kept(self, begin: int, end: int) -> tuple[Counts, Counts]:
        """Return how many postings and how many positions are kept of each term from number `begin` to before `end`."""
        postings = self.source.postings
        starts = postings.posting_starts[begin : end + 1]
        if self.is_whole:
            return lengths_of(starts), lengths_of(postings.position_starts[starts])
        first, last = int(starts[0]), int(starts[-1])
        kept = self.source.documents[postings.slots[first:last] // FIELD_COUNT] != GONE
        frequencies = lengths_of(postings.position_starts[first : last + 1])
        edges = starts.astype(np.int64) - first
        return lengths_of(running(kept)[edges]), lengths_of(running(np.where(kept, frequencies, 0))[edges])

    def outer_slots(self, begin: int, end: int) -> tuple[Numbers, Numbers]:
        """Return the first and the last slot of each of these terms; every document is kept."""
        starts = self.source.postings.posting_starts[begin : end + 1]
        return self._new_slots(starts[:-1]), self._new_slots(starts[1:] - starts.dtype.type(1))

    def _new_slots(self, postings: NDArray[Any]) -> Numbers:
        slots = self.source.postings.slots[postings]
        documents = self.source.documents[slots // FIELD_COUNT]
        new_slots: Numbers = documents * np.uint32(FIELD_COUNT) + slots % FIELD_COUNT
        return new_slots

    def postings_between(self, begin: int, end: int) -> tuple[int, int]:
        """Return the numbers of the first posting, and of the one behind the last, of the terms at these places."""
        first, last = np.searchsorted(self.places, np.array([begin, end], dtype=np.uint32)).tolist()
        return int(self.source.postings.posting_starts[first]), int(self.source.postings.posting_starts[last])

    def pieces(self, place: int) -> Iterator[_Rows]:
        """Yield the postings of the term at a place, which are many, in pieces that fit into little memory."""
        first, last = self.postings_between(place, place + 1)
        for begin, end in stretches(self.source.postings.position_starts[first : last + 1], _AT_ONCE):
            yield self.rows(first + begin, first + end)

    def rows(self, first: int, last: int) -> _Rows:
        """Return what is kept of the postings from number `first` to before `last`."""
        postings = self.source.postings
        slots = postings.slots[first:last]
        starts = postings.position_starts[first : last + 1]
        frequencies = lengths_of(starts)
        positions = postings.positions[starts[0] : starts[-1]]
        places = self._places_of(first, last)
        documents = self.source.documents[slots // FIELD_COUNT]
        kept = documents != GONE
        if not kept.all():
            positions = positions[np.repeat(kept, frequencies)]
            places, slots, documents, frequencies = places[kept], slots[kept], documents[kept], frequencies[kept]
        return _Rows(places, documents * np.uint32(FIELD_COUNT) + slots % FIELD_COUNT, frequencies, positions)

    def forget(self) -> None:
        """Give back the memory that was used for reading."""
        if self.source.postings.file:
            self.source.postings.file.forget()

    def _places_of(self, first: int, last: int) -> Places:
        """Return the place of the term of each of these postings."""
        starts = self.source.postings.posting_starts
        edges = np.array([first, last], dtype=starts.dtype)
        begin, end = int(np.searchsorted(starts, edges[0], side="right")) - 1, int(np.searchsorted(starts, edges[1]))
        counts = lengths_of(np.clip(starts[begin : end + 1], edges[0], edges[1]))
        return np.repeat(self.places[begin:end], counts)


def _counts(parts: Sequence[_Part], terms: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return how many postings and how many positions each of so many terms will have."""
    dtype = number_type(sum(len(part.source.postings.positions) for part in parts))
    counts = np.zeros(terms, dtype=dtype)
    position_counts = np.zeros(terms, dtype=dtype)
    last_slots = np.full(terms, _NO_SLOT)
    for part in parts:
        for begin, end in stretches(part.source.postings.posting_starts, _AT_ONCE):
            places = part.places[begin:end]
            postings, positions = part.kept(begin, end)
            counts[places] = counts[places] + postings
            position_counts[places] = position_counts[places] + positions
            # Only documents that are being added are cut in two, and none of these is gone.
            if part.is_whole:
                first_slots, its_last_slots = part.outer_slots(begin, end)
                counts[places] -= first_slots == last_slots[places]
                last_slots[places] = its_last_slots
            part.forget()
    return counts, position_counts


def _sorted(parts: Sequence[_Rows], place: int) -> _Rows:
    """Return the postings of several parts by term, of which the first is at `place`; each part's keep their order."""
    places = np.concatenate([part.places for part in parts])
    frequencies = np.concatenate([part.frequencies for part in parts])
    positions = np.concatenate([part.positions for part in parts])
    order = stable_order(places - np.uint32(place))
    begins = running(frequencies)[:-1][order]
    frequencies = frequencies[order]
    slots = np.concatenate([part.slots for part in parts])[order]
    return _Rows(places[order], slots, frequencies, positions[spread(begins, frequencies)])


class _Output:
    """The arrays that postings are appended to, by rising term and slot."""

    def __init__(self, file: ArrayFileWriter, postings: int, positions: int) -> None:
        self._slots = file.reserve("slots", "uint32", postings)
        self._starts = file.reserve("position_starts", number_type(positions), postings + 1)
        self._positions = file.reserve("positions", "uint32", positions)
        self._done = 0
        # The term and slot of the last posting.
        self._last: tuple[int, int] | None = None

    def append(self, rows: _Rows) -> None:
        """Write the next postings; what goes on with the last term and slot joins their posting."""
        if not len(rows.slots):
            return
        is_new = np.empty(len(rows.slots), dtype=np.bool_)
        is_new[0] = (rows.places[0], rows.slots[0]) != self._last
        is_new[1:] = (rows.places[1:] != rows.places[:-1]) | (rows.slots[1:] != rows.slots[:-1])
        self._last = (int(rows.places[-1]), int(rows.slots[-1]))
        self._slots.append(rows.slots[is_new])
        self._starts.append((self._done + running(rows.frequencies)[:-1])[is_new])
        self._positions.append(rows.positions)
        self._done += len(rows.positions)

    def finish(self) -> None:
        """Write where the last posting ends."""
        self._starts.append(np.array([self._done]))
