"""A library's own words: short stretches of its pages, as a visitor might remember them."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from indexer.index.engine import Engine, SearchRequest, Sort
from indexer.index.schema import Resource

_LONGEST = 3
_SHORT = 4
_SEGMENT_END = re.compile(r"[^\w\s'’-]+|\n{2,}")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Passage:
    """One to three words that follow each other on a page, none at its ends shorter than four letters."""

    words: tuple[str, ...]
    resource: Resource

    @property
    def text(self) -> str:
        """The words as they are typed."""
        return " ".join(self.words)


@dataclass(frozen=True)
class LibraryWords:
    """What there is to draw from: all resources of a library, in the order of their titles."""

    engine: Engine
    resources: Sequence[Resource]

    def draw(self, chance: random.Random) -> Passage | None:
        """Return a passage of some resource; None when the resource that was drawn has no word of four letters."""
        resource = chance.choice(self.resources)
        texts = (resource.title, resource.summary, self.engine.body(resource.id))
        segments = segments_of(chance.choice([text for text in texts if text] or [""]))
        words = _window(chance.choice(segments), chance) if segments else ()
        return Passage(words, resource) if words else None

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """All words of the library's pages, in small letters."""
        texts = (text for one in self.resources for text in (one.title, one.summary, self.engine.body(one.id)))
        return frozenset(word for text in texts for word in _WORD.findall(text.lower()))


def library_words(engine: Engine) -> LibraryWords:
    """Return the words of all pages of a published library."""
    everything = SearchRequest(sort=Sort.TITLE, limit=engine.manifest.resources, facet_limit=1, placed=False)
    return LibraryWords(engine, [hit.resource for hit in engine.search(everything).hits])


def segments_of(text: str) -> list[list[str]]:
    """Return the words between two marks of punctuation, for each stretch that has a word of four letters."""
    segments = (_WORD.findall(segment) for segment in _SEGMENT_END.split(text))
    return [words for words in segments if any(len(word) >= _SHORT for word in words)]


def _window(words: Sequence[str], chance: random.Random) -> tuple[str, ...]:
    """Return up to three words in a row that begin and end with one of at least four letters."""
    begin = chance.choice([place for place, word in enumerate(words) if len(word) >= _SHORT])
    window = list(words[begin : begin + chance.randint(1, _LONGEST)])
    while len(window[-1]) < _SHORT:
        window.pop()
    return tuple(window)
