"""A query tree evaluated over whole arrays: which documents match, how well, and on which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce

import numpy as np

from indexer.index import analysis
from indexer.index.query import And, FacetValue, Node, Not, Or, Phrase, Word
from indexer.index.ranking import FIELD_WEIGHTS, Floats, bm25f, inverse_document_frequency, normalised_frequency
from indexer.index.schema import TEXT_FIELDS
from indexer.index.whoosh.arrays import NO_KEYS, POSITION_BITS, IndexArrays, Keys, Mask


@dataclass(frozen=True, slots=True)
class Leaf:
    """A word or phrase of the query and where it occurs: per text field the keys of its first word.

    `width` is its number of words; `idf` says how rare it is.
    """

    width: int
    idf: float
    occurrences: dict[str, Keys]

    def positions(self, field_name: str, document: int) -> Keys:
        """Return the positions at which the leaf begins in one field of one document."""
        keys = self.occurrences.get(field_name)
        if keys is None:
            return NO_KEYS
        first, last = np.searchsorted(keys, [document << POSITION_BITS, (document + 1) << POSITION_BITS])
        return keys[first:last] - (document << POSITION_BITS)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What a node came to: the documents that match, their scores, and the words and phrases to be shown in them."""

    mask: Mask
    scores: Floats
    leaves: tuple[Leaf, ...] = field(default=())


def evaluate(arrays: IndexArrays, node: Node | None) -> Evaluated:
    """Evaluate a whole query on an index; None matches every live document."""
    if node is None:
        return Evaluated(arrays.live, np.zeros(arrays.size, dtype=np.float32))
    result = _Evaluation(arrays).node(node)
    leaves = {id(leaf): leaf for leaf in result.leaves}
    return Evaluated(result.mask & arrays.live, result.scores, tuple(leaves.values()))


class _Evaluation:
    """One query on one index. What it needs several times, as a word that was typed twice, is looked up once."""

    def __init__(self, arrays: IndexArrays) -> None:
        self._arrays = arrays
        self._stop_words = analysis.stop_words(arrays.languages)
        self._leaves: dict[tuple[tuple[str, ...], str], Evaluated] = {}
        self._keys: dict[tuple[str, str], Keys] = {}

    def node(self, node: Node) -> Evaluated:
        """Evaluate a part of the query; the mask of what is excluded holds deleted documents too."""
        match node:
            case Word(text, name):
                return self._leaf((text,), name)
            case Phrase(words, name):
                return self._leaf(words, name)
            case FacetValue(facet, words):
                return Evaluated(self._facet_value(facet, words), self._no_scores())
            case And(children):
                return self._all_of(children)
            case Or(children):
                return _combined([self.node(child) for child in children], np.logical_or)
            case Not(child):
                return Evaluated(~self.node(child).mask, self._no_scores())

    def _no_scores(self) -> Floats:
        return np.zeros(self._arrays.size, dtype=np.float32)

    def _all_of(self, children: Sequence[Node]) -> Evaluated:
        """Evaluate a conjunction; words without a subject of their own add to the score but need not be found."""
        optional = [child for child in children if self._is_stop_word(child)]
        required = [child for child in children if child not in optional]
        if all(isinstance(child, Not) for child in required):
            optional, required = [], list(children)
        result = _combined([self.node(child) for child in required], np.logical_and)
        scores = sum((self.node(child).scores for child in optional), result.scores)
        return Evaluated(result.mask, scores, result.leaves)

    def _is_stop_word(self, node: Node) -> bool:
        return isinstance(node, Word) and not node.field and node.text in self._stop_words

    def _leaf(self, words: tuple[str, ...], field_name: str) -> Evaluated:
        if (words, field_name) not in self._leaves:
            self._leaves[words, field_name] = self._evaluated_leaf(words, field_name)
        return self._leaves[words, field_name]

    def _evaluated_leaf(self, words: tuple[str, ...], field_name: str) -> Evaluated:
        names = (field_name,) if field_name else TEXT_FIELDS
        occurrences = {name: keys for name in names if len(keys := self._phrase_keys(name, words))}
        pseudo_frequency = self._no_scores()
        for name, keys in occurrences.items():
            documents, counts = np.unique(keys >> POSITION_BITS, return_counts=True)
            lengths = self._arrays.lengths(name)
            pseudo_frequency[documents] += normalised_frequency(
                FIELD_WEIGHTS[name], counts.astype(np.float32), lengths.values[documents], lengths.average
            )
        # Whoosh leaves deleted documents out of postings, so only live ones are counted here.
        mask = pseudo_frequency > 0
        idf = inverse_document_frequency(self._arrays.live_count, int(mask.sum()))
        return Evaluated(mask, bm25f(pseudo_frequency, idf), (Leaf(len(words), idf, occurrences),))

    def _phrase_keys(self, field_name: str, words: tuple[str, ...]) -> Keys:
        """Return the keys at which these words begin to stand side by side; one word stands by itself."""
        keys = self._word_keys(field_name, words[0])
        for distance, word in enumerate(words[1:], 1):
            if not len(keys):
                break
            following = self._word_keys(field_name, word) - distance
            keys = np.intersect1d(keys, following, assume_unique=True)
        return keys

    def _word_keys(self, field_name: str, word: str) -> Keys:
        """Return where a word occurs in any of the forms that the languages of the library give it."""
        if (field_name, word) not in self._keys:
            forms = [self._arrays.keys(field_name, term) for term in analysis.variants(word, self._arrays.languages)]
            self._keys[field_name, word] = _united(forms)
        return self._keys[field_name, word]

    def _facet_value(self, facet: str, words: tuple[str, ...]) -> Mask:
        """Return the documents with a value that holds these words side by side."""
        column = self._arrays.facet(facet)
        wanted = f" {' '.join(words)} "
        chosen = [number for number, folded in enumerate(column.folded) if wanted in folded]
        return column.having(chosen, self._arrays.size)


def _united(forms: list[Keys]) -> Keys:
    found = [keys for keys in forms if len(keys)]
    if len(found) < 2:
        return found[0] if found else NO_KEYS
    return np.unique(np.concatenate(found))


def _combined(parts: list[Evaluated], operation: np.ufunc) -> Evaluated:
    mask = reduce(operation, (part.mask for part in parts))
    scores = reduce(np.add, (part.scores for part in parts))
    return Evaluated(mask, scores, tuple(leaf for part in parts for leaf in part.leaves))
