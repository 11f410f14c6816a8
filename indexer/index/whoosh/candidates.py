"""Words of the library that may have been meant by one that was typed: those few edits away, the likely ones first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.index import analysis
from indexer.index.whoosh.edit_distance import costs, distances
from indexer.index.whoosh.word_letters import letter_table, letters_of_word
from indexer.index.whoosh.written_vocabulary import Numbers, WrittenVocabulary
from indexer.index.whoosh.written_words import LONGEST

_EDIT = 5.0
"""What an edit that costs one takes from the logarithm of a word's likelihood: one letter in 150 is mistyped."""

_WEIGHED = 64
"""Of how many words the edits are weighed: those with the fewest edits, and of equal ones the most frequent."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word that may have been meant: its number, and the logarithm of how likely it is, up to a constant."""

    number: int
    likelihood: float


@dataclass(frozen=True, slots=True)
class Near:
    """Words near one that was typed: their numbers, how many edits away each is, and their letters as a table."""

    numbers: Numbers
    edits: NDArray[np.int8]
    table: NDArray[np.uint32]
    lengths: NDArray[np.intp]

    def chosen(self, places: NDArray[np.intp] | NDArray[np.bool_]) -> Near:
        """Return some of the words."""
        return Near(self.numbers[places], self.edits[places], self.table[places], self.lengths[places])


def within(vocabulary: WrittenVocabulary, typed: str, edits: int) -> Near:
    """Return the words that so many edits make of one that was typed."""
    listed = vocabulary.of_lengths(len(typed) - edits, len(typed) + edits)
    wanted = letters_of_word(typed)
    # Few words have the letters for it, so only those few are compared letter by letter.
    possible = np.flatnonzero(np.bitwise_count(listed.letters & ~wanted) <= edits)
    numbers = listed.numbers[possible[np.bitwise_count(wanted & ~listed.letters[possible]) <= edits]]
    table, lengths = letter_table(vocabulary.words, numbers)
    found = distances(table, lengths, typed)
    return Near(numbers, found, table, lengths).chosen(found <= edits)


def candidates(vocabulary: WrittenVocabulary, typed: str, limit: int) -> list[Candidate]:
    """Return the likeliest words that a word may stand for, best first, itself left out.

    How likely one is says a noisy channel: how often it stands in the library, times how likely it is to be typed so.
    """
    edits = analysis.usual_edits(typed)
    if not edits or len(typed) > LONGEST + edits:
        return []
    near = within(vocabulary, typed, edits)
    near = near.chosen(np.lexsort((-vocabulary.counts[near.numbers], near.edits))[:_WEIGHED])
    near = near.chosen(near.edits > 0)
    if not len(near.numbers):
        return []
    frequencies = np.log(vocabulary.counts[near.numbers])
    likelihoods = frequencies - _EDIT * costs(near.table, near.lengths, typed)
    best = np.argsort(-likelihoods, kind="stable")[:limit]
    return [Candidate(int(near.numbers[place]), float(likelihoods[place])) for place in best]
