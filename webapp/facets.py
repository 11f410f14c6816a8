"""Facets as readers meet them: the values of a resource, the options beside a result, the chips above it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.index import analysis
from indexer.index.engine import Engine, Facet, FacetCount
from indexer.index.hierarchy import lineage, names_in, parent
from indexer.index.manifest import FacetInfo, FacetKind, ValueOrder
from indexer.index.numbers import is_number, read_range
from webapp.addresses import arguments_of, search_url, toggled_url, value_url, values_url
from webapp.arguments import Question, ValuesQuestion, range_names
from webapp.interface import _
from webapp.labels import TAG_FACETS, TYPE_FACETS, choice_label, facet_label, value_label

VALUES_SHOWN = 10
"""How many values of a facet stand beside results, of a hierarchy on each level; the chosen ones always do."""


@dataclass(frozen=True, slots=True)
class Link:
    """A value that leads to its search: `value` stands in the address, `label` is read."""

    value: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class FacetValues:
    """A resource's values in one facet, each with the search for it."""

    name: str
    label: str
    values: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a facet with its count; `url` is the search with the value chosen, or no longer chosen.

    In a hierarchy, `children` are the values directly below it that are shown.
    """

    value: str
    label: str
    count: int
    selected: bool
    url: str
    children: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class RangeForm:
    """What a form asks a range of numbers with: the names of its two ends, what they hold, and what it repeats."""

    names: tuple[str, str]
    ends: tuple[str, str]
    kept: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FacetOptions:
    """A facet's values beside a result.

    `more` is how many values with results are not among them, and `more_url` lists all. `range` asks for a range where
    values are numbers, and is None elsewhere; `most` is the highest count of a number, beside which others are drawn.
    """

    name: str
    label: str
    options: tuple[Option, ...]
    more: int
    more_url: str
    most: int
    range: RangeForm | None = None


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen value of a facet, or a chosen day, and the search without it; `name` is empty for days."""

    name: str
    facet: str
    label: str
    url: str


def facet_names(engine: Engine) -> tuple[str, ...]:
    """Return the names of the facets that may be asked for, those that the library shows first and in its order."""
    return tuple(facet.name for facet in engine.manifest.library.indexed_facets)


def facet_info(engine: Engine, name: str) -> FacetInfo | None:
    """Return a facet that may be asked for, None if there is no such."""
    return next((facet for facet in engine.manifest.library.indexed_facets if facet.name == name), None)


def value_links(engine: Engine, values: Mapping[str, tuple[str, ...]]) -> tuple[FacetValues, ...]:
    """Return a resource's values in the library's order of facets, each with the search for it."""
    return tuple(
        FacetValues(facet.name, facet_label(facet), tuple(_link(facet.name, value) for value in values[facet.name]))
        for facet in engine.manifest.library.facets
        if values.get(facet.name)
    )


def ordinary(facets: Iterable[FacetValues]) -> list[FacetValues]:
    """Return the facets that stand in the line under a title, neither above it nor at the foot."""
    return [facet for facet in facets if facet.name not in TYPE_FACETS and facet.name not in TAG_FACETS]


def options(engine: Engine, question: Question, facet: Facet) -> FacetOptions:
    """Return a counted facet with the address that chooses each of its values, or gives it up."""
    info = facet_info(engine, facet.name) or FacetInfo(facet.name, facet.name)
    arrange = _tree if info.hierarchy else _numbers if info.kind is FacetKind.NUMBERS else _names
    listed = arrange(info, choices(engine, question, info, facet.counts))
    return FacetOptions(
        name=info.name,
        label=facet_label(info),
        options=listed,
        more=facet.more + len(facet.counts) - sum(map(_size, listed)),
        more_url=values_url(ValuesQuestion(info.name, question)),
        most=max((option.count for option in listed if is_number(option.value)), default=0),
        range=_range_form(question, info.name) if info.kind is FacetKind.NUMBERS else None,
    )


