"""What can be chosen of the widget: read from an address leniently, as the widget reads its attributes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from webapp.arguments import LONGEST_QUERY, LONGEST_VALUES, MOST_VALUES, SINCE, SORT, UNTIL, VERBATIM, Values
from webapp.interface import LANGUAGES, N_, _, interface, speaking

TARGETS = {"_blank": N_("a new tab"), "_top": N_("the whole window, out of any frame")}
"""Where results may open, apart from the page's own window."""

USUAL_LIMIT = 5
LARGEST_LIMIT = 20
LONGEST_PLACEHOLDER = 200

NARROWING = (VERBATIM.name, SINCE.name, UNTIL.name, SORT.name)
"""Arguments of a search beside its words and its facets, which a box keeps as they are."""


@dataclass(frozen=True, slots=True)
class WidgetOptions:
    """How a search box on another page looks and what it searches; all empty is how it is without attributes.

    `facets` names those whose values visitors may choose, `narrowed` holds pairs of a facet, or of one of NARROWING,
    and a value that the search is narrowed to, and `text` is what stands in the box at first. `limit` is the number of
    results.
    """

    facets: tuple[str, ...] = ()
    limit: int = USUAL_LIMIT
    language: str = ""
    placeholder: str = ""
    target: str = ""
    text: str = ""
    narrowed: tuple[tuple[str, str], ...] = ()

    @property
    def attributes(self) -> tuple[tuple[str, str], ...]:
        """The attributes of the tag, those with their default left out."""
        given = (
            ("lang", self.language),
            ("facets", " ".join(self.facets)),
            ("limit", "" if self.limit == USUAL_LIMIT else str(self.limit)),
            ("target", self.target),
            ("placeholder", self.placeholder),
        )
        return tuple((name, value) for name, value in given if value)

    @property
    def search_word(self) -> str:
        """What stands on the button of a form in the chosen language."""
        with speaking(self.language or interface().language):
            return _("Search")

    @property
    def kept(self) -> tuple[tuple[str, str], ...]:
        """What a form repeats in which the facets are chosen: the words, and what narrows the search beside facets."""
        text = (("q", self.text),) if self.text else ()
        return (*text, *(pair for pair in self.narrowed if pair[0] in NARROWING))

    def values_of(self, facet: str) -> tuple[str, ...]:
        """Return the values of a facet that the search is narrowed to."""
        return tuple(value for name, value in self.narrowed if name == facet)

    @property
    def search_query(self) -> str:
        """The search itself as the arguments of the address of its page, with the question mark."""
        return f"?{urlencode([('q', self.text), *self.narrowed])}"

    @property
    def query(self) -> str:
        """The options as the arguments of an address, with the question mark; empty when all are the default."""
        facets = [("facets", name) for name in self.facets]
        others = [(name, value) for name, value in self.attributes if name != "facets"]
        text = [("q", self.text)] if self.text else []
        arguments = urlencode([*text, *self.narrowed, *facets, *others])
        return f"?{arguments}" if arguments else ""


def read_widget_options(values: Values, facets: Iterable[str]) -> WidgetOptions:
    """Read the options; what makes no sense falls back to the default, and names that are no one's are passed over.

    `facets` are the names of those that the library has.
    """
    known = tuple(facets)
    return WidgetOptions(
        facets=tuple(name for name in known if name in _words(values.get("facets", ()))),
        limit=_limit(_first(values, "limit")),
        language=_one_of(_first(values, "lang"), LANGUAGES),
        placeholder=_first(values, "placeholder")[:LONGEST_PLACEHOLDER],
        target=_one_of(_first(values, "target"), TARGETS),
        text=_first(values, "q")[:LONGEST_QUERY],
        narrowed=_narrowed(values, known),
    )


def _words(given: Iterable[str]) -> set[str]:
    return {word for each in given for word in each.replace(",", " ").split()}


def _first(values: Values, name: str) -> str:
    return " ".join(next(iter(values.get(name, ())), "").split())


def _one_of(text: str, known: Iterable[str]) -> str:
    return text if text in known else ""


def _limit(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_LIMIT))
    return int(text) if is_number and 1 <= int(text) <= LARGEST_LIMIT else USUAL_LIMIT


def _narrowed(values: Values, known: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the values that the search is narrowed to, as many of them as a search may choose."""
    reserved = {"facets", "limit", "lang", "placeholder", "target", "q"}
    pairs = dict.fromkeys(
        (name, text)
        for name in (*known, *NARROWING)
        if name not in reserved
        for value in values.get(name, ())
        if (text := value.strip())
    )
    chosen: list[tuple[str, str]] = []
    room = LONGEST_VALUES
    for name, value in pairs:
        room -= len(value)
        if room >= 0 and len(chosen) < MOST_VALUES:
            chosen.append((name, value))
    return tuple(chosen)
