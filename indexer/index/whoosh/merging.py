"""Postings of several sources made one, by moving blocks of numbers: nothing is decoded, and memory is bounded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.index.whoosh.array_file import ArrayFileWriter
from indexer.index.whoosh.layout import FIELD_COUNT
from indexer.index.whoosh.postings import Numbers, Postings
from indexer.index.whoosh.strings import number_type, put_strings, starts_of

GONE = np.uint32(0xFFFFFFFF)
"""The new number of a document that is left out."""

_NOTHING: NDArray[np.int64] = np.empty(0, dtype=np.int64)

_AT_ONCE = 2_000_000
"""How many positions are moved at a time; each takes some 50 bytes meanwhile."""


@dataclass(frozen=True, slots=True)
class Source:
    """Postings to be merged; `documents` maps each of their documents to its new number, or GONE."""

    postings: Postings
    documents: Numbers


def renumbered(count: int, first: int) -> Numbers:
    """Return the new numbers of `count` documents that are all kept and follow each other from `first` on."""
    return np.arange(first, first + count, dtype=np.uint32)


def merge(sources: Sequence[Source], file: ArrayFileWriter) -> None:
    """Write the postings of all sources as one into a file; the documents of a later source have higher numbers."""
    terms = sorted(set().union(*(source.postings.terms for source in sources)))
    parts = [_Part(source, _places(source.postings.terms, terms)) for source in sources]
    counts = np.zeros((len(terms), len(parts)), dtype=np.int64)
    position_counts = np.zeros(len(terms), dtype=np.int64)
    for number, part in enumerate(parts):
        counts[part.places, number], positions = part.kept()
        position_counts[part.places] += positions
    occurring = np.flatnonzero(counts.sum(axis=1))
    put_strings(file, "terms", [terms[number] for number in occurring.tolist()])
    file.put("posting_starts", starts_of(counts[occurring].sum(axis=1)))
    total = int(counts.sum())
    slot_stream = file.reserve("slots", "uint32", total)
    start_stream = file.reserve("position_starts", number_type(int(position_counts.sum())), total + 1)
    position_stream = file.reserve("positions", "uint32", int(position_counts.sum()))
    done = 0
    for begin, end in _steps(position_counts):
        step = _merged([part.rows(begin, end) for part in parts], counts[begin:end])
        slot_stream.append(step.slots)
        start_stream.append(done + running(step.frequencies)[:-1])
        position_stream.append(step.positions)
        done += len(step.positions)
    start_stream.append(np.array([done]))


@dataclass(frozen=True, slots=True)
class _Rows:
    """Postings in a row: the slot and the frequency of each, and the positions of all."""

    slots: Numbers
    frequencies: NDArray[np.int64]
    positions: Numbers


@dataclass(frozen=True, slots=True)
class _Part:
    """A source, and the places of its terms among those of all sources."""

    source: Source
    places: NDArray[np.int64]

    def kept(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return for each term how many postings and how many positions of it are kept."""
        postings = self.source.postings
        starts = postings.posting_starts.astype(np.int64)
        if not (self.source.documents == GONE).any():
            totals = postings.position_starts[starts].astype(np.int64)
            return starts[1:] - starts[:-1], totals[1:] - totals[:-1]
        counted = [self._counted(starts[begin : end + 1]) for begin, end in _steps(np.diff(starts))]
        return np.concatenate([_NOTHING, *(c[0] for c in counted)]), np.concatenate(
            [_NOTHING, *(c[1] for c in counted)]
        )

    def _counted(self, starts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Count what is kept of terms that follow each other; `starts` are those of their postings."""
        first, last = int(starts[0]), int(starts[-1])
        kept = self.source.documents[self.source.postings.slots[first:last] // FIELD_COUNT] != GONE
        frequencies = np.diff(self.source.postings.position_starts[first : last + 1].astype(np.int64))
        starts = starts - first
        return np.diff(running(kept)[starts]), np.diff(running(np.where(kept, frequencies, 0))[starts])

    def rows(self, begin: int, end: int) -> _Rows:
        """Return what is kept of the postings of the terms from place `begin` to before `end`."""
        postings = self.source.postings
        first, last = np.searchsorted(self.places, [begin, end]).tolist()
        first, last = int(postings.posting_starts[first]), int(postings.posting_starts[last])
        slots = postings.slots[first:last]
        starts = postings.position_starts[first : last + 1].astype(np.int64)
        frequencies = np.diff(starts)
        positions = postings.positions[starts[0] : starts[-1]]
        documents = self.source.documents[slots // FIELD_COUNT]
        kept = documents != GONE
        if not kept.all():
            positions = positions[np.repeat(kept, frequencies)]
            slots, documents, frequencies = slots[kept], documents[kept], frequencies[kept]
        return _Rows(documents * FIELD_COUNT + slots % FIELD_COUNT, frequencies, positions)


def _places(terms: Sequence[bytes], among: Sequence[bytes]) -> NDArray[np.int64]:
    numbers = {term: number for number, term in enumerate(among)}
    return np.fromiter((numbers[term] for term in terms), dtype=np.int64, count=len(terms))


def running(values: NDArray[np.int64] | NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the sum of all values before each place, and as the last that of all."""
    return np.concatenate(([0], np.cumsum(values, dtype=np.int64)))


def _steps(counts: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Yield stretches of terms, each with as many numbers as are moved at once; `counts` says how many each has."""
    totals = np.cumsum(counts)
    begin = 0
    while begin < len(totals):
        before = int(totals[begin - 1]) if begin else 0
        end = max(begin + 1, int(np.searchsorted(totals, before + _AT_ONCE, side="right")))
        yield begin, end
        begin = end


def _merged(parts: Sequence[_Rows], counts: NDArray[np.int64]) -> _Rows:
    """Put the postings of each term together, those of the first part first; `counts` has a row per term."""
    if len(parts) == 1:
        return parts[0]
    # Where the postings of each term and part begin among all, in the order in which they will lie.
    begins = running(counts.ravel())[:-1].reshape(counts.shape)
    total = int(counts.sum())
    slots = np.empty(total, dtype=np.uint32)
    frequencies = np.empty(total, dtype=np.int64)
    targets = []
    for number, part in enumerate(parts):
        target = _spread(begins[:, number], counts[:, number])
        slots[target] = part.slots
        frequencies[target] = part.frequencies
        targets.append(target)
    position_begins = running(frequencies)
    positions = np.empty(int(position_begins[-1]), dtype=np.uint32)
    for part, target in zip(parts, targets, strict=True):
        positions[_spread(position_begins[target], part.frequencies)] = part.positions
    return _Rows(slots, frequencies, positions)


def _spread(begins: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers of all items of stretches that begin somewhere and have some length, one behind the other."""
    shifts = begins - (np.cumsum(lengths) - lengths)
    return np.repeat(shifts, lengths) + np.arange(int(lengths.sum()), dtype=np.int64)
