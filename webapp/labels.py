"""How things are called on the pages, in the language of the interface: facets, values, places in a file, sizes."""

from __future__ import annotations

from indexer.index import formats, languages
from indexer.index.engine import Match, Where
from indexer.index.manifest import FacetInfo, FacetKind
from indexer.index.numbers import NumberRange, read_range
from indexer.index.remarks import Remark, Value
from indexer.index.schema import Attachment, Locator, Unit
from webapp.interface import N_, NP_, _, decimal, language_name, ngettext, number, pgettext

FACET_LABELS = frozenset(
    {
        N_("Type"), N_("Types"), N_("Topic"), N_("Topics"), N_("Tag"), N_("Tags"), N_("Keywords"), N_("Publisher"),
        N_("Publishers"), N_("Author"), N_("Authors"), N_("Year"), N_("Years"), N_("Date"), N_("Language"),
        N_("Languages"), N_("Format"), N_("Formats"), N_("Files"), N_("Country"), N_("Countries"), N_("Region"),
        N_("Regions"), N_("Sector"), N_("Sectors"), N_("Audience"), N_("Subject"), N_("Subjects"), N_("Theme"),
        N_("Themes"), N_("Collection"), N_("Series"), N_("Source"), N_("Organisation"), N_("Project"),
    }
)  # fmt: skip
"""Labels of facets that most libraries have, which a library therefore need not give in every language."""

FORMAT_NAMES = (
    NP_("format", "Rich text"),
    NP_("format", "SVG drawing"),
    NP_("format", "CSV table"),
    NP_("format", "E-book"),
    NP_("format", "Old Office file"),
    NP_("format", "Web page"),
    NP_("format", "Web page in one file"),
    NP_("format", "Text"),
    NP_("format", "Picture"),
    NP_("format", "File"),
)
"""Formats that have no name of their own."""

_PLACES = {
    Unit.PAGE: N_("p. %(name)s"),
    Unit.SLIDE: N_("slide %(name)s"),
    Unit.SHEET: N_("sheet %(name)s"),
    Unit.CHAPTER: N_("chapter %(name)s"),
    Unit.SECTION: N_("section %(name)s"),
    Unit.PART: N_("part %(name)s"),
}
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
        return _("Keywords") if match.where is Where.KEYWORDS else ""
    locator = match.locator
    # Of a path inside an archive the end says most, of a heading the beginning.
    within = locator.within if len(locator.within) <= _LONGEST else f"…{locator.within[-_LONGEST:]}"
    recognised = _("recognised text") if locator.recognised else ""
    return _(", ").join(filter(None, (file, within, _page_name(locator, match.page), recognised)))


def _page_name(locator: Locator, page: int) -> str:
    """Return a page as its readers call it; by its number in the file if it has no label and its unit is counted."""
    label = locator.label or (str(page) if locator.unit in _COUNTED and not locator.within else "")
    shown = label if len(label) <= _LONGEST else f"{label[:_LONGEST].rstrip()}…"
    return _(_PLACES[locator.unit], name=shown) if shown else ""


def length(attachment: Attachment) -> str:
    """Return how long a file is in its own units: "24 pages", "1 slide"; empty when that is not known.

    Pages that could not be read count as well, and pages of files inside the file do not.
    """
    units = [locator.unit for locator in attachment.locators if not locator.within]
    unit = units[0] if units and units[0] in _COUNTED else _UNITS.get(attachment.format, Unit.PAGE)
    count = max(attachment.metadata.pages, units.count(unit))
    return _COUNTS[unit](count) if count else ""


def number_range(numbers: NumberRange) -> str:
    """Return a range of numbers in words: "2019 to 2021", "from 2019", "up to 2021"."""
    if numbers.first is None:
        return _("up to %(last)s", last=numbers.last)
    if numbers.last is None:
        return _("from %(first)s", first=numbers.first)
    return _("%(first)s to %(last)s", first=numbers.first, last=numbers.last)


def size(count: int) -> str:
    """Return a number of bytes as people read it: 812 bytes, 24 kB, 1.3 MB (thousands, as operating systems show)."""
    if count < 1_000:
        return ngettext("%(count)s byte", "%(count)s bytes", count)
    # Half a thousand short of the next unit, because 999,600 bytes would be rounded to "1000 kB".
    factor, unit = next(
        (step for step in ((1_000, N_("%(amount)s kB")), (1_000_000, N_("%(amount)s MB"))) if count < 999.5 * step[0]),
        (1_000_000_000, N_("%(amount)s GB")),
    )
    amount = count / factor
    return _(unit, amount=decimal(amount) if amount < 9.95 else number(round(amount)))


def facet_label(info: FacetInfo) -> str:
    """Return what a facet is called: as the library has it, translated if most libraries call it so."""
    return _(info.label) if info.label in FACET_LABELS else info.label


def format_name(code: str) -> str:
    """Return what people call a format."""
    name = formats.format_name(code)
    return pgettext("format", name) if name in FORMAT_NAMES else name


def value_label(facet: str, value: str) -> str:
    """Return how a facet's value is shown: languages and formats by their names, all else as it is written."""
    if facet == languages.FACET:
        return language_name(value)
    return format_name(value) if facet == formats.FACET and value in formats.VALUES else value


def choice_label(info: FacetInfo, value: str) -> str:
    """Return how a value is shown that can be chosen: as `value_label` has it, and ranges of numbers in words."""
    numbers = read_range(value) if info.kind is FacetKind.NUMBERS else None
    return number_range(numbers) if numbers else value_label(info.name, value)


def said(remark: Remark) -> str:
    """Return what an engine has to tell people."""
    return _(remark.text, **{name: _filled_in(value) for name, value in remark.values.items()})


def _filled_in(value: Value) -> str:
    if isinstance(value, int):
        return number(value)
    return value if isinstance(value, str) else _(", ").join(value)


def resources(count: int) -> str:
    """Return how many resources: "1 resource", "1,204 resources"."""
    return ngettext("%(count)s resource", "%(count)s resources", count)


def files(count: int) -> str:
    """Return how many files: "1 file", "1,204 files"."""
    return ngettext("%(count)s file", "%(count)s files", count)


def pages(count: int) -> str:
    """Return how many pages: "1 page", "1,204 pages"."""
    return ngettext("%(count)s page", "%(count)s pages", count)


def slides(count: int) -> str:
    """Return how many slides: "1 slide", "24 slides"."""
    return ngettext("%(count)s slide", "%(count)s slides", count)


def sheets(count: int) -> str:
    """Return how many sheets: "1 sheet", "24 sheets"."""
    return ngettext("%(count)s sheet", "%(count)s sheets", count)


def chapters(count: int) -> str:
    """Return how many chapters: "1 chapter", "24 chapters"."""
    return ngettext("%(count)s chapter", "%(count)s chapters", count)


_COUNTS = {Unit.PAGE: pages, Unit.SLIDE: slides, Unit.SHEET: sheets, Unit.CHAPTER: chapters}
