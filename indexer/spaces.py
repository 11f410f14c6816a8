"""Words whose space was lost ("combathuman traffickingand"), told and mended by the library's own vocabulary.

A word is parted if it hardly stands anywhere and two words of the library make it up that follow each other in another
resource. Compounds ("datacenters", "data centers") pass that too, so one of the two has to be a word that makes no
compounds ("trafficking and", "their success"); where such a word shows that a text lost spaces, the other candidates
in that text are parted as well ("combat human"). A resource is looked at when it is indexed, with the vocabulary of
that day.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
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

# Clearing the memory of larger windows takes longer than packing the words of a short text.
_WINDOW, _MEMORY = 12, 4

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
class Suspects:
    """What may be run together in a resource: the words to be certain of, and all long words beside them, packed."""

    language: str
    words: tuple[str, ...]
    packed: bytes

    def others(self) -> set[str]:
        """Return the long words of the resource, the suspected ones among them."""
        return set(zlib.decompress(self.packed).decode().split())


class WordCounts:
    """Knows which words that hold a word of _GLUE stand in hardly any of the resources that are being indexed.

    Other words only count in a resource that has such a one, and until then they wait in little memory.
    """

    def __init__(self) -> None:
        # Empty for words that are frequent, which most are before long.
        self._owners: dict[str, tuple[str, ...]] = {}
        self._resources: dict[str, tuple[str, bytes]] = {}

    def add(self, identifier: str, language: str, written: Iterable[str]) -> None:
        """Take in the words of a resource, as they are written; a string may hold many, parted by spaces."""
        beginnings, endings = _affixes(language)
        if not endings:
            return
        suspects: set[str] = set()
        packed = zlib.compressobj(1, wbits=_WINDOW, memLevel=_MEMORY)
        data = bytearray()
        for stretch in written:
            words = {word.lower() for word in stretch.split() if len(word) >= _SHORTEST and word.isalpha()}
            suspects.update([word for word in words if word.endswith(endings) or word.startswith(beginnings)])
            data += packed.compress(f"{' '.join(words)} ".encode())
        if suspects:
            self._resources[identifier] = language, bytes(data + packed.flush())
        for word in suspects:
            owners = self._owners.get(word)
            if owners is None:
                self._owners[word] = (identifier,)
            elif owners:
                self._owners[word] = (*owners, identifier) if len(owners) < _RARE else ()

    def suspects(self) -> dict[str, Suspects]:
        """Return what is suspected of each resource, by its id."""
        found: dict[str, list[str]] = {}
        for word, owners in self._owners.items():
            for identifier in owners:
                found.setdefault(identifier, []).append(word)
        return {
            identifier: Suspects(language, tuple(found[identifier]), packed)
            for identifier, (language, packed) in self._resources.items()
            if identifier in found
        }


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
    for identifier, suspects in counts.suspects().items():
        language = suspects.language
        glue = frozenset(_GLUE[language].split())
        certain = _borne_out(language, vocabulary, ((word, _with_glue(word, glue)) for word in suspects.words))
        if certain:
            others = ((word, _halves(word)) for word in suspects.others() if word not in certain)
            found[identifier] = Repair(certain, _borne_out(language, vocabulary, others))
    return found


@cache
def _affixes(language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return how words that hold one of _GLUE may begin and how they may end."""
    glue = tuple(_GLUE.get(language, "").split())
    return tuple(word for word in glue if len(word) >= _SHORTEST_IN_FRONT), glue


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


def _borne_out(
    language: str, vocabulary: Vocabulary, ways_of: Iterable[tuple[str, Iterable[Parts]]]
) -> dict[str, Parts]:
    """Return those words that the vocabulary bears out to be two, in one way and no other."""
    found: dict[str, Parts] = {}
    for word, ways in ways_of:
        if vocabulary.frequency(word, language) > _RARE:
            continue
        possible = [
            parts
            for parts in ways
            if all(vocabulary.frequency(part, language) >= _KNOWN for part in parts)
            and vocabulary.followed(*parts, language)
        ]
        if len(possible) == 1:
            found[word] = possible[0]
    return found


def _parted(word: str, parts: Parts | None) -> str:
    return f"{word[: len(parts[0])]} {word[len(parts[0]) :]}" if parts else word
