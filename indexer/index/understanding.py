"""From what was typed to what the engine is asked: the steps, in their order, that the web and the terminal share."""

from __future__ import annotations

from dataclasses import dataclass, field

from indexer.index.compounds import compounded
from indexer.index.curation import NOTHING, Curation, Decided
from indexer.index.engine import Engine
from indexer.index.pins import Choice
from indexer.index.query import Node, parse
from indexer.index.remarks import Remark
from indexer.index.spelling import Change, corrected, retyped


@dataclass(frozen=True, slots=True)
class Understood:
    """What a query is taken to mean: the tree that the engine is asked, and None when it holds no word at all.

    `text` is what the reader would have typed for it, which is what was typed but for the `changes`. `unchecked` are
    words that the library does not have and for which no other was looked for, as there were too many. `choice` is
    what a librarian chose for the query, and `bounded` says what was left out of it.
    """

    tree: Node | None
    text: str
    changes: tuple[Change, ...] = ()
    unchecked: tuple[str, ...] = ()
    choice: Choice = field(default_factory=Choice)
    bounded: tuple[Remark, ...] = ()


def understood(text: str, engine: Engine, curation: Curation = NOTHING) -> Understood:
    """Return what a query likely means.

    Its synonyms are asked for as well, compounds in both ways, and what was mistyped is corrected. What a librarian
    decided holds for the query as it was meant.
    """
    decided = _decided(text, engine, curation)
    if decided.tree is None:
        return _as_decided(text, decided)
    tree = compounded(decided.tree, engine)
    correction = corrected(tree, engine)
    if correction is None:
        return Understood(tree, text, (), (), decided.choice, decided.bounded)
    meant = retyped(text, correction.changes)
    again = _decided(meant, engine, curation)
    tree = compounded(again.tree, engine) if again.tree is not None else correction.tree
    return Understood(tree, meant, correction.changes, correction.unchecked, again.choice, again.bounded)


def verbatim(text: str, engine: Engine, curation: Curation = NOTHING) -> Understood:
    """Return a query as it was typed, with what a librarian decided on it."""
    return _as_decided(text, _decided(text, engine, curation))


def _as_decided(text: str, decided: Decided) -> Understood:
    return Understood(decided.tree, text, (), (), decided.choice, decided.bounded)


def _decided(text: str, engine: Engine, curation: Curation) -> Decided:
    return curation.decided(_parsed(text, engine), engine.manifest.library.languages)


def _parsed(text: str, engine: Engine) -> Node | None:
    return parse(text, [facet.name for facet in engine.manifest.library.indexed_facets])
