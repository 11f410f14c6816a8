"""The words of a generation, for those who build: in how many resources each stands, and which follow each other."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from indexer.index.query import Phrase, Word
from indexer.index.whoosh.arrays import IndexArrays
from indexer.index.whoosh.lookup import Lookup


class GenerationVocabulary:
    """The vocabulary of one generation; a word counts in all its forms in a language, as in a search."""

    def __init__(self, generation: Path) -> None:
        """Open a generation that was committed."""
        self._arrays = IndexArrays(generation)
        self.frequency = cache(self._frequency)

    def close(self) -> None:
        """Close the files of the generation."""
        self._arrays.close()

    def _frequency(self, word: str, language: str) -> int:
        """Return in how many resources a word stands."""
        return len(Lookup(self._arrays, (language,)).leaf(Word(word)).documents)

    def followed(self, first: str, second: str, language: str) -> int:
        """Return in how many resources the second word directly follows the first."""
        return len(Lookup(self._arrays, (language,)).leaf(Phrase((first, second))).documents)
