"""Which words of the library begin nearly as something that is being typed."""

from __future__ import annotations

import numpy as np

from indexer.index.whoosh.edit_distance import last_rows
from indexer.index.whoosh.strings import encoded, string_array
from indexer.index.whoosh.word_letters import classes, first_letters, heads, letters_of_word
from indexer.index.whoosh.written_vocabulary import WrittenVocabulary
from indexer.index.whoosh.written_words import LONGEST

_COMPARED = 1_500
"""How many words are compared letter by letter at the most: the most frequent of those that have the letters."""

_MOST = 4
"""How many beginnings are returned at the most."""


def beginnings_near(vocabulary: WrittenVocabulary, typed: str, edits: int) -> list[str]:
    """Return beginnings of words that so many edits make of what was typed, but not itself, the likeliest first.

    They are as long as they fit best. Those with fewer edits are likelier, and of equal ones those of frequent words.
    """
    if len(typed) > LONGEST + edits:
        return []
    listed = vocabulary.of_lengths(len(typed) - edits, LONGEST)
    # One edit leaves one of the first two letters among the first two. Two edits of these two are not forgiven.
    possible = ((listed.heads & heads(string_array([encoded(typed)]))) != 0).nonzero()[0]
    # A word has further letters behind its beginning, but nearly all of those that were typed.
    wanted = letters_of_word(typed)
    possible = possible[np.bitwise_count(wanted & ~listed.letters[possible]) <= edits]
    numbers = listed.numbers[possible]
    if len(numbers) > _COMPARED:
        numbers = numbers[np.argpartition(-vocabulary.counts[numbers], _COMPARED)[:_COMPARED]]
    table, lengths = first_letters(vocabulary.words, numbers, len(typed) + edits)
    # What is too far away may have the letters further on.
    likely = (np.bitwise_count(wanted.astype(np.uint32) & ~classes(table)) <= edits).nonzero()[0]
    numbers, table, lengths = numbers[likely], table[likely], lengths[likely]
    rows = last_rows(table, typed)
    # Behind the end of a word no beginning of it ends.
    rows[np.arange(rows.shape[1]) > lengths[:, None]] = len(typed) + edits
    best = rows.argmin(axis=1)
    distances = rows[np.arange(len(rows)), best]
    near = np.flatnonzero((distances > 0) & (distances <= edits))
    order = near[np.lexsort((numbers[near], -vocabulary.counts[numbers[near]], distances[near]))]
    found: dict[str, None] = {}
    for place in order.tolist():
        found.setdefault(vocabulary.words[int(numbers[place])].decode("utf-8")[: int(best[place])])
        if len(found) == _MOST:
            break
    return list(found)
