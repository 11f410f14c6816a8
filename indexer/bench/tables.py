"""The figures of a measurement as tables for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from indexer.bench.growth import GrowthRow
from indexer.bench.measures import AnyRow, Row

_Columns = dict[str, Callable[[AnyRow], str]]

_ANSWERS: _Columns[Row] = {
    "words": lambda row: f"{row.words}",
    "asked": lambda row: f"{row.queries:,}",
    "hits": lambda row: f"{row.hits:,}",
    "p50 ms": lambda row: f"{row.p50_ms:,.2f}",
    "p95 ms": lambda row: f"{row.p95_ms:,.2f}",
}
_INDEXING: _Columns[Row] = {
    "docs/s": lambda row: f"{row.docs_per_s:,}",
    "index MB": lambda row: f"{row.index_mb:,.1f}",
}
_COMPARISON: _Columns[Row] = {"engine": lambda row: f"{row.engine} {row.version}", **_ANSWERS, **_INDEXING}
_GROWTH: _Columns[GrowthRow] = {
    "documents": lambda row: f"{row.documents:,}",
    **_ANSWERS,
    **_INDEXING,
    "open ms": lambda row: f"{row.open_ms:,.1f}",
    "1st process MB": lambda row: f"{row.first_mb:,.1f} (+{row.first_added_mb:,.1f})",
    "2nd process MB": lambda row: f"{row.second_mb:,.1f} (+{row.second_added_mb:,.1f})",
}

_COMPARISON_NOTE = """
Each answer: the ten best of {documents:,} documents with excerpts, the number of all, and two facets of 50 values.
"hits" is what those questions found together that all engines were asked ({shared} of each length). Handlist also looks
words up in tags and categories, so it may find, rank and count many more. Words are cut in different ways, too: tantivy
stems as Snowball does, FTS5 as Porter did, Handlist folds accents before Snowball, and Whoosh gets Handlist's terms.
"""
_GROWTH_NOTE = """
Documents of about 100 words by Zipf's law, the same questions for every size. Memory is private to each of two
processes with the index open, after 200 searches; what the index added stands in brackets. That counts the
pages of files which no other process maps, so with the first process much of the index: they belong to the page cache
and are given back when memory is short. What is a process's own without them, --json tells as first_own_mb and
second_own_mb, first_own_added_mb and second_own_added_mb. The rate leaves out the making of the documents.
"""


def comparison_lines(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the table of engines, and what has to be known about it."""
    yield from _table(_COMPARISON, rows)
    shared = min(row.queries for row in rows)
    yield _COMPARISON_NOTE.format(documents=rows[0].documents, shared=shared).rstrip()


def growth_lines(rows: Sequence[GrowthRow]) -> Iterator[str]:
    """Yield the table of sizes, and what has to be known about it."""
    yield from _table(_GROWTH, rows)
    yield _GROWTH_NOTE.rstrip()


def _table(columns: _Columns[AnyRow], rows: Sequence[AnyRow]) -> Iterator[str]:
    """Yield lines in which every column is as wide as it has to be, the first one flush left."""
    cells = [list(columns), *([text(row) for text in columns.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for first, *others in cells:
        yield "  ".join([first.ljust(widths[0]), *map(str.rjust, others, widths[1:])])
