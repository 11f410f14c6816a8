"""Lets stock Whoosh sort and group documents by what stands in the columns of a segment."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from whoosh import columns

from indexer.index.whoosh.codec_fields import SegmentFields, microseconds
from indexer.index.whoosh.fields import DATE, ID, LANGUAGE, TITLE
from indexer.index.whoosh.strings import encoded

Value = bytes | int
"""What stands in a column: a text as UTF-8, or a date."""


def columns_of(segment: SegmentFields) -> set[str]:
    """Return the names of the fields that have a column."""
    return {ID, LANGUAGE, DATE, TITLE, *segment.segment.facets}


class ArrayColumnReader(columns.ColumnReader):  # type: ignore[misc]  # Whoosh ships no types
    """The values of a column, each found when it is asked for.

    Of a facet it is the first value in order, of the title what is searched in it. A document without a value has the
    default. `sort_key` gives what a document is sorted by: its value, whose order is turned around by `set_reverse`.
    """

    def __init__(self, segment: SegmentFields, name: str, default: Value) -> None:
        self._value = _values(segment, name, default)
        self._count = segment.segment.size
        self.sort_key = self._value

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, document: int) -> Value:
        return self._value(document)

    def __iter__(self) -> Iterator[Value]:
        return map(self._value, range(self._count))

    def set_reverse(self) -> None:
        """Let documents be sorted from the last to the first."""
        self.sort_key = lambda document: _descending(self._value(document))


def _values(fields: SegmentFields, name: str, default: Value) -> Callable[[int], Value]:
    """Return a function that gives the value of a document."""
    segment = fields.segment
    if name in segment.facets:
        facet = fields.facet(name)
        values, firsts = [*facet.values, default], facet.first_ranks().data
        return lambda document: values[firsts[document]]
    if name == DATE:
        days, dates = segment.dates.data, microseconds(segment.dates).data
        return lambda document: dates[document] if days[document] else default
    if name == LANGUAGE:
        names, languages = [encoded(own) for own, *_ in segment.language_names], segment.languages.data
        return lambda document: names[languages[document]]
    if name == TITLE:
        return lambda document: segment.titles[document].strip()
    return segment.ids.__getitem__


class _Descending:
    """Turns the order of a type around; the values remain what they are, for they are also shown."""

    def __lt__(self, other: object) -> bool:
        return bool(super().__gt__(other))  # type: ignore[misc]  # of the type that it is mixed into

    def __gt__(self, other: object) -> bool:
        return bool(super().__lt__(other))  # type: ignore[misc]  # as above

    def __le__(self, other: object) -> bool:
        return bool(super().__ge__(other))  # type: ignore[misc]  # as above

    def __ge__(self, other: object) -> bool:
        return bool(super().__le__(other))  # type: ignore[misc]  # as above


class _DescendingBytes(_Descending, bytes):
    pass


class _DescendingInt(_Descending, int):
    pass


def _descending(value: Value) -> Value:
    return _DescendingInt(value) if isinstance(value, int) else _DescendingBytes(value)
