"""A Whoosh index as arrays: postings, columns and field lengths, read once and shared by all threads."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import index as whoosh_index
from whoosh.reading import IndexReader, TermNotFound

from indexer.index import analysis
from indexer.index.languages import searched_text
from indexer.index.ranking import Floats
from indexer.index.whoosh import fields
from indexer.index.whoosh.texts import Address

Keys = NDArray[np.int64]
"""Occurrences in rising order, each one number: the document times 2**32 plus the position of the word in it."""

Mask = NDArray[np.bool_]
"""One truth value per document."""

POSITION_BITS = 32

NO_KEYS: Keys = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """All values of a facet in alphabetical order and who has them: `documents[i]` has `values[ordinals[i]]`.

    `folded` holds the words that find each value, parted and led by spaces, to be looked through; `numbers` maps each
    value to its ordinal.
    """

    values: tuple[str, ...]
    folded: tuple[str, ...]
    numbers: Mapping[str, int]
    ordinals: NDArray[np.int32]
    documents: NDArray[np.int32]

    def ordinals_of(self, values: Iterable[str]) -> list[int]:
        """Return the ordinals of those of these values that are known."""
        return [self.numbers[value] for value in values if value in self.numbers]

    def having(self, chosen: Iterable[int], size: int) -> Mask:
        """Return which of `size` documents have at least one of the values of these ordinals."""
        mask = np.zeros(size, dtype=np.bool_)
        mask[self.documents[np.isin(self.ordinals, list(chosen))]] = True
        return mask

    def counts(self, mask: Mask) -> NDArray[np.intp]:
        """Return for every value how many of the masked documents have it."""
        return np.bincount(self.ordinals[mask[self.documents]], minlength=len(self.values))


@dataclass(frozen=True, slots=True)
class Lengths:
    """How many terms each document has in a text field, and the average of those that have any."""

    values: Floats
    average: float


@dataclass(frozen=True, slots=True)
class Title:
    """A title to be completed: its words as in `FacetColumn.folded`, the title itself and the resource's id."""

    folded: str
    text: str
    id: str


