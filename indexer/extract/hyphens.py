"""Words that were parted at the end of a line, put together again by what the rest of their document holds."""

from __future__ import annotations

import re
from itertools import islice, pairwise

LINE_END = "\ufffe"
"""What PDFium gives for a hyphen at the end of a line; the line break itself is left out."""

# Tesseract takes lines that are far apart for paragraphs.
_BREAK = re.compile(f"{LINE_END}\n?|[\u00ad\u2010-]\n\n?")
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
        is_compound = any(re.search(_HYPHEN, piece) for piece in pieces)
        whole = pieces[:1]
        for (left, right), parting in zip(pairwise(pieces), _BREAK.findall(match[0]), strict=True):
            halves = _PARTS.findall(left)[-1], _PARTS.findall(right)[0]
            between = self._between(*halves, parting)
            whole += ["-" if is_compound and not between and self._goes_on(*halves) else between, right]
        return "".join(whole)

    def _goes_on(self, left: str, right: str) -> bool:
        """Tell whether a compound goes on with a word: "hand-in-", "hand", but not "decision-mak-", "ing"."""
        left, right = left.casefold(), right.casefold()
        return left in self._words and (right in self._words or len(left) <= _SHORTEST_HALF)

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


def mended(text: str) -> str:
    """Return a text that stands alone with its parted words whole, as far as it tells how they are written."""
    hyphens = LineEndHyphens()
    hyphens.learn(text)
    return hyphens.mend(text)
