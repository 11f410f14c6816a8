"""Quotation marks as people type and paste them: which ones belong together, and which mean nothing.

A mark that opens and is never closed leaves words: they find all that the phrase would have found, the phrase among
the best, where a phrase up to the end would find nothing as soon as more is typed behind it, and a lone mark is as
often an inch or the rest of a pasted sentence. Only behind a minus or a field does the phrase go on to the end, as they
would else be meant for its first word alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable

OPENED, CLOSED = "\x02", "\x03"
"""What stands around a phrase in a marked text; no text that is typed holds them."""

_OPENING, _CLOSING = "„‟〝「『《〈❝", "〞〟」』》〉❞"
"""Marks that only ever open, or close. The others do both: «a» is French, »a« Danish, “a” English, „a“ German."""
_LEADING = "“«‹"
_SINGLE = "‘’‚‛"
_MARK = re.compile(f'["”»›{_LEADING}{_OPENING}{_CLOSING}{_SINGLE}]')

Pairs = dict[int, int]
"""Where phrases begin and where they end: the places of their marks, or the end of the text."""


def marked(text: str, is_claimed: Callable[[int], bool]) -> str:
    """Return the text with every phrase between OPENED and CLOSED, and without marks that mean nothing.

    `is_claimed` tells whether a phrase that begins at this place has a minus or a field before it.
    """
    if not _MARK.search(text):
        return text
    pairs = _outermost(_pairs(text, is_claimed))
    signs = dict.fromkeys(pairs, OPENED) | dict.fromkeys(pairs.values(), CLOSED)
    parts: list[str] = []
    end = 0
    for mark in _MARK.finditer(text):
        place = mark.start()
        parts += text[end:place], signs.get(place) or _meaningless(text, place)
        end = place + 1
    return "".join([*parts, text[end:], signs.get(len(text), "")])


def _meaningless(text: str, place: int) -> str:
    """Return what takes the place of a mark that is none: an apostrophe, a blank behind a word, nothing."""
    if text[place] in _SINGLE:
        return "’"
    # A blank before the hyphen of 12"-wide would make it a minus.
    return " " if _is_word(text, place - 1) and text[place + 1 : place + 2] not in ("-", "–", "+") else ""


def _is_word(text: str, place: int) -> bool:
    return 0 <= place < len(text) and text[place].isalnum()


class _Open:
    """The marks that were opened so far and not closed, those within others last."""

    def __init__(self) -> None:
        self.places: list[tuple[int, bool]] = []
        self._double = 0

    def push(self, place: int, is_single: bool) -> None:
        self.places.append((place, is_single))
        self._double += not is_single

    def has_double(self) -> bool:
        return self._double > 0

    def has_single_last(self) -> bool:
        return bool(self.places) and self.places[-1][1]

    def pop(self, is_single: bool) -> int:
        """Take the last mark of a kind off, with those of the other kind that were opened within it."""
        place, kind = self.places.pop()
        while kind is not is_single:
            place, kind = self.places.pop()
        self._double -= not is_single
        return place


def _pairs(text: str, is_claimed: Callable[[int], bool]) -> Pairs:
    pairs: Pairs = {}
    opened = _Open()
    for mark in _MARK.finditer(text):
        place = mark.start()
        is_single = mark[0] in _SINGLE
        if (_single_closes if is_single else _double_closes)(text, place, opened):
            pairs[opened.pop(is_single)] = place
        elif (_single_opens if is_single else _double_opens)(text, place, opened):
            opened.push(place, is_single)
    claimed = (place for place, is_single in opened.places if not is_single and is_claimed(place))
    return pairs | dict.fromkeys(claimed, len(text))


def _double_closes(text: str, place: int, opened: _Open) -> bool:
    if not opened.has_double() or text[place] in _OPENING:
        return False
    return text[place] in _CLOSING or not _begins_word(text, place)


def _double_opens(text: str, place: int, opened: _Open) -> bool:
    mark = text[place]
    if mark in _OPENING or opened.has_double():
        return mark not in _CLOSING
    # The inch of 12" and the second mark of what was half copied stand behind a word and open nothing.
    return mark in _LEADING or (mark not in _CLOSING and not _is_word(text, place - 1))


def _begins_word(text: str, place: int) -> bool:
    """Tell whether a mark within a phrase begins another one: "he said "no" twice"."""
    before = text[place - 1]
    return (before.isspace() or before in "([{") and _is_word(text, place + 1)


def _single_closes(text: str, place: int, opened: _Open) -> bool:
    # ’ is the apostrophe, too: within a word it closes nothing, and behind one only what ‘ or ‚ opened.
    return text[place] in "’‘" and opened.has_single_last() and not _is_word(text, place + 1) and place > 0


def _single_opens(text: str, place: int, _opened: _Open) -> bool:
    return text[place] != "’" and not _is_word(text, place - 1) and _is_word(text, place + 1)


def _outermost(pairs: Pairs) -> Pairs:
    """Leave the phrases out that stand in others."""
    found: Pairs = {}
    end = -1
    for first, last in sorted(pairs.items()):
        if first > end:
            found[first] = end = last
    return found
