"""Words whose space was lost ("combathuman traffickingand"), told and mended by the library's own vocabulary.

A word is parted if it hardly stands anywhere and two words of the library make it up that follow each other in another
resource. Compounds ("datacenters", "data centers") pass that too, so one of the two has to be a word that makes no
compounds ("trafficking and", "their success"); where such a word shows that a text lost spaces, the other candidates
in that text are parted as well ("combat human"). A resource is looked at when it is indexed, with the vocabulary of
that day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from indexer.index.schema import Document

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 6
_SHORTEST_PART = 3
_KNOWN = 2
"""In how many resources a word has to stand to be of the library's vocabulary."""

_RARE = 2
"""In how many resources a mistake may stand: the same file may be attached to two."""

_SHORTEST_IN_FRONT = 4
"""Letters that a word of _GLUE needs to be trusted in front: shorter ones begin other words ("the-rapist")."""
_GLUE = {
    "en": "and are been for from have of that the their them these they this those to was were which who",
    "fr": "avec cette dans leurs notre pour sont votre",
    "es": "donde ellos pero",
    "de": "nicht oder sich sind wird",
    "it": "anche della nella sono",
}
"""Frequent words that neither begin nor end longer ones, unlike those in "inaction", "plugin" or "Mitarbeiter"."""

Parts = tuple[str, str]


class Vocabulary(Protocol):
    """The words of an index; a word counts in all its forms in a language."""

    def frequency(self, word: str, language: str) -> int:
        """Return in how many resources a word stands."""
        ...

    def followed(self, first: str, second: str, language: str) -> int:
        """Return in how many resources the second word directly follows the first."""
        ...


@dataclass(frozen=True, slots=True)
class RareWords:
    """The words of a resource that hardly any other one holds, without short ones, and its language."""

    language: str
    words: tuple[str, ...]


class WordCounts:
    """Knows which words stand in hardly any of the resources that are being indexed."""

    def __init__(self) -> None:
        # Empty for words that are frequent, which most are before long.
        self._owners: dict[str, tuple[str, ...]] = {}
        self._languages: dict[str, str] = {}

    def add(self, identifier: str, language: str, written: Iterable[str]) -> None:
        """Take in the different words of a resource, as they are written."""
        self._languages[identifier] = language
        for word in {word.lower() for word in written if len(word) >= _SHORTEST and word.isalpha()}:
            owners = self._owners.get(word)
            if owners is None:
                self._owners[word] = (identifier,)
            elif owners:
                self._owners[word] = (*owners, identifier) if len(owners) < _RARE else ()

    def rare(self) -> dict[str, RareWords]:
        """Return the rare words of each resource that has any, by its id."""
        found: dict[str, list[str]] = {}
        for word, owners in self._owners.items():
            for identifier in owners:
                found.setdefault(identifier, []).append(word)
        return {identifier: RareWords(self._languages[identifier], tuple(words)) for identifier, words in found.items()}


@dataclass(frozen=True, slots=True)
class Repair:
    """The run-together words of one resource: `certain` ones, and those that are `likely` beside a certain one.

    `parted` are those that were found in the documents which were mended, as they are searched now.
    """

    certain: Mapping[str, Parts]
    likely: Mapping[str, Parts]
    parted: dict[str, Parts] = field(default_factory=dict, compare=False)

    def of(self, document: Document) -> Document:
        """Return the document with its texts mended; its title is its page's own."""
        return replace(
            document,
            resource=replace(document.resource, summary=self._mended(document.resource.summary)),
            body=self._mended(document.body),
            pages=tuple(tuple(replace(page, text=self._mended(page.text)) for page in file) for file in document.pages),
        )

    def _mended(self, text: str) -> str:
        words = {word.lower() for word in _WORD.findall(text)}
        certain = {word: parts for word, parts in self.certain.items() if word in words}
        if not certain:
            return text
        parts = certain | {word: parts for word, parts in self.likely.items() if word in words}
        self.parted.update(parts)
        return _WORD.sub(lambda match: _parted(match[0], parts.get(match[0].lower())), text)


def repairs(counts: WordCounts, vocabulary: Vocabulary) -> dict[str, Repair]:
    """Return what has to be mended, by the ids of the resources."""
    found: dict[str, Repair] = {}
    for identifier, rare in counts.rare().items():
        glue = frozenset(_GLUE.get(rare.language, "").split())
        certain = _borne_out(rare, vocabulary, {word: _with_glue(word, glue) for word in rare.words})
        if certain:
            others = {word: _halves(word) for word in rare.words if word not in certain}
            found[identifier] = Repair(certain, _borne_out(rare, vocabulary, others))
    return found


def _with_glue(word: str, glue: frozenset[str]) -> Iterator[Parts]:
    """Yield the ways to part a word of which one part is a word that makes no compounds."""
    for first, second in _halves(word, shortest=2):
        is_behind = second in glue and len(first) >= _SHORTEST_PART
        is_in_front = first in glue and len(first) >= _SHORTEST_IN_FRONT
        if is_behind or is_in_front:
            yield first, second


def _halves(word: str, shortest: int = _SHORTEST_PART) -> Iterator[Parts]:
    for end in range(shortest, len(word) - shortest + 1):
        yield word[:end], word[end:]


def _borne_out(rare: RareWords, vocabulary: Vocabulary, ways_of: Mapping[str, Iterable[Parts]]) -> dict[str, Parts]:
    """Return those words that the vocabulary bears out to be two, in one way and no other."""
    found: dict[str, Parts] = {}
    for word, ways in ways_of.items():
        possible = [
            parts
            for parts in ways
            if all(vocabulary.frequency(part, rare.language) >= _KNOWN for part in parts)
            and vocabulary.followed(*parts, rare.language)
        ]
        if len(possible) == 1 and vocabulary.frequency(word, rare.language) <= _RARE:
            found[word] = possible[0]
    return found


def _parted(word: str, parts: Parts | None) -> str:
    return f"{word[: len(parts[0])]} {word[len(parts[0]) :]}" if parts else word
