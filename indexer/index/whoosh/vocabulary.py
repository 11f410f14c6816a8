"""The words of a generation, for those who build: in how many resources each stands, and which follow each other."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np

from indexer.index import analysis
from indexer.index.schema import TEXT_FIELDS
from indexer.index.whoosh.arrays import POSITION_BITS, IndexArrays, Keys


class GenerationVocabulary:
    """The vocabulary of one generation; a word counts in all its forms in a language, as in a search."""

    def __init__(self, generation: Path, language: str, facets: Iterable[str]) -> None:
        """Open a generation that was committed with this language and these facets."""
        self._arrays = IndexArrays(generation, language, facets)
        self.frequency = cache(self._frequency)
        self._keys = cache(self._read_keys)

    def close(self) -> None:
        """Close the files of the generation."""
        self._arrays.close()

    def _frequency(self, word: str, language: str) -> int:
        """Return in how many resources a word stands."""
        documents = [keys >> POSITION_BITS for field in TEXT_FIELDS if len(keys := self._keys(field, word, language))]
        return self._count(np.concatenate(documents)) if documents else 0

    def followed(self, first: str, second: str, language: str) -> int:
        """Return in how many resources the second word directly follows the first."""
        documents = [
            np.intersect1d(self._keys(field, first, language) + 1, self._keys(field, second, language)) >> POSITION_BITS
            for field in TEXT_FIELDS
        ]
        return self._count(np.concatenate(documents))

    def _count(self, documents: Keys) -> int:
        return int(self._arrays.live[np.unique(documents)].sum())

    def _read_keys(self, field: str, word: str, language: str) -> Keys:
        (term,) = analysis.terms_of([word], language)
        return self._arrays.keys(field, term)
