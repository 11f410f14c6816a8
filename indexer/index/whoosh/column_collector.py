"""Collects the columns of the documents that are added to an index, in little more than what they take on disk."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from indexer.index import analysis
from indexer.index.hierarchy import lineage
from indexer.index.schema import Resource
from indexer.index.values import searched_text
from indexer.index.whoosh.columns import Columns, FacetRows, numbered
from indexer.index.whoosh.strings import StringCollector, encoded, starts_of

Ordinal = Callable[[str, bytes], int | None]
"""Gives the ordinal of a value of a facet in the index that is added to; None for a new value."""

Tokens = Callable[[str], Sequence[str]]
"""Gives the words of a facet's value as `analysis.tokens` does."""


class ColumnCollector:
    """Collects the columns of documents.

    `first_ordinals` says for each facet how many values the index has, `hierarchies` what parts the levels of those
    whose values are paths: a document has all ancestors of a path, too.
    """

    def __init__(
        self, first_ordinals: Mapping[str, int], ordinal: Ordinal, tokens_of: Tokens, hierarchies: Mapping[str, str]
    ) -> None:
        self._lengths = array("I")
        self._dates = array("I")
        self._languages = array("I")
        self._language_names: dict[tuple[str, ...], int] = {}
        self._ids = StringCollector()
        self._titles = StringCollector()
        self._hierarchies = hierarchies
        self._facets = {
            facet: _FacetCollector(facet, first, ordinal, tokens_of) for facet, first in first_ordinals.items()
        }

    def __len__(self) -> int:
        """Return how many documents were added."""
        return len(self._dates)

    def add(self, resource: Resource, title_words: Sequence[str], lengths: Sequence[int]) -> None:
        """Add a document: its resource, the words of its title and how many words each text field has."""
        self._lengths.extend(lengths)
        self._dates.append(resource.date.toordinal() if resource.date else 0)
        self._languages.append(self._language_names.setdefault(resource.languages, len(self._language_names)))
        self._ids.append(encoded(resource.id))
        self._titles.append(_enclosed(resource.title, title_words))
        for name, collector in self._facets.items():
            collector.add(self._values(name, resource.facets.get(name, ())))

    def _values(self, facet: str, values: Sequence[str]) -> Iterable[str]:
        separator = self._hierarchies.get(facet)
        return [above for value in values for above in lineage(value, separator)] if separator else values

    def columns(self) -> Columns:
        """Return what was collected; nothing can be added afterwards."""
        return Columns(
            lengths=np.frombuffer(self._lengths, dtype=np.uint32),
            dates=np.frombuffer(self._dates, dtype=np.uint32),
            languages=np.frombuffer(self._languages, dtype=np.uint32),
            language_names=list(self._language_names),
            ids=self._ids.strings(),
            titles=self._titles.strings(),
            facets={name: collector.rows() for name, collector in self._facets.items()},
        )


class _FacetCollector:
    """Collects the values of one facet, document by document."""

    def __init__(self, name: str, first: int, ordinal: Ordinal, tokens_of: Tokens) -> None:
        self._name = name
        self._first = first
        self._ordinal = ordinal
        self._tokens_of = tokens_of
        self._known: dict[str, int] = {}
        self._counts = array("I")
        self._ordinals = array("I")
        # New values in the order of their ordinals.
        self._values = StringCollector()
        self._folded = StringCollector()

    def add(self, values: Iterable[str]) -> None:
        """Add the values of the next document."""
        known = self._known
        ordinals = {known[value] if value in known else self._number(value) for value in values}
        self._counts.append(len(ordinals))
        self._ordinals.extend(ordinals)

    def rows(self) -> FacetRows:
        """Return what was collected."""
        return numbered(
            FacetRows(
                starts=starts_of(self._counts),
                ordinals=np.frombuffer(self._ordinals, dtype=np.uint32),
                first=self._first,
                values=self._values.strings(),
                folded=self._folded.strings(),
            )
        )

    def _number(self, value: str) -> int:
        """Return the ordinal of a value that is met for the first time."""
        # Values may differ only in what cannot be encoded.
        plain = value if value.isascii() else encoded(value).decode()
        if plain not in self._known:
            self._known[plain] = self._number_in_index(plain)
        ordinal = self._known[value] = self._known[plain]
        return ordinal

    def _number_in_index(self, value: str) -> int:
        written = encoded(value)
        ordinal = self._ordinal(self._name, written)
        if ordinal is not None:
            return ordinal
        text = searched_text(self._name, value)
        self._values.append(written)
        self._folded.append(_enclosed(text, self._tokens_of(text)))
        return self._first + len(self._values) - 1


def _enclosed(text: str, words: Sequence[str]) -> bytes:
    """Return the words of a text folded, parted and enclosed by spaces, so that whole words can be looked for."""
    folded = words if text.isascii() else map(analysis.fold, words)
    return encoded(f" {' '.join(folded)} ")