def choices(engine: Engine, question: Question, info: FacetInfo, counts: Iterable[FacetCount]) -> tuple[Option, ...]:
    """Return counted values as options, in the order in which they come."""
    chosen = question.chosen(info.name)
    url = toggled_url(question, engine.manifest.library.indexed_facets, info.name)
    return tuple(
        Option(each.value, choice_label(info, each.value), each.count, each.value in chosen, url(each.value))
        for each in counts
    )


def chips(engine: Engine, question: Question) -> tuple[Chip, ...]:
    """Return every chosen value, and the days that are asked for, with the search without it."""
    infos = engine.manifest.library.indexed_facets
    first = replace(question, page=1)
    values = (
        Chip(info.name, facet_label(info), choice_label(info, value), toggled_url(question, infos, info.name)(value))
        for info in infos
        for value in question.chosen(info.name)
    )
    since = [Chip("", _("Since"), question.since, search_url(replace(first, since="")))] if question.since else []
    until = [Chip("", _("Until"), question.until, search_url(replace(first, until="")))] if question.until else []
    return (*values, *since, *until)


def sorted_by_name(found: Iterable[Option]) -> tuple[Option, ...]:
    """Return options in the order of their labels, without regard to case and accents."""
    return tuple(sorted(found, key=lambda option: (analysis.words(option.label), option.label)))


def _names(info: FacetInfo, found: Sequence[Option]) -> tuple[Option, ...]:
    """Return the most frequent options and the chosen ones, as the library sorts them."""
    shown = _first(found, frozenset())
    return sorted_by_name(shown) if info.order is ValueOrder.NAME else shown


def _numbers(_info: FacetInfo, found: Sequence[Option]) -> tuple[Option, ...]:
    """Return the chosen ranges and the highest numbers: of years, the newest."""
    ranges = tuple(option for option in found if read_range(option.value))
    numbers = sorted((option for option in found if is_number(option.value)), key=lambda option: -int(option.value))
    return ranges + _first(numbers, frozenset())


def _tree(info: FacetInfo, found: Sequence[Option]) -> tuple[Option, ...]:
    """Return the options at the top, each with those below it that are shown."""
    separator = info.hierarchy
    levels: dict[str, list[Option]] = {}
    for option in found:
        levels.setdefault(parent(option.value, separator), []).append(option)
    chosen = [option.value for option in found if option.selected]
    open_paths = frozenset(path for value in chosen for path in lineage(value, separator))

    def below(path: str) -> tuple[Option, ...]:
        level = tuple(
            replace(each, label=names_in(each.value, separator)[-1], children=below(each.value))
            for each in _first(levels.get(path, ()), open_paths)
        )
        return sorted_by_name(level) if info.order is ValueOrder.NAME else level

    return below("")


def _first(found: Sequence[Option], always: Container[str]) -> tuple[Option, ...]:
    """Return the first options, and of the others those that are chosen or always wanted."""
    others = (option for option in found[VALUES_SHOWN:] if option.selected or option.value in always)
    return (*found[:VALUES_SHOWN], *others)


def _size(option: Option) -> int:
    return 1 + sum(map(_size, option.children))


def _range_form(question: Question, name: str) -> RangeForm:
    """Return the form that asks for a range; it holds the one that is chosen, and what is sent takes its place."""
    ranges = {value: numbers for value in question.chosen(name) if (numbers := read_range(value))}
    kept = tuple(each for each in arguments_of(question) if each[0] != name or each[1] not in ranges)
    (first, last), *others = [(each.first, each.last) for each in ranges.values()] or [(None, None)]
    ends = ("", "") if others else ("" if first is None else str(first), "" if last is None else str(last))
    return RangeForm(range_names(name), ends, kept)


def _link(name: str, value: str) -> Link:
    return Link(value, value_label(name, value), value_url(name, value))
