"""How things are called on the pages: places in a file, sizes, dates."""

from __future__ import annotations

from datetime import date

from indexer.index.engine import Match, Where
from indexer.index.schema import Attachment, Locator, Unit

_UNIT_NAMES = {Unit.PAGE: "p."}
_COUNTED = frozenset({Unit.PAGE, Unit.SLIDE, Unit.SHEET, Unit.CHAPTER})
"""What people count; sections and parts are ours."""

_UNITS = {
    **dict.fromkeys(("ppt", "pptx", "odp"), Unit.SLIDE),
    **dict.fromkeys(("xls", "xlsb", "xlsx", "ods"), Unit.SHEET),
    "epub": Unit.CHAPTER,
}
"""What the files of a format have where others have pages."""

_LONGEST = 80
"""How many characters of a heading, or of a path inside an archive, a place repeats."""

TYPE_FACETS = frozenset({"type", "types"})
"""Facets that a result shows above its title."""

TAG_FACETS = frozenset({"tag", "tags", "topic", "topics", "keyword", "keywords"})
"""Facets that a result shows at its foot; those in neither set stand in the line under the title."""


def place(match: Match, file: str) -> str:
    """Return where a match stands: "PDF, p. 12", "PowerPoint, slide 3", "Keywords"; empty in the page's own text.

    `file` is what the place in a file begins with: the format, or the name of the file.
    """
    if match.where is not Where.ATTACHMENT:
        return "Keywords" if match.where is Where.KEYWORDS else ""
    locator = match.locator
    # Of a path inside an archive the end says most, of a heading the beginning.
    within = locator.within if len(locator.within) <= _LONGEST else f"…{locator.within[-_LONGEST:]}"
    recognised = "recognised text" if locator.recognised else ""
    return ", ".join(filter(None, (file, within, _page_name(locator, match.page), recognised)))


def _page_name(locator: Locator, page: int) -> str:
    """Return a page as its readers call it; by its number in the file if it has no label and its unit is counted."""
    label = locator.label or (str(page) if locator.unit in _COUNTED and not locator.within else "")
    shown = label if len(label) <= _LONGEST else f"{label[:_LONGEST].rstrip()}…"
    return f"{_UNIT_NAMES.get(locator.unit, locator.unit)} {shown}" if shown else ""


def length(attachment: Attachment) -> str:
    """Return how long a file is in its own units: "24 pages", "1 slide"; empty when that is not known.

    Pages that could not be read count as well, and pages of files inside the file do not.
    """
    units = [locator.unit for locator in attachment.locators if not locator.within]
    unit = units[0] if units and units[0] in _COUNTED else _UNITS.get(attachment.format, Unit.PAGE)
    count = max(attachment.metadata.pages, units.count(unit))
    return plural(count, unit) if count else ""


def size(count: int) -> str:
    """Return a number of bytes as people read it: 812 bytes, 24 kB, 1.3 MB (thousands, as operating systems show)."""
    if count < 1_000:
        return f"{count} byte{'' if count == 1 else 's'}"
    # Half a thousand short of the next unit, because 999,600 bytes would be rounded to "1000 kB".
    factor, unit = next(
        (step for step in ((1_000, "kB"), (1_000_000, "MB")) if count < 999.5 * step[0]), (1_000_000_000, "GB")
    )
    amount = count / factor
    return f"{amount:.1f} {unit}" if amount < 9.95 else f"{amount:,.0f} {unit}"


def long_date(day: date) -> str:
    """Return a day as it is written in running text: 4 March 2019."""
    return f"{day.day} {day:%B %Y}"


def thousands(count: int) -> str:
    """Return a count as it is written: 1,204."""
    return f"{count:,}"


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun: "1 resource", "1,204 resources"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
