"""The columns of a segment: what is known of every document besides its postings, and how it is written and merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.index.whoosh.array_file import ArrayFile, ArrayFileWriter
from indexer.index.whoosh.layout import FIELD_COUNT
from indexer.index.whoosh.merging import GONE
from indexer.index.whoosh.postings import Numbers
from indexer.index.whoosh.strings import Starts, Strings, put_strings, starts_of


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
    values: Sequence[bytes]
    folded: Sequence[bytes]

    def counts(self) -> NDArray[np.int64]:
        """Return how many values each document has."""
        starts = self.starts.astype(np.int64)
        return starts[1:] - starts[:-1]


@dataclass(frozen=True, slots=True)
class Columns:
    """What is known of every document of a segment.

    `lengths` has a number per slot: how many terms the field has. `dates` are proleptic ordinals, 0 for none.
    `languages` are numbers of names in `language_names`. `titles` are folded words, parted and enclosed by spaces.
    """

    lengths: Numbers
    dates: Numbers
    languages: Numbers
    language_names: Sequence[str]
    ids: Sequence[bytes]
    titles: Sequence[bytes]
    facets: Mapping[str, FacetRows]


def put_columns(file: ArrayFileWriter, columns: Columns) -> dict[str, Any]:
    """Write columns into a file of arrays, and return what its table has to say about them."""
    file.put("lengths", columns.lengths)
    file.put("dates", columns.dates)
    file.put("languages", columns.languages)
    put_strings(file, "ids", columns.ids)
    put_strings(file, "titles", columns.titles)
    count = len(columns.ids)
    file.put("id_order", np.array(sorted(range(count), key=columns.ids.__getitem__), dtype=np.uint32))
    by_title = sorted(range(count), key=lambda number: (columns.titles[number], columns.ids[number]))
    ranks = np.empty(count, dtype=np.uint32)
    ranks[by_title] = np.arange(count, dtype=np.uint32)
    file.put("title_ranks", ranks)
    for number, rows in enumerate(columns.facets.values()):
        file.put(f"facet{number}.starts", rows.starts)
        file.put(f"facet{number}.ordinals", rows.ordinals)
        put_strings(file, f"facet{number}.values", rows.values)
        put_strings(file, f"facet{number}.folded", rows.folded)
    return {
        "documents": count,
        "languages": list(columns.language_names),
        "facets": {name: rows.first for name, rows in columns.facets.items()},
    }


def columns_of(file: ArrayFile) -> Columns:
    """Return the columns of a file of arrays, its strings decoded."""
    about = file.about
    return Columns(
        lengths=file["lengths"],
        dates=file["dates"],
        languages=file["languages"],
        language_names=about["languages"],
        ids=list(Strings(file, "ids")),
        titles=list(Strings(file, "titles")),
        facets={
            name: FacetRows(
                starts=file[f"facet{number}.starts"],
                ordinals=file[f"facet{number}.ordinals"],
                first=first,
                values=list(Strings(file, f"facet{number}.values")),
                folded=list(Strings(file, f"facet{number}.folded")),
            )
            for number, (name, first) in enumerate(about["facets"].items())
        },
    )


def merged_columns(parts: Sequence[Columns], documents: Sequence[Numbers]) -> Columns:
    """Return the columns of several segments that follow each other as those of one.

    `documents` maps the documents of each to their new numbers, or GONE. No segment may follow them in the index: the
    values of facets get other ordinals.
    """
    kept = [numbers != GONE for numbers in documents]
    names = list(dict.fromkeys(name for part in parts for name in part.language_names))
    return Columns(
        lengths=_joined([part.lengths[np.repeat(keep, FIELD_COUNT)] for part, keep in zip(parts, kept, strict=True)]),
        dates=_joined([part.dates[keep] for part, keep in zip(parts, kept, strict=True)]),
        languages=_joined([_languages(part, names)[keep] for part, keep in zip(parts, kept, strict=True)]),
        language_names=names,
        ids=[part.ids[number] for part, keep in zip(parts, kept, strict=True) for number in _numbers(keep)],
        titles=[part.titles[number] for part, keep in zip(parts, kept, strict=True) for number in _numbers(keep)],
        facets={name: _merged_facet([part.facets[name] for part in parts], kept) for name in parts[0].facets},
    )


def _joined(arrays: Sequence[Numbers]) -> Numbers:
    return np.concatenate(arrays)


def _numbers(mask: NDArray[np.bool_]) -> list[int]:
    return np.flatnonzero(mask).tolist()


def _languages(columns: Columns, names: Sequence[str]) -> Numbers:
    numbers = np.array([names.index(name) for name in columns.language_names], dtype=np.uint32)
    return numbers[columns.languages]


def _merged_facet(parts: Sequence[FacetRows], kept: Sequence[NDArray[np.bool_]]) -> FacetRows:
    first = parts[0].first
    values = [value for part in parts for value in part.values]
    folded = [words for part in parts for words in part.folded]
    order = sorted(range(len(values)), key=values.__getitem__)
    # What stood in segments before keeps its ordinal.
    ordinals = np.arange(first + len(values), dtype=np.uint32)
    ordinals[np.array(order, dtype=np.intp) + first] = np.arange(first, first + len(values), dtype=np.uint32)
    counts = [part.counts() for part in parts]
    rows = [
        ordinals[part.ordinals[np.repeat(keep, count)]] for part, keep, count in zip(parts, kept, counts, strict=True)
    ]
    return FacetRows(
        starts=starts_of(np.concatenate([count[keep] for count, keep in zip(counts, kept, strict=True)])),
        ordinals=_joined(rows),
        first=first,
        values=[values[number] for number in order],
        folded=[folded[number] for number in order],
    )
