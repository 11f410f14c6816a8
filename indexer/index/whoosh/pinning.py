"""Resources that come first or are left out because the library wants it so, whatever the query matches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from indexer.index.whoosh.arrays import Documents, IndexArrays
from indexer.index.whoosh.evaluation import Evaluated
from indexer.index.whoosh.ragged import is_in, united


def documents_of(arrays: IndexArrays, identifiers: Iterable[str]) -> list[int]:
    """Return the numbers of the documents of some ids in their order, each once; ids of none are passed over."""
    found = (arrays.document(identifier) for identifier in identifiers)
    return [number for number in dict.fromkeys(found) if number is not None]


def with_pins(evaluated: Evaluated, pinned: Iterable[int], hidden: Iterable[int]) -> Evaluated:
    """Return what a query came to with the pinned documents, at a score of 0 if it does not match them.

    They count as complete, as they are not there for their words. Hidden ones are gone, also if they are pinned.
    """
    added, removed = _rising(pinned), _rising(hidden)
    if len(added):
        evaluated = _with(evaluated, added)
    return evaluated.narrowed(~is_in(evaluated.documents, removed)) if len(removed) else evaluated


def _rising(documents: Iterable[int]) -> Documents:
    return np.array(sorted(documents), dtype=np.intp)


def _with(evaluated: Evaluated, pinned: Documents) -> Evaluated:
    documents = united([evaluated.documents, pinned])
    was_found = is_in(documents, evaluated.documents)
    scores = np.zeros(len(documents), dtype=np.float32)
    scores[was_found] = evaluated.scores
    is_partial = None
    if evaluated.is_partial is not None:
        is_partial = np.zeros(len(documents), dtype=np.bool_)
        is_partial[was_found] = evaluated.is_partial
        is_partial[is_in(documents, pinned)] = False
    return replace(evaluated, documents=documents, scores=scores, is_partial=is_partial)
