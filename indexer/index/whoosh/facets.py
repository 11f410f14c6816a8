"""Facets as arrays: who has which value, counted over any documents."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.index.characters import is_character
from indexer.index.engine import Facet, FacetCount
from indexer.index.hierarchy import parent
from indexer.index.manifest import FacetKind
from indexer.index.numbers import is_number
from indexer.index.whoosh.ragged import runs_of, spread, stable_order
from indexer.index.whoosh.scan import containing
from indexer.index.whoosh.segment import FacetView
from indexer.index.whoosh.strings import encoded

Numbers = NDArray[np.intp]
"""Numbers of documents or of values."""

_FEW = 8
"""Occurrences are sorted, and not counted in a table of all values, while there are so many times as many values."""


class FacetColumn:
    """The values of a facet in a generation: the ordinal of a value is its number, counted through all segments.

    `views` are the facet in each segment, in order, or none when the index does not have it; `live` tells of each
    document whether it is there.
    """

    def __init__(self, views: Sequence[FacetView], live: NDArray[np.bool_]) -> None:
        self.views = views
        self._live = live
        self._firsts = [view.first for view in views]
        self.size = sum(len(view.values) for view in views)
        self._starts, self._ordinals = _joined(views, len(live))
        self._parents: dict[str, Numbers] = {}
        self._ranks: dict[FacetKind, NDArray[np.uint32]] = {}

    @cached_property
    def is_used(self) -> NDArray[np.bool_]:
        """Tells of each value whether any document has it: those of deleted ones stay until segments are merged."""
        is_used = np.zeros(self.size, dtype=np.bool_)
        is_used[self.counted(np.flatnonzero(self._live))[0]] = True
        return is_used

    @cached_property
    def _has_one_each(self) -> bool:
        """Tells whether every document has exactly one value, as of a type or a year: then values lie at its number."""
        return bool((self._starts == np.arange(len(self._starts))).all())

    def plain_order(self, ordinals: Numbers) -> Numbers:
        """Return the order that sorts rising ordinals by their values as these are written."""
        # Within a segment they are sorted so already.
        return stable_order(self._plain_ranks[ordinals]) if len(self.views) > 1 else np.arange(len(ordinals))

    @cached_property
    def _plain_ranks(self) -> NDArray[np.uint32]:
        return _ranks_by([value for view in self.views for value in view.values])

    def ranks(self, kind: FacetKind) -> NDArray[np.uint32]:
        """Return the place of each value among all as readers sort them: by number, or by name without accents."""
        # Two threads that are the first to ask do the same work, and either result is right.
        if kind not in self._ranks:
            values = [value for view in self.views for value in view.values]
            folded = [words for view in self.views for words in view.folded]
            key = _by_number if kind is FacetKind.NUMBERS else _by_name
            self._ranks[kind] = _ranks_by([key(*each) for each in zip(values, folded, strict=True)])
        return self._ranks[kind]

    def opened(self, paths: Iterable[str], separator: str) -> NDArray[np.bool_]:
        """Tell of each value, which is a path, whether it is at the top or directly below one of these."""
        # As above.
        if separator not in self._parents:
            self._parents[separator] = self._ordinals_above(separator)
        # The last item is for what nothing stands above.
        is_open = np.zeros(self.size + 1, dtype=np.bool_)
        is_open[[*self.ordinals_of(paths), -1]] = True
        return is_open[self._parents[separator]]

    def _ordinals_above(self, separator: str) -> Numbers:
        """Return for each value the ordinal of the one directly above it, -1 for none."""
        values = [value.decode("utf-8") for view in self.views for value in view.values]
        ordinals = {value: ordinal for ordinal, value in enumerate(values)}
        return np.array([ordinals.get(parent(value, separator), -1) for value in values], dtype=np.intp)

    def value(self, ordinal: int) -> str:
        """Return the value of an ordinal."""
        view = self.views[bisect_right(self._firsts, ordinal) - 1]
        return view.values[ordinal - view.first].decode("utf-8")

    def _values(self, ordinals: Numbers) -> list[str]:
        """Return the values of some ordinals."""
        if len(self.views) == 1:
            return self.views[0].values.texts(ordinals)
        return [self.value(ordinal) for ordinal in ordinals.tolist()]

    def ordinals_of(self, values: Iterable[str]) -> list[int]:
        """Return the ordinals of those of these values that are known."""
        found = (view.ordinal(encoded(value)) for value in values for view in self.views)
        return [ordinal for ordinal in found if ordinal is not None]

    def ordinals_with(self, words: Sequence[str]) -> list[int]:
        """Return the ordinals of the values that hold these words side by side."""
        # A character begins what it is found in; the value says how it goes on.
        end = "" if words and is_character(words[-1]) else " "
        wanted = encoded(f" {' '.join(words)}{end}")
        return [view.first + number for view in self.views for number in containing(view.folded, wanted).tolist()]

    def ordinals_between(self, first: int | None, last: int | None) -> list[int]:
        """Return the ordinals of the values that are numbers in this range, the ends of which may be open."""
        ordinals, values = self._numbers
        is_inside = np.ones(len(values), dtype=np.bool_)
        if first is not None:
            is_inside &= values >= first
        if last is not None:
            is_inside &= values <= last
        found: list[int] = ordinals[is_inside].tolist()
        return found

    @cached_property
    def _numbers(self) -> tuple[Numbers, NDArray[np.int64]]:
        """The ordinals of the values that are numbers, and the numbers, which have at most 18 digits."""
        numerals = [(view, number) for view in self.views for number in _numerals(view)]
        ordinals = np.array([view.first + number for view, number in numerals], dtype=np.intp)
        return ordinals, np.array([int(view.values[number]) for view, number in numerals], dtype=np.int64)

    def having(self, documents: Numbers, ordinals: Iterable[int]) -> NDArray[np.bool_]:
        """Tell of each of these documents whether it has at least one of the values of these ordinals."""
        chosen = np.zeros(self.size, dtype=np.bool_)
        chosen[list(ordinals)] = True
        begins, lengths = self._rows(documents)
        owners = np.repeat(np.arange(len(documents)), lengths)
        keep = np.zeros(len(documents), dtype=np.bool_)
        keep[owners[chosen[self._ordinals[spread(begins, lengths)]]]] = True
        return keep

    def counted(self, documents: Numbers) -> tuple[Numbers, Numbers]:
        """Return the ordinals of the values that these documents have, and how many of them have each."""
        found = self._ordinals_in(documents)
        if len(found) * _FEW < self.size:
            found = np.sort(found)
            begins = runs_of(found)
            ends = np.append(begins[1:], len(found))
            return found[begins].astype(np.intp), ends[: len(begins)] - begins
        counts = np.bincount(found, minlength=self.size)
        # NumPy finds what is true five times as fast as what is not 0.
        occurring = np.flatnonzero(counts > 0)
        return occurring, counts[occurring]

    def listed(
        self,
        name: str,
        documents: Numbers,
        chosen: frozenset[str],
        limit: int,
        is_open: NDArray[np.bool_] | None = None,
    ) -> Facet:
        """Return the most frequent values and all chosen ones, whether or not they have results or are known.

        `is_open` tells of each value whether it may be listed if it is not chosen; left out, all may.
        """
        ordinals, counts = self.counted(documents)
        if is_open is None:
            places = self._most_frequent(ordinals, counts, limit)
        else:
            among = np.flatnonzero(is_open[ordinals])
            places = among[self._most_frequent(ordinals[among], counts[among], limit)]
        if chosen:
            places = np.union1d(places, np.flatnonzero(np.isin(ordinals, self.ordinals_of(chosen))))
        values = self._values(ordinals[places])
        # By count, the highest first, and then by name.
        listed = sorted(zip((-counts[places]).tolist(), values, strict=True))
        # Compared as they stand in an index, where half characters are question marks.
        absent = sorted({encoded(value).decode() for value in chosen}.difference(values))
        shown = [FacetCount(value, -count) for count, value in listed] + [FacetCount(value, 0) for value in absent]
        return Facet(name, tuple(shown), more=len(ordinals) - len(listed))

    def _most_frequent(self, ordinals: Numbers, counts: Numbers, limit: int) -> Numbers:
        """Return the places of the `limit` highest counts; of equal ones the first in alphabetical order."""
        if len(counts) <= limit:
            return np.arange(len(counts))
        if not limit:
            return np.empty(0, dtype=np.intp)
        least = _least(counts, limit)
        above = np.flatnonzero(counts > least)
        return np.append(above, self._first_by_name(ordinals, np.flatnonzero(counts == least), limit - len(above)))

    def _first_by_name(self, ordinals: Numbers, places: Numbers, limit: int) -> Numbers:
        """Return those places whose values come first; within a segment, values are in alphabetical order already."""
        edges = np.searchsorted(ordinals[places], [view.first for view in self.views]).tolist()
        first = [places[begin:end][:limit] for begin, end in pairwise([*edges, len(places)])]
        if sum(len(part) > 0 for part in first) == 1:
            return np.concatenate(first)
        candidates = np.concatenate(first).tolist()
        return np.array(sorted(candidates, key=lambda place: self.value(int(ordinals[place])))[:limit], dtype=np.intp)

    def _rows(self, documents: Numbers) -> tuple[Numbers, Numbers]:
        begins = self._starts[documents].astype(np.intp)
        return begins, self._starts[documents + 1].astype(np.intp) - begins

    def _ordinals_in(self, documents: Numbers) -> NDArray[np.uint32]:
        """Return the ordinals of all values of these documents."""
        if len(documents) == len(self._starts) - 1:
            return self._ordinals
        if self._has_one_each:
            return self._ordinals[documents]
        begins, lengths = self._rows(documents)
        return self._ordinals[spread(begins, lengths)]


def _ranks_by(keys: Sequence[bytes]) -> NDArray[np.uint32]:
    """Return the place of each of these among all when they are sorted."""
    ranks = np.empty(len(keys), dtype=np.uint32)
    ranks[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys), dtype=np.uint32)
    return ranks


def _by_name(value: bytes, folded: bytes) -> bytes:
    # What is written otherwise but has the same words follows in a settled order.
    return folded + b"\0" + value


def _by_number(value: bytes, folded: bytes) -> bytes:
    # More digits are a larger number; what is none comes last.
    return chr(len(value)).encode() + value if is_number(value.decode("utf-8")) else b"\xff" + folded + b"\0" + value


def _least(counts: Numbers, limit: int) -> int:
    """Return the lowest of the `limit` highest counts; most are equal, on which NumPy's own selection is slow."""
    how_many = np.bincount(counts)[::-1]
    return len(how_many) - 1 - int(np.searchsorted(np.cumsum(how_many), limit))


def _joined(views: Sequence[FacetView], documents: int) -> tuple[NDArray[np.integer], NDArray[np.uint32]]:
    """Return the rows of all segments as those of one, which has so many documents."""
    if len(views) == 1:
        return views[0].starts, views[0].ordinals
    if not views:
        return np.zeros(documents + 1, dtype=np.uint32), np.empty(0, dtype=np.uint32)
    starts = [np.zeros(1, dtype=np.intp)]
    for view in views:
        starts.append(view.starts[1:].astype(np.intp) + starts[-1][-1])
    return np.concatenate(starts), np.concatenate([view.ordinals for view in views])


def _numerals(view: FacetView) -> list[int]:
    """Return the numbers of the values that are 1 to 18 digits and nothing else."""
    starts = view.values.starts.astype(np.intp)
    lengths = np.diff(starts)
    others = np.concatenate(([0], np.cumsum((view.values.bytes < ord("0")) | (view.values.bytes > ord("9")))))
    is_numeral = (lengths > 0) & (lengths <= 18) & (others[starts[1:]] == others[starts[:-1]])
    return np.flatnonzero(is_numeral).tolist()
