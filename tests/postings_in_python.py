"""Postings as plain Python: what the arrays of an index mean."""

from __future__ import annotations

from indexer.index.whoosh.postings import Postings

Found = dict[bytes, dict[int, list[int]]]
"""The positions of each term in each slot."""


def read(postings: Postings) -> Found:
    """Return postings as plain Python, in the order in which they lie."""
    found: Found = {}
    for number, term in enumerate(postings.terms):
        begin, end = postings.posting_starts[number : number + 2].tolist()
        slots = found[term] = {}
        for posting in range(begin, end):
            edges = postings.position_starts[posting : posting + 2].tolist()
            slot = int(postings.slots[posting])
            assert slot not in slots
            slots[slot] = postings.positions[edges[0] : edges[1]].tolist()
    return found


def in_order(found: Found) -> list[tuple[bytes, list[tuple[int, list[int]]]]]:
    """Return postings as lists, so that their order counts, too."""
    return [(term, list(slots.items())) for term, slots in found.items()]