class IndexArrays:
    """The arrays of one generation, each read when it is first asked for.

    `size` counts the documents and `live_count` those not deleted; `languages` are those they were analysed in.

    Documents are numbered through all segments from 0; deleted ones keep their number and are not `live`. Whoosh's
    readers move a file pointer, so only one thread reads from them at a time; arrays, once read, need no lock.
    """

    def __init__(self, generation: Path, language: str, facets: Iterable[str]) -> None:
        schema = fields.make_schema(language, facets)
        self._reader = whoosh_index.open_dir(generation, schema=schema).reader()
        self._finalizer = weakref.finalize(self, self._reader.close)
        self._lock = threading.RLock()
        self._arrays: dict[str, NDArray[np.int64]] = {}
        self._facets: dict[str, FacetColumn] = {}
        self._lengths: dict[str, Lengths] = {}
        self._titles: tuple[Title, ...] | None = None
        self.size: int = self._reader.doc_count_all()
        self.live = np.ones(self.size, dtype=np.bool_)
        for reader, base in self._reader.leaf_readers():
            deleted = [number for number in range(reader.doc_count_all()) if reader.is_deleted(number)]
            self.live[np.array(deleted, dtype=np.intp) + base] = False
        self.live_count = int(self.live.sum())
        self.languages = tuple(term.decode() for term in self._reader.lexicon(fields.LANGUAGE))

    def close(self) -> None:
        """Close Whoosh's files."""
        self._finalizer()

    def keys(self, field: str, term: str) -> Keys:
        """Return all occurrences of a term in a text field."""
        with self._lock:
            parts = [_leaf_keys(reader, base, field, term) for reader, base in self._reader.leaf_readers()]
        found = [part for part in parts if len(part)]
        return np.concatenate(found) if found else NO_KEYS

    def document(self, identifier: str) -> int | None:
        """Return the number of the live document of that id."""
        with self._lock:
            try:
                numbers = list(self._reader.postings(fields.ID, identifier).all_ids())
            except TermNotFound:
                return None
        return next((number for number in numbers if self.live[number]), None)

    def lengths(self, field: str) -> Lengths:
        """Return how many terms each document has in a text field."""
        with self._lock:
            if field not in self._lengths:
                values = self.numbers(fields.length_column(field)).astype(np.float32)
                some = values[self.live & (values > 0)]
                self._lengths[field] = Lengths(values, float(some.mean()) if len(some) else 1.0)
            return self._lengths[field]

    def numbers(self, column: str) -> NDArray[np.int64]:
        """Return a column of whole numbers."""
        with self._lock:
            if column not in self._arrays:
                self._arrays[column] = np.array(self._column(column), dtype=np.int64)
            return self._arrays[column]

    def titles(self) -> tuple[Title, ...]:
        """Return the titles of all live documents."""
        with self._lock:
            if self._titles is None:
                columns = zip(self.live, self._column(fields.SORT_TITLE), self._column(fields.TITLE), strict=True)
                self._titles = tuple(_title(bytes(key), bytes(text)) for live, key, text in columns if live)
            return self._titles

    def facet(self, name: str) -> FacetColumn:
        """Return the values of a facet and who has them, without deleted documents."""
        with self._lock:
            if name not in self._facets:
                self._facets[name] = self._read_facet(name)
            return self._facets[name]

    def address(self, document: int) -> Address:
        """Return where the record of a document is."""
        return Address(int(self.numbers(fields.TEXT_FILE)[document]), int(self.numbers(fields.TEXT_OFFSET)[document]))

    def title_ranks(self) -> NDArray[np.int64]:
        """Return each document's place in the order of titles; no two are equal."""
        with self._lock:
            if "title ranks" not in self._arrays:
                titles = [bytes(title) for title in self._column(fields.SORT_TITLE)]
                order = sorted(range(self.size), key=titles.__getitem__)
                ranks = np.empty(self.size, dtype=np.int64)
                ranks[order] = np.arange(self.size)
                self._arrays["title ranks"] = ranks
            return self._arrays["title ranks"]

    def _column(self, name: str) -> list[Any]:
        values: list[Any] = []
        # Whoosh's reader of an index without documents knows no columns.
        leaves = self._reader.leaf_readers() if self.size else ()
        for reader, _ in leaves:
            values.extend(reader.column_reader(name, translate=False))
        return values

    def _read_facet(self, name: str) -> FacetColumn:
        rows = [
            (value, document)
            for document, joined in enumerate(self._column(fields.facet_column(name)))
            if self.live[document]
            for value in dict.fromkeys(fields.parted(bytes(joined)))
        ]
        values = sorted({value for value, _ in rows})
        numbers = {value: number for number, value in enumerate(values)}
        return FacetColumn(
            values=tuple(values),
            folded=tuple(_folded(analysis.words(searched_text(name, value))) for value in values),
            numbers=numbers,
            ordinals=np.array([numbers[value] for value, _ in rows], dtype=np.int32),
            documents=np.array([document for _, document in rows], dtype=np.int32),
        )


def _folded(words: Iterable[str]) -> str:
    return f" {' '.join(words)} "


def _title(key: bytes, text: bytes) -> Title:
    *words, identifier = fields.parted(key)
    return Title(_folded(words), text.decode("utf-8"), identifier)


def _leaf_keys(reader: IndexReader, base: int, field: str, term: str) -> Keys:
    try:
        matcher = reader.postings(field, term)
    except TermNotFound:
        return NO_KEYS
    keys: list[int] = []
    while matcher.is_active():
        start = (matcher.id() + base) << POSITION_BITS
        keys.extend([start + position for position in matcher.value_as("positions")])
        matcher.next()
    return np.array(keys, dtype=np.int64)
