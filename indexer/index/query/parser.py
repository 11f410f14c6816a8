"""The grammar: from tokens to a tree, by recursive descent."""

from __future__ import annotations

from collections.abc import Collection

from indexer.index import analysis
from indexer.index.query.facet_values import facet_value
from indexer.index.query.identifiers import may_be_isbn
from indexer.index.query.tokens import END, OPERATORS, Token, cleaned, field_of, tokens
from indexer.index.query.tree import FacetValue, Near, Node, Not, Phrase, Word, all_of, any_of
from indexer.index.query.typed import isbn, read, years

_MAX_DISTANCE = 100
_MAX_DEPTH = 30
"""Brackets and fields nested deeper than this are read as if they were not there; their words still count."""


def parse(text: str, facets: Collection[str] = ()) -> Node | None:
    """Turn what was typed into a tree; None when it holds no word at all. Never raises.

    `facets` are the names of the library's facets, which may stand before a colon.
    """
    text = cleaned(text)
    return _plain_words(text) or _Parser(text, facets).parse()


def _plain_words(text: str) -> Node | None:
    """Return the tree of a query that is nothing but words, as most are; None if it may be more."""
    parts = text.split()
    if not all(map(str.isalnum, parts)) or not OPERATORS.keys().isdisjoint(parts) or any(map(may_be_isbn, parts)):
        return None
    words = analysis.words(text)
    # Characters that stand together are more words than one, and belong together.
    return all_of(map(Word, words)) if len(words) == len(parts) else None


class _Parser:
    """Recursive descent over the tokens: disjunction > conjunction > negation > one operand."""

    def __init__(self, text: str, facets: Collection[str]) -> None:
        self._facets = facets
        self._tokens = tokens(text, facets)
        self._number = len(self._tokens)
        # Behind an operator that stands last its operand is looked for, too.
        self._tokens += (END, END)
        self._next = 0

    def parse(self) -> Node | None:
        """Return the whole tree; a closing bracket without an opening one is passed over."""
        found: list[Node | None] = []
        while self._next < self._number:
            found.append(self._disjunction("", 0))
            self._next += 1
        return all_of(found)

    def _peek(self, ahead: int = 0) -> Token:
        return self._tokens[self._next + ahead]

    def _is_operator(self, operator: str) -> bool:
        """Tell whether an operator stands here and has something to work on behind it."""
        behind = self._peek(1)
        if self._peek().kind != operator or behind.kind in ("end", "close"):
            return False
        # "NOT AND a" negates nothing, where "a AND NOT b" does.
        return operator != "NOT" or behind.kind not in ("AND", "OR")

    def _disjunction(self, field: str, depth: int) -> Node | None:
        children: list[Node] = []
        while True:
            child = self._conjunction(field, depth)
            if child:
                children.append(child)
            if not (children and self._is_operator("OR")):
                return any_of(children)
            self._next += 1

    def _conjunction(self, field: str, depth: int) -> Node | None:
        children: list[Node] = []
        while self._peek().kind not in ("end", "close") and not (children and self._is_operator("OR")):
            if children and self._is_operator("AND"):
                self._next += 1
            child = self._negation(field, depth)
            if child:
                children.append(child)
        return all_of(children)

    def _negation(self, field: str, depth: int) -> Node | None:
        negated = False
        while self._peek().kind == "negation" or self._is_operator("NOT"):
            negated = not negated
            self._next += 1
        operand = self._operand(field, depth)
        return Not(operand) if negated and operand else operand

    def _operand(self, field: str, depth: int) -> Node | None:
        token = self._peek()
        if token.kind in ("end", "close"):
            return None
        self._next += 1
        if token.kind == "field":
            return self._field(token.text[:-1], field, depth)
        if token.kind == "open":
            return self._group(field, depth)
        if token.kind != "phrase":
            return self._written(token, field)
        if self._peek().kind == "distance":
            return self._near(token.text, field)
        return self._look_up(token.text, field)

    def _near(self, phrase: str, field: str) -> Node | None:
        distance = self._peek().text
        self._next += 1
        if field in self._facets:
            return self._look_up(phrase, field) or self._look_up(distance, field)
        words = tuple(dict.fromkeys(analysis.words(phrase)))
        if len(words) < 2:
            return Word(words[0], field) if words else self._look_up(distance, field)
        # Four digits are enough to tell what is too far; Python reads no number of thousands of them.
        return Near(words, min(int(distance[1:].lstrip("0")[:4] or 0), _MAX_DISTANCE), field)

    def _written(self, token: Token, field: str) -> Node | None:
        """Return what is asked for by what stands between two spaces."""
        text = token.text
        if field in self._facets:
            return facet_value(field, text)
        if token.kind == "isbn":
            return isbn(text, field) or all_of(read(part, field) for part in text.split())
        if not field and (span := years(text, self._facets)):
            return span
        return read(text, field)

    def _field(self, name: str, outer: str, depth: int) -> Node | None:
        known = field_of(name, self._facets)
        inner = self._operand(known, depth + 1) if depth < _MAX_DEPTH else None
        return inner or self._look_up(name, outer)

    def _group(self, field: str, depth: int) -> Node | None:
        if depth >= _MAX_DEPTH:
            return None
        node = self._disjunction(field, depth + 1)
        if self._peek().kind == "close":
            self._next += 1
        return node

    def _look_up(self, text: str, field: str) -> Node | None:
        words = tuple(analysis.words(text))
        if not words:
            return None
        if field in self._facets:
            return FacetValue(field, words)
        return Word(words[0], field) if len(words) == 1 else Phrase(words, field)
