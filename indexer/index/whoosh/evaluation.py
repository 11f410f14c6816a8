"""A query tree evaluated over whole arrays: which documents match, how well, and on which words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from indexer.index import analysis
from indexer.index.query import (
    Alternatives,
    And,
    FacetValue,
    Fuzzy,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Word,
    written,
)
from indexer.index.ranking import BM25F, Ranking
from indexer.index.remarks import Remark
from indexer.index.whoosh.alternatives import Best, Scored, Sum
from indexer.index.whoosh.arrays import Documents, IndexArrays, Mask
from indexer.index.whoosh.bounds import AFFORDABLE, Budget
from indexer.index.whoosh.leaves import Leaf
from indexer.index.whoosh.lookup import Lookup
from indexer.index.whoosh.ragged import is_in, united
from indexer.index.whoosh.scoring import Floats, inverse_document_frequency

_FEW = 1_000
"""So many documents are looked up one by one; for more, a table of all documents is made, whose memory costs more."""

_LEAST_SHARE = 0.5
"""What a result that lacks words must hold at least, in words of average weight; the rarer a word, the more it weighs.

So what holds nothing but the most usual word of a query is no result.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the query that a result may lack: how it is written, and the documents that hold it."""

    text: str
    documents: Documents


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What a query came to: the documents that match, the score of each, and the leaves to be shown in them.

    `is_partial` tells of each document whether it lacks one of the `parts`; it is None when none does. So does
    `is_only_pinned` of those that are pinned and do not hold all that is asked for. `bounded` says what was not looked
    for.
    """

    documents: Documents
    scores: Floats
    leaves: tuple[Leaf, ...] = ()
    parts: tuple[Part, ...] = ()
    is_partial: Mask | None = None
    is_only_pinned: Mask | None = None
    bounded: tuple[Remark, ...] = ()

    @property
    def complete(self) -> int:
        """The number of documents that hold all that is asked for."""
        return len(self.documents) - _count(self.is_partial) - self.only_pinned

    @property
    def only_pinned(self) -> int:
        """The number of documents that are pinned and do not hold all that is asked for."""
        return _count(self.is_only_pinned)

    def missing(self, place: int) -> tuple[str, ...]:
        """Return what one of the documents, by its place among them, lacks of the query."""
        if self.is_partial is None or not self.is_partial[place]:
            return ()
        document = self.documents[place : place + 1]
        return tuple(part.text for part in self.parts if not is_in(document, part.documents)[0])

    def narrowed(self, passes: Mask) -> Evaluated:
        """Return what is left when only some of the documents pass."""
        return replace(
            self,
            documents=self.documents[passes],
            scores=self.scores[passes],
            is_partial=None if self.is_partial is None else self.is_partial[passes],
            is_only_pinned=None if self.is_only_pinned is None else self.is_only_pinned[passes],
        )


def _count(mask: Mask | None) -> int:
    return 0 if mask is None else int(np.count_nonzero(mask))


def evaluate(arrays: IndexArrays, node: Node | None, ranking: Ranking = BM25F) -> Evaluated:
    """Evaluate a whole query on an index; None matches every document."""
    evaluation = _Evaluation(arrays)
    if node is None:
        documents = evaluation.everything()
        return Evaluated(documents, np.zeros(len(documents), dtype=np.float32))
    budget = Budget(evaluation.lookup, AFFORDABLE)
    affordable = budget.affordable(node)
    # What is left may only exclude: that is nearly the whole library, for which nobody asked.
    if affordable is None or (budget.left_out() and _only_excludes(affordable)):
        return Evaluated(evaluation.everything()[:0], np.zeros(0, dtype=np.float32), bounded=budget.left_out())
    return replace(_evaluated(arrays, evaluation, affordable, ranking), bounded=budget.left_out())


def _evaluated(arrays: IndexArrays, evaluation: _Evaluation, node: Node, ranking: Ranking) -> Evaluated:
    scored = evaluation.scored(node)
    leaves = tuple(dict.fromkeys(leaf for part in scored for leaf in part.leaves()))
    complete = evaluation.matching(node)
    if len(complete) < ranking.enough and (parts := evaluation.parts(node)):
        documents = evaluation.holding_some(node, parts)
        is_partial = ~is_in(documents, complete)
        return Evaluated(documents, _scores(arrays, documents, scored), leaves, parts, is_partial)
    return Evaluated(complete, _scores(arrays, complete, scored), leaves)


def matching(arrays: IndexArrays, node: Node) -> Documents:
    """Return the documents that hold all that is asked for, of what a query may cost."""
    evaluation = _Evaluation(arrays)
    affordable = Budget(evaluation.lookup, AFFORDABLE).affordable(node)
    return evaluation.everything()[:0] if affordable is None else evaluation.matching(affordable)


