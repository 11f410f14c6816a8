"""A query that also asks for what things are called otherwise.

A name is a word, neighbouring words of one AND, or a phrase or part of one, in whatever field they are looked for. The
longest names come first, and those that overlap them are not looked at. Beginnings of words (`work*`) and misspelled
words (`work~`) name nothing.

What was typed stays as it was typed, so that whatever it found is still found: words that were not quoted may stand
anywhere. The other names were typed by nobody. Of those, several words are a phrase, for as words they would bring all
resources that have these words somewhere, and those would be more than anybody who knows the name asked for.

Behind a minus a name stands for those that mean the same, and not for those that it only leads to: who does without
"modern slavery" need not do without forced labour.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from operator import itemgetter

from indexer.index.curated import Name
from indexer.index.query import Alternatives, And, Node, Not, Or, Phrase, Word
from indexer.index.synonyms import Found, Synonyms

MAX_ADDED = 50
"""How many other names are looked for in one query: each costs what a phrase does."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """A query with its other names, and how many names were left out for want of room."""

    tree: Node
    left_out: int = 0


def expanded(tree: Node, synonyms: Synonyms, languages: tuple[str, ...]) -> Expansion:
    """Return a query that also asks for the other names of what it asks for. `languages` are those of the library."""
    if not synonyms:
        return Expansion(tree)
    expander = _Expander(languages)
    return Expansion(expander.expand(tree, synonyms), expander.left_out)


class _Expander:
    """One query; what may be added is shared by all its parts, the first of which comes first."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.left_out = 0
        self._room = MAX_ADDED
        self._languages = languages

    def expand(self, node: Node, synonyms: Synonyms) -> Node:
        """Return a part of the query with other names."""
        match node:
            case Word() | Phrase():
                return self._named([node], synonyms)[0]
            case And(children):
                parts = [part for run in _runs(children) for part in self._run(run, synonyms)]
                return And(tuple(parts)) if len(parts) > 1 else parts[0]
            case Or(children):
                return Or(tuple(self.expand(child, synonyms) for child in children))
            case Not(child):
                return Not(self.expand(child, synonyms.without_one_way()))
            case _:
                return node

    def _run(self, run: Sequence[Node], synonyms: Synonyms) -> list[Node]:
        named = [node for node in run if isinstance(node, Word | Phrase)]
        return self._named(named, synonyms) if named else [self.expand(node, synonyms) for node in run]

    def _named(self, run: Sequence[Word | Phrase], synonyms: Synonyms) -> list[Node]:
        """Return neighbours of one field, those that are a name replaced by all its names."""
        words = [word for node in run for word in _words(node)]
        edges = list(accumulate((len(_words(node)) for node in run), initial=0))
        number = {edge: place for place, edge in enumerate(edges)}
        chosen = _chosen(synonyms.found_in(words, self._languages), number)
        whole = {one.begin: one for one in chosen if one.begin in number and one.end in number}
        parts: list[Node] = []
        at = 0
        while at < len(run):
            begin = edges[at]
            end = number[whole[begin].end] if begin in whole else at + 1
            inside = [one for one in chosen if begin <= one.begin and one.end <= edges[end]]
            parts.append(self._with_others(run[at:end], begin, inside))
            at = end
        return parts

    def _with_others(self, run: Sequence[Word | Phrase], begin: int, found: Sequence[Found]) -> Node:
        """Return some neighbours as one thing that is asked for, and its other names, as far as there is room."""
        typed: Node = run[0] if len(run) == 1 else And(tuple(run))
        words = tuple(word for node in run for word in _words(node))
        names = dict.fromkeys(
            words[: one.begin - begin] + other + words[one.end - begin :] for one in found for other in one.others
        )
        others = tuple(_node(name, run[0].field) for name in list(names)[: self._room])
        self.left_out += len(names) - len(others)
        self._room -= len(others)
        return Alternatives(typed, others) if others else typed


def _runs(children: Sequence[Node]) -> Iterator[list[Node]]:
    """Yield the children of an AND, words and phrases that are neighbours in one field together."""
    keys = [node.field if isinstance(node, Word | Phrase) else number for number, node in enumerate(children)]
    for _, run in groupby(zip(keys, children, strict=True), itemgetter(0)):
        yield [node for _, node in run]


def _chosen(found: Sequence[Found], edges: Container[int]) -> list[Found]:
    """Return the names that are replaced: whole neighbours or a part of one of them, none of which overlap."""
    taken: set[int] = set()
    chosen: list[Found] = []
    for one in found:
        span = range(one.begin, one.end)
        is_whole = one.begin in edges and one.end in edges
        is_part = not any(edge in edges for edge in span[1:])
        if (is_whole or is_part) and taken.isdisjoint(span):
            taken.update(span)
            chosen.append(one)
    return chosen


def _words(node: Word | Phrase) -> Name:
    return (node.text,) if isinstance(node, Word) else node.words


def _node(name: Name, field: str) -> Word | Phrase:
    return Word(name[0], field) if len(name) == 1 else Phrase(name, field)
