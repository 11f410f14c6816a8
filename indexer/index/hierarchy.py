"""Paths, the values of hierarchical facets: "Region > Africa > Malawi", each ancestor of which is a value as well."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

MOST_LEVELS = 20
"""How many levels a path may have: a value is indexed once for each of them."""


def names_in(text: str, separator: str) -> tuple[str, ...]:
    """Return the names of the levels that a text holds, the top first; empty ones count for nothing."""
    return tuple(name for part in text.split(separator) if (name := " ".join(part.split())))


def path_of(names: Iterable[str], separator: str) -> str:
    """Return the one way to write a path of these names: with spaces around the separator, which no name holds."""
    return f" {separator} ".join(names)


def lineage(path: str, separator: str) -> tuple[str, ...]:
    """Return the ancestors of a path, the top first, and at last the path itself, as `path_of` writes them."""
    return tuple(accumulate(names_in(path, separator), lambda above, name: path_of((above, name), separator)))


def parent(path: str, separator: str) -> str:
    """Return what stands directly above a path; empty for what is at the top."""
    return path.rpartition(f" {separator} ")[0]


def most_specific(paths: Iterable[str], separator: str) -> tuple[str, ...]:
    """Return the paths without those that are ancestors of others: whoever is in Malawi is in Africa."""
    found = tuple(dict.fromkeys(paths))
    implied = {above for path in found for above in lineage(path, separator)[:-1]}
    return tuple(path for path in found if path not in implied)
