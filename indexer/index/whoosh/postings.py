"""Postings while an index is written: words come in, sorted postings go out, by operations over millions of words."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.index import analysis
from indexer.index.whoosh.array_file import ArrayFile, ArrayFileWriter
from indexer.index.whoosh.strings import Starts, Strings, encoded, number_type, put_strings

Numbers = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Postings:
    """The postings of some documents: a posting is one term in one text field of one document.

    `terms` are sorted. The postings of the n-th term are those from `posting_starts[n]` to `posting_starts[n + 1]`, by
    rising slot (see `layout`); the positions of the n-th posting are those from `position_starts[n]` to the next.
    """

    terms: Sequence[bytes]
    posting_starts: Starts
    slots: Numbers
    position_starts: Starts
    positions: Numbers


def put_postings(file: ArrayFileWriter, postings: Postings) -> None:
    """Write postings into a file of arrays."""
    put_strings(file, "terms", postings.terms)
    file.put("posting_starts", postings.posting_starts)
    file.put("slots", postings.slots)
    file.put("position_starts", postings.position_starts)
    file.put("positions", postings.positions)


def postings_of(file: ArrayFile) -> Postings:
    """Return the postings of a file of arrays; only the terms are read."""
    return Postings(
        list(Strings(file, "terms")),
        file["posting_starts"],
        file["slots"],
        file["position_starts"],
        file["positions"],
    )


class _TermNumbers(dict[str, int]):
    """The numbers of words as they are written in texts of one language; equal terms share a number."""

    def __init__(self, language: str, terms: dict[str, int]) -> None:
        super().__init__()
        self._language = language
        self._terms = terms

    def __missing__(self, word: str) -> int:
        (term,) = analysis.terms_of((word,), self._language)
        number = self[word] = self._terms.setdefault(term, len(self._terms))
        return number


class Pool:
    """Collects words as numbers, in the order of their slots and positions, until they are sorted all at once."""

    def __init__(self) -> None:
        self._terms: dict[str, int] = {}
        self._languages: dict[str, _TermNumbers] = {}
        self._words = array("I")
        # A piece is what was added at once: its words stand side by side in one slot.
        self._slots = array("I")
        self._begins = array("I")
        self._lengths = array("I")

    def __len__(self) -> int:
        """Return how many words it holds; each takes 4 bytes, and some 40 more while they are sorted."""
        return len(self._words)

    def add(self, slot: int, begin: int, words: Sequence[str], language: str) -> None:
        """Add words that stand in a text field from position `begin` on."""
        numbers = self._languages.get(language)
        if numbers is None:
            numbers = self._languages[language] = _TermNumbers(language, self._terms)
        self._words.extend(array("I", map(numbers.__getitem__, words)))
        self._slots.append(slot)
        self._begins.append(begin)
        self._lengths.append(len(words))

    def postings(self) -> Postings:
        """Return everything that was added, sorted."""
        terms, ranks = self._ranked_terms()
        words = ranks[np.frombuffer(self._words, dtype=np.uint32)]
        order = _stable_order(words)
        words = words[order]
        slots = np.repeat(np.frombuffer(self._slots, dtype=np.uint32), self._lengths)[order]
        begins = _begins(words, slots)
        slots = slots[begins]
        words = words[begins]
        return Postings(
            terms,
            np.searchsorted(words, np.arange(len(terms) + 1, dtype=np.uint32)).astype(number_type(len(words))),
            slots,
            np.append(begins, len(order)).astype(number_type(len(order))),
            self._positions()[order],
        )

    def _ranked_terms(self) -> tuple[list[bytes], Numbers]:
        """Return the terms sorted, and for the number of each its place among them."""
        terms = [encoded(term) for term in self._terms]
        order = sorted(range(len(terms)), key=terms.__getitem__)
        ranks = np.empty(len(terms), dtype=np.uint32)
        ranks[order] = np.arange(len(terms), dtype=np.uint32)
        return [terms[number] for number in order], ranks

    def _positions(self) -> Numbers:
        """Return the position of every word."""
        lengths = np.frombuffer(self._lengths, dtype=np.uint32)
        firsts = np.cumsum(lengths, dtype=np.uint32) - lengths
        shifts = np.frombuffer(self._begins, dtype=np.uint32) - firsts
        positions: Numbers = np.arange(len(self._words), dtype=np.uint32) + np.repeat(shifts, lengths)
        return positions


def _stable_order(numbers: Numbers) -> NDArray[np.intp]:
    """Return the order that sorts numbers and leaves equal ones as they are.

    NumPy sorts numbers of 16 bits by their digits, seven times as fast as by comparing, so larger ones are sorted by
    their lower half and then by their upper.
    """
    order = np.argsort(numbers.astype(np.uint16), kind="stable")
    if not len(numbers) or numbers.max() < 2**16:
        return order
    upper = (numbers >> 16).astype(np.uint16)
    by_upper: NDArray[np.intp] = order[np.argsort(upper[order], kind="stable")]
    return by_upper


def _begins(words: Numbers, slots: Numbers) -> NDArray[np.intp]:
    """Return at which of sorted words another posting begins."""
    if not len(words):
        return np.empty(0, dtype=np.intp)
    changes = (words[1:] != words[:-1]) | (slots[1:] != slots[:-1])
    return np.concatenate(([0], np.flatnonzero(changes) + 1))
