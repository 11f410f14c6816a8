"""A query cut into tokens: what stands between blanks, quotation marks and brackets, and the operators among it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from indexer.index.query.quotes import CLOSED, OPENED, marked
from indexer.index.schema import TEXT_FIELDS

ALIASES = {"intitle": "title", "filetype": "format", "lang": "language"}
"""Fields by the names that people know from other searches; a facet of such a name comes first."""

# Scripts that are written without blanks, in which the blank without width parts words.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_WORD_BREAK = re.compile(f"(?<=[{_UNSPACED}])\u200b")
# What is seen by nobody and is pasted along: marks of direction, soft hyphens, joiners that only keep lines together.
_UNSEEN = "\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_CONTROLS = "\x00-\x1f\x7f-\x9f"
_UNWANTED = re.compile(f"[{_UNSEEN}]|(?P<control>[{_CONTROLS}])")
# Full-width forms become ASCII, and all that is written for a hyphen or an apostrophe becomes one.
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict.fromkeys(map(ord, "‐‑−"), "-")
_PLAIN |= dict.fromkeys(map(ord, "`´′"), "'")


class Token(NamedTuple):
    """A part of a query: what kind it is, and its text without the marks that make it one.

    Kinds are negation, AND, OR, NOT, field, phrase, distance, open, close, isbn, text and end.
    """

    kind: str
    text: str


END = Token("end", "")

OPERATORS = {"AND": "AND", "&&": "AND", "OR": "OR", "|": "OR", "||": "OR", "NOT": "NOT"}
"""The operators as they are typed, and the kinds of their tokens."""

_GRAMMAR = r"""
      (?P<negation>(?<![^\s(])[-–]+(?=[^\s–-]))             # a minus that begins a word
    | (?P<plus>(?<![^\s(])\++(?=[^\s+]))                    # a plus that does: every word has to be found anyway
    | (?P<operator>(?<![^\s()CLOSED])(?:AND|OR|NOT|&&|\|\|?)(?=[\s(OPENED]|\Z))
    | (?P<field>(?i:NAMES):(?=[^\s:)]))                     # title:  (directly before what it asks for)
    | OPENED(?P<phrase>[^CLOSED]*)CLOSED
    | (?P<distance>(?<=CLOSED)~[0-9]+(?=[.,;:!?]*(?:[\s()]|\Z)))  # ~5, directly behind a phrase
    | (?P<open>\()
    | (?P<close>\))
    | (?P<isbn>(?<![^\s(])97[89](?:[-\ –]?[0-9]){10}(?=[\s.,;:!?()]|\Z))
    | (?P<text>(?:[^\s()OPENEDCLOSED]|(?<=[^\W_])\([^\W_]{1,4}\))+)  # up to a space, with the bracket of "worker(s)"
    """


def cleaned(text: str) -> str:
    """Return what was typed without what nobody sees, and with one sign for what only looks different."""
    if text.isascii() and text.isprintable():
        return text
    seen = _UNWANTED.sub(lambda found: " " if found["control"] else "", _WORD_BREAK.sub(" ", text))
    return seen.translate(_PLAIN)


def tokens(text: str, facets: Iterable[str]) -> list[Token]:
    """Cut a cleaned text into tokens; of several operators that join, one behind the other, one is left."""
    patterns = _patterns(tuple(facets))
    text = marked(text, lambda place: patterns.is_claimed(text, place))
    joined: list[Token] = []
    for found in patterns.token.finditer(text):
        token = _token(found)
        if joined and _joins(token) and _joins(joined[-1]):
            # "and/or" in signs: the wider one is meant.
            joined[-1] = max(token, joined[-1])
        elif token.kind != "plus":
            joined.append(token)
    return joined


def field_of(name: str, facets: Iterable[str]) -> str:
    """Return the field or facet that a name before a colon means."""
    known = name.lower()
    return known if known in facets else ALIASES.get(known, known)


def _token(found: re.Match[str]) -> Token:
    kind = str(found.lastgroup)
    text = found[kind]
    return Token(OPERATORS[text] if kind == "operator" else kind, text)


def _joins(token: Token) -> bool:
    return token.kind in ("AND", "OR")


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What tokens look like in a library with certain facets, and what before a phrase makes it wait for its end."""

    token: re.Pattern[str]
    claim: re.Pattern[str]
    longest_claim: int

    def is_claimed(self, text: str, place: int) -> bool:
        """Tell whether a minus or the name of a field stands before this place."""
        return self.claim.search(text, max(0, place - self.longest_claim), place) is not None


@lru_cache(maxsize=64)
def _patterns(facets: tuple[str, ...]) -> _Patterns:
    fields = {*TEXT_FIELDS, *facets}
    fields |= {alias for alias, name in ALIASES.items() if name in fields}
    names = "|".join(map(re.escape, sorted(fields)))
    token = _GRAMMAR.replace("NAMES", names).replace("OPENED", OPENED).replace("CLOSED", CLOSED)
    claim = rf"(?:(?<![^\s(])[-–]|\b(?i:{names}):)\Z"
    return _Patterns(re.compile(token, re.VERBOSE), re.compile(claim), max(map(len, fields)) + 2)
