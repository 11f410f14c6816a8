"""The Whoosh schema: text fields fed with our own terms, and columns that are read as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from whoosh import analysis as whoosh_analysis
from whoosh import columns, fields

from indexer.index import analysis
from indexer.index.schema import TEXT_FIELDS

Postings = Mapping[str, Sequence[int]]
"""The terms of one field of one resource, each with its positions in rising order."""

ID = "id"
LANGUAGE = "language"
DATE = "date"
TITLE = "title_text"
SORT_TITLE = "sort_title"
TEXT_FILE = "text_file"
TEXT_OFFSET = "text_offset"

SEPARATOR = "\x1f"
"""Parts the values of a facet in its column; control characters do not survive the reading of a page."""


GAP = 100
"""Positions left free between two attachments and between two tags, so that no phrase spans them.

The pages of one file follow each other without a gap: a phrase may run over the end of a page.
"""


def joined(values: Iterable[str]) -> bytes:
    """Return values as they stand in a column, one behind the other."""
    return SEPARATOR.join(value.replace(SEPARATOR, " ") for value in values).encode("utf-8", "replace")


def parted(value: bytes) -> list[str]:
    """Return the values that stand in a column; none when it is empty."""
    return value.decode("utf-8").split(SEPARATOR) if value else []


def facet_column(name: str) -> str:
    """Return the name of the column that holds a facet's values."""
    return f"facet_{name}"


def length_column(field: str) -> str:
    """Return the name of the column that holds the exact number of terms of a text field."""
    return f"length_{field}"


class QueryAnalyzer(whoosh_analysis.Analyzer):  # type: ignore[misc]  # Whoosh ships no types
    """Lets stock Whoosh parse queries with the terms of this index, one language at a time."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, value: str, positions: bool = False, **_: object) -> Iterator[whoosh_analysis.Token]:
        """Yield the terms of a text as Whoosh's tokens."""
        token = whoosh_analysis.Token(positions=positions, boost=1.0, stopped=False)
        terms = zip(analysis.terms(value, self.language), analysis.spans(value), strict=True)
        for position, (term, (start, end)) in enumerate(terms):
            token.text, token.pos, token.startchar, token.endchar = term, position, start, end
            yield token


class TermsField(fields.TEXT):  # type: ignore[misc]  # Whoosh ships no types
    """A text field that is given terms with their positions, so that a text is analysed once and by us."""

    def index(self, value: Postings, **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield term, frequency, weight and encoded positions, as Whoosh writes them."""
        for term, positions in value.items():
            count = len(positions)
            yield term.encode("utf-8", "replace"), count, float(count), self.format.encode(positions)


def make_schema(language: str, facets: Iterable[str]) -> fields.Schema:
    """Return the schema of an index in which stock Whoosh looks words up as that language does."""
    members: dict[str, Any] = {ID: fields.ID(unique=True, stored=True), LANGUAGE: fields.KEYWORD()}
    for name in TEXT_FIELDS:
        members[name] = TermsField(analyzer=QueryAnalyzer(language))
        members[length_column(name)] = fields.COLUMN(columns.NumericColumn("I"))
    members[DATE] = fields.COLUMN(columns.NumericColumn("I"))
    members[TEXT_FILE] = fields.COLUMN(columns.NumericColumn("I"))
    members[TEXT_OFFSET] = fields.COLUMN(columns.NumericColumn("Q"))
    members[TITLE] = fields.COLUMN(columns.VarBytesColumn())
    members[SORT_TITLE] = fields.COLUMN(columns.VarBytesColumn())
    for name in facets:
        members[facet_column(name)] = fields.COLUMN(columns.VarBytesColumn())
    return fields.Schema(**members)
