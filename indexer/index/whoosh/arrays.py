"""A Whoosh index as arrays: postings, columns and field lengths, read once and shared by all threads."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import index as whoosh_index
from whoosh.reading import IndexReader, TermNotFound

from indexer.index.manifest import Manifest
from indexer.index.ranking import Floats
from indexer.index.whoosh import fields
from indexer.index.whoosh.texts import Address

Keys = NDArray[np.int64]
"""Occurrences in rising order, each one number: the document times 2**32 plus the position of the word in it."""

Mask = NDArray[np.bool_]
"""One truth value per document."""

POSITION_BITS = 32

_NO_KEYS: Keys = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """All values of a facet and who has them: `documents[i]` has the value `values[ordinals[i]]`."""

    values: tuple[str, ...]
    ordinals: NDArray[np.int32]
    documents: NDArray[np.int32]

    def having(self, chosen: Iterable[int], size: int) -> Mask:
        """Return which of `size` documents have at least one of the values of these ordinals."""
        mask = np.zeros(size, dtype=np.bool_)
        mask[self.documents[np.isin(self.ordinals, list(chosen))]] = True
        return mask

    def counts(self, mask: Mask) -> NDArray[np.intp]:
        """Return for every value how many of the masked documents have it."""
        return np.bincount(self.ordinals[mask[self.documents]], minlength=len(self.values))


class IndexArrays:
    """The arrays of one generation, each read when it is first asked for.

    Documents are numbered through all segments from 0; deleted ones keep their number and are not `live`. Whoosh's
    readers move a file pointer, so only one thread reads from them at a time; arrays, once read, need no lock.
    """

    def __init__(self, generation: Path, manifest: Manifest) -> None:
        facets = [facet.name for facet in manifest.library.facets]
        schema = fields.make_schema(manifest.library.languages[0], facets)
        self._reader = whoosh_index.open_dir(generation, schema=schema).reader()
        self._finalizer = weakref.finalize(self, self._reader.close)
        self._lock = threading.RLock()
        self._arrays: dict[str, NDArray[np.int64]] = {}
        self._texts: dict[str, list[bytes]] = {}
        self._facets: dict[str, FacetColumn] = {}
        self.size: int = self._reader.doc_count_all()
        self.live = np.ones(self.size, dtype=np.bool_)
        for reader, base in self._reader.leaf_readers():
            deleted = [number for number in range(reader.doc_count_all()) if reader.is_deleted(number)]
            self.live[np.array(deleted, dtype=np.intp) + base] = False
        self.live_count = int(self.live.sum())

    def close(self) -> None:
        """Close Whoosh's files."""
        self._finalizer()

    def languages(self) -> tuple[str, ...]:
        """Return the languages that documents were analysed in."""
        with self._lock:
            return tuple(term.decode() for term in self._reader.lexicon(fields.LANGUAGE))

    def keys(self, field: str, term: str) -> Keys:
        """Return all occurrences of a term in a text field."""
        with self._lock:
            parts = [_leaf_keys(reader, base, field, term) for reader, base in self._reader.leaf_readers()]
        found = [part for part in parts if len(part)]
        return np.concatenate(found) if found else _NO_KEYS

    def document(self, identifier: str) -> int | None:
        """Return the number of the live document of that id."""
        with self._lock:
            try:
                numbers = list(self._reader.postings(fields.ID, identifier).all_ids())
            except TermNotFound:
                return None
        return next((number for number in numbers if self.live[number]), None)

    def lengths(self, field: str) -> Floats:
        """Return how many terms each document has in a text field."""
        return self.numbers(fields.length_column(field)).astype(np.float32)

    def numbers(self, column: str) -> NDArray[np.int64]:
        """Return a column of whole numbers."""
        with self._lock:
            if column not in self._arrays:
                self._arrays[column] = np.array(self._column(column), dtype=np.int64)
            return self._arrays[column]

    def texts(self, column: str) -> list[bytes]:
        """Return a column of byte strings; empty for documents without a value."""
        with self._lock:
            if column not in self._texts:
                self._texts[column] = [bytes(value) for value in self._column(column)]
            return self._texts[column]

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
                titles = self.texts(fields.SORT_TITLE)
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
        numbers: dict[str, int] = {}
        ordinals: list[int] = []
        documents: list[int] = []
        for document, joined in enumerate(self._column(fields.facet_column(name))):
            if joined and self.live[document]:
                for value in dict.fromkeys(bytes(joined).decode().split(fields.SEPARATOR)):
                    ordinals.append(numbers.setdefault(value, len(numbers)))
                    documents.append(document)
        return FacetColumn(tuple(numbers), np.array(ordinals, dtype=np.int32), np.array(documents, dtype=np.int32))


def _leaf_keys(reader: IndexReader, base: int, field: str, term: str) -> Keys:
    try:
        matcher = reader.postings(field, term)
    except TermNotFound:
        return _NO_KEYS
    keys: list[int] = []
    while matcher.is_active():
        start = (matcher.id() + base) << POSITION_BITS
        keys.extend([start + position for position in matcher.value_as("positions")])
        matcher.next()
    return np.array(keys, dtype=np.int64)
