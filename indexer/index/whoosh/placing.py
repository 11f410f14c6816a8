"""Where a result matched: in its title, its summary, its tags, its text, or on which pages of which file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.index import analysis
from indexer.index.engine import Excerpt, Match, Where
from indexer.index.ranking import SATURATION
from indexer.index.schema import Locator
from indexer.index.whoosh.excerpts import MATCHING_WORDS, Mark, excerpt, excerpt_of_page, heaviest, of_words, whole
from indexer.index.whoosh.layout import GAP
from indexer.index.whoosh.occurrences import Occurrences, Positions
from indexer.index.whoosh.records import Record

PAGE_LIMIT = 4
"""How many pages of attachments are listed for one result; the others are counted."""

_MANY = 50
"""From so many positions on, a few steps of NumPy take less than one of Python for each."""

_NOWHERE = Locator()
_ENDLESS = int(np.iinfo(np.uint32).max)

_Leaf = tuple[int, Occurrences, Positions]
# The number of a part of the query, the part, and its positions in the field that is looked at.

_Found = tuple[int, Match]
# A match before it is ordered, behind the number of parts of the query that it holds.


def place(record: Record, found: Sequence[Occurrences]) -> tuple[tuple[Match, ...], int]:
    """Return the matches of one document, those with the most parts of the query first, and the number of pages.

    Only pages with as many parts of the query as the best page are listed and counted.
    """
    fields: dict[str, list[_Leaf]] = {}
    for number, leaf in enumerate(found):
        for field, positions in leaf.positions.items():
            fields.setdefault(field, []).append((number, leaf, positions))
    matches = [
        (len(leaves), Match(where, show(record, leaves), locator=_NOWHERE))
        for field, where, show in _SHOWN
        if (leaves := fields.get(field))
    ]
    pages, count = _in_pages(record, fields["attachments"]) if "attachments" in fields else ([], 0)
    matches += pages
    # A stable sort keeps those with as many parts in the order of reading.
    matches.sort(key=_parts, reverse=True)
    return tuple(match for _, match in matches), count


def _parts(found: _Found) -> int:
    return found[0]


def _marks(leaves: Iterable[_Leaf]) -> list[Mark]:
    return [
        Mark(position, leaf.width, number, leaf.idf)
        for number, leaf, positions in leaves
        for position in positions.tolist()
    ]


def _between(leaves: Iterable[_Leaf], begin: int, end: int) -> list[_Leaf]:
    """Return the parts of the query that occur from position `begin` to `end`, not included, with what is there."""
    # Of the same type: NumPy would copy all positions into a wider one.
    edges = np.array((begin, min(end, _ENDLESS)), dtype=np.uint32)
    cuts = [(number, leaf, positions, positions.searchsorted(edges).tolist()) for number, leaf, positions in leaves]
    return [(number, leaf, positions[first:last]) for number, leaf, positions, (first, last) in cuts if first < last]


def _title(record: Record, leaves: Sequence[_Leaf]) -> Excerpt:
    return whole(record.resource.title, _marks(leaves))


def _summary(record: Record, leaves: Sequence[_Leaf]) -> Excerpt:
    return excerpt(record.resource.summary, _best_marks(leaves))


def _keywords(record: Record, leaves: Sequence[_Leaf]) -> Excerpt:
    """Return the tags that hold a match, parted by middle dots."""
    marks = _marks(leaves)
    last = max(mark.position for mark in marks)
    segments: list[tuple[str, bool]] = []
    start = 0
    for value in record.resource.keywords:
        if start > last:
            break
        spans = analysis.spans(value)
        end = start + len(spans)
        inside = [mark for mark in marks if start <= mark.position < end]
        if inside:
            segments += [(" · ", False)] if segments else []
            segments += of_words(value, spans, inside, start)
        start = end + GAP
    return tuple(segments)


def _body(record: Record, leaves: Sequence[_Leaf]) -> Excerpt:
    return excerpt_of_page(record, 0, record.body_passages, _best_marks(leaves))


_SHOWN = (
    ("title", Where.TITLE, _title),
    ("summary", Where.SUMMARY, _summary),
    ("keywords", Where.KEYWORDS, _keywords),
    ("body", Where.BODY, _body),
)


def _best_marks(leaves: Sequence[_Leaf]) -> list[Mark]:
    """Return the marks of a text; if they are many, those of the best stretch and of what stands around it."""
    if sum(len(positions) for _, _, positions in leaves) < _MANY:
        return _marks(leaves)
    best = heaviest([positions for _, _, positions in leaves], [leaf.idf for _, leaf, _ in leaves])
    return _marks(_between(leaves, max(0, best - 2 * MATCHING_WORDS), best + 2 * MATCHING_WORDS))


@dataclass(frozen=True, slots=True)
class _Pages:
    """The pages with the most parts of the query: how many parts, how many pages, and the best with their marks.

    Pages are numbered through all attachments.
    """

    parts: int
    count: int
    best: Sequence[tuple[int, Sequence[Mark]]]


def _in_pages(record: Record, leaves: Sequence[_Leaf]) -> tuple[list[_Found], int]:
    is_few = sum(len(positions) for _, _, positions in leaves) < _MANY
    pages = _pages_of_few(record, leaves) if is_few else _pages_of_many(record, leaves)
    return [(pages.parts, _page_match(record, page, marks)) for page, marks in pages.best], pages.count


def _pages_of_few(record: Record, leaves: Sequence[_Leaf]) -> _Pages:
    """Find the best pages position by position."""
    marks: dict[int, list[Mark]] = {}
    body = record.body_passages
    for mark in _marks(leaves):
        passage = bisect_right(record.positions, mark.position, body) - 1
        page = bisect_right(record.first_passages, passage) - 1
        marks.setdefault(page, []).append(mark)
    parts = {page: len({mark.leaf for mark in inside}) for page, inside in marks.items()}
    most = max(parts.values())
    best = sorted((-_weight(marks[page]), page) for page, count in parts.items() if count == most)
    return _Pages(most, len(best), [(page, marks[page]) for _, page in best[:PAGE_LIMIT]])


def _weight(marks: Sequence[Mark]) -> float:
    """Return what the parts of the query on a page weigh, with repeats damped."""
    if len(marks) == 1:
        return marks[0].weight * (1 / (1 + SATURATION))
    counts: dict[tuple[int, float], int] = {}
    for mark in marks:
        part = mark.leaf, mark.weight
        counts[part] = counts.get(part, 0) + 1
    return sum(weight * (count / (count + SATURATION)) for (_, weight), count in counts.items())


def _pages_of_many(record: Record, leaves: Sequence[_Leaf]) -> _Pages:
    """Find the best pages as `_pages_of_few` does, all positions at a time."""
    firsts = np.frombuffer(record.first_passages, dtype=np.uint32)
    body = record.body_passages
    passages = np.frombuffer(record.positions, dtype=np.uint32)[body:]
    parts = np.zeros(len(firsts), dtype=np.int64)
    weights = np.zeros(len(firsts))
    for _, leaf, positions in leaves:
        passage = passages.searchsorted(positions, side="right") + (body - 1)
        counts = np.bincount(firsts.searchsorted(passage, side="right") - 1, minlength=len(firsts))
        parts += counts > 0
        weights += leaf.idf * (counts / (counts + SATURATION))
    most = int(parts.max())
    pages = np.flatnonzero(parts == most)
    # A stable sort keeps pages of equal weight in the order of reading.
    best = pages[np.argsort(-weights[pages], kind="stable")[:PAGE_LIMIT]].tolist()
    return _Pages(most, len(pages), [(page, _best_marks(_on_page(record, page, leaves))) for page in best])


def _on_page(record: Record, page: int, leaves: Sequence[_Leaf]) -> list[_Leaf]:
    first, last = record.passages_of_page(page)
    end = record.positions[last] if last < len(record.positions) else _ENDLESS
    return _between(leaves, record.positions[first], end)


def _page_match(record: Record, page: int, marks: Sequence[Mark]) -> Match:
    shown = excerpt_of_page(record, *record.passages_of_page(page), marks)
    for attachment in record.resource.attachments:
        if page < len(attachment.locators):
            break
        page -= len(attachment.locators)
    return Match(Where.ATTACHMENT, shown, attachment.name, page + 1, attachment.locators[page], attachment.format)
