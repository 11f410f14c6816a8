"""The Whoosh schema: what stock Whoosh may look up in an index, order and group by, and show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Never

from whoosh import analysis as whoosh_analysis
from whoosh import columns, fields
from whoosh.filedb.filestore import ReadOnlyError
from whoosh.util.times import long_to_datetime

from indexer.index import analysis
from indexer.index.characters import telling
from indexer.index.schema import TEXT_FIELDS

ID = "id"
LANGUAGE = "language"
DATE = "date"
TITLE = "title"
SUMMARY = "summary"

UNDATED = -1
"""Stands in the column of dates for a document without one; dates are microseconds since the beginning of year 1."""


def refuse(*_: object, **__: object) -> Never:
    """Stand in for what Whoosh does to write an index, and raise ReadOnlyError."""
    raise ReadOnlyError("Whoosh can search this index but not change it: `handlist build` writes it from the library.")


class QueryAnalyzer(whoosh_analysis.Analyzer):  # type: ignore[misc]  # Whoosh ships no types
    """Lets stock Whoosh parse queries with the terms of this index, one language at a time."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(
        self, value: str, positions: bool = False, tokenize: bool = True, mode: str = "", **_: object
    ) -> Iterator[whoosh_analysis.Token]:
        """Yield the terms of a text as Whoosh's tokens; what is not to be tokenized, as "recr*", is only folded.

        A character that ends a query is left out if the pair before it holds it: Whoosh would only find its term where
        the characters end, too.
        """
        token = whoosh_analysis.Token(positions=positions, boost=1.0, stopped=False)
        terms = analysis.terms(value, self.language) if tokenize else [analysis.fold(value)]
        spans = analysis.spans(value) if tokenize else [(0, len(value))]
        if mode == "query" and telling(terms)[-1:] != [len(terms) - 1]:
            terms, spans = terms[:-1], spans[:-1]
        for position, (term, (start, end)) in enumerate(zip(terms, spans, strict=True)):
            token.text, token.pos, token.startchar, token.endchar = term, position, start, end
            yield token


class SortableBytes(columns.VarBytesColumn):  # type: ignore[misc]  # Whoosh ships no types
    """A column of texts that is sorted in both directions; Whoosh's own looks every value up in a list for one."""

    reversible = True


class TermsField(fields.TEXT):  # type: ignore[misc]  # Whoosh ships no types
    """A text field; a word of a query that comes to several terms, as "co-operate", is a phrase."""

    def __init__(self, language: str, **options: object) -> None:
        super().__init__(analyzer=QueryAnalyzer(language), multitoken_query="phrase", **options)

    index = refuse


class ExactField(fields.ID):  # type: ignore[misc]  # Whoosh ships no types
    """A field of whole values; a document may have several, and is sorted by the first in order."""

    def __init__(self, *, unique: bool = False) -> None:
        super().__init__(stored=True, unique=unique, sortable=SortableBytes())

    index = refuse

    def from_column_value(self, value: bytes) -> str | None:
        """Return the first value in order; None for a document without one."""
        return value.decode() or None


class DateField(fields.DATETIME):  # type: ignore[misc]  # Whoosh ships no types
    """A field of days; documents without one come before all others."""

    def __init__(self) -> None:
        super().__init__(stored=True, sortable=columns.NumericColumn("q", default=UNDATED))

    index = refuse

    def from_column_value(self, value: int) -> datetime | None:
        """Return the day as Whoosh shows it, at midnight; None for a document without one."""
        return None if value == UNDATED else long_to_datetime(value)


def make_schema(language: str, facets: Iterable[str]) -> fields.Schema:
    """Return the schema of an index in which stock Whoosh looks words up as that language does.

    A facet of the name of the language or the date takes its place.
    """
    members = {ID: ExactField(unique=True), LANGUAGE: ExactField(), DATE: DateField()}
    members |= {name: TermsField(language) for name in TEXT_FIELDS}
    members |= {TITLE: TermsField(language, stored=True, sortable=SortableBytes())}
    members |= {SUMMARY: TermsField(language, stored=True)}
    members |= {name: ExactField() for name in facets}
    schema = fields.Schema()
    for name, field in members.items():
        schema.add(name, field)
    return schema
