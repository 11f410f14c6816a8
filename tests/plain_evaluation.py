"""The evaluation of a query in plain Python, straight from its definition: slow, and simple enough to be right.

The engine's arrays are held against it: which documents match, their scores, the facet counts.
"""

from __future__ import annotations

import math
import operator
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from indexer.index import analysis
from indexer.index.characters import is_character
from indexer.index.query import Alternatives, And, FacetValue, Fuzzy, Near, Node, Not, Or, Phrase, Prefix, Range, Word
from indexer.index.ranking import ALTERNATIVE_WEIGHT, FIELD_WEIGHTS, SATURATION
from indexer.index.schema import TEXT_FIELDS, Document
from indexer.index.values import searched_text

Runs = Mapping[str, list[list[str]]]
"""Per text field the runs of terms of one document; no phrase spans two runs."""

Forms = set[str]
"""The terms that one word of a query may be found as."""

Outcome = tuple[bool, float]
"""Whether a document matches, and its score."""


def runs_of(document: Document) -> Runs:
    """Return the terms of a document; the pages of one file are one run, each tag and each file is one of its own."""
    resource = document.resource
    own = resource.language
    return {
        "title": [_run([resource.title], own)],
        "summary": [_run([resource.summary], own)],
        "keywords": [_run([value], own) for value in resource.keywords],
        "body": [_run([document.body], own)],
        "attachments": [
            _run([page.text for page in pages], file.metadata.language or own)
            for file, pages in zip(resource.attachments, document.pages, strict=True)
        ],
    }


def _run(texts: Sequence[str], language: str) -> list[str]:
    return [term for text in texts for term in analysis.terms(text, language)]


@cache
def levenshtein(one: str, other: str) -> int:
    """Return how many code points must be inserted, deleted and replaced to make one word of the other."""
    row = list(range(len(other) + 1))
    for deleted, char in enumerate(one, start=1):
        above, row = row, [deleted]
        for column, wanted in enumerate(other):
            row.append(min(above[column] + (char != wanted), above[column + 1] + 1, row[column] + 1))
    return row[-1]


@cache
def alignment_distance(one: str, other: str) -> int:
    """Return how many edits make one word of the other when two neighbours may be swapped, too, as one edit.

    The restricted distance of Damerau and Levenshtein: nothing is changed between letters that are swapped.
    """
    # Of no letters nothing is made but by inserting or deleting.
    rows = [[number + column for column in range(len(other) + 1)] for number in range(len(one) + 1)]
    for number, char in enumerate(one, 1):
        for column, wanted in enumerate(other, 1):
            row, above = rows[number], rows[number - 1]
            row[column] = min(above[column - 1] + (char != wanted), above[column] + 1, row[column - 1] + 1)
            if number > 1 and column > 1 and char == other[column - 2] and wanted == one[number - 2]:
                row[column] = min(row[column], rows[number - 2][column - 2] + 1)
    return rows[-1][-1]


def is_between(value: str, first: int | None, last: int | None) -> bool:
    """Tell whether a facet's value is a number in this range, the ends of which may be open."""
    if not re.fullmatch("[0-9]{1,18}", value):
        return False
    return (first is None or first <= int(value)) and (last is None or int(value) <= last)


