"""Looks the leaves of a query up in an index: from words to the postings of all terms that stand for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from indexer.index import analysis
from indexer.index.characters import is_character, telling
from indexer.index.query import Fuzzy, Near, Phrase, Prefix, Word
from indexer.index.schema import TEXT_FIELDS
from indexer.index.whoosh.arrays import IndexArrays
from indexer.index.whoosh.fuzzy import terms_within
from indexer.index.whoosh.layout import FIELD_COUNT, GAP
from indexer.index.whoosh.leaves import Leaf, Rows
from indexer.index.whoosh.ragged import is_in, runs_of, spread, stable_order, united
from indexer.index.whoosh.segment import Segment
from indexer.index.whoosh.strings import encoded

TextLeaf = Word | Phrase | Prefix | Fuzzy | Near

Keys = NDArray[np.int64]
"""Occurrences in one segment, rising, each one number: the slot times 2**32 plus the position."""

_POSITION_BITS = 32
_POSITIONS = 2**_POSITION_BITS - 1
_FAR = 2**62
"""Further than any two occurrences are from each other."""

_SEARCHED = 2
_SORTED = 4
"""How many times what is only read costs what is looked for in others, and what has to be sorted."""

_FIRST_LOOK, _LONGER_LOOK = 64, 4
"""How many postings are looked at first to see whether words stand somewhere, and how many times as many then."""

_COMPARED = 4
"""What comparing a term of the vocabulary with a misspelled word costs."""

Terms = list[tuple[int, int]]
"""Terms of a segment that stand for one word, as stretches of their numbers: the first, and one behind the last."""


class Lookup:
    """The leaves of one query on one index; what the query names several times is looked up once.

    A word stands for its forms in all of the `languages`.
    """

    def __init__(self, arrays: IndexArrays, languages: tuple[str, ...]) -> None:
        self._arrays = arrays
        self._languages = languages
        self._leaves: dict[TextLeaf, Leaf] = {}
        self._like: dict[tuple[str, str, int], Terms] = {}

    def leaf(self, node: TextLeaf) -> Leaf:
        """Return a leaf of the query, looked up."""
        if node not in self._leaves:
            segments = enumerate(self._arrays.segments)
            rows = {number: rows for number, _ in segments if len((rows := self._rows(number, node)).slots)}
            self._leaves[node] = Leaf(self._arrays, len(node.words) if isinstance(node, Phrase) else 1, rows)
        return self._leaves[node]

    def stands(self, words: Sequence[str], least: int) -> bool:
        """Tell whether at least so many documents hold words side by side, as a phrase of them would find.

        No more is looked at than tells it: of the rarest word first a few postings, then more and more.
        """
        if any(map(is_character, words)):
            leaf = Phrase(tuple(words)) if len(words) > 1 else Word(words[0])
            return len(self.leaf(leaf).documents) >= least
        found: set[int] = set()
        for number, segment in enumerate(self._arrays.segments):
            for documents in self._holding(segment, words):
                numbers = documents + self._arrays.firsts[number]
                found.update(numbers[self._arrays.live[numbers]].tolist())
                if len(found) >= least:
                    return True
        return False

    def _holding(self, segment: Segment, words: Sequence[str]) -> Iterator[NDArray[np.intp]]:
        """Yield the documents of a segment that hold words side by side, deleted or not, some at a time."""
        stretches = [[segment.postings_of_terms(*term) for term in self._terms_of(segment, word)] for word in words]
        rarest = min(stretches, key=lambda each: sum(end - begin for begin, end in each))
        slots = united([np.empty(0, dtype=np.uint32), *(segment.slots[begin:end] for begin, end in rarest)])
        begin, count = 0, _FIRST_LOOK
        while begin < len(slots):
            some = slots[begin : begin + count]
            begins = _beginnings(range(len(words)), [_keys_in(segment, each, some) for each in stretches])
            yield (begins >> _POSITION_BITS) // FIELD_COUNT
            begin, count = begin + count, count * _LONGER_LOOK

    def cost(self, node: Prefix | Fuzzy | Phrase | Near) -> int:
        """Return what looking a part up costs, in occurrences of a word: each takes some 20 nanoseconds.

        Which words are spelled nearly as one is, is found out for this, which has its own cost: see `comparing_cost`.
        """
        return sum(self._cost(segment, node) for segment in self._arrays.segments)

    def comparing_cost(self, node: Prefix | Fuzzy | Phrase | Near) -> int:
        """Return what it costs to compare a misspelled word with all others; nothing for other parts."""
        if not isinstance(node, Fuzzy):
            return 0
        return _COMPARED * sum(len(segment.terms) for segment in self._arrays.segments)

    def _cost(self, segment: Segment, node: Prefix | Fuzzy | Phrase | Near) -> int:
        match node:
            case Prefix(text, _):
                return _SORTED * _postings(segment, self._terms_beginning(segment, text))
            case Fuzzy(text, _, edits):
                return _SORTED * _postings(segment, self._terms_like(segment, text, edits))
            case Phrase(words, _):
                # Only texts with all of the words are searched, of which there are no more than the rarest has.
                terms = [self._terms_of(segment, word) for word in words]
                rarest = min(_occurrences(segment, each) for each in terms)
                return sum(_postings(segment, each) for each in terms) + _SEARCHED * len(words) * rarest
            case Near(words, _, _):
                return _SORTED * sum(_occurrences(segment, self._terms_of(segment, word)) for word in words)

    def _terms_like(self, segment: Segment, text: str, edits: int) -> Terms:
        key = segment.name, text, edits
        if key not in self._like:
            self._like[key] = [(term, term + 1) for term in terms_within(segment, self._variants(text), edits)]
        return self._like[key]

    def _rows(self, number: int, node: TextLeaf) -> Rows:
        segment = self._arrays.segments[number]
        match node:
            case Word(text, field):
                return self._live(number, _rows(segment, self._terms_of(segment, text), field))
            case Prefix(text, field):
                return self._live(number, _rows(segment, self._terms_beginning(segment, text), field))
            case Fuzzy(text, field, edits):
                return self._live(number, _rows(segment, self._terms_like(segment, text, edits), field))
            case Phrase(words, field):
                places = telling(words)
                keys = self._keys(segment, [words[place] for place in places], field)
                return self._live(number, _side_by_side(places, [keys[words[place]] for place in places]))
            case Near(words, distance, field):
                near = list(self._keys(segment, words, field).values())
                return self._live(number, _near(near, min(len(words) + distance, GAP)))

    def _variants(self, word: str) -> tuple[str, ...]:
        return analysis.variants(word, self._languages)

    def _terms_of(self, segment: Segment, word: str) -> Terms:
        if is_character(word):
            return [_stretch_beginning(segment, word)]
        found = (segment.terms.find(encoded(term)) for term in self._variants(word))
        return [(number, number + 1) for number in found if number is not None]

    def _terms_beginning(self, segment: Segment, text: str) -> Terms:
        found = [_stretch_beginning(segment, beginning) for beginning in analysis.beginnings(text, self._languages)]
        others = self._terms_of(segment, text)
        return found + [term for term in others if not any(first <= term[0] < last for first, last in found)]

    def _keys(self, segment: Segment, words: Iterable[str], field: str) -> dict[str, Keys]:
        """Return the occurrences of each word in the slots that hold all of them."""
        rows = {word: _rows(segment, self._terms_of(segment, word), field) for word in words}
        common = reduce(_common, sorted((part.slots for part in rows.values()), key=len))
        return {word: _keys(part.chosen(is_in(part.slots, common))) for word, part in rows.items()}

    def _live(self, number: int, rows: Rows) -> Rows:
        """Leave out the documents that are deleted."""
        if not self._arrays.has_deleted[number]:
            return rows
        first = self._arrays.firsts[number]
        return rows.chosen(self._arrays.live[first + (rows.slots // FIELD_COUNT).astype(np.intp)])


def _postings(segment: Segment, terms: Terms) -> int:
    """Return how many postings terms have."""
    ends = (segment.postings_of_terms(*stretch) for stretch in terms)
    return sum(end - begin for begin, end in ends)


def _occurrences(segment: Segment, terms: Terms) -> int:
    """Return how often terms occur."""
    ends = (segment.postings_of_terms(*stretch) for stretch in terms)
    return sum(int(segment.position_starts[end]) - int(segment.position_starts[begin]) for begin, end in ends)


def _stretch_beginning(segment: Segment, text: str) -> tuple[int, int]:
    """Return the terms that begin with a text."""
    beginning = encoded(text)
    # No UTF-8 holds this byte, so it stands behind all that can follow.
    return segment.terms.first_not_below(beginning), segment.terms.first_not_below(beginning + b"\xff")


def _rows(segment: Segment, terms: Terms, field: str) -> Rows:
    """Return the postings of all these terms, in one text field or in all of them."""
    stretches = [segment.postings_of_terms(*stretch) for stretch in terms]
    rows = [_stretch(segment, begin, end) for begin, end in stretches]
    found = rows[0] if len(rows) == 1 else _concatenated(segment, rows)
    if field:
        found = found.chosen(found.slots % FIELD_COUNT == TEXT_FIELDS.index(field))
    if sum(end - begin for begin, end in terms) > 1:
        found = found.chosen(stable_order(found.slots))
    return found


def _stretch(segment: Segment, begin: int, end: int) -> Rows:
    starts = segment.position_starts[begin : end + 1]
    slots = segment.slots[begin:end]
    return Rows(slots, starts[1:] - starts[:-1], starts[:-1], starts[1:], segment.positions)


def _concatenated(segment: Segment, rows: Sequence[Rows]) -> Rows:
    parts = [_stretch(segment, 0, 0), *rows]
    return Rows(
        np.concatenate([part.slots for part in parts]),
        np.concatenate([part.counts for part in parts]),
        np.concatenate([part.begins for part in parts]),
        np.concatenate([part.ends for part in parts]),
        segment.positions,
    )


def _common(some: NDArray[np.uint32], others: NDArray[np.uint32]) -> NDArray[np.uint32]:
    return some[is_in(some, others)]


def _keys(rows: Rows) -> Keys:
    begins = rows.begins.astype(np.intp)
    lengths = rows.ends.astype(np.intp) - begins
    slots = np.repeat(rows.slots.astype(np.int64), lengths)
    keys = (slots << _POSITION_BITS) + rows.positions[spread(begins, lengths)]
    # The terms that stand for a word in several languages share slots, and then follow each other in them.
    return keys if (rows.slots[1:] > rows.slots[:-1]).all() else np.sort(keys)


def _keys_in(segment: Segment, stretches: Iterable[tuple[int, int]], slots: NDArray[np.uint32]) -> Keys:
    """Return the occurrences, in some slots, of terms that have these postings and stand for one word."""
    parts = [np.empty(0, dtype=np.int64)]
    for begin, end in stretches:
        places = segment.slots[begin:end].searchsorted(slots) + begin
        # Behind the last posting of a term stands another term's, or nothing.
        is_there = (places < end) & (segment.slots[np.minimum(places, end - 1)] == slots)
        rows = places[is_there]
        starts = segment.position_starts[rows].astype(np.intp)
        lengths = segment.position_starts[rows + 1].astype(np.intp) - starts
        shifted = slots[is_there].astype(np.int64).repeat(lengths) << _POSITION_BITS
        parts.append(shifted + segment.positions[spread(starts, lengths)])
    return parts[-1] if len(parts) <= 2 else np.sort(np.concatenate(parts))


def _side_by_side(places: Sequence[int], keys: Sequence[Keys]) -> Rows:
    """Return where words stand at these places of a phrase; what is marked is where it begins."""
    found = _beginnings(places, keys)
    return _rows_of(found, found)


def _beginnings(places: Sequence[int], keys: Sequence[Keys]) -> Keys:
    """Return where a phrase begins whose words stand at these places."""
    # The rarest word first: no more than its occurrences have to be looked at.
    first, *others = sorted(range(len(places)), key=lambda number: len(keys[number]))
    found = keys[first] - places[first]
    for number in others:
        if not len(found):
            break
        found = found[is_in(found + places[number], keys[number])]
    return found


def _near(keys: Sequence[Keys], width: int) -> Rows:
    """Return where words stand within `width` positions, in any order; all that do are marked."""
    everywhere = united(keys)
    is_start = np.ones(len(everywhere), dtype=np.bool_)
    for part in keys:
        # The distance to another slot is more than any width.
        following = np.append(part, _FAR)[np.searchsorted(part, everywhere)]
        is_start &= following - everywhere < width
    starts = everywhere[is_start]
    before = np.append(starts, -_FAR)[np.searchsorted(starts, everywhere, side="right") - 1]
    return _rows_of(starts, everywhere[everywhere - before < width])


def _rows_of(starts: Keys, marked: Keys) -> Rows:
    """Return as rows where something begins and what is marked of it; both are in the same slots."""
    begins = runs_of(marked >> _POSITION_BITS)
    return Rows(
        slots=(marked[begins] >> _POSITION_BITS).astype(np.uint32),
        counts=np.diff(runs_of(starts >> _POSITION_BITS), append=len(starts)),
        begins=begins,
        ends=np.append(begins[1:], len(marked)),
        positions=(marked & _POSITIONS).astype(np.uint32),
    )
