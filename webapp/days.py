"""Days as readers ask for them: a year, a month or a day, each of which stands for all of its days."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

_WRITTEN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def days_of(text: str) -> tuple[date, date] | None:
    """Return the first and the last day of 2024, 2024-03 or 2024-03-31; None for what is none of these."""
    found = _WRITTEN.fullmatch(text)
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    if year is None or not date.min.year <= year <= date.max.year:
        return None
    try:
        first = date(year, month or 1, day or 1)
        last_month = month or 12
        return first, date(year, last_month, day or monthrange(year, last_month)[1])
    except ValueError:
        return None


def first_day(text: str) -> date | None:
    """Return the first day of what a text stands for; None when it is empty."""
    days = days_of(text)
    return days[0] if days else None


def last_day(text: str) -> date | None:
    """Return the last day of what a text stands for; None when it is empty."""
    days = days_of(text)
    return days[1] if days else None
