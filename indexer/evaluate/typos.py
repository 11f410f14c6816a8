"""Queries as somebody in a hurry types them: one wrong letter in every word that is long enough to be guessed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from string import ascii_lowercase

from indexer.evaluate.judgments import JudgedQuery

_SEED = 11
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")

Edit = Callable[[str, random.Random], str]
"""Changes a word of two letters or more by one edit."""


def inserted(word: str, chance: random.Random) -> str:
    """Return a word with a letter too many."""
    place = chance.randrange(len(word) + 1)
    return word[:place] + chance.choice(_letters(word)) + word[place:]


def deleted(word: str, chance: random.Random) -> str:
    """Return a word that lacks a letter."""
    place = chance.randrange(len(word))
    return word[:place] + word[place + 1 :]


def substituted(word: str, chance: random.Random) -> str:
    """Return a word with a wrong letter; the same word if there is no other letter to choose."""
    place = chance.randrange(len(word))
    others = [letter for letter in _letters(word) if letter != word[place].lower()]
    return word[:place] + chance.choice(others or [word[place]]) + word[place + 1 :]


def transposed(word: str, chance: random.Random) -> str:
    """Return a word with two neighbouring letters swapped; the same word if all its letters are equal."""
    places = [place for place in range(len(word) - 1) if word[place] != word[place + 1]]
    if not places:
        return word
    place = chance.choice(places)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


EDITS: tuple[Edit, ...] = (inserted, deleted, substituted, transposed)
"""The four edits of Damerau, A Technique for Computer Detection and Correction of Spelling Errors (1964)."""


def mistyped(query: JudgedQuery) -> JudgedQuery:
    """Return a query with one random edit in every word of five letters or more.

    The same query is mistyped in the same way every time, whatever other queries there are.
    """
    chance = random.Random(f"{_SEED} {query.id}")  # noqa: S311 - seeded, so that all who measure ask the same
    text = _LONG_WORD.sub(lambda word: chance.choice(EDITS)(word[0], chance), query.text)
    return replace(query, text=text)


def _letters(word: str) -> str:
    """Return the letters that may get into a word by mistake: those of its own script, as far as that is known."""
    return ascii_lowercase if any(letter in ascii_lowercase for letter in word.lower()) else word
