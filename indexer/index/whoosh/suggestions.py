"""Completions of what is being typed: titles and facet values, looked for in all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.index import analysis
from indexer.index.engine import Suggestion
from indexer.index.whoosh.arrays import IndexArrays
from indexer.index.whoosh.ragged import runs_of
from indexer.index.whoosh.scan import containing, numbers_at, places
from indexer.index.whoosh.strings import Strings, encoded

_LONGEST = 2**32


@dataclass(frozen=True, slots=True, order=True)
class _Found:
    """A completion in the order of usefulness: what begins as typed comes first, then what leaves least to be read."""

    begins_otherwise: bool
    length: int
    text: bytes
    number: int


def suggestions(arrays: IndexArrays, prefix: str, limit: int) -> tuple[Suggestion, ...]:
    """Return titles and facet values that hold a word beginning with each word of `prefix`."""
    wanted = [encoded(f" {word}") for word in analysis.words(prefix)]
    if not wanted:
        return ()
    found = [*_facet_values(arrays, wanted, limit), *_titles(arrays, wanted, limit)]
    found.sort(key=lambda item: (item[0], item[1].id))
    return tuple(suggestion for _, suggestion in found[:limit])


def _titles(arrays: IndexArrays, wanted: Sequence[bytes], limit: int) -> Iterator[tuple[_Found, Suggestion]]:
    for first, segment in zip(arrays.firsts, arrays.segments, strict=True):
        is_live = arrays.live[first : first + segment.size]
        for found in _best(segment.titles, wanted, is_live, limit):
            resource = segment.record(found.number).resource
            yield found, Suggestion(resource.title, id=resource.id)


def _facet_values(arrays: IndexArrays, wanted: Sequence[bytes], limit: int) -> Iterator[tuple[_Found, Suggestion]]:
    for name in arrays.facet_names:
        column = arrays.facet(name)
        for view in column.views:
            is_used = column.is_used[view.first : view.first + len(view.values)]
            for found in _best(view.folded, wanted, is_used, limit):
                yield found, Suggestion(view.values[found.number].decode("utf-8"), facet=name)


def _best(texts: Strings, wanted: Sequence[bytes], is_there: NDArray[np.bool_], limit: int) -> list[_Found]:
    """Return the best of the texts that are there and hold all that is wanted."""
    first, *others = wanted
    begins = places(texts, first)
    numbers = numbers_at(texts, begins)
    for other in others:
        keep = np.isin(numbers, containing(texts, other))
        begins, numbers = begins[keep], numbers[keep]
    # A text may hold the word more than once: the first time decides.
    once = runs_of(numbers)
    once = once[is_there[numbers[once]]]
    begins, numbers = begins[once], numbers[once]
    begins_otherwise = begins != texts.starts[numbers]
    lengths = (texts.starts[numbers + 1] - texts.starts[numbers]).astype(np.int64)
    ranks = lengths + np.where(begins_otherwise, _LONGEST, 0)
    if len(ranks) > limit:
        best = np.flatnonzero(ranks <= np.partition(ranks, limit - 1)[limit - 1])
        begins_otherwise, lengths, numbers = begins_otherwise[best], lengths[best], numbers[best]
    found = zip(begins_otherwise.tolist(), lengths.tolist(), numbers.tolist(), strict=True)
    return sorted(_Found(otherwise, length, texts[number], number) for otherwise, length, number in found)[:limit]
