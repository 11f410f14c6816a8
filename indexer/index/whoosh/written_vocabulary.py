"""All written words of a generation as one list, made when it is first asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.index.whoosh.strings import encoded
from indexer.index.whoosh.term_merging import merged_terms
from indexer.index.whoosh.word_letters import heads, letter_counts, word_lengths
from indexer.index.whoosh.written_words import Spellings, WrittenWords, usual_spellings

Numbers = NDArray[np.intp]
"""Numbers of words."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Some words by number, and as sets of bits the letters of each (`letter_counts`) and its first two (`heads`)."""

    numbers: Numbers
    letters: NDArray[np.uint64]
    heads: NDArray[np.uint32]


class WrittenVocabulary:
    """The written words of all segments, sorted and each once; `counts` says in about how many documents each stands.

    Those that only deleted documents have are among them.
    """

    def __init__(self, parts: Sequence[WrittenWords]) -> None:
        if len(parts) == 1:
            # The mapped file itself.
            self.words, self.counts = parts[0].words, parts[0].counts.astype(np.int64)
            shown: Spellings = parts[0].shown_numbers, parts[0].shown
        else:
            self.words, places = merged_terms([part.words for part in parts])
            self.counts = np.zeros(len(self.words), dtype=np.int64)
            for part, place in zip(parts, places, strict=True):
                self.counts[place] += part.counts
            shown = usual_spellings(parts, places, len(self.words))
        self._shown_numbers, self._shown = shown

    def text(self, number: int) -> str:
        """Return a word as it is mostly written."""
        place = int(np.searchsorted(self._shown_numbers, number))
        if place < len(self._shown_numbers) and self._shown_numbers[place] == number:
            return self._shown[place].decode("utf-8")
        return self.words[number].decode("utf-8")

    def shown(self, word: str) -> str:
        """Return a folded word as it is mostly written; one that is not known as it is."""
        number = self.words.find(encoded(word))
        return word if number is None else self.text(number)

    def of_lengths(self, shortest: int, longest: int) -> Listed:
        """Return the words of so many letters, both included."""
        lengths, listed = self._by_length
        begin, end = np.searchsorted(lengths, [shortest, longest + 1])
        return Listed(listed.numbers[begin:end], listed.letters[begin:end], listed.heads[begin:end])

    @cached_property
    def _by_length(self) -> tuple[NDArray[np.intp], Listed]:
        """The words by the number of their letters, with this number."""
        lengths = word_lengths(self.words)
        order = np.argsort(lengths, kind="stable")
        return lengths[order], Listed(order, letter_counts(self.words)[order], heads(self.words)[order])