class _Evaluation:
    """One query on one index."""

    def __init__(self, arrays: IndexArrays) -> None:
        self._arrays = arrays
        self.lookup = Lookup(arrays, arrays.languages)

    def everything(self) -> Documents:
        """Return all documents that are not deleted."""
        return np.flatnonzero(self._arrays.live)

    def matching(self, node: Node) -> Documents:
        """Return the documents that match a part of the query."""
        match node:
            case Word() | Phrase() | Prefix() | Fuzzy() | Near():
                return self.lookup.leaf(node).documents
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
            case Alternatives(typed, others):
                return self._any_of([typed, *others])

    def scored(self, node: Node) -> list[Scored]:
        """Return what adds to the score, each part as often as the query has it: all that is not excluded."""
        match node:
            case Word() | Phrase() | Prefix() | Fuzzy() | Near():
                return [self.lookup.leaf(node)]
            case And(children):
                return [part for child in self._required(children) for part in self.scored(child)]
            case Or(children):
                return [part for child in children for part in self.scored(child)]
            case Alternatives(typed, others):
                wordings = [self._together(other) for other in others]
                return [Best(self._together(typed), wordings, self._arrays.live_count)]
            case FacetValue() | Range() | Not():
                return []

    def parts(self, node: Node) -> tuple[Part, ...]:
        """Return the parts of a query of which a result may lack some; none when there are not at least two."""
        children = dict.fromkeys(self._required(node.children)) if isinstance(node, And) else [node]
        found = tuple(part for child in children for part in self._parts_of(child))
        return found if len(found) > 1 else ()

    def _parts_of(self, node: Node) -> Iterator[Part]:
        """Yield what of one thing that is asked for may be missing: if it was typed as several words, each of them.

        Another wording of the whole stands for all of these words.
        """
        if not _may_be_missing(node):
            return
        match node:
            case Alternatives(And(words), wordings) if all(map(_may_be_missing, words)):
                others = [self.matching(wording) for wording in wordings]
                for word in dict.fromkeys(self._required(words)):
                    yield Part(written(word), united([self.matching(word), *others]))
            case _:
                yield Part(written(node), self.matching(node))

    def holding_some(self, node: Node, parts: Sequence[Part]) -> Documents:
        """Return the documents that hold enough of these parts of a query, and all that they may not lack."""
        table = np.zeros(self._arrays.size, dtype=np.float32)
        all_of_it = 0.0
        known = 0
        for part in parts:
            weight = inverse_document_frequency(self._arrays.live_count, len(part.documents))
            table[part.documents] += weight
            # What no document holds cannot be asked of any.
            if len(part.documents):
                all_of_it += weight
                known += 1
        found = np.flatnonzero(table > 0)
        found = found[table[found] >= np.float32(_LEAST_SHARE * all_of_it / max(known, 1))]
        demanded = [child for child in node.children if not _may_be_missing(child)] if isinstance(node, And) else []
        return self._both(found, self._all_of(demanded)) if demanded else found

    def _together(self, node: Node) -> Scored:
        parts = self.scored(node)
        return parts[0] if len(parts) == 1 else Sum(parts)

    def _having(self, facet: str, ordinals: list[int]) -> Documents:
        everything = self.everything()
        return everything[self._arrays.facet(facet).having(everything, ordinals)]

    def _required(self, children: Sequence[Node]) -> Sequence[Node]:
        """Leave out words without a subject of their own: they need not be found and tell nothing of a result."""
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


def _only_excludes(node: Node) -> bool:
    return all(isinstance(part, Not) for part in (node.children if isinstance(node, And) else [node]))


def _may_be_missing(node: Node) -> bool:
    """Tell whether results may follow that lack this part: words may be missing, chosen values and exclusions not."""
    match node:
        case FacetValue() | Range() | Not():
            return False
        case Alternatives(typed, _):
            return _may_be_missing(typed)
        case _:
            return True


def _scores(arrays: IndexArrays, documents: Documents, parts: Sequence[Scored]) -> Floats:
    """Return the score of each document: what the parts of the query give it, added up."""
    if len(parts) == 1 and parts[0].documents is documents:
        return parts[0].scores
    if sum(len(part.documents) for part in parts) <= _FEW:
        return _scores_of_few(documents, parts)
    table = np.zeros(arrays.size, dtype=np.float32)
    for part in parts:
        table[part.documents] += part.scores
    return table[documents]


def _scores_of_few(documents: Documents, parts: Sequence[Scored]) -> Floats:
    """Return what `_scores` does, without a table of all documents."""
    scores = np.zeros(len(documents), dtype=np.float32)
    for part in parts:
        is_found = is_in(part.documents, documents)
        scores[np.searchsorted(documents, part.documents[is_found])] += part.scores[is_found]
    return scores
