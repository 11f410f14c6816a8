"""How far many words are from one that was typed, worked out for all of them side by side.

The usual table has a row per letter of the typed word and a column per letter of the other; here each cell is an array
over all other words. What a row owes to letters that were left out is a running minimum.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.index.whoosh.edit_costs import AT_THE_BEGINNING, SWAPPED, Costs, left_out, put_in, replaced

Table = NDArray[np.uint32]
"""The code points of words, a row for each that is filled up with zeros."""

Lengths = NDArray[np.intp]
"""How many letters the word of each row has."""


def last_rows(table: Table, typed: str) -> NDArray[np.int8]:
    """Return for each word how many edits make the typed word of its first n letters, n from 0 on.

    An edit inserts, deletes or replaces a letter or swaps two neighbours, between which nothing else changes (Damerau
    1964; the restricted distance, "optimal string alignment"). No word may have more than a hundred letters.
    """
    # The same letter of all words side by side: so each operation goes through memory in order.
    letters = np.ascontiguousarray(table.T)
    columns = np.arange(len(letters) + 1, dtype=np.int8)[:, None]
    row = before = np.broadcast_to(columns, (len(columns), len(table)))
    was_same = np.zeros(letters.shape, dtype=np.bool_)
    for number, letter in enumerate(typed, 1):
        is_same = letters == ord(letter)
        below = np.empty(row.shape, dtype=np.int8)
        below[0] = number
        np.minimum(row[:-1] + ~is_same, row[1:] + np.int8(1), out=below[1:])
        is_swapped = is_same[:-1] & was_same[1:]
        np.minimum(below[2:], before[:-2] + np.int8(1), out=below[2:], where=is_swapped)
        before, was_same = row, is_same
        row = np.minimum.accumulate(below - columns, axis=0) + columns
    return row.T


def distances(table: Table, lengths: Lengths, typed: str) -> NDArray[np.int8]:
    """Return how many edits make the typed word of each word."""
    return last_rows(table, typed)[np.arange(len(table)), lengths]


def costs(table: Table, lengths: Lengths, typed: str) -> Costs:
    """Return what it costs to have typed that for each word, by the same edits; see `edit_costs` for what each costs.

    `typed` is not empty.
    """
    omitted = np.zeros((len(table), table.shape[1] + 1), dtype=np.float32)
    np.cumsum(left_out(table), axis=1, out=omitted[:, 1:])
    row = before = omitted
    was_same = np.zeros(table.shape, dtype=np.bool_)
    for place, letter in enumerate(typed):
        is_same = table == ord(letter)
        below = row + put_in(typed, place)
        np.minimum(below[:, 1:], row[:, :-1] + replaced(letter, table), out=below[:, 1:])
        is_swapped = is_same[:, :-1] & was_same[:, 1:]
        np.minimum(below[:, 2:], before[:, :-2] + SWAPPED, out=below[:, 2:], where=is_swapped)
        before, was_same = row, is_same
        row = np.minimum.accumulate(below - omitted, axis=1) + omitted
    begins_otherwise = table[:, 0] != ord(typed[0])
    found: Costs = row[np.arange(len(table)), lengths] + AT_THE_BEGINNING * begins_otherwise
    return found
