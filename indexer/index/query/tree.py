"""The tree that a query becomes: what is looked up, and how that is combined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
class Prefix:
    """One word of which only the beginning is given, anywhere or in one text field: `traffick*`.

    A term matches if it begins with one of the folded text's `analysis.beginnings` or is one of its
    `analysis.variants`: the term of "policies" is "polici", and `policy*` finds it.
    """

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """One word that may be spelled otherwise, anywhere or in one text field: `trafficing~`.

    A term matches if its Levenshtein distance to one of the word's `analysis.variants` is at most `edits`: inserted,
    deleted and replaced code points count one each.
    """

    text: str
    field: str = ""
    edits: int = 1


@dataclass(frozen=True, slots=True)
class Near:
    """Words that stand near each other in any order, anywhere or in one text field: `"forced labour"~5`.

    All of the `words`, which are different but may have the same term, stand in one text (one attachment, one value of
    a facet), and the last of them at most `len(words) - 1 + distance` positions behind the first. It occurs at every
    position where one of its words stands from which on the others are that near.
    """

    words: tuple[str, ...]
    distance: int
    field: str = ""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A resource with a value in this facet that holds these words side by side: `type:guidance`."""

    facet: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """A resource with a number in this facet between `first` and `last`, both included: `year:2019..2021`.

    A number is a value of 1 to 18 ASCII digits and nothing else. None leaves an end open.
    """

    facet: str
    first: int | None
    last: int | None


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


@dataclass(frozen=True, slots=True)
class Alternatives:
    """One thing that is asked for, however it is written: as it was typed, or as any of the others.

    A resource matches if it matches any of them. It counts once: its score is the best of what `typed` gives and
    `ranking.ALTERNATIVE_WEIGHT` times what each other gives, so that another wording never outweighs the reader's own.
    """

    typed: Node
    others: tuple[Node, ...]


Leaf = Word | Phrase | Prefix | Fuzzy | Near | FacetValue | Range
Node = Leaf | And | Or | Not | Alternatives


def all_of(children: Iterable[Node | None]) -> Node | None:
    """Return the conjunction of what there is among these, without one inside another; None when there is nothing."""
    found = _parts(And, children)
    return And(tuple(found)) if len(found) > 1 else next(iter(found), None)


def any_of(children: Iterable[Node | None]) -> Node | None:
    """Return the disjunction of what there is among these, without one inside another; None when there is nothing."""
    found = _parts(Or, children)
    return Or(tuple(found)) if len(found) > 1 else next(iter(found), None)


def one_of(typed: Node | None, others: Iterable[Node | None]) -> Node | None:
    """Return what was typed with the other ways to write it, each once; the first there is if nothing is typed."""
    first, *rest = dict.fromkeys(each for each in (typed, *others) if each) or (None,)
    return Alternatives(first, tuple(rest)) if first and rest else first


def _parts(joined: type[And] | type[Or], children: Iterable[Node | None]) -> Sequence[Node]:
    parts: list[Node] = []
    for child in children:
        if isinstance(child, joined):
            parts += child.children
        elif child:
            parts.append(child)
    return parts
