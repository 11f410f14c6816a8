"""Facets as readers meet them: the values of a resource, the options beside a result, the chips above it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from indexer.index.engine import Engine, Facet
from indexer.index.values import value_label
from webapp.addresses import toggled_url, value_url
from webapp.arguments import Question
from webapp.labels import TAG_FACETS, TYPE_FACETS


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
    """A value of a facet with its count; `url` is the search with the value chosen, or no longer chosen."""

    value: str
    label: str
    count: int
    selected: bool
    url: str


@dataclass(frozen=True, slots=True)
class FacetOptions:
    """A facet's values beside a result; `more` says how many were not listed."""

    name: str
    label: str
    options: tuple[Option, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen value of a facet and the search without it."""

    facet: str
    label: str
    url: str


def facet_names(engine: Engine) -> tuple[str, ...]:
    """Return the names of the facets that may be asked for, those that the library shows first and in its order."""
    return tuple(facet.name for facet in engine.manifest.library.indexed_facets)


def value_links(engine: Engine, values: Mapping[str, tuple[str, ...]]) -> tuple[FacetValues, ...]:
    """Return a resource's values in the library's order of facets, each with the search for it."""
    return tuple(
        FacetValues(facet.name, facet.label, tuple(_link(facet.name, value) for value in values[facet.name]))
        for facet in engine.manifest.library.facets
        if values.get(facet.name)
    )


def ordinary(facets: Iterable[FacetValues]) -> list[FacetValues]:
    """Return the facets that stand in the line under a title, neither above it nor at the foot."""
    return [facet for facet in facets if facet.name not in TYPE_FACETS and facet.name not in TAG_FACETS]


def options(engine: Engine, question: Question, facet: Facet) -> FacetOptions:
    """Return a counted facet with the address that chooses each of its values, or gives it up."""
    name = facet.name
    chosen = question.chosen(name)
    url = toggled_url(question, facet_names(engine), name)
    listed = tuple(
        Option(each.value, value_label(name, each.value), each.count, each.value in chosen, url(each.value))
        for each in facet.counts
    )
    return FacetOptions(name, _label(engine, name), listed, facet.more)


def chips(engine: Engine, question: Question) -> tuple[Chip, ...]:
    """Return every chosen value with the search without it."""
    names = facet_names(engine)
    return tuple(
        Chip(_label(engine, name), value_label(name, value), toggled_url(question, names, name)(value))
        for name, values in question.filters
        for value in values
    )


def _link(name: str, value: str) -> Link:
    return Link(value, value_label(name, value), value_url(name, value))


def _label(engine: Engine, name: str) -> str:
    return next((facet.label for facet in engine.manifest.library.indexed_facets if facet.name == name), name)
