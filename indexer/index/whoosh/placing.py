"""Where a result matched: in its title, its summary, its tags, its text, or on which pages of which file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.index import analysis
from indexer.index.engine import Excerpt, Match, Where
from indexer.index.ranking import SATURATION
from indexer.index.whoosh import fields
from indexer.index.whoosh.evaluation import Leaf
from indexer.index.whoosh.excerpts import Mark, continued, excerpt, whole
from indexer.index.whoosh.texts import BODY, Record, TextReader

PAGE_LIMIT = 4
"""How many pages of attachments are listed for one result; the others are counted."""

_ORDER = (Where.TITLE, Where.SUMMARY, Where.KEYWORDS, Where.BODY, Where.ATTACHMENT)


@dataclass(frozen=True, slots=True)
class _Found:
    """A match before it is ordered: how many different parts of the query it holds."""

    parts: int
    match: Match


def place(document: int, record: Record, leaves: Sequence[Leaf], texts: TextReader) -> tuple[tuple[Match, ...], int]:
    """Return the matches of one document, those with the most parts of the query first, and the number of pages.

    Only pages with as many parts of the query as the best page are listed and counted.
    """
    found = [
        *_in_short_texts(document, record, leaves),
        *_in_body(document, record, leaves, texts),
    ]
    pages, count = _in_pages(document, record, leaves, texts)
    found += pages
    found.sort(key=lambda item: (-item.parts, _ORDER.index(item.match.where)))
    return tuple(item.match for item in found), count


def _marks(document: int, field: str, leaves: Sequence[Leaf]) -> list[Mark]:
    return [
        Mark(position, leaf.width, number)
        for number, leaf in enumerate(leaves)
        for position in leaf.positions(field, document).tolist()
    ]


def _parts(marks: Sequence[Mark]) -> int:
    return len({mark.leaf for mark in marks})


def _in_short_texts(document: int, record: Record, leaves: Sequence[Leaf]) -> list[_Found]:
    resource = record.resource
    found: list[_Found] = []
    if marks := _marks(document, "title", leaves):
        found.append(_Found(_parts(marks), Match(Where.TITLE, whole(resource.title, marks))))
    if marks := _marks(document, "summary", leaves):
        found.append(_Found(_parts(marks), Match(Where.SUMMARY, excerpt(resource.summary, marks))))
    if marks := _marks(document, "keywords", leaves):
        found.append(_Found(_parts(marks), Match(Where.KEYWORDS, _matching_values(resource.keywords, marks))))
    return found


def _matching_values(values: Sequence[str], marks: Sequence[Mark]) -> Excerpt:
    """Return the tags that hold a match, parted by middle dots."""
    segments: list[tuple[str, bool]] = []
    start = 0
    for value in values:
        length = len(analysis.words(value))
        inside = [Mark(m.position - start, m.width, m.leaf) for m in marks if start <= m.position < start + length]
        if inside:
            segments += [(" · ", False)] if segments else []
            segments += whole(value, inside)
        start += length + fields.GAP
    return tuple(segments)


@dataclass(frozen=True, slots=True)
class _Passages:
    """The passages of a document's body or of all its files, and what of the query each holds.

    `rows` are those of the record's table; `positions` holds, for each part of the query, where it begins; `counts` has
    one row per part of the query and one column per passage.
    """

    rows: NDArray[np.intp]
    starts: NDArray[np.int64]
    positions: tuple[NDArray[np.int64], ...]
    counts: NDArray[np.int64]

    def marks(self, passage: int, leaves: Sequence[Leaf]) -> list[Mark]:
        """Return the matches in one passage, their positions counted from its beginning."""
        begin = int(self.starts[passage])
        end = int(self.starts[passage + 1]) if passage + 1 < len(self.starts) else np.iinfo(np.int64).max
        return [
            Mark(position - begin, leaf.width, number)
            for number, (leaf, where) in enumerate(zip(leaves, self.positions, strict=True))
            for position in where[slice(*np.searchsorted(where, [begin, end]))].tolist()
        ]


def _passages(document: int, field: str, rows: NDArray[np.intp], record: Record, leaves: Sequence[Leaf]) -> _Passages:
    starts = record.table[rows, 2]
    positions = tuple(leaf.positions(field, document) for leaf in leaves)
    counts = [
        np.bincount(np.searchsorted(starts, where, side="right") - 1, minlength=len(rows)) if len(where) else 0 * starts
        for where in positions
    ]
    return _Passages(rows, starts, positions, np.array(counts, dtype=np.int64).reshape(len(leaves), len(rows)))


def _value(counts: NDArray[np.int64], leaves: Sequence[Leaf]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return for each column how many parts of the query it holds, and what those weigh with repeats damped."""
    idf = np.array([leaf.idf for leaf in leaves])
    return (counts > 0).sum(axis=0), idf @ (counts / (counts + SATURATION))


def _in_body(document: int, record: Record, leaves: Sequence[Leaf], texts: TextReader) -> list[_Found]:
    rows = np.flatnonzero(record.table[:, 0] == BODY)
    passages = _passages(document, "body", rows, record, leaves)
    if not passages.counts.any():
        return []
    parts = int((passages.counts.sum(axis=1) > 0).sum())
    best = _best_passage(passages.counts, leaves)
    shown = excerpt(texts.text(record, int(rows[best])), passages.marks(best, leaves))
    shown = continued(shown, before=best > 0, after=best + 1 < len(rows))
    return [_Found(parts, Match(Where.BODY, shown))]


def _best_passage(counts: NDArray[np.int64], leaves: Sequence[Leaf]) -> int:
    parts, weights = _value(counts, leaves)
    return int(np.lexsort((-weights, -parts))[0])


def _in_pages(document: int, record: Record, leaves: Sequence[Leaf], texts: TextReader) -> tuple[list[_Found], int]:
    rows = np.flatnonzero(record.table[:, 0] != BODY)
    passages = _passages(document, "attachments", rows, record, leaves)
    if not passages.counts.any():
        return [], 0
    firsts = _first_passages(record.table[rows, :2])
    parts, weights = _value(np.add.reduceat(passages.counts, firsts, axis=1), leaves)
    most = int(parts.max())
    # A stable sort keeps pages of equal weight in reading order.
    order = np.argsort(-weights, kind="stable")
    found = []
    for page in order[parts[order] == most][:PAGE_LIMIT].tolist():
        first = int(firsts[page])
        last = int(firsts[page + 1]) if page + 1 < len(firsts) else len(rows)
        best = first + _best_passage(passages.counts[:, first:last], leaves)
        shown = excerpt(texts.text(record, int(rows[best])), passages.marks(best, leaves))
        shown = continued(shown, before=best > first, after=best + 1 < last)
        found.append(_Found(most, _page_match(record, int(rows[best]), shown)))
    return found, int((parts == most).sum())


def _first_passages(pages: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return at which passage each page begins; `pages` has a row per passage: attachment and page."""
    changes = np.any(pages[1:] != pages[:-1], axis=1)
    return np.concatenate([[0], np.flatnonzero(changes) + 1])


def _page_match(record: Record, row: int, shown: Excerpt) -> Match:
    attachment_number, page = record.table[row, :2].tolist()
    attachment = record.resource.attachments[attachment_number]
    return Match(
        Where.ATTACHMENT,
        shown,
        file=attachment.name,
        page=page + 1,
        locator=attachment.locators[page],
        format=attachment.format,
    )
