"""All values of a facet, page by page: those with words that begin as typed, by count or by name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.index.engine import FacetCount, FacetValues
from indexer.index.manifest import FacetKind, ValueOrder
from indexer.index.whoosh.facets import FacetColumn, Numbers
from indexer.index.whoosh.ragged import stable_order
from indexer.index.whoosh.scan import numbers_at, places
from indexer.index.whoosh.strings import encoded


def page_of_values(
    column: FacetColumn, documents: Numbers, words: Sequence[str], order: ValueOrder, kind: FacetKind, page: slice
) -> FacetValues:
    """Return some of the values that documents have and that hold a word beginning with each of these words.

    Of values as frequent those come first that do so as `FacetColumn.listed` has them.
    """
    ordinals, counts = column.counted(documents)
    if words:
        is_found = _beginning_with(column, words)[ordinals]
        ordinals, counts = ordinals[is_found], counts[is_found]
    by_name = stable_order(column.ranks(kind)[ordinals]) if order is ValueOrder.NAME else column.plain_order(ordinals)
    ordered = by_name if order is ValueOrder.NAME else by_name[_by_count(counts[by_name])]
    shown = ordered[page]
    return FacetValues(
        total=len(ordinals),
        counts=tuple(
            FacetCount(column.value(ordinal), count)
            for ordinal, count in zip(ordinals[shown].tolist(), counts[shown].tolist(), strict=True)
        ),
    )


def _by_count(counts: Numbers) -> Numbers:
    """Return the order in which the highest counts come first, equal ones as they are."""
    return stable_order((counts.max(initial=0) - counts).astype(np.uint32))


def _beginning_with(column: FacetColumn, words: Sequence[str]) -> NDArray[np.bool_]:
    """Tell of each value whether it holds a word that begins with each of these."""
    is_found = np.ones(column.size, dtype=np.bool_)
    for word in words:
        holds = np.zeros(column.size, dtype=np.bool_)
        for view in column.views:
            holds[view.first + numbers_at(view.folded, places(view.folded, encoded(f" {word}")))] = True
        is_found &= holds
    return is_found
