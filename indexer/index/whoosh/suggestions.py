"""Completions of what is being typed: titles and facet values, looked for in all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from indexer.index import analysis
from indexer.index.engine import Suggestion
from indexer.index.whoosh.arrays import IndexArrays
from indexer.index.whoosh.ragged import is_in, runs_of
from indexer.index.whoosh.scan import numbers_at, places
from indexer.index.whoosh.strings import Strings, encoded

_LONGEST = 2**32


Numbers = NDArray[np.intp]
"""Numbers of texts."""

_First = Callable[[Numbers, int], Numbers]
"""Returns, of texts that are equally long, so many that come first in alphabetical order."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A completion, and what tells how useful it is."""

    begins_otherwise: bool
    text: bytes
    number: int


def suggestions(arrays: IndexArrays, facets: Sequence[str], prefix: str, limit: int) -> tuple[Suggestion, ...]:
    """Return titles, and values of these facets, that hold a word beginning with each word of `prefix`."""
    wanted = [encoded(f" {word}") for word in analysis.words(prefix)]
    if not wanted or limit < 1:
        return ()
    found = [*_facet_values(arrays, facets, wanted, limit), *_titles(arrays, wanted, limit)]
    # What begins as typed comes first, then what leaves least to be read.
    found.sort(key=lambda item: (item[0].begins_otherwise, len(item[0].text), item[0].text, item[1].id))
    return tuple(suggestion for _, suggestion in found[:limit])


def _titles(arrays: IndexArrays, wanted: Sequence[bytes], limit: int) -> Iterator[tuple[_Found, Suggestion]]:
    for first, segment in zip(arrays.firsts, arrays.segments, strict=True):
        is_live = arrays.live[first : first + segment.size]
        for found in _best(segment.titles, wanted, is_live, partial(_first_by_rank, segment.title_ranks), limit):
            resource = segment.record(found.number).resource
            yield found, Suggestion(resource.title, id=resource.id)


def _facet_values(
    arrays: IndexArrays, facets: Sequence[str], wanted: Sequence[bytes], limit: int
) -> Iterator[tuple[_Found, Suggestion]]:
    for name in facets:
        column = arrays.facet(name)
        for view in column.views:
            is_used = column.is_used[view.first : view.first + len(view.values)]
            for found in _best(view.folded, wanted, is_used, partial(_first_by_letters, view.folded), limit):
                yield found, Suggestion(view.values[found.number].decode("utf-8"), facet=name)


def _best(
    texts: Strings, wanted: Sequence[bytes], is_there: NDArray[np.bool_], first: _First, limit: int
) -> list[_Found]:
    """Return the best of the texts that are there and hold all that is wanted, by rising number."""
    begins = places(texts, wanted[0])
    numbers = numbers_at(texts, begins)
    # A text may hold the word more than once: the first time decides.
    once = runs_of(numbers)
    once = once[is_there[numbers[once]]]
    for other in wanted[1:]:
        once = once[is_in(numbers[once], numbers_at(texts, places(texts, other)))]
    begins, numbers = begins[once], numbers[once]
    lengths = (texts.starts[numbers + 1] - texts.starts[numbers]).astype(np.int64)
    usefulness = lengths + np.where(begins == texts.starts[numbers], 0, _LONGEST)
    if len(numbers) > limit:
        last = np.sort(usefulness)[limit - 1]
        certain = numbers[usefulness < last]
        # Many may be equal, so strings are read only of those that are shown.
        numbers = np.sort(np.append(certain, first(numbers[usefulness == last], limit - len(certain))))
    return [_Found(not (text := texts[number]).startswith(wanted[0]), text, number) for number in numbers.tolist()]


def _first_by_rank(ranks: NDArray[np.integer], numbers: Numbers, count: int) -> Numbers:
    """Return those of the lowest ranks."""
    return numbers[np.argsort(ranks[numbers])[:count]]


def _first_by_letters(texts: Strings, numbers: Numbers, count: int) -> Numbers:
    """Return those whose bytes come first, of equal ones the first; looked at byte by byte in all texts at once."""
    begins = texts.starts[numbers].astype(np.intp)
    certain = [numbers[:0]]
    for place in range(int(texts.starts[numbers[0] + 1]) - int(begins[0])):
        if len(numbers) <= count or not count:
            break
        letters = texts.bytes[begins + place]
        last = np.sort(letters)[count - 1]
        certain.append(numbers[letters < last])
        count -= len(certain[-1])
        begins, numbers = begins[letters == last], numbers[letters == last]
    return np.concatenate([*certain, numbers[:count]])
