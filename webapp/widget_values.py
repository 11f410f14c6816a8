"""To which values of its facets the search on another site can be narrowed, with those that are chosen already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.index.curation import Curation
from indexer.index.engine import Engine
from indexer.index.manifest import FacetInfo
from webapp.arguments import ValuesQuestion
from webapp.labels import choice_label, facet_label
from webapp.values import list_values
from webapp.widget_options import WidgetOptions

MOST_VALUES = 500
"""How many values of a facet are offered, the most frequent: each is a control of the page."""


@dataclass(frozen=True, slots=True)
class NarrowingValue:
    """A value to narrow to; `count` is the number of its resources, None for one that is chosen and not offered."""

    value: str
    label: str
    count: int | None
    selected: bool


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A facet with the values to narrow to, the chosen ones first; `more` is how many others are not offered."""

    name: str
    label: str
    values: tuple[NarrowingValue, ...]
    chosen: int
    more: int


def narrowings(engine: Engine, options: WidgetOptions, curation: Curation) -> tuple[Narrowing, ...]:
    """Return the facets that have values to narrow to, in the library's order."""
    infos = engine.manifest.library.indexed_facets
    found = (_narrowing(engine, info, options.values_of(info.name), curation) for info in infos)
    return tuple(each for each in found if each.values)


def _narrowing(engine: Engine, info: FacetInfo, chosen: Sequence[str], curation: Curation) -> Narrowing:
    page = list_values(engine, ValuesQuestion(info.name, size=MOST_VALUES), info, curation)
    counts = {each.value: each.count for each in page.found.counts}
    values = tuple(
        NarrowingValue(value, choice_label(info, value), counts.get(value), value in chosen)
        for value in dict.fromkeys((*chosen, *counts))
    )
    return Narrowing(info.name, facet_label(info), values, len(chosen), page.total - len(counts))
