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
    rank: int
    number: int


def suggestions(arrays: IndexArrays, prefix: str, limit: int) -> tuple[Suggestion, ...]:
    """Return titles and facet values that hold a word beginning with each word of `prefix`."""
    wanted = [encoded(f" {word}") for word in analysis.words(prefix)]
    if not wanted:
        return ()
    found = [*_facet_values(arrays, wanted, limit), *_titles(arrays, wanted, limit)]
    found.sort(key=lambda item: (item[0].begins_otherwise, item[0].length, item[0].text, item[1].id))
    return tuple(suggestion for _, suggestion in found[:limit])


def _titles(arrays: IndexArrays, wanted: Sequence[bytes], limit: int) -> Iterator[tuple[_Found, Suggestion]]:
    for first, segment in zip(arrays.firsts, arrays.segments, strict=True):
        is_live = arrays.live[first : first + segment.size]
        for found in _best(segment.titles, wanted, is_live, segment.title_ranks, limit):
            resource = segment.record(found.number).resource
            yield found, Suggestion(resource.title, id=resource.id)


def _facet_values(arrays: IndexArrays, wanted: Sequence[bytes], limit: int) -> Iterator[tuple[_Found, Suggestion]]:
    for name in arrays.facet_names:
        column = arrays.facet(name)
        for view in column.views:
            is_used = column.is_used[view.first : view.first + len(view.values)]
            for found in _best(view.folded, wanted, is_used, np.arange(len(is_used)), limit):
                yield found, Suggestion(view.values[found.number].decode("utf-8"), facet=name)


def _best(
    texts: Strings, wanted: Sequence[bytes], is_there: NDArray[np.bool_], ranks: NDArray[np.integer], limit: int
) -> list[_Found]:
    """Return the best of the texts that are there and hold all that is wanted; equal ones follow by their rank."""
    begins = places(texts, wanted[0])
    numbers = numbers_at(texts, begins)
    # A text may hold the word more than once: the first time decides.
    once = runs_of(numbers)
    once = once[is_there[numbers[once]]]
    for other in wanted[1:]:
        once = once[np.isin(numbers[once], containing(texts, other))]
    begins, numbers = begins[once], numbers[once]
    lengths = (texts.starts[numbers + 1] - texts.starts[numbers]).astype(np.int64)
    usefulness = lengths + np.where(begins == texts.starts[numbers], 0, _LONGEST)
    if len(numbers) > limit:
        numbers = numbers[usefulness <= np.sort(usefulness)[limit - 1]]
    return sorted(_found(texts, number, wanted[0], int(ranks[number])) for number in numbers.tolist())[:limit]


def _found(texts: Strings, number: int, wanted: bytes, rank: int) -> _Found:
    text = texts[number]
    return _Found(not text.startswith(wanted), len(text), text, rank, number)
