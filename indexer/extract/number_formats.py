"""Numbers of a workbook as their number formats show them: dates and times in ISO 8601, percentages, plain numbers."""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from enum import Enum, auto

_QUOTED = re.compile(r'"[^"]*"?|\\.|[_*].|\[[^\]]*\]?', re.DOTALL)
"""What a format code says that is no code: literal text, blanks as wide as a character, colours, conditions."""
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_WHOLE = re.compile("-?[1-9][0-9]*")
_CLOCK = len("00:00:00")
_SECONDS_A_DAY = 86_400
_LAST_DAY = 2_958_465
"""The serial number of 31 December 9999, after which there are no dates."""
_LEAP_DAY = 60
"""The serial number of 29 February 1900, a day that there was not, but that Lotus 1-2-3 and so Excel count."""
_EPOCH = date(1899, 12, 30)
_DAYS_TO_1904 = (date(1904, 1, 1) - _EPOCH).days


class Kind(Enum):
    """What a number format makes of a number."""

    NUMBER = auto()
    PERCENT = auto()
    DATE = auto()
    TIME = auto()
    MOMENT = auto()
    ELAPSED = auto()


BUILT_IN: dict[int, Kind] = {
    **dict.fromkeys((9, 10), Kind.PERCENT),
    **dict.fromkeys(range(14, 18), Kind.DATE),
    **dict.fromkeys((18, 19, 20, 21, 45, 47), Kind.TIME),
    46: Kind.ELAPSED,
    # What the last two rows mean depends on the language of the program: dates in one, times in another.
    **dict.fromkeys((22, *range(27, 37), *range(50, 59)), Kind.MOMENT),
}
"""The formats that files use by number without defining them (ECMA-376 part 1, 18.8.30); others show plain numbers."""


def kind_of(code: str) -> Kind:
    """Return what a format code makes of positive numbers."""
    if _ELAPSED.search(code):
        return Kind.ELAPSED
    letters = set(_QUOTED.sub("", code).partition(";")[0].lower())
    has_time = not letters.isdisjoint("hs")
    # "m" means minutes next to hours or seconds, else months.
    has_day = not letters.isdisjoint("dy") or ("m" in letters and not has_time)
    if not (has_day or has_time):
        return Kind.PERCENT if "%" in letters else Kind.NUMBER
    if has_day and has_time:
        return Kind.MOMENT
    return Kind.DATE if has_day else Kind.TIME


def shown(raw: str, kind: Kind, is_1904: bool = False) -> str:
    """Return a number, given as the file writes it, as a reader sees it; what is no number stays as it is.

    Dates count days from the beginning of 1900, or of 1904 as Excel for the Macintosh did.
    """
    # Whole numbers may have more digits than a float keeps.
    if kind is Kind.NUMBER and _WHOLE.fullmatch(raw):
        return raw
    try:
        number = float(raw)
    except ValueError:
        return raw
    if not math.isfinite(number):
        return raw
    if kind is Kind.PERCENT:
        return f"{number * 100:.15g}%"
    return _dated(number, kind, is_1904) or f"{number or 0:.15g}"


def written_date(text: str) -> str:
    """Return a date that a file writes as XML does ("2024-05-01T00:00:00"), without its time if that is midnight."""
    day, _, time = text.partition("T")
    return f"{day} {time[:_CLOCK]}" if time.strip("0:.Z") else day


def _dated(number: float, kind: Kind, is_1904: bool) -> str:
    """Return a number as a date or a time; empty if its format is none or there is no such day."""
    if kind is Kind.NUMBER or abs(number) > _LAST_DAY:
        return ""
    if kind is Kind.ELAPSED:
        return ("-" if number < 0 else "") + _clock(round(abs(number) * _SECONDS_A_DAY))
    if number < 0:
        return ""
    if kind is Kind.DATE:
        return _day(int(number), is_1904)
    day, seconds = divmod(round(number * _SECONDS_A_DAY), _SECONDS_A_DAY)
    # Less than a day is a time, whatever the format; a day that begins is a date.
    if kind is Kind.TIME or not day:
        return _clock(seconds)
    return " ".join(filter(None, (_day(day, is_1904), _clock(seconds) if seconds else "")))


def _day(serial: int, is_1904: bool) -> str:
    if is_1904:
        serial += _DAYS_TO_1904
    if not 0 < serial <= _LAST_DAY:
        return ""
    if serial == _LEAP_DAY:
        return "1900-02-29"
    # Days before the one that was not are counted one too low.
    return str(_EPOCH + timedelta(serial + (serial < _LEAP_DAY)))


def _clock(seconds: int) -> str:
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}"
