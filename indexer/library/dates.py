"""Dates as people write them in front matter, read the same on every day of the year."""

from __future__ import annotations

import re
from datetime import date, datetime

from dateutil.parser import ParserError, parser, parserinfo

_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:[T\s]\s*\d.*)?", re.DOTALL)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR = re.compile(r"(?<!\d)(?:1[4-9]|20|21)\d\d(?!\d)")
_LONGEST = 60
"""Characters; no date is longer, and a parser should not be asked to try."""


_MONTHS = [
    ("jan", "january", "janvier", "enero", "ene"),
    ("feb", "february", "février", "fevrier", "febrero"),
    ("mar", "march", "mars", "marzo"),
    ("apr", "april", "avril", "abril", "abr"),
    ("may", "mai", "mayo"),
    ("jun", "june", "juin", "junio"),
    ("jul", "july", "juillet", "julio"),
    ("aug", "august", "août", "aout", "agosto", "ago"),
    ("sep", "sept", "september", "septembre", "septiembre"),
    ("oct", "october", "octobre", "octubre"),
    ("nov", "november", "novembre", "noviembre"),
    ("dec", "december", "décembre", "decembre", "diciembre", "dic"),
]


class _Names(parserinfo):
    """The words of dates in English, French and Spanish."""

    MONTHS = _MONTHS  # type: ignore[assignment]  # The stubs allow two spellings of a month, the parser any number.
    JUMP = [*parserinfo.JUMP, "de", "del", "le", "el", "er"]  # noqa: RUF012 - as above


_PARSER = parser(_Names())
# A date without a day or month begins on the first; year 1 shows that no year was written.
_FIRST = datetime(1, 1, 1)


def read_date(text: str) -> date | None:
    """Return the date that the text means, None when it means none.

    A year alone is its first of January and a month alone its first day. Times and time zones are dropped: the date
    is the one that was written. Of `03/04/2019` the month is taken to stand first; see `is_ambiguous`.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    numbers = _COMPACT.fullmatch(text) or _ISO.fullmatch(text)
    try:
        if numbers:
            year, month, day = (int(part or 1) for part in numbers.groups())
            return date(year, month, day)
        return _written_out(text)
    except (ParserError, ValueError, OverflowError):
        return None


def is_ambiguous(text: str) -> bool:
    """Tell whether a date of numbers alone can be read with the day first as well as with the month first."""
    numbers = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}", text.strip())
    return numbers is not None and numbers[1] != numbers[2] and int(numbers[1]) <= 12 and int(numbers[2]) <= 12


def years(text: str) -> tuple[str, ...]:
    """Return the years that stand in the text, in their order: both of `2018-2019`, the one of `March 2019`."""
    return tuple(dict.fromkeys(_YEAR.findall(text)))


def _written_out(text: str) -> date | None:
    """Read a date with words in it; it has to name its year in four digits, else today's century would be guessed."""
    if not _YEAR.search(text):
        return None
    found = _PARSER.parse(text, default=_FIRST, ignoretz=True)
    return found.date() if found.year > 1 else None
