"""Whole numbers as values of facets, and ranges of them as people choose them: 2019..2021, 2019.., ..2021."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = re.compile(r"[0-9]{1,18}")
_RANGE = re.compile(r"([0-9]{1,18})?\.\.([0-9]{1,18})?")


@dataclass(frozen=True, slots=True)
class NumberRange:
    """The numbers from `first` to `last`, both included; None leaves an end open, and one end is always given."""

    first: int | None
    last: int | None

    def __str__(self) -> str:
        return f"{'' if self.first is None else self.first}..{'' if self.last is None else self.last}"


def is_number(text: str) -> bool:
    """Tell whether a text is 1 to 18 digits and nothing else, so that it fits into 64 bits."""
    return _NUMBER.fullmatch(text) is not None


def range_between(first: int | None, last: int | None) -> NumberRange | None:
    """Return the range between two ends, the smaller first; None when neither is given."""
    if first is None and last is None:
        return None
    if first is not None and last is not None and first > last:
        first, last = last, first
    return NumberRange(first, last)


def read_range(text: str) -> NumberRange | None:
    """Return the range that a text stands for, None when it is none."""
    found = _RANGE.fullmatch(text)
    return range_between(*(int(end) if end else None for end in found.groups())) if found else None


def chosen_number(text: str) -> str:
    """Return a number or a range of numbers in the one way to write it; empty for what is neither.

    A range whose ends are equal is that number.
    """
    if is_number(text):
        return str(int(text))
    found = read_range(text)
    if found is None:
        return ""
    return str(found.first) if found.first == found.last else str(found)
