"""Resources that come first or are left out because the library wants it so, whatever the query matches."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

import numpy as np

from indexer.index.whoosh.arrays import Documents, IndexArrays
from indexer.index.whoosh.evaluation import Evaluated
from indexer.index.whoosh.ragged import is_in


def documents_of(arrays: IndexArrays, identifiers: Iterable[str]) -> list[int]:
    """Return the numbers of the documents of some ids in their order, each once; ids of none are passed over."""
    found = (arrays.document(identifier) for identifier in identifiers)
    return [number for number in dict.fromkeys(found) if number is not None]


def with_pins(evaluated: Evaluated, pinned: Collection[int], hidden: Collection[int]) -> Evaluated:
    """Return what a query came to with the pinned documents, at a score of 0 if it does not match them.

    They lack nothing, as they are not there for their words; but only those that hold all that is asked for are counted
    among those that do. Hidden ones are gone, also if they are pinned.
    """
    with_pinned = _with(evaluated, _rising(pinned)) if pinned else evaluated
    return _without(with_pinned, _rising(hidden)) if hidden else with_pinned


def _rising(documents: Collection[int]) -> Documents:
    return np.array(sorted(documents), dtype=np.intp)


def _with(evaluated: Evaluated, pinned: Documents) -> Evaluated:
    added = pinned[~is_in(pinned, evaluated.documents)]
    places = np.searchsorted(evaluated.documents, added)
    documents = np.insert(evaluated.documents, places, added)
    lacks = np.zeros(len(evaluated.documents), np.bool_) if evaluated.is_partial is None else evaluated.is_partial
    lacks = np.insert(lacks, places, True)
    is_pinned = np.zeros(len(documents), np.bool_)
    is_pinned[np.searchsorted(documents, pinned)] = True
    return replace(
        evaluated,
        documents=documents,
        scores=np.insert(evaluated.scores, places, 0),
        is_partial=None if evaluated.is_partial is None else lacks & ~is_pinned,
        is_only_pinned=lacks & is_pinned,
    )


def _without(evaluated: Evaluated, hidden: Documents) -> Evaluated:
    there = hidden[is_in(hidden, evaluated.documents)]
    is_left = np.ones(len(evaluated.documents), dtype=np.bool_)
    is_left[np.searchsorted(evaluated.documents, there)] = False
    return evaluated.narrowed(is_left)
