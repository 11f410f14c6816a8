"""What stands behind the name of a facet: a value, several, or a range of numbers."""

from __future__ import annotations

import re

from indexer.index import analysis
from indexer.index.query.tree import FacetValue, Node, Range, any_of, one_of

_RANGE = re.compile(r"(?P<first>[0-9]{1,18})?(?:\.\.+|…)(?P<last>[0-9]{1,18})?[.,;:!?]*")
_SPAN = re.compile(r"(?P<first>[0-9]{4})[-–—](?P<last>[0-9]{4})[.,;:!?]*")
_BOUND = re.compile(r"(?P<sign>[<>]=?)(?P<number>[0-9]{1,18})[.,;:!?]*")
_LISTED = re.compile(r"[,;|]")


def facet_value(facet: str, text: str) -> Node | None:
    """Return what is asked of a facet by a text without blanks; None when it holds no word.

    `2019..2021`, `>2019` and `<=2021` are numbers; `2019-2021` is them, too, or a value that is written so; commas
    stand between values of which one is enough.
    """
    if numbers := _numbers(facet, text):
        return numbers
    if span := _SPAN.fullmatch(text):
        return one_of(_value(facet, text), [between(facet, span["first"], span["last"])])
    return any_of(_value(facet, part) for part in _LISTED.split(text))


def between(facet: str, first: str | None, last: str | None) -> Range:
    """Return the range between two numbers as they are written, the smaller one first; None leaves an end open."""
    least, most = (int(end) if end else None for end in (first, last))
    if least is not None and most is not None and least > most:
        least, most = most, least
    return Range(facet, least, most)


def _value(facet: str, text: str) -> FacetValue | None:
    words = tuple(analysis.words(text))
    return FacetValue(facet, words) if words else None


def _numbers(facet: str, text: str) -> Range | None:
    found = _RANGE.fullmatch(text)
    if found and (found["first"] or found["last"]):
        return between(facet, found["first"], found["last"])
    if bound := _BOUND.fullmatch(text):
        return _bounded(facet, bound["sign"], int(bound["number"]))
    return None


def _bounded(facet: str, sign: str, number: int) -> Range:
    """Return the numbers on one side of another; `>` and `<` leave that one out."""
    if sign.startswith(">"):
        return Range(facet, number + (sign == ">"), None)
    return Range(facet, None, number - (sign == "<"))
