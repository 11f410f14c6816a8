"""A query tree evaluated over whole arrays: which documents match, how well, and on which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from indexer.index import analysis
from indexer.index.query import And, FacetValue, Fuzzy, Near, Node, Not, Or, Phrase, Prefix, Range, Word
from indexer.index.ranking import Floats
from indexer.index.whoosh.arrays import Documents, IndexArrays, Mask
from indexer.index.whoosh.leaves import Leaf
from indexer.index.whoosh.lookup import Lookup
from indexer.index.whoosh.ragged import is_in, united

_FEW = 1_000
"""So many documents are looked up one by one; for more, a table of all documents is made, whose memory costs more."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What a query came to: the documents that match, the score of each, and the leaves to be shown in them."""

    documents: Documents
    scores: Floats
    leaves: tuple[Leaf, ...] = ()


def evaluate(arrays: IndexArrays, node: Node | None) -> Evaluated:
    """Evaluate a whole query on an index; None matches every document."""
    evaluation = _Evaluation(arrays)
    documents = evaluation.everything() if node is None else evaluation.matching(node)
    mentioned = [] if node is None else evaluation.scoring(node)
    return Evaluated(documents, _scores(arrays, documents, mentioned), tuple(dict.fromkeys(mentioned)))


class _Evaluation:
    """One query on one index."""

    def __init__(self, arrays: IndexArrays) -> None:
        self._arrays = arrays
        self._lookup = Lookup(arrays, arrays.languages)

    def everything(self) -> Documents:
        """Return all documents that are not deleted."""
        return np.flatnonzero(self._arrays.live)

    def matching(self, node: Node) -> Documents:
        """Return the documents that match a part of the query."""
        match node:
            case Word() | Phrase() | Prefix() | Fuzzy() | Near():
                return self._lookup.leaf(node).documents
            case FacetValue(facet, words):
                return self._having(facet, self._arrays.facet(facet).ordinals_with(words))
            case Range(facet, first, last):
                return self._having(facet, self._arrays.facet(facet).ordinals_between(first, last))
            case And(children):
                return self._all_of(self._required(children))
            case Or(children):
                return self._any_of(children)
            case Not(child):
                return self._without(self.everything(), self.matching(child))

    def scoring(self, node: Node) -> list[Leaf]:
        """Return the leaves that add to the score, each as often as the query has it: all that are not excluded."""
        match node:
            case Word() | Phrase() | Prefix() | Fuzzy() | Near():
                return [self._lookup.leaf(node)]
            case And(children) | Or(children):
                return [leaf for child in children for leaf in self.scoring(child)]
            case FacetValue() | Range() | Not():
                return []

    def _having(self, facet: str, ordinals: list[int]) -> Documents:
        everything = self.everything()
        return everything[self._arrays.facet(facet).having(everything, ordinals)]

    def _required(self, children: Sequence[Node]) -> Sequence[Node]:
        """Leave out words without a subject of their own: they add to the score but need not be found."""
        stop_words = analysis.stop_words(self._arrays.languages)
        required = [c for c in children if not (isinstance(c, Word) and not c.field and c.text in stop_words)]
        return children if all(isinstance(child, Not) for child in required) else required

    def _all_of(self, children: Sequence[Node]) -> Documents:
        wanted = [self.matching(child) for child in children if not isinstance(child, Not)]
        unwanted = [self.matching(child.child) for child in children if isinstance(child, Not)]
        found = reduce(self._both, sorted(wanted, key=len)) if wanted else self.everything()
        return reduce(self._without, unwanted, found)

    def _any_of(self, children: Sequence[Node]) -> Documents:
        return united([self.matching(child) for child in children])

    def _both(self, few: Documents, many: Documents) -> Documents:
        return few[self._is_in(few, many)]

    def _without(self, documents: Documents, unwanted: Documents) -> Documents:
        return documents[~self._is_in(documents, unwanted)]

    def _is_in(self, documents: Documents, among: Documents) -> Mask:
        """Tell of each document whether it is among others."""
        if len(documents) <= _FEW:
            return is_in(documents, among)
        table = np.zeros(self._arrays.size, dtype=np.bool_)
        table[among] = True
        return table[documents]


def _scores(arrays: IndexArrays, documents: Documents, leaves: Sequence[Leaf]) -> Floats:
    """Return the score of each document: what the leaves give it, added up."""
    if len(leaves) == 1 and leaves[0].documents is documents:
        return leaves[0].scores
    if sum(len(leaf.documents) for leaf in leaves) <= _FEW:
        return _scores_of_few(documents, leaves)
    table = np.zeros(arrays.size, dtype=np.float32)
    for leaf in leaves:
        table[leaf.documents] += leaf.scores
    return table[documents]


def _scores_of_few(documents: Documents, leaves: Sequence[Leaf]) -> Floats:
    """Return what `_scores` does, without a table of all documents."""
    scores = np.zeros(len(documents), dtype=np.float32)
    for leaf in leaves:
        is_found = is_in(leaf.documents, documents)
        scores[np.searchsorted(documents, leaf.documents[is_found])] += leaf.scores[is_found]
    return scores
