"""Postings while an index is written: words come in, sorted postings go out, by operations over millions of words."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.index.schema import TEXT_FIELDS
from indexer.index.whoosh.array_file import ArrayFile, ArrayFileWriter
from indexer.index.whoosh.layout import FIELD_COUNT
from indexer.index.whoosh.letters import letters_of
from indexer.index.whoosh.phrases import Phrases, phrases_of, put_phrases
from indexer.index.whoosh.ragged import stable_order
from indexer.index.whoosh.strings import (
    Starts,
    StringArray,
    Strings,
    number_type,
    put_strings,
    starts_of,
    string_array,
)
from indexer.index.whoosh.written_forms import WrittenForms
from indexer.index.whoosh.written_words import WrittenWords, put_written, written_of

Numbers = NDArray[np.uint32]

_WORDS_AT_ONCE = 20_000
"""How many words wait for their numbers: the texts of many short documents are looked up in one go."""

_BYTES_A_WORD = 40
_BYTES_A_FORM = 450
"""What words and different words take while they are sorted, measured and rounded up."""

_BODY = TEXT_FIELDS.index("body")

_BODY_WORDS = 300
"""In how many words of a body phrases are looked for: what comes first says what it is about."""

_FORMS_REMEMBERED = 100_000
"""How many written words, counted for each language, keep their numbers when the pool is emptied: a library repeats its
words. It has to be far less than a pool may hold, or the pool would be full when it is empty."""


@dataclass(frozen=True, slots=True)
class Postings:
    """The postings of some documents: a posting is one term in one text field of one document.

    `terms` are sorted. The postings of the n-th term are those from `posting_starts[n]` to `posting_starts[n + 1]`,
    by rising slot (see `layout`); the positions of the n-th posting are those from `position_starts[n]` to the next.
    `written` are the words that have the terms, and `phrases` those that several documents share. `file` is where
    they lie, if they lie in a file.
    """

    terms: StringArray
    posting_starts: Starts
    slots: Numbers
    position_starts: Starts
    positions: Numbers
    written: WrittenWords
    phrases: Phrases
    file: ArrayFile | None = None


def put_postings(file: ArrayFileWriter, postings: Postings) -> None:
    """Write postings into a file of arrays."""
    put_terms(file, postings.terms)
    file.put("posting_starts", postings.posting_starts)
    file.put("slots", postings.slots)
    file.put("position_starts", postings.position_starts)
    file.put("positions", postings.positions)
    put_written(file, postings.written)
    put_phrases(file, postings.phrases)


def put_terms(file: ArrayFileWriter, terms: StringArray) -> None:
    """Write terms into a file of arrays, and the letters of each."""
    put_strings(file, "terms", terms)
    file.put("letters", letters_of(terms.starts, terms.bytes))


def postings_of(file: ArrayFile) -> Postings:
    """Return the postings of a file of arrays, of which nothing is copied."""
    return Postings(
        terms=Strings(file, "terms"),
        posting_starts=file["posting_starts"],
        slots=file["slots"],
        position_starts=file["position_starts"],
        positions=file["positions"],
        written=written_of(file),
        phrases=phrases_of(file),
        file=file,
    )


class Pool:
    """Collects words as numbers, in the order of their slots and positions, until they are sorted all at once.

    `size` says about how many bytes that will take.
    """

    def __init__(self) -> None:
        self.size = 0
        self._forms = WrittenForms()
        self._forget_words()
        # Words of one language that wait for their numbers.
        self._waiting: list[str] = []
        self._language = ""

    def add(self, pieces: Sequence[int], words: Sequence[str], language: str) -> None:
        """Add words that stand in text fields, piece by piece; slots never fall.

        `pieces` tells of each its slot, the position of its first word and how many of the words are its own.
        """
        if language != self._language:
            self._number_words()
            self._language = language
        self._waiting += words
        self._pieces.extend(pieces)
        if len(self._waiting) > _WORDS_AT_ONCE:
            self._number_words()

    def emptied(self) -> Postings:
        """Return everything that was added, sorted; the pool is empty then."""
        self._number_words()
        postings = self._sorted()
        self._forget_words()
        if len(self._forms) > _FORMS_REMEMBERED:
            self._forms = WrittenForms()
        self._measure()
        return postings

    def _sorted(self) -> Postings:
        forms = np.frombuffer(self._words, dtype=np.uint32)
        numbers = self._forms.term_of[forms]
        terms, ranks = self._ranked_terms(np.flatnonzero(np.bincount(numbers)))
        words = ranks[numbers]
        order = stable_order(words)
        words = words[order]
        piece_slots, piece_begins, lengths = np.frombuffer(self._pieces, dtype=np.uint32).reshape(-1, 3).T
        slots = np.repeat(piece_slots, lengths)
        written = self._forms.written(forms, slots // np.uint32(FIELD_COUNT), ranks)
        phrases = self._phrases(forms, piece_slots, piece_begins, lengths)
        slots = slots[order]
        begins = _begins(words, slots)
        return Postings(
            terms,
            starts_of(np.bincount(words[begins], minlength=len(terms))),
            slots[begins],
            np.append(begins, len(words)).astype(number_type(len(words))),
            _positions(piece_begins, lengths)[order],
            written,
            phrases,
        )

    def _phrases(self, forms: Numbers, slots: Numbers, begins: Numbers, lengths: Numbers) -> Phrases:
        """Return the phrases of all pieces but those of attachments and of what follows the beginning of a body."""
        fields = slots % np.uint32(FIELD_COUNT)
        is_read = (fields < _BODY) | ((fields == _BODY) & (begins < _BODY_WORDS))
        read = np.repeat(is_read, lengths)
        pieces = np.repeat(np.flatnonzero(is_read), lengths[is_read])
        return self._forms.phrases(forms[read], pieces, slots[pieces] // np.uint32(FIELD_COUNT))

    def _number_words(self) -> None:
        """Turn the words that wait into numbers."""
        if not self._waiting:
            return
        numbers = self._forms.of(self._language)
        self._words.extend(array("I", list(map(numbers.__getitem__, self._waiting))))
        self._waiting = []
        self._measure()

    def _measure(self) -> None:
        self.size = _BYTES_A_WORD * len(self._words) + _BYTES_A_FORM * len(self._forms)

    def _forget_words(self) -> None:
        self._words = array("I")
        # Three numbers of each: its slot, the position of its first word and how many words it has.
        self._pieces = array("I")

    def _ranked_terms(self, numbers: NDArray[np.intp]) -> tuple[StringArray, Numbers]:
        """Return the terms of these numbers sorted, and for each number its place among them."""
        terms = list(self._forms.terms)
        order = sorted(numbers.tolist(), key=terms.__getitem__)
        ranks = np.zeros(len(terms), dtype=np.uint32)
        ranks[np.array(order, dtype=np.intp)] = np.arange(len(order), dtype=np.uint32)
        return string_array([terms[number] for number in order]), ranks


def _positions(begins: Numbers, lengths: Numbers) -> Numbers:
    """Return the position of every word of pieces that begin at these positions and have so many words."""
    firsts = np.cumsum(lengths, dtype=np.uint32) - lengths
    positions = np.repeat(begins - firsts, lengths)
    positions += np.arange(len(positions), dtype=np.uint32)
    return positions


def _begins(words: Numbers, slots: Numbers) -> NDArray[np.intp]:
    """Return at which of sorted words another posting begins."""
    if not len(words):
        return np.empty(0, dtype=np.intp)
    changes = (words[1:] != words[:-1]) | (slots[1:] != slots[:-1])
    return np.concatenate(([0], np.flatnonzero(changes) + 1))
