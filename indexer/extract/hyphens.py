"""Words that were parted at the end of a line, put together again by what the rest of their document holds."""

from __future__ import annotations

import re
from itertools import islice, pairwise

LINE_END = "\ufffe"
"""What PDFium gives for a hyphen at the end of a line; the line break itself is left out."""

_BREAK = re.compile(f"{LINE_END}\n?|[\u00ad\u2010-]\n")
_HYPHEN = "[\u2010\u2011-]"
_LETTERS = r"[^\W\d_]+"
_WORD = re.compile(f"{_LETTERS}(?:(?:{_BREAK.pattern}|{_HYPHEN}){_LETTERS})*")
_PARTS = re.compile(_LETTERS)
_SHORTEST_HALF = 3
_MOST_WORDS = 200_000
"""Words that are remembered; a book has some ten thousand different ones."""


class LineEndHyphens:
    """Decides for each hyphen at a line end whether the word is written with it.

    A word that stands in the document with its hyphen keeps it, one that stands there in one piece loses it. Where
    neither does, it keeps its hyphen behind an abbreviation in capitals and when both halves are words of the document.
    """

    def __init__(self) -> None:
        self._words: set[str] = set()

    def learn(self, text: str) -> None:
        """Remember the words of a text and the pairs that hyphens make, but none that a line end has parted."""
        words = set(_WORD.findall(text.casefold()))
        whole = set(filter(str.isalpha, words))
        for word in words - whole:
            if not _BREAK.search(word):
                parts = _PARTS.findall(word)
                whole.update(parts, map("-".join, pairwise(parts)))
        self._words.update(islice(whole, max(_MOST_WORDS - len(self._words), 0)))

    def mend(self, text: str) -> str:
        """Return the text with its parted words whole; a hyphen that parts nothing is one."""
        if not _BREAK.search(text):
            return text
        return _WORD.sub(self._whole, text).replace(LINE_END, "-")

    def _whole(self, match: re.Match[str]) -> str:
        pieces = _BREAK.split(match[0])
        # A word that has a hyphen elsewhere is made of words: "hand-in-", "hand".
        is_compound = any(re.search(_HYPHEN, piece) for piece in pieces)
        whole = pieces[:1]
        for (left, right), parting in zip(pairwise(pieces), _BREAK.findall(match[0]), strict=True):
            between = self._between(_PARTS.findall(left)[-1], _PARTS.findall(right)[0], parting)
            whole += ["-" if is_compound and not between else between, right]
        return "".join(whole)

    def _between(self, left: str, right: str, parting: str) -> str:
        """Return what stands between two halves: a hyphen, nothing, or for the start of another word what was there."""
        if not right[0].islower():
            return parting
        if len(left) > 1 and left.isupper():
            return "-"
        left, right = left.casefold(), right.casefold()
        if f"{left}-{right}" in self._words:
            return "-"
        if left + right in self._words:
            return ""
        are_words = min(len(left), len(right)) >= _SHORTEST_HALF and {left, right} <= self._words
        return "-" if are_words else ""
