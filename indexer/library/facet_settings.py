"""The facets of `library.toml`: their names, the front-matter keys that hold their values, and what these are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.index import formats
from indexer.index.manifest import FacetKind, ValueOrder
from indexer.index.schema import TEXT_FIELDS
from indexer.library.settings_table import Table

_RESERVED = frozenset(
    {"q", "page", "sort", "limit", "id", "verbatim", "since", "until", "find", "order", "lang", *TEXT_FIELDS}
)
"""Names that mean something else in an address or a query and therefore cannot be those of facets."""


@dataclass(frozen=True, slots=True)
class FacetRule:
    """A facet: its name in addresses, its label on the page, and the front-matter keys that hold its values.

    A value that is plain text is split at `separator`; an empty one leaves commas in names alone. `hierarchy` parts the
    levels of a value; empty where values have none. A facet of formats without keys holds those of a resource's files.
    """

    name: str
    label: str
    keys: tuple[str, ...]
    separator: str = ","
    kind: FacetKind = FacetKind.NAMES
    hierarchy: str = ""
    order: ValueOrder = ValueOrder.COUNT


DEFAULT_FACETS = (
    FacetRule("type", "Type", ("type", "types")),
    FacetRule("tag", "Tags", ("tag", "tags")),
    FacetRule("publisher", "Publisher", ("publisher", "publishers"), separator=""),
    FacetRule("year", "Year", ("year", "years"), kind=FacetKind.NUMBERS),
    FacetRule("language", "Language", ("language", "languages", "lang")),
    FacetRule(formats.FACET, "Files", ()),
)


def read_facets(table: Table) -> tuple[FacetRule, ...]:
    """Read the `[[facets]]`, which take the place of the default ones."""
    tables = table.tables("facets")
    if tables is None:
        return DEFAULT_FACETS
    rules = tuple(_facet(facet) for facet in tables)
    names = [rule.name for rule in rules]
    for name in names:
        if names.count(name) > 1:
            raise table.error("facets", f"holds “{name}” twice; give every facet a name of its own")
    return rules


def _facet(table: Table) -> FacetRule:
    """Read one facet; one that is also a default facet needs no more than its name."""
    name = table.text("name", "")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise table.error("name", f"is “{name}”; use small letters, digits and _, beginning with a letter")
    if name in _RESERVED:
        raise table.error("name", f"cannot be “{name}”, which has a meaning of its own in a search; choose another")
    default = {facet.name: facet for facet in DEFAULT_FACETS}.get(name)
    label = name.replace("_", " ").capitalize()
    known = default or FacetRule(name, label, (name, f"{name}s"))
    rule = FacetRule(
        name=name,
        label=table.text("label", known.label),
        keys=read_keys(table, "keys", known.keys),
        separator=table.text("separator", known.separator),
        kind=FacetKind(table.choice("kind", known.kind, FacetKind)),
        hierarchy=table.text("hierarchy", known.hierarchy).strip(),
        order=ValueOrder(table.choice("order", known.order, ValueOrder)),
    )
    _refuse_hierarchy(table, rule)
    table.refuse_unknown()
    return rule


def _refuse_hierarchy(table: Table, rule: FacetRule) -> None:
    """Raise SettingsError for levels that cannot be parted."""
    if rule.hierarchy and rule.kind is FacetKind.NUMBERS:
        raise table.error("hierarchy", "parts names and no numbers; leave it out, or the kind")
    if rule.hierarchy and rule.hierarchy == rule.separator.strip():
        raise table.error("hierarchy", "is what parts the values of a text, too; choose another one, or a “separator”")


def read_keys(table: Table, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """Read a list of front-matter keys, in which upper and lower case are the same."""
    return tuple(key.strip().lower() for key in table.texts(name, default))
