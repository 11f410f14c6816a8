"""Lets stock Whoosh ask what is known of each document of a segment."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

import numpy as np
from whoosh import columns
from whoosh.codec import base

from indexer.index.whoosh.codec_columns import ArrayColumnReader, columns_of
from indexer.index.whoosh.codec_fields import SegmentFields
from indexer.index.whoosh.codec_postings import TextField
from indexer.index.whoosh.fields import DATE, ID, LANGUAGE, SUMMARY, TITLE


class ArrayDocumentReader(base.PerDocumentReader):  # type: ignore[misc]  # Whoosh ships no types
    """The documents of a segment; its files stay mapped as long as the reader is referred to."""

    def __init__(self, segment: SegmentFields) -> None:
        self._fields = segment
        self._segment = segment.segment
        self._columns = columns_of(segment)
        self._lengths: dict[str, _Lengths] = {}

    def doc_count(self) -> int:
        """Return how many documents are not deleted."""
        return self._segment.size - len(self._fields.deleted)

    def doc_count_all(self) -> int:
        """Return how many documents there are, deleted or not."""
        return self._segment.size

    def has_deletions(self) -> bool:
        """Tell whether documents are deleted."""
        return bool(self._fields.deleted)

    def is_deleted(self, document: int) -> bool:
        """Tell whether a document is deleted."""
        return document in self._fields.deleted

    def deleted_docs(self) -> frozenset[int]:
        """Return the numbers of the deleted documents."""
        return self._fields.deleted

    def supports_columns(self) -> bool:
        """Tell that there are columns."""
        return True

    def list_columns(self) -> Collection[str]:
        """Return the names of the columns."""
        return self._columns

    def has_column(self, name: str) -> bool:
        """Tell whether a field can be sorted and grouped by without looking at its terms."""
        return name in self._columns

    def column_reader(self, name: str, column: columns.Column) -> ArrayColumnReader:
        """Return the values of a field; `column` says what a document without one has."""
        return ArrayColumnReader(self._fields, name, column.default_value())

    def doc_field_length(self, document: int, name: str, default: int = 0) -> int:
        """Return how many terms a text field has in a document; the default for other fields."""
        lengths = self._lengths_of(name)
        return lengths.values[document] if lengths else default

    def field_length(self, name: str) -> int:
        """Return how many terms a text field has in all documents."""
        lengths = self._lengths_of(name)
        return lengths.total if lengths else 0

    def min_field_length(self, name: str) -> int:
        """Return the least number of terms that a text field has in a document."""
        lengths = self._lengths_of(name)
        return lengths.least if lengths else 0

    def max_field_length(self, name: str) -> int:
        """Return the greatest number of terms that a text field has in a document."""
        lengths = self._lengths_of(name)
        return lengths.greatest if lengths else 0

    def stored_fields(self, document: int) -> dict[str, Any]:
        """Return what is shown of a document: its id, title, summary, language, date and the values of its facets."""
        resource = self._segment.record(document).resource
        stored: dict[str, Any] = {ID: resource.id, TITLE: resource.title, SUMMARY: resource.summary}
        stored[LANGUAGE] = resource.language
        stored[DATE] = datetime.combine(resource.date, time.min) if resource.date else None
        # A facet may bear the name of something else.
        stored |= {name: list(resource.facets.get(name, ())) for name in self._segment.facets}
        return {name: value for name, value in stored.items() if value}

    def _lengths_of(self, name: str) -> _Lengths | None:
        if name not in self._lengths and name in self._fields.texts:
            self._lengths[name] = _Lengths.of(self._fields.texts[name])
        return self._lengths.get(name)


@dataclass(frozen=True, slots=True)
class _Lengths:
    """How many terms a text field has in each document, in all, in the shortest and in the longest."""

    values: memoryview
    total: int
    least: int
    greatest: int

    @classmethod
    def of(cls, field: TextField) -> _Lengths:
        lengths = field.lengths
        return cls(lengths.data, int(lengths.sum(dtype=np.int64)), int(lengths.min()), int(lengths.max()))
