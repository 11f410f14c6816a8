"""All that typing can be completed to, in one list that is made when it is first asked for: titles, values, words.

Each word of each text is known by where it begins, sorted by its first bytes, so that what begins as typed is a stretch
of that list, however many texts there are. A text that several sources have stands in it once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.index.engine import Suggestion, SuggestionKind
from indexer.index.whoosh.stretches import lengths_of
from indexer.index.whoosh.strings import StringArray, joined

Numbers = NDArray[np.intp]
"""Numbers of texts."""

_KEY = 8
"""By how many of its first bytes each word of a text is sorted, with what follows it."""

_REMEMBERED = 256
"""Of how many beginnings it is remembered where they stand."""

_FEW = 16
"""So many words are compared one by one with what was typed."""

_THERE, _GONE = 1, 2
"""What is known of a text of which it was asked whether it may be offered."""

_SPACE = ord(" ")

_BONUS = {SuggestionKind.VALUE: 4.0, SuggestionKind.TITLE: 2.0, SuggestionKind.PHRASE: 2.0, SuggestionKind.WORD: 0.0}
"""What a text of each kind is preferred by. Of equal texts the first kind of these is offered: it leads somewhere."""

_DOUBLING = 4.0
_LETTER = 0.5
"""What a text gains with twice as many resources, and loses with each byte."""


@dataclass(frozen=True, slots=True)
class Source:
    """Texts of one kind: folded words, parted and enclosed by spaces, and how many resources have each.

    `ranks` orders texts of the source that are equal. `suggestion` tells what the text of a number is shown as.
    """

    texts: StringArray
    resources: NDArray[np.integer]
    ranks: NDArray[np.integer]
    kind: SuggestionKind
    suggestion: Callable[[int], Suggestion]


class Completions:
    """Texts of several sources; `worse` says of each its place when all are ordered by how useful they are.

    A text is more useful the more resources have it and the less there is to read.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources
        self._texts = joined([source.texts for source in sources])
        usefulness = _usefulness(sources, self._texts)
        self._firsts = [*accumulate((len(source.texts) for source in sources), initial=0)]
        once = self._once(usefulness)
        # What does not fit behind the end of all texts is zeros.
        self._data = np.append(self._texts.bytes, np.zeros(_KEY, dtype=np.uint8))
        self._bytes = self._data.data
        is_begin = (self._data[:-1] == _SPACE) & (self._data[1:] != _SPACE) & (self._data[1:] != 0)
        begins = np.flatnonzero(is_begin) + 1
        owners = np.searchsorted(self._texts.starts, begins.astype(self._texts.starts.dtype), side="right") - 1
        kept = once[owners]
        begins, owners = begins[kept], owners[kept]
        order = np.argsort(_keys(self._data, begins), kind="stable")
        self._begins = begins[order].astype(self._texts.starts.dtype)
        self._owners = owners[order].astype(np.uint32)
        # The words before the last are asked for again with every letter.
        self._found = lru_cache(_REMEMBERED)(self._find)
        self._known = bytearray(len(self._texts))
        self.worse = _places(usefulness, _keys(self._data, self._texts.starts[:-1].astype(np.intp) + 1))

    def beginning(self, typed: bytes) -> tuple[Numbers, NDArray[np.bool_]]:
        """Return the numbers of the texts that hold a word from which on they read as typed, and if it is their first.

        A text is there as often as it has such words.
        """
        places, owners = self._words(typed)
        return owners, places == self._texts.starts[owners] + 1

    def holders(self, typed: bytes) -> Numbers:
        """Return the numbers of the texts that hold a word from which on they read as typed, as `beginning` does."""
        return self._words(typed)[1]

    def _words(self, typed: bytes) -> tuple[NDArray[np.integer], Numbers]:
        """Return where the words begin from which on a text reads as typed, and the number of each one's text."""
        found = self._stretch(typed)
        places = self._begins[found]
        owners = self._owners[found].astype(np.intp)
        for place, byte in enumerate(typed[_KEY:], _KEY):
            if len(places) <= _FEW:
                same = [self._bytes[begin : begin + len(typed)] == typed for begin in places.tolist()]
                places, owners = places[same], owners[same]
                break
            is_same = self._data[places + place] == byte
            places, owners = places[is_same], owners[is_same]
        return places, owners

    def count(self, typed: bytes) -> int:
        """Return of how many words typing could be the beginning, at the most."""
        return len(self._begins[self._stretch(typed)])

    def text(self, number: int) -> bytes:
        """Return a text: folded words, parted and enclosed by spaces."""
        return self._texts[number]

    def is_there(self, number: int, ask: Callable[[SuggestionKind], bool]) -> bool:
        """Tell whether a text may be offered; of each one, given its kind, it is asked once, as nothing changes."""
        if not self._known[number]:
            self._known[number] = _THERE if ask(self._sources[self._source(number)].kind) else _GONE
        return self._known[number] == _THERE

    def suggestion(self, number: int) -> Suggestion:
        """Return what a text is shown as."""
        source = self._source(number)
        return self._sources[source].suggestion(number - self._firsts[source])

    def _source(self, number: int) -> int:
        return bisect_right(self._firsts, number) - 1

    def _stretch(self, typed: bytes) -> slice:
        """Return which words begin with the first bytes of what was typed."""
        return self._found(typed[:_KEY])

    def _find(self, wanted: bytes) -> slice:
        begins, data = self._begins.data, self._bytes

        def key(number: int) -> bytes:
            return bytes(data[begins[number] : begins[number] + len(wanted)])

        first = bisect_left(range(len(begins)), wanted, key=key)
        return slice(first, bisect_right(range(len(begins)), wanted, lo=first, key=key))

    def _once(self, usefulness: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell of each text whether it is the one of all equal ones to be offered; it becomes as useful as the best.

        Of one kind it is the most useful one, and of these the first by name.
        """
        hashes = _hashes(self._texts)
        sizes = np.diff(self._firsts)
        sources = np.repeat(np.arange(len(sizes)), sizes)
        kinds = np.repeat([list(_BONUS).index(source.kind) for source in self._sources], sizes)
        kinds[np.isneginf(usefulness)] = len(_BONUS)
        ranks = np.concatenate([np.empty(0, dtype=np.int64), *(source.ranks for source in self._sources)])
        order = np.lexsort((ranks, sources, -usefulness, kinds, hashes))
        # The first of each source; those that follow it in its source can be no better.
        order = order[_changes(hashes[order], kinds[order], usefulness[order], sources[order])]
        begins = np.flatnonzero(_changes(hashes[order]))
        is_contested = ~_changes(hashes[order], kinds[order], usefulness[order])
        chosen = order[begins]
        for place in np.flatnonzero(is_contested[np.minimum(begins + 1, len(order) - 1)]).tolist():
            end = begin = int(begins[place])
            while end + 1 < len(order) and is_contested[end + 1]:
                end += 1
            chosen[place] = min(order[begin : end + 1].tolist(), key=self._name)
        if len(chosen):
            usefulness[chosen] = np.maximum.reduceat(usefulness[order], begins)
        once = np.zeros(len(self._texts), dtype=np.bool_)
        once[chosen] = True
        return once & (usefulness > -np.inf)

    def _name(self, number: int) -> tuple[str, str, str]:
        suggestion = self.suggestion(number)
        return suggestion.id, suggestion.facet, suggestion.text


def _changes(*columns: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell of each row whether it is another one than that before it in any of the columns; the first one is."""
    is_other = np.ones(len(columns[0]), dtype=np.bool_)
    if len(is_other):
        is_other[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return is_other


def _usefulness(sources: Sequence[Source], texts: StringArray) -> NDArray[np.float64]:
    """Return how useful each text is; nothing is of no use at all but what no resource has."""
    resources = np.concatenate([np.empty(0), *(source.resources for source in sources)])
    bonus = np.repeat([_BONUS[source.kind] for source in sources], [len(source.texts) for source in sources])
    gain = np.where(resources > 0, _DOUBLING * np.log2(np.maximum(resources, 1)), -np.inf)
    found: NDArray[np.float64] = gain - _LETTER * lengths_of(texts.starts) + bonus
    return found


def _keys(data: NDArray[np.uint8], begins: Numbers) -> NDArray[np.uint64]:
    """Return the bytes from each place on as one number, the first byte counting most."""
    keys = np.zeros(len(begins), dtype=np.uint64)
    for place in range(_KEY):
        keys = (keys << np.uint64(8)) | data[np.minimum(begins + place, len(data) - 1)]
    return keys


def _places(usefulness: NDArray[np.float64], keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the place of each text by usefulness and then by its first bytes; of equal ones it is the same."""
    order = np.lexsort((keys, -usefulness))
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.cumsum(_changes(usefulness[order], keys[order])) - 1
    return places


def _hashes(texts: StringArray) -> NDArray[np.uint64]:
    """Return a number for each text that two different ones have but by a chance of one in 2**64.

    Its bytes are the digits of a number whose base is odd, as far as it fits.
    """
    lengths = lengths_of(texts.starts)
    if not len(lengths):
        return np.empty(0, dtype=np.uint64)
    powers = np.cumprod(np.full(int(lengths.max()), 0x9E3779B97F4A7C15, dtype=np.uint64))
    within = np.arange(len(texts.bytes)) - np.repeat(texts.starts[:-1].astype(np.intp), lengths)
    return np.add.reduceat((texts.bytes + np.uint64(1)) * powers[within], texts.starts[:-1].astype(np.intp))