@dataclass
class PlainIndex:
    """Documents with their terms; `languages` are those that the forms of a query's words are taken from."""

    documents: Sequence[Document]

    def __post_init__(self) -> None:
        self.languages = sorted({language for document in self.documents for language in document.resource.languages})
        self.stop_words = analysis.stop_words(tuple(self.languages))
        self.runs = [runs_of(document) for document in self.documents]
        self.terms = {term for runs in self.runs for parts in runs.values() for run in parts for term in run}
        self.lengths = {name: [sum(map(len, runs[name])) for runs in self.runs] for name in TEXT_FIELDS}

    def evaluate(self, node: Node | None) -> dict[str, float]:
        """Return the ids of the documents that match, each with its score."""
        outcomes = zip(self.documents, self._node(node), strict=True)
        return {document.resource.id: score for document, (matches, score) in outcomes if matches}

    def evaluate_partly(self, node: Node, enough: int, share: float) -> dict[str, tuple[float, list[Node]]]:
        """Return the documents that match, and if they are fewer than enough those that lack parts of the query.

        Each with its score and what it lacks. Words count by how rare they are, and a document holds at least this
        share of a word of average weight; what narrows a query may not be missing.
        """
        whole = self.evaluate(node)
        required = dict.fromkeys(self._required(node))
        counted = [part for part in required if not _narrows(part)]
        parts = [part for child in counted for part in self._parts(child)]
        if len(whole) >= enough or len(parts) < 2:
            return {identifier: (score, []) for identifier, score in whole.items()}
        held = [ids for _, ids in parts]
        weights = [self._idf(len(ids)) if ids else 0.0 for ids in held]
        demanded = [set(self.evaluate(part)) for part in required if part not in counted]
        found = {}
        for document, (_, score) in zip(self.documents, self._node(node), strict=True):
            identifier = document.resource.id
            holds = [identifier in ids for ids in held]
            average = sum(weights) / max(1, sum(map(bool, held)))
            enough_held = sum(map(operator.mul, weights, holds)) >= share * average - 1e-6
            if any(holds) and enough_held and all(identifier in ids for ids in demanded):
                lacking = [part for (part, _), is_held in zip(parts, holds, strict=True) if not is_held]
                found[identifier] = (score, lacking)
        return found

    def _parts(self, node: Node) -> list[tuple[Node, set[str]]]:
        """Return what of one thing may be missing, and who has it: several words, for which another wording stands."""
        if not isinstance(node, Alternatives) or not isinstance(node.typed, And):
            return [(node, set(self.evaluate(node)))]
        if any(map(_narrows, node.typed.children)):
            return [(node, set(self.evaluate(node)))]
        others = {identifier for other in node.others for identifier in self.evaluate(other)}
        return [(word, set(self.evaluate(word)) | others) for word in dict.fromkeys(self._required(node.typed))]

    def facet_counts(self, ids: set[str], name: str) -> dict[str, int]:
        """Return how many of these documents have each value of a facet."""
        chosen = [document.resource for document in self.documents if document.resource.id in ids]
        return dict(Counter(value for resource in chosen for value in set(resource.facets.get(name, ()))))

    def _node(self, node: Node | None) -> list[Outcome]:
        """Return the outcome for each document."""
        match node:
            case None:
                return [(True, 0.0) for _ in self.documents]
            case Word() | Phrase() | Prefix() | Fuzzy() | Near():
                return self._leaf(node)
            case FacetValue(facet, words):
                wanted = f" {' '.join(words)}{'' if is_character(words[-1]) else ' '}"
                return self._facet(facet, lambda v: wanted in f" {' '.join(analysis.words(searched_text(facet, v)))} ")
            case Range(facet, first, last):
                return self._facet(facet, lambda value: is_between(value, first, last))
            case Not(child):
                return [(not matches, 0.0) for matches, _ in self._node(child)]
            case Or(children):
                return _combined(any, [self._node(child) for child in children])
            case And():
                return _combined(all, [self._node(child) for child in self._required(node)])
            case Alternatives(typed, others):
                return self._best(self._node(typed), [self._node(other) for other in others])

    def _best(self, typed: list[Outcome], others: Sequence[list[Outcome]]) -> list[Outcome]:
        """Return what several wordings of one thing come to: any is enough, and the best counts."""
        rarities = [self._idf(sum(score > 0 for _, score in outcomes)) for outcomes in (typed, *others)]
        weights = [1.0, *(ALTERNATIVE_WEIGHT * min(1.0, rarities[0] / rarity) for rarity in rarities[1:])]
        found = []
        for row in zip(typed, *others, strict=True):
            score = max(weight * score for weight, (_, score) in zip(weights, row, strict=True))
            found.append((any(matches for matches, _ in row), score))
        return found

    def _required(self, node: Node) -> list[Node]:
        """Return the parts of a query that count; words of every sentence do not, unless there are no others."""
        if not isinstance(node, And):
            return [node]
        required = [child for child in node.children if not self._is_stop_word(child)]
        return list(node.children) if all(isinstance(child, Not) for child in required) else required

    def _idf(self, frequency: int) -> float:
        return math.log(1 + (len(self.documents) - frequency + 0.5) / (frequency + 0.5))

    def _is_stop_word(self, node: Node) -> bool:
        return isinstance(node, Word) and not node.field and node.text in self.stop_words

    def _facet(self, facet: str, fits: Callable[[str], bool]) -> list[Outcome]:
        return [(any(map(fits, document.resource.facets.get(facet, ()))), 0.0) for document in self.documents]

    def _leaf(self, node: Word | Phrase | Prefix | Fuzzy | Near) -> list[Outcome]:
        names = (node.field,) if node.field else TEXT_FIELDS
        forms = self._forms(node)
        distance = node.distance if isinstance(node, Near) else None
        everywhere = [
            sum(min(FIELD_WEIGHTS[n].most, self._pseudo_frequency(forms, distance, n, number)) for n in names)
            for number in range(len(self.documents))
        ]
        frequency = sum(1 for value in everywhere if value)
        idf = self._idf(frequency)
        return [(value > 0, idf * value / (SATURATION + value)) for value in everywhere]

    def _forms(self, node: Word | Phrase | Prefix | Fuzzy | Near) -> list[Forms]:
        """Return the forms of each word of a leaf."""
        if isinstance(node, Phrase | Near):
            return [self._variants(word) for word in node.words]
        variants = self._variants(node.text)
        match node:
            case Word():
                return [variants]
            case Prefix(text, _):
                begun = analysis.beginnings(text, self.languages)
                return [{term for term in self.terms if term.startswith(begun) or term in variants}]
            case Fuzzy(text, _, edits):
                meant = analysis.variants(text, self.languages)
                return [{term for term in self.terms if any(levenshtein(term, v) <= edits for v in meant)}]

    def _variants(self, word: str) -> Forms:
        if is_character(word):
            return {term for term in self.terms if term.startswith(word)}
        return set(analysis.variants(word, self.languages))

    def _pseudo_frequency(self, forms: Sequence[Forms], distance: int | None, name: str, number: int) -> float:
        runs = self.runs[number][name]
        count = sum(_side_by_side(forms, r) if distance is None else _near(forms, distance, r) for r in runs)
        if not count:
            return 0.0
        filled = [length for length in self.lengths[name] if length]
        b = FIELD_WEIGHTS[name].length_normalisation
        scale = (1 - b) + b * self.lengths[name][number] / (sum(filled) / len(filled))
        return FIELD_WEIGHTS[name].weight * count / scale


def _side_by_side(forms: Sequence[Forms], run: Sequence[str]) -> int:
    """Count where words stand in this order."""
    windows = (run[start : start + len(forms)] for start in range(len(run) - len(forms) + 1))
    return sum(1 for window in windows if all(t in f for t, f in zip(window, forms, strict=True)))


def _near(forms: Sequence[Forms], distance: int, run: Sequence[str]) -> int:
    """Count where one of the words stands from which on all stand within so many positions, in any order."""
    width = len(forms) + distance
    windows = (run[start : start + width] for start, term in enumerate(run) if any(term in f for f in forms))
    return sum(1 for window in windows if all(not f.isdisjoint(window) for f in forms))


def _narrows(part: Node) -> bool:
    """Tell whether a part of a query is a choice or an exclusion, however it is worded."""
    return isinstance(part, Not | FacetValue | Range) or (isinstance(part, Alternatives) and _narrows(part.typed))


def _combined(condition: Callable[[Sequence[bool]], bool], parts: Sequence[list[Outcome]]) -> list[Outcome]:
    """Combine the outcomes of several nodes, document by document; scores add up."""
    rows = zip(*parts, strict=True)
    return [(condition([matches for matches, _ in row]), sum(score for _, score in row)) for row in rows]
