"""The tree back in words: parts of a query as a reader would have typed them."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.index.characters import together
from indexer.index.query.tree import (
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
)


def written(node: Node) -> str:
    """Return a part of a query as a reader would type it, in small letters and without what repeats its field."""
    match node:
        case Word(text, field):
            return _in_field(field, text)
        case Prefix(text, field):
            return _in_field(field, f"{text}*")
        case Fuzzy(text, field, _):
            return _in_field(field, f"{text}~")
        case Phrase(words, field) | FacetValue(field, words):
            return _in_field(field, _quoted(words))
        case Near(words, distance, field):
            return _in_field(field, f"{_quoted(words)}~{distance}")
        case Range(facet, first, last):
            return _in_field(facet, f"{'' if first is None else first}..{'' if last is None else last}")
        case Alternatives(typed, _):
            return written(typed)
        case Not(child):
            return f"-{_grouped(child)}"
        case And(children):
            return " ".join(map(_grouped, children))
        case Or(children):
            return " OR ".join(map(_grouped, children))


def _in_field(field: str, text: str) -> str:
    return f"{field}:{text}" if field else text


def _quoted(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f'"{together(words)}"'


def _grouped(node: Node) -> str:
    inner = node.typed if isinstance(node, Alternatives) else node
    return f"({written(node)})" if isinstance(inner, And | Or) else written(node)
