"""What the user typed, as a tree: the query language of Handlist."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """A word, anywhere or in one text field."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand side by side in this order, anywhere or in one text field."""

    words: tuple[str, ...]
    field: str = ""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A resource with a value in this facet that holds these words side by side: `type:guidance`."""

    facet: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class And:
    """All of these."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of these."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but this."""

    child: Node


Node = Word | Phrase | FacetValue | And | Or | Not


def parse(text: str, facets: tuple[str, ...] = ()) -> Node | None:
    """Turn what was typed into a tree; None when it holds no word at all. Never raises.

    `facets` are the names of the library's facets, which may stand before a colon.
    """
    raise AssertionError(text, facets)
