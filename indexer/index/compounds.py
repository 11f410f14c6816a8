"""Words that one writes together and the other apart ("health care", "healthcare"): asked for in both ways.

What is written apart is also asked for as one word if the library has it. What is written together is also asked for as
two words if these really follow each other in the library, and a short word as its letters, as texts have "U.N." for
"UN". Hyphens part words, so "sub-agents" is written apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.index import analysis
from indexer.index.characters import is_character
from indexer.index.engine import Engine
from indexer.index.query import Alternatives, And, Node, Not, Or, Phrase, Word

_SHORTEST = 6
"""Letters of a word that is taken apart."""

_FIRST_PART, _SECOND_PART = 2, 3
"""Letters that its parts have at the least: "co-workers", "air bag". Letters and digits part anywhere: "covid 19"."""

_ABBREVIATION = range(2, 4)
"""How many letters a word may have that is also asked for letter by letter; longer ones rarely have dots."""

_MOST_SPELLED_OUT = 3
"""For how many of them it is looked up whether their letters follow each other: initials are frequent."""

_LONGEST = 40
"""Letters of a word that is taken apart or put together, at the most: longer ones are no words."""

_MOST = 32
"""How many words of a query are looked at."""

_MOST_COUNTED = 10
"""For how many pairs of parts it is looked up whether they follow each other: of frequent words that takes a while."""


def compounded(tree: Node, engine: Engine) -> Node:
    """Return a query that asks for compounds in both ways; the tree itself when it has none."""
    return _Compounds(engine, tree).of(tree)


class _Compounds:
    """The compounds of one query."""

    def __init__(self, engine: Engine, whole: Node) -> None:
        self._engine = engine
        self._stop_words = analysis.stop_words(engine.manifest.library.languages)
        self._whole = whole
        self._left = _MOST
        self._counts_left = _MOST_COUNTED
        self._spellings_left = _MOST_SPELLED_OUT

    def of(self, node: Node) -> Node:
        """Return a part of the query with its compounds in both ways."""
        match node:
            case And(children):
                found = list(self._joined(children))
                return And(tuple(found)) if len(found) > 1 else found[0]
            case Or(children):
                return Or(tuple(map(self.of, children)))
            case Not(child):
                return Not(self.of(child))
            case Word(text, field):
                others = tuple(Phrase(parts, field) for parts in (*self._parted(text), *self._spelled_out(node)))
                return Alternatives(node, others) if others else node
            case Phrase((first, second), field) if self._is_joined(first, second):
                return Alternatives(node, (Word(first + second, field),))
            case _:
                return node

    def _joined(self, children: Sequence[Node]) -> Iterator[Node]:
        """Yield the children of a conjunction, those that the library writes together as one."""
        rest = list(reversed(children))
        while rest:
            child = rest.pop()
            follower = rest[-1] if rest else None
            if isinstance(child, Word) and isinstance(follower, Word) and self._are_one(child, follower):
                rest.pop()
                yield Alternatives(And((child, follower)), (Word(child.text + follower.text, child.field),))
            else:
                yield self.of(child)

    def _are_one(self, first: Word, second: Word) -> bool:
        return first.field == second.field and self._is_joined(first.text, second.text)

    def _is_joined(self, first: str, second: str) -> bool:
        """Tell whether the library has two words as one."""
        # "For mal" is a slip, "the rapist" is none.
        others = [word for word in (first, second) if word not in self._stop_words]
        if len(others) < 2 and all(map(self._engine.knows, others)):
            return False
        return _SHORTEST - 1 <= len(first + second) <= _LONGEST and self._engine.knows(first + second)

    def _parted(self, word: str) -> list[tuple[str, str]]:
        """Return the ways to take a word apart into two that follow each other in the library."""
        if not _SHORTEST <= len(word) <= _LONGEST or not self._left:
            return []
        self._left -= 1
        is_known = self._engine.knows(word)
        return [
            parts
            for parts in _ways(word)
            if (self._stop_words.isdisjoint(parts) or not is_known)
            and all(map(self._engine.knows, parts))
            and self._follow(parts)
        ]

    def _spelled_out(self, word: Word) -> list[tuple[str, ...]]:
        """Return the letters of an abbreviation if the library has it written with dots or spaces between them."""
        letters = tuple(word.text)
        if len(letters) not in _ABBREVIATION or not all(map(_is_initial, letters)) or not self._spellings_left:
            return []
        # A stop word beside others need not be found, but "US" alone may be meant as "U.S.".
        is_needed = word.text not in self._stop_words or word is self._whole
        if not is_needed or not all(map(self._engine.knows, letters)):
            return []
        self._spellings_left -= 1
        return [letters] if self._engine.count(Phrase(letters, word.field)) else []

    def _follow(self, parts: tuple[str, str]) -> bool:
        if not self._counts_left:
            return False
        self._counts_left -= 1
        return self._engine.count(Phrase(parts)) > 0


def _is_initial(letter: str) -> bool:
    return letter.isalpha() and not is_character(letter)


def _ways(word: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to take a word apart into two."""
    for end in range(1, len(word)):
        is_between = word[end - 1].isdigit() != word[end].isdigit()
        if is_between or _FIRST_PART <= end <= len(word) - _SECOND_PART:
            yield word[:end], word[end:]
