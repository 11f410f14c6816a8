"""The columns of a segment: what is known of every document besides its postings, and how it is written and merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.index.whoosh.array_file import ArrayFile, ArrayFileWriter
from indexer.index.whoosh.layout import FIELD_COUNT
from indexer.index.whoosh.merging import GONE
from indexer.index.whoosh.postings import Numbers
from indexer.index.whoosh.stretches import lengths_of
from indexer.index.whoosh.strings import Starts, StringArray, Strings, joined, put_strings, starts_of

Mask = NDArray[np.bool_]

_Number = TypeVar("_Number", np.uint32, np.int64)


@dataclass(frozen=True, slots=True)
class FacetRows:
    """The values of one facet: those of the n-th document are `ordinals[starts[n] : starts[n + 1]]`.

    An ordinal is the number of a value among all values of the facet in the index. A segment holds the `values` that
    no segment before it has, sorted; they are numbered from `first` on. `folded` are the words that find each value,
    parted and enclosed by spaces.
    """

    starts: Starts
    ordinals: Numbers
    first: int
    values: StringArray
    folded: StringArray

    def counts(self) -> NDArray[np.int64]:
        """Return how many values each document has."""
        return lengths_of(self.starts)


@dataclass(frozen=True, slots=True)
class Columns:
    """What is known of every document of a segment.

    `lengths` has a number per slot: how many terms the field has. `dates` are proleptic ordinals, 0 for none.
    `languages` are numbers of rows of `language_names`: the language of the resource, then the others of its files.
    `titles` are folded words, parted and enclosed by spaces.
    """

    lengths: Numbers
    dates: Numbers
    languages: Numbers
    language_names: Sequence[tuple[str, ...]]
    ids: StringArray
    titles: StringArray
    facets: Mapping[str, FacetRows]


def put_columns(file: ArrayFileWriter, columns: Columns) -> dict[str, Any]:
    """Write columns into a file of arrays, and return what its table has to say about them."""
    file.put("lengths", columns.lengths)
    file.put("dates", columns.dates)
    file.put("languages", columns.languages)
    put_strings(file, "ids", columns.ids)
    put_strings(file, "titles", columns.titles)
    id_order = np.array(columns.ids.order(), dtype=np.uint32)
    file.put("id_order", id_order)
    file.put("title_ranks", _title_ranks(columns.titles, id_order))
    for number, rows in enumerate(columns.facets.values()):
        file.put(f"facet{number}.starts", rows.starts)
        file.put(f"facet{number}.ordinals", rows.ordinals)
        put_strings(file, f"facet{number}.values", rows.values)
        put_strings(file, f"facet{number}.folded", rows.folded)
    return {
        "documents": len(columns.ids),
        "languages": list(columns.language_names),
        "facets": {name: rows.first for name, rows in columns.facets.items()},
    }


def columns_of(file: ArrayFile) -> Columns:
    """Return the columns of a file of arrays, of which nothing is copied."""
    about = file.about
    return Columns(
        lengths=file["lengths"],
        dates=file["dates"],
        languages=file["languages"],
        language_names=[tuple(names) for names in about["languages"]],
        ids=Strings(file, "ids"),
        titles=Strings(file, "titles"),
        facets={
            name: FacetRows(
                starts=file[f"facet{number}.starts"],
                ordinals=file[f"facet{number}.ordinals"],
                first=first,
                values=Strings(file, f"facet{number}.values"),
                folded=Strings(file, f"facet{number}.folded"),
            )
            for number, (name, first) in enumerate(about["facets"].items())
        },
    )


def merged_columns(parts: Sequence[Columns], documents: Sequence[Numbers]) -> Columns:
    """Return the columns of several segments that follow each other as those of one.

    `documents` maps the documents of each to their new numbers, or GONE. No segment may follow them in the index: the
    values of facets get other ordinals, and those that no document has any more are left out.
    """
    kept = [numbers != GONE for numbers in documents]
    names = list(dict.fromkeys(chain.from_iterable(part.language_names for part in parts)))
    return Columns(
        lengths=_chosen([part.lengths for part in parts], [np.repeat(keep, FIELD_COUNT) for keep in kept]),
        dates=_chosen([part.dates for part in parts], kept),
        languages=_chosen([_languages(part, names) for part in parts], kept),
        language_names=names,
        ids=_chosen_strings([part.ids for part in parts], kept),
        titles=_chosen_strings([part.titles for part in parts], kept),
        facets={name: _merged_facet([part.facets[name] for part in parts], kept) for name in parts[0].facets},
    )


def _title_ranks(titles: StringArray, id_order: Numbers) -> Numbers:
    """Return the place of each document among all sorted by title, those of equal titles by id."""
    ranks = np.empty(len(titles), dtype=np.uint32)
    ranks[id_order[titles.chosen(id_order.astype(np.intp)).order()]] = np.arange(len(titles), dtype=np.uint32)
    return ranks


def _chosen(arrays: Sequence[NDArray[_Number]], kept: Sequence[Mask]) -> NDArray[_Number]:
    return np.concatenate([array[keep] for array, keep in zip(arrays, kept, strict=True)])


def _chosen_strings(parts: Sequence[StringArray], kept: Sequence[Mask]) -> StringArray:
    return joined([part.chosen(np.flatnonzero(keep)) for part, keep in zip(parts, kept, strict=True)])


def _languages(columns: Columns, rows: Sequence[tuple[str, ...]]) -> Numbers:
    numbers = np.array([rows.index(row) for row in columns.language_names], dtype=np.uint32)
    return numbers[columns.languages]


def _merged_facet(parts: Sequence[FacetRows], kept: Sequence[Mask]) -> FacetRows:
    counts = [part.counts() for part in parts]
    rows = [np.repeat(keep, count) for keep, count in zip(kept, counts, strict=True)]
    return numbered(
        FacetRows(
            starts=starts_of(_chosen(counts, kept)),
            ordinals=_chosen([part.ordinals for part in parts], rows),
            first=parts[0].first,
            values=joined([part.values for part in parts]),
            folded=joined([part.folded for part in parts]),
        )
    )


def numbered(rows: FacetRows) -> FacetRows:
    """Return the same rows with their own values sorted, without those that no document has.

    What stands in segments before keeps its ordinal.
    """
    first = rows.first
    is_had = np.zeros(first + len(rows.values), dtype=np.bool_)
    is_had[rows.ordinals] = True
    order = np.array([number for number in rows.values.order() if is_had[first + number]], dtype=np.intp)
    ordinals = np.arange(first + len(rows.values), dtype=np.uint32)
    ordinals[first + order] = np.arange(first, first + len(order), dtype=np.uint32)
    return FacetRows(rows.starts, ordinals[rows.ordinals], first, rows.values.chosen(order), rows.folded.chosen(order))
