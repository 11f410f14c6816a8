"""What a slip of the finger or of the ear costs: likely mistakes are cheap, the others cost one.

They are the channel of a noisy channel (Kernighan, Church and Gale, A Spelling Correction Program Based on a Noisy
Channel Model, 1990), by a few rules and not by counted errors: nobody has counted those of a library's readers.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Costs = NDArray[np.float32]

SWAPPED = np.float32(0.7)
"""Two neighbours in the wrong order ("recieve")."""

AT_THE_BEGINNING = np.float32(0.4)
"""What another first letter costs besides: people seldom mistake it (Pollock and Zamora 1984 count 7 % of errors)."""

_DOUBLED = np.float32(0.6)
"""A letter once that is to stand twice, or twice that is to stand once ("accomodation")."""

_SILENT = np.float32(0.8)
"""A letter that is hardly heard, left out or put in ("rythm")."""

_ALIKE = np.float32(0.7)
"""A letter for one that lies or sounds next to it ("recruitmemt", "seperate")."""

_SILENT_LETTERS = "eh"
_SOUNDS = ("aeiouy", "ckqs", "sxz", "bp", "dt", "fvw", "gjy", "mn", "lr")

# The rows of the keys, each half a key further to the right than the one above it: QWERTY, QWERTZ and AZERTY.
_KEYBOARDS = (
    ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    ("qwertzuiop", "asdfghjkl", "yxcvbnm"),
    ("azertyuiop", "qsdfghjklm", "wxcvbn"),
)
_NEIGHBOURS = 1.5
"""The square of a distance, in keys, above that of a key and those around it."""

_LETTERS = 128
"""Costs are known of ASCII letters, to which words are folded where they can be; all others cost one."""


def replaced(typed: str, letters: NDArray[np.uint32]) -> Costs:
    """Return what it costs to have typed one letter for each of these, which are code points."""
    costs = _replacements()[ord(typed) % _LETTERS if typed.isascii() else 0]
    return np.where(letters == ord(typed), np.float32(0), costs[np.where(letters < _LETTERS, letters, 0)])


def left_out(letters: NDArray[np.uint32]) -> Costs:
    """Return what it costs not to have typed each letter of words, whose code points are the rows of a table."""
    costs = np.ones(letters.shape, dtype=np.float32)
    for letter in _SILENT_LETTERS:
        costs[letters == ord(letter)] = _SILENT
    costs[:, 1:][letters[:, 1:] == letters[:, :-1]] = _DOUBLED
    return costs


def put_in(typed: str, place: int) -> np.float32:
    """Return what it costs to have typed the letter at that place, which is not in the word."""
    if place and typed[place - 1] == typed[place]:
        return _DOUBLED
    return _SILENT if typed[place] in _SILENT_LETTERS else np.float32(1)


@cache
def _replacements() -> Costs:
    """Return what it costs to type one letter (the row) for another (the column)."""
    costs = np.ones((_LETTERS, _LETTERS), dtype=np.float32)
    for one, other in _alike():
        costs[ord(one), ord(other)] = costs[ord(other), ord(one)] = _ALIKE
    return costs


def _alike() -> set[tuple[str, str]]:
    """Return the pairs of letters that lie or sound next to each other."""
    heard = {pair for letters in _SOUNDS for pair in combinations(letters, 2)}
    return heard | {pair for rows in _KEYBOARDS for pair in combinations("".join(rows), 2) if _touch(rows, *pair)}


def _touch(rows: tuple[str, ...], one: str, other: str) -> bool:
    (column, row), (its_column, its_row) = _place(rows, one), _place(rows, other)
    return (column - its_column) ** 2 + (row - its_row) ** 2 < _NEIGHBOURS


def _place(rows: tuple[str, ...], key: str) -> tuple[float, int]:
    number = next(number for number, row in enumerate(rows) if key in row)
    return rows[number].index(key) + number / 2, number
