"""Words whose space was lost ("combathuman traffickingand"), told and mended by the library's own vocabulary.

A word is parted if it stands in one resource alone and two words of the library make it up that follow each other in
another resource. Compounds ("datacenters", "data centers") pass that too, so one of the two has to be a word that makes
no compounds ("trafficking and", "their success"); where such a word shows that a text lost spaces, the other candidates
in that text are parted as well ("combat human").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from indexer.index import analysis
from indexer.index.schema import Document

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 6
_SHORTEST_PART = 3
_KNOWN = 2
"""In how many resources a word has to stand to be of the library's vocabulary."""

_SHORTEST_IN_FRONT = 4
"""Letters that a word without a subject needs to be trusted in front: shorter ones begin other words ("the-rapist")."""
_AMBIGUOUS = {
    "en": "a an as at be but by can for had has how in into is it on or our what when where will with you",
    "fr": "au ce de du en est et il la le les ne nos on ou par pas plus que se son sur un une",
    "es": "al como con del el es esta este los mas no por que se si son su sus un una",
    "pt": "ao aos as com como da das de do dos em foi mas na nas no nos os ou por que se seu sua um uma",
    "de": "als am an auf aus bei das dem den der des die durch ein fur hat im in mit nach um und von vor was zu zum",
    "it": "ai al che chi come con da dal di gli ha il in la le lo ma nel non per si su sul tra un una uno",
}
"""Words without a subject that also begin or end longer ones: "inaction", "plugin", "without", "Mitarbeiter"."""

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
    """The words that stand in one resource alone, without short ones, and the language of that resource."""

    language: str
    words: tuple[str, ...]


class WordCounts:
    """Knows which words stand in only one of the resources that are being indexed."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._owners: dict[str, str] = {}
        self._languages: dict[str, str] = {}

    def add(self, identifier: str, language: str, written: Iterable[str]) -> None:
        """Count the different words of a resource, as they are written."""
        words = {word.lower() for word in written if len(word) >= _SHORTEST and word.isalpha()}
        self._counts.update(words)
        self._owners |= dict.fromkeys(words, identifier)
        self._languages[identifier] = language

    def rare(self) -> dict[str, RareWords]:
        """Return the rare words of each resource that has any, by its id."""
        found: dict[str, list[str]] = {}
        for word, count in self._counts.items():
            if count == 1:
                found.setdefault(self._owners[word], []).append(word)
        return {identifier: RareWords(self._languages[identifier], tuple(words)) for identifier, words in found.items()}


@dataclass(frozen=True, slots=True)
class Repair:
    """The run-together words of one resource: `certain` ones, and those that are `likely` beside a certain one."""

    certain: Mapping[str, Parts]
    likely: Mapping[str, Parts]

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
        parts = certain | dict(self.likely)
        return _WORD.sub(lambda match: _parted(match[0], parts.get(match[0].lower())), text)


def repairs(counts: WordCounts, vocabulary: Vocabulary) -> dict[str, Repair]:
    """Return what has to be mended, by the ids of the resources."""
    found: dict[str, Repair] = {}
    for identifier, rare in counts.rare().items():
        glue = _glue(rare.language)
        certain = _borne_out(rare, vocabulary, {word: _with_glue(word, glue) for word in rare.words})
        if certain:
            others = {word: _halves(word) for word in rare.words if word not in certain}
            found[identifier] = Repair(certain, _borne_out(rare, vocabulary, others))
    return found


def _glue(language: str) -> frozenset[str]:
    """Return the words of a language that make no compounds, neither as their beginning nor as their end."""
    return analysis.stop_words((language,)).difference(_AMBIGUOUS.get(language, "").split())


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
        if len(possible) == 1 and vocabulary.frequency(word, rare.language) == 1:
            found[word] = possible[0]
    return found


def _parted(word: str, parts: Parts | None) -> str:
    return f"{word[: len(parts[0])]} {word[len(parts[0]) :]}" if parts else word
