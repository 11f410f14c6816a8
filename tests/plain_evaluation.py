"""The evaluation of a query in plain Python, straight from its definition: slow, and simple enough to be right.

The engine's arrays are held against it: which documents match, their scores, the facet counts.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from indexer.index import analysis
from indexer.index.query import And, FacetValue, Node, Not, Or, Phrase, Word
from indexer.index.ranking import FIELD_WEIGHTS, SATURATION
from indexer.index.schema import TEXT_FIELDS, Document

Runs = Mapping[str, list[list[str]]]
"""Per text field the runs of terms of one document; no phrase spans two runs."""


def runs_of(document: Document) -> Runs:
    """Return the terms of a document; the pages of one file are one run, each tag and each file is one of its own."""
    resource = document.resource
    texts = {
        "title": [resource.title],
        "summary": [resource.summary],
        "keywords": list(resource.keywords),
        "body": [document.body],
        "attachments": ["\n".join(page.text for page in pages) for pages in document.pages],
    }
    return {name: [analysis.terms(text, resource.language) for text in parts] for name, parts in texts.items()}


@dataclass
class PlainIndex:
    """Documents with their terms; `languages` are those that the forms of a query's words are taken from."""

    documents: Sequence[Document]

    def __post_init__(self) -> None:
        self.languages = sorted({document.resource.language for document in self.documents})
        self.stop_words = analysis.stop_words(tuple(self.languages))
        self.runs = [runs_of(document) for document in self.documents]

    def evaluate(self, node: Node | None) -> dict[str, float]:
        """Return the ids of the documents that match, each with its score."""
        found = {}
        for number, document in enumerate(self.documents):
            matches, score = self._node(node, number)
            if matches:
                found[document.resource.id] = score
        return found

    def facet_counts(self, ids: set[str], name: str) -> dict[str, int]:
        """Return how many of these documents have each value of a facet."""
        chosen = [document.resource for document in self.documents if document.resource.id in ids]
        return dict(Counter(value for resource in chosen for value in set(resource.facets.get(name, ()))))

    def _node(self, node: Node | None, number: int) -> tuple[bool, float]:
        match node:
            case None:
                return True, 0.0
            case Word(text, field):
                return self._leaf((text,), field, number)
            case Phrase(words, field):
                return self._leaf(words, field, number)
            case FacetValue(facet, words):
                values = self.documents[number].resource.facets.get(facet, ())
                return any(f" {' '.join(words)} " in f" {' '.join(analysis.words(v))} " for v in values), 0.0
            case Not(child):
                return not self._node(child, number)[0], 0.0
            case Or(children):
                parts = [self._node(child, number) for child in children]
                return any(matches for matches, _ in parts), sum(score for _, score in parts)
            case And(children):
                return self._all_of(children, number)

    def _all_of(self, children: Sequence[Node], number: int) -> tuple[bool, float]:
        required = [child for child in children if not self._is_stop_word(child)]
        if all(isinstance(child, Not) for child in required):
            required = list(children)
        matches = all(self._node(child, number)[0] for child in required)
        return matches, sum(self._node(child, number)[1] for child in children)

    def _is_stop_word(self, node: Node) -> bool:
        return isinstance(node, Word) and not node.field and node.text in self.stop_words

    def _leaf(self, words: Sequence[str], field: str, number: int) -> tuple[bool, float]:
        names = (field,) if field else TEXT_FIELDS
        everywhere = [self._pseudo_frequency(words, names, other) for other in range(len(self.documents))]
        frequency = sum(1 for value in everywhere if value)
        idf = math.log(1 + (len(self.documents) - frequency + 0.5) / (frequency + 0.5))
        value = everywhere[number]
        return value > 0, idf * value / (SATURATION + value)

    def _pseudo_frequency(self, words: Sequence[str], names: Sequence[str], number: int) -> float:
        total = 0.0
        for name in names:
            count = sum(self._occurrences(words, run) for run in self.runs[number][name])
            if count:
                length = self._length(name, number)
                lengths = [n for other in range(len(self.documents)) if (n := self._length(name, other))]
                b = FIELD_WEIGHTS[name].length_normalisation
                scale = (1 - b) + b * length / (sum(lengths) / len(lengths))
                total += FIELD_WEIGHTS[name].weight * count / scale
        return total

    def _length(self, name: str, number: int) -> int:
        return sum(len(run) for run in self.runs[number][name])

    def _occurrences(self, words: Sequence[str], run: Sequence[str]) -> int:
        forms = [set(analysis.variants(word, self.languages)) for word in words]
        return sum(1 for window in _windows(run, len(words)) if all(t in f for t, f in zip(window, forms, strict=True)))


def _windows(run: Sequence[str], width: int) -> Iterator[Sequence[str]]:
    return (run[start : start + width] for start in range(len(run) - width + 1))
