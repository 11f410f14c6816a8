"""What was mistyped in a query and what may have been meant, told by the words that the library has.

A word that no resource holds in any form is corrected without asking, as the query as it stands finds nothing with it.
A word that the library has is never changed: where a far more frequent one lies next to it, that one is proposed. Only
plain words and those of phrases are looked at. What is excluded, what has a star, a tilde or a distance, and what is
asked of a facet says already how exactly it is meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from indexer.index import analysis
from indexer.index.engine import Engine, Spelling
from indexer.index.query import Alternatives, And, Fuzzy, Near, Node, Not, Or, Phrase, Prefix, Word

MOST_WORDS = 32
"""How many words of a query are corrected, the first ones: a pasted page has to be answered in time, too."""

_SHORTEST = 3
"""Letters of a word that is corrected; of two, either may be right."""

_MOST_PROPOSED = 3
"""For how many words of a query another one is proposed; each proposal asks the engine how much it finds."""

_MOST_COSTLY = 2
"""How many phrases, prefixes and the like a query may have to be asked for again with other words."""

_RARE = 5
"""In how many resources a word may stand, at the most, to be suspected of being mistyped itself."""

_FAR_MORE = 20
"""How many times as many resources have to hold another word for it to be proposed instead."""


@dataclass(frozen=True, slots=True)
class Change:
    """A word as it was typed, folded, and the word that was meant, as the library writes it."""

    typed: str
    meant: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A query with other words: its tree, and what was changed, in the order in which it was typed.

    `unchecked` are words that the library does not have and for which none was looked for: there were too many.
    """

    tree: Node
    changes: tuple[Change, ...]
    unchecked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What may have been meant, as changes of the query, and how many resources hold all of that."""

    changes: tuple[Change, ...]
    total: int


def corrected(tree: Node, engine: Engine) -> Correction | None:
    """Return the query with each word that the library does not have replaced by the one that was likely meant.

    Of a choice (`a OR b`) that finds something nothing is replaced. None when nothing is to be said: no word was
    changed, and none was left unchecked.
    """
    unknown = [word for word in _suspects(_needed(tree, engine), engine) if not engine.knows(word)]
    if not unknown:
        return None
    company = _company(tree, engine)
    meant = {word: engine.spellings(word, company, 1) for word in unknown[:MOST_WORDS]}
    found = {word: spellings[0] for word, spellings in meant.items() if spellings}
    unchecked = (*unknown[MOST_WORDS:],)
    if not found and not unchecked:
        return None
    changes = tuple(Change(word, spelling.text) for word, spelling in found.items())
    return Correction(_with(tree, found), changes, unchecked)


def proposed(tree: Node, engine: Engine, limit: int = 3) -> tuple[Proposal, ...]:
    """Return what may have been meant instead of words that the library has, the likeliest first.

    One word is changed at a time. Only what finds more than the query itself is proposed.
    """
    if _costly(tree) > _MOST_COSTLY:
        return ()
    known = (word for word in _suspects(tree, engine)[:MOST_WORDS] if 0 < engine.count(Word(word)) <= _RARE)
    rare = list(islice(known, _MOST_PROPOSED))
    total = engine.count(tree) if rare else 0
    company = _company(tree, engine) if rare else []
    found: list[tuple[float, Proposal]] = []
    for word in rare:
        least = _FAR_MORE * engine.count(Word(word))
        for spelling in engine.spellings(word, [each for each in company if each != word], limit):
            more = engine.count(_with(tree, {word: spelling})) if spelling.resources >= least else 0
            if more > total:
                found.append((-spelling.likelihood, Proposal((Change(word, spelling.text),), more)))
    found.sort(key=lambda item: item[0])
    return tuple(proposal for _, proposal in found[:limit])


def _costly(node: Node) -> int:
    """Return how many parts of a query take longer to look up than a word does."""
    match node:
        case Phrase() | Near() | Prefix() | Fuzzy():
            return 1
        case And(children) | Or(children):
            return sum(map(_costly, children))
        case Alternatives(typed, others):
            return _costly(typed) + sum(map(_costly, others))
        case Not(child):
            return _costly(child)
        case _:
            return 0


def retyped(text: str, changes: Sequence[Change]) -> str:
    """Return what was typed with the words changed, and all else as it was."""
    meant = {change.typed: change.meant for change in changes}
    for begin, end in reversed(analysis.spans(text)):
        word = meant.get(analysis.fold(text[begin:end]))
        if word:
            text = f"{text[:begin]}{word}{text[end:]}"
    return text


def _words_of(node: Node) -> list[str]:
    """Return the words of a query that may be mistyped, in order and each once."""
    return list(dict.fromkeys(_plain_words(node)))


def _plain_words(node: Node) -> Iterator[str]:
    match node:
        case Word(text, _):
            yield text
        case Phrase(words, _):
            yield from words
        case And(children) | Or(children):
            for child in children:
                yield from _plain_words(child)


def _as_typed(node: Node) -> Node:
    """Return a query with nothing but the reader's own wording of each thing."""
    match node:
        case Alternatives(typed, _):
            return _as_typed(typed)
        case And(children):
            return And(tuple(map(_as_typed, children)))
        case Or(children):
            return Or(tuple(map(_as_typed, children)))
        case _:
            return node


def _suspects(tree: Node, engine: Engine) -> list[str]:
    """Return the words that may be mistyped: stop words are right, and digits belong to numbers and names."""
    right = analysis.stop_words(engine.manifest.library.languages)
    words = (word for word in _words_of(tree) if len(word) >= _SHORTEST and word not in right)
    return [word for word in words if not any(map(str.isdigit, word))]


def _company(tree: Node, engine: Engine) -> list[str]:
    """Return the words of a query beside which what was meant is likely to stand."""
    stop_words = analysis.stop_words(engine.manifest.library.languages)
    others = (word for word in _words_of(_as_typed(tree)) if word not in stop_words and engine.knows(word))
    return list(islice(others, MOST_WORDS))


def _needed(node: Node, engine: Engine) -> Node:
    """Return a query without its choices that find something: whatever is wrong in them, they do not need it."""
    match node:
        case Or():
            return Or(()) if engine.count(node) else node
        case And(children):
            return And(tuple(_needed(child, engine) for child in children))
        case _:
            return node


def _with(node: Node, meant: Mapping[str, Spelling]) -> Node:
    """Return a query with some of its words replaced."""
    match node:
        case Word(text, field) if text in meant:
            return Word(analysis.fold(meant[text].text), field)
        case Phrase(words, _):
            return replace(node, words=tuple(analysis.fold(meant[w].text) if w in meant else w for w in words))
        case And(children):
            return And(tuple(_with(child, meant) for child in children))
        case Or(children):
            return Or(tuple(_with(child, meant) for child in children))
        case _:
            return node
