"""What words are made of, as numbers: how many letters, which ones, and the letters side by side in a table."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from indexer.index.whoosh.ragged import spread
from indexer.index.whoosh.stretches import stretches
from indexer.index.whoosh.strings import StringArray

_BYTES_AT_ONCE = 1_000_000
_ASCII = 128
_CLASSES = 32
"""Letters are told apart by the lower five bits of their last byte."""


def word_lengths(words: StringArray) -> NDArray[np.intp]:
    """Return how many code points each word has; none of the words may be empty."""
    lengths = np.empty(len(words), dtype=np.intp)
    for begin, end, edges, data in _blocks(words):
        lengths[begin:end] = np.add.reduceat((data & 0xC0) != 0x80, edges, dtype=np.intp)
    return lengths


def letter_counts(words: StringArray) -> NDArray[np.uint64]:
    """Return the letters of words as sets of 64 bits; none of the words may be empty.

    A letter is of one of 32 classes, and a word has a bit for each class that it has a letter of, and another one if
    it has more than one. So an edit, which inserts, deletes or replaces a letter or swaps two, adds one bit at the most
    and takes away one at the most.
    """
    found = np.empty(len(words), dtype=np.uint64)
    for begin, end, edges, data in _blocks(words):
        is_last = np.append((data[1:] & 0xC0) != 0x80, True)
        counts = np.diff(edges, append=len(data))
        owners = np.repeat(np.arange(end - begin, dtype=np.uint32), counts)[is_last]
        keys = np.sort(owners * np.uint32(_CLASSES) + (data[is_last] & (_CLASSES - 1)))
        is_first = np.append(True, keys[1:] != keys[:-1])
        is_second = np.append(False, is_first[:-1]) & ~is_first
        kept = is_first | is_second
        bits = np.uint64(1) << ((keys & (_CLASSES - 1)) + np.uint32(_CLASSES) * is_second).astype(np.uint64)
        begins = np.searchsorted(keys[kept], np.arange(end - begin, dtype=np.uint32) * np.uint32(_CLASSES))
        found[begin:end] = np.bitwise_or.reduceat(bits[kept], begins)
    return found


def letters_of_word(word: str) -> np.uint64:
    """Return the letters of a single word as `letter_counts` does."""
    once = twice = 0
    for letter in word:
        bit = 1 << (letter.encode()[-1] & (_CLASSES - 1))
        twice |= once & bit
        once |= bit
    return np.uint64(twice << _CLASSES | once)


def heads(words: StringArray) -> NDArray[np.uint32]:
    """Return the first bytes of the first two letters of words, which have two at least, as sets of 32 bits."""
    begins = words.starts[:-1].astype(np.intp)
    first = words.bytes[begins]
    # How many bytes a letter takes says its first one.
    second = words.bytes[begins + 1 + (first >= 0xC0) + (first >= 0xE0) + (first >= 0xF0)]
    first, second = first & np.uint8(_CLASSES - 1), second & np.uint8(_CLASSES - 1)
    bits: NDArray[np.uint32] = np.uint32(1) << first.astype(np.uint32) | np.uint32(1) << second.astype(np.uint32)
    return bits


def letter_table(words: StringArray, numbers: NDArray[np.intp]) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
    """Return the code points of some words, a row for each that is filled up with zeros, and how many each has."""
    chosen = words.chosen(numbers)
    points = np.frombuffer(chosen.bytes.tobytes().decode("utf-8").encode("utf-32-le"), dtype=np.uint32)
    lengths = word_lengths(chosen) if len(numbers) else np.empty(0, dtype=np.intp)
    width = int(lengths.max(initial=0))
    table = np.zeros(len(numbers) * width, dtype=np.uint32)
    table[spread(np.arange(len(numbers)) * width, lengths)] = points
    return table.reshape(len(numbers), width), lengths


def first_letters(
    words: StringArray, numbers: NDArray[np.intp], most: int
) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
    """Return the first `most` code points of some words as `letter_table` does, and how many letters each word has.

    Words of ASCII, as most are, are not decoded for it.
    """
    begins = words.starts[numbers].astype(np.intp)
    lengths = words.starts[numbers + 1].astype(np.intp) - begins
    columns = np.arange(min(most, int(lengths.max(initial=0))))
    # What would lie behind all words is looked at in their last byte, and is none of theirs.
    table = words.bytes[np.minimum(begins[:, np.newaxis] + columns, len(words.bytes) - 1)].astype(np.uint32)
    table[columns >= lengths[:, np.newaxis]] = 0
    if (table < _ASCII).all():
        return table, lengths
    table, lengths = letter_table(words, numbers)
    return table[:, :most], lengths


def classes(table: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return of which classes the letters of each row are, as `letter_counts` knows them, as sets of 32 bits."""
    bits = np.uint32(1) << (table & np.uint32(_CLASSES - 1))
    found: NDArray[np.uint32] = np.bitwise_or.reduce(bits, axis=1)
    return found


def _blocks(words: StringArray) -> Iterator[tuple[int, int, NDArray[np.intp], NDArray[np.uint8]]]:
    """Yield words in stretches: the number of the first and of one behind the last, where each begins, all bytes."""
    for begin, end in stretches(words.starts, _BYTES_AT_ONCE):
        first = int(words.starts[begin])
        edges = words.starts[begin : end + 1].astype(np.intp) - first
        yield begin, end, edges[:-1], words.bytes[first : first + int(edges[-1])]
