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
from indexer.index.whoosh.excerpts import Mark, excerpt, whole
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
        values = [value for values in resource.facets.values() for value in values]
        found.append(_Found(_parts(marks), Match(Where.KEYWORDS, _matching_values(values, marks))))
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


def _in_body(document: int, record: Record, leaves: Sequence[Leaf], texts: TextReader) -> list[_Found]:
    marks = _marks(document, "body", leaves)
    if not marks:
        return []
    row = int(np.flatnonzero(record.table[:, 0] == BODY)[0])
    return [_Found(_parts(marks), Match(Where.BODY, excerpt(texts.text(record, row), marks)))]


def _in_pages(document: int, record: Record, leaves: Sequence[Leaf], texts: TextReader) -> tuple[list[_Found], int]:
    rows = np.flatnonzero(record.table[:, 0] != BODY)
    starts = record.table[rows, 2]
    positions = [leaf.positions("attachments", document) for leaf in leaves]
    parts, weights = _page_values(starts, positions, leaves)
    if not parts.any():
        return [], 0
    best = int(parts.max())
    # A stable sort keeps pages of equal weight in reading order.
    order = np.argsort(-weights, kind="stable")
    listed = order[parts[order] == best][:PAGE_LIMIT].tolist()
    found = [
        _Found(best, _page_match(record, int(rows[page]), texts, _page_marks(page, starts, positions, leaves)))
        for page in listed
    ]
    return found, int((parts == best).sum())


def _page_values(
    starts: NDArray[np.int64], positions: Sequence[NDArray[np.int64]], leaves: Sequence[Leaf]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return for each page how many parts of the query it holds and how much they weigh."""
    parts = np.zeros(len(starts), dtype=np.int64)
    weights = np.zeros(len(starts), dtype=np.float64)
    for leaf, where in zip(leaves, positions, strict=True):
        if not len(where):
            continue
        counts = np.bincount(np.searchsorted(starts, where, side="right") - 1, minlength=len(starts))
        parts += counts > 0
        weights += leaf.idf * counts / (counts + SATURATION)
    return parts, weights


def _page_marks(
    page: int, starts: NDArray[np.int64], positions: Sequence[NDArray[np.int64]], leaves: Sequence[Leaf]
) -> list[Mark]:
    begin = int(starts[page])
    end = int(starts[page + 1]) if page + 1 < len(starts) else np.iinfo(np.int64).max
    return [
        Mark(position - begin, leaf.width, number)
        for number, (leaf, where) in enumerate(zip(leaves, positions, strict=True))
        for position in where[(where >= begin) & (where < end)].tolist()
    ]


def _page_match(record: Record, row: int, texts: TextReader, marks: Sequence[Mark]) -> Match:
    attachment_number, page = record.table[row, :2].tolist()
    attachment = record.resource.attachments[attachment_number]
    return Match(
        Where.ATTACHMENT,
        excerpt(texts.text(record, row), marks),
        file=attachment.name,
        page=page + 1,
        label=attachment.page_labels[page],
        unit=attachment.unit,
        format=attachment.format,
    )
