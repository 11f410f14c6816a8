"""What a query may cost: parts that would take too long are left out, and named.

A query of a thousand characters can ask for a hundred phrases of frequent words, or for all words with an "e". What a
part costs is known before it is looked up, so that the same query on the same index always has the same answer, however
busy the machine is.
"""

from __future__ import annotations

from collections.abc import Iterable

from indexer.index.query import (
    Alternatives,
    And,
    FacetValue,
    Fuzzy,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Word,
    written,
)
from indexer.index.remarks import Remark
from indexer.index.whoosh.lookup import Lookup

AFFORDABLE = 3_000_000
"""How many occurrences of words the parts of a query may come to that are more than words; some 60 ms."""

_NAMED = 3
"""How many of the parts that were left out are named."""

_LONGEST = 60
"""How many characters of each are repeated."""


class Budget:
    """What is left of what one query may cost, and the parts for which it was not enough."""

    def __init__(self, lookup: Lookup, affordable: int) -> None:
        self._lookup = lookup
        self._left = affordable
        self._known: dict[Prefix | Fuzzy | Phrase | Near, bool] = {}

    def affordable(self, node: Node) -> Node | None:
        """Return a query without the parts that cost too much; None if nothing is left of it."""
        match node:
            case Prefix() | Fuzzy() | Phrase() | Near():
                return node if self._admits(node) else None
            case Word() | FacetValue() | Range():
                return node
            case And(children):
                return _joined(And, self._some(children))
            case Or(children):
                return _joined(Or, self._some(children))
            case Not(child):
                inner = self.affordable(child)
                return Not(inner) if inner else None
            case Alternatives(typed, others):
                kept = self._some([typed, *others])
                if len(kept) == 1 and others:
                    return kept[0]
                return Alternatives(kept[0], tuple(kept[1:])) if kept else None

    def left_out(self) -> tuple[Remark, ...]:
        """Return a remark that names what was left out; none if nothing was."""
        names = [_shortened(written(node)) for node, is_admitted in self._known.items() if not is_admitted]
        if not names:
            return ()
        others = len(names) - _NAMED
        parts = tuple(names[:_NAMED])
        if others > 0:
            some = Remark(
                "To answer in time, some of this was left out: %(parts)s and %(more)s more. "
                "Ask for less at once, or for longer words.",
                {"parts": parts, "more": others},
            )
        else:
            some = Remark(
                "To answer in time, some of this was left out: %(parts)s. Ask for less at once, or for longer words.",
                {"parts": parts},
            )
        return (some,)

    def _some(self, children: Iterable[Node]) -> list[Node]:
        return [kept for child in children if (kept := self.affordable(child))]

    def _admits(self, node: Prefix | Fuzzy | Phrase | Near) -> bool:
        if node not in self._known:
            self._known[node] = self._spend(self._lookup.comparing_cost(node)) and self._spend(self._lookup.cost(node))
        return self._known[node]

    def _spend(self, cost: int) -> bool:
        if cost > self._left:
            return False
        self._left -= cost
        return True


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()}…"


def _joined(node_type: type[And] | type[Or], children: list[Node]) -> Node | None:
    if len(children) < 2:
        return children[0] if children else None
    return node_type(tuple(children))
