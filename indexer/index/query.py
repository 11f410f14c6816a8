"""What the user typed, as a tree: the query language of Handlist.

Words must all be found; `"a phrase"` asks for words side by side; `OR` (in capitals) for either; `-word` or `NOT word`
for resources without it; brackets group; `title:word` looks in one field and `type:guidance` for a facet's value. AND
binds closer than OR.

`traffick*` finds what begins so, `trafficing~` what is spelled nearly so (`~1`, `~2`: with at most so many letters
wrong), `"forced labour"~5` words with at most five others between them, in any order, and `year:2019..2021` numbers
of a facet, also without one of its ends. A star, a tilde or a distance belongs directly behind its word or phrase; in
`due-dilig*` it is meant for the last word, and the others are looked up besides. Behind a number a tilde is nothing.

Chinese, Japanese and Korean characters that stand together are a phrase, and one alone is found in all that holds it.

Whatever makes no sense as an operator is looked up as words, so nothing typed is an error.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from indexer.index import analysis
from indexer.index.characters import is_character
from indexer.index.schema import TEXT_FIELDS


@dataclass(frozen=True, slots=True)
class Word:
    """A word, anywhere or in one text field."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand side by side in this order, anywhere or in one text field."""

    words: tuple[str, ...]
    field: str = ""


@dataclass(frozen=True, slots=True)
class Prefix:
    """One word of which only the beginning is given, anywhere or in one text field: `traffick*`.

    A term matches if it begins with one of the folded text's `analysis.beginnings` or is one of its
    `analysis.variants`: the term of "policies" is "polici", and `policy*` finds it.
    """

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """One word that may be spelled otherwise, anywhere or in one text field: `trafficing~`.

    A term matches if its Levenshtein distance to one of the word's `analysis.variants` is at most `edits`: inserted,
    deleted and replaced code points count one each.
    """

    text: str
    field: str = ""
    edits: int = 1


@dataclass(frozen=True, slots=True)
class Near:
    """Words that stand near each other in any order, anywhere or in one text field: `"forced labour"~5`.

    All of the `words`, which are different but may have the same term, stand in one text (one attachment, one value of
    a facet), and the last of them at most `len(words) - 1 + distance` positions behind the first. It occurs at every
    position where one of its words stands from which on the others are that near.
    """

    words: tuple[str, ...]
    distance: int
    field: str = ""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A resource with a value in this facet that holds these words side by side: `type:guidance`."""

    facet: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """A resource with a number in this facet between `first` and `last`, both included: `year:2019..2021`.

    A number is a value of 1 to 18 ASCII digits and nothing else. None leaves an end open.
    """

    facet: str
    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class And:
    """All of these."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of these."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but this."""

    child: Node


Leaf = Word | Phrase | Prefix | Fuzzy | Near | FacetValue | Range
Node = Leaf | And | Or | Not

_MAX_DISTANCE = 100
_MAX_EDITS = 2
_MAX_DEPTH = 30
"""Brackets and fields nested deeper than this are read as if they were not there; their words still count."""

_TOKEN = re.compile(
    r"""
      (?P<negation>(?<!\S)-+(?=[^\s-])|(?<=\()-+(?=[^\s-]))   # a minus that begins a word
    | (?P<field>[A-Za-z][A-Za-z0-9_]*:(?=[^\s:)]))            # title:  (directly before what it asks for)
    | ["“”„«](?P<phrase>[^"“”«»]*)["“”»]                      # "a phrase", in any common quotation marks
    | (?P<distance>(?<=["”»])~[0-9]+(?=[.,;:!?]*(?:[\s()]|$)))  # ~5, directly behind a phrase
    | (?P<open>\()
    | (?P<close>\))
    | (?P<text>[^\s()"“”„«»:]+:*|[:"“”„«»])                   # anything else up to a space, also a lone quotation mark
    """,
    re.VERBOSE,
)

_OPERATORS = frozenset(("AND", "OR", "NOT"))

_ELISION = re.compile(r"(?<=\b[^\W\d_])['’]|(?<=\b[^\W\d_]{2})['’]")

# Behind what is looked up, up to a space: a star, a tilde, the punctuation of the sentence.
_SUFFIX = re.compile(r"(?:\*|~(?P<edits>[0-9]?))[.,;:!?]*\Z")
_RANGE = re.compile(r"(?P<first>[0-9]{1,18})?\.\.(?P<last>[0-9]{1,18})?[.,;:!?]*")


def parse(text: str, facets: Collection[str] = ()) -> Node | None:
    """Turn what was typed into a tree; None when it holds no word at all. Never raises.

    `facets` are the names of the library's facets, which may stand before a colon.
    """
    return _plain_words(text) or _Parser(text, facets).parse()


def _plain_words(text: str) -> Node | None:
    """Return the tree of a query that is nothing but words, as most are; None if it may be more."""
    parts = text.split()
    if not all(map(str.isalnum, parts)) or not _OPERATORS.isdisjoint(parts):
        return None
    words = analysis.words(text)
    # Characters that stand together are more words than one, and belong together.
    return _simplified(And, [Word(word) for word in words]) if len(words) == len(parts) else None


def _simplified(node_type: type[And] | type[Or], children: Sequence[Node]) -> Node | None:
    if len(children) < 2:
        return children[0] if children else None
    return node_type(tuple(children))


def _prefix_or_fuzzy(written: str, edits: str | None, field: str) -> Node | None:
    """Return what a word with a star (no `edits`) or a tilde asks for; None when that makes no sense."""
    word = analysis.fold(written)
    if edits is None:
        return Prefix(word, field) if word else None
    if word.isdecimal() or len(word) < 2:
        return None if edits else Word(word, field)
    allowed = min(int(edits), _MAX_EDITS, len(word) - 1) if edits else _usual_edits(word)
    return Fuzzy(word, field, allowed) if allowed else Word(word, field)


def _usual_edits(word: str) -> int:
    """Return how many letters of a word may be wrong: none of two, one of five, two of more.

    The steps of the fuzziness "AUTO" of Elasticsearch and OpenSearch.
    """
    return (len(word) > 2) + (len(word) > 5)


def _range(facet: str, text: str) -> Range | None:
    """Return the range of numbers that a text asks for, the smaller end first."""
    found = _RANGE.fullmatch(text)
    if not found or not (found["first"] or found["last"]):
        return None
    first, last = (int(end) if end else None for end in found.group("first", "last"))
    if first is not None and last is not None and first > last:
        first, last = last, first
    return Range(facet, first, last)


class _Token(NamedTuple):
    kind: str
    text: str


_END = _Token("end", "")


class _Parser:
    """Recursive descent over the tokens: disjunction > conjunction > negation > one operand."""

    def __init__(self, text: str, facets: Collection[str]) -> None:
        self._facets = facets
        self._tokens = [_Token(str(m.lastgroup), m[str(m.lastgroup)]) for m in _TOKEN.finditer(text)]
        self._number = len(self._tokens)
        # Behind an operator that stands last its operand is looked for, too.
        self._tokens += (_END, _END)
        self._next = 0

    def parse(self) -> Node | None:
        """Return the whole tree; a closing bracket without an opening one is passed over."""
        found: list[Node] = []
        while self._next < self._number:
            node = self._disjunction("", 0)
            if node:
                found.append(node)
            self._next += 1
        return _simplified(And, found)

    def _peek(self, ahead: int = 0) -> _Token:
        return self._tokens[self._next + ahead]

    def _is_operator(self, operator: str) -> bool:
        """Tell whether an operator stands here and has something to work on behind it."""
        return self._peek() == ("text", operator) and self._peek(1).kind not in ("end", "close")

    def _disjunction(self, field: str, depth: int) -> Node | None:
        children: list[Node] = []
        while True:
            child = self._conjunction(field, depth)
            if child:
                children.append(child)
            if not (children and self._is_operator("OR")):
                return _simplified(Or, children)
            self._next += 1

    def _conjunction(self, field: str, depth: int) -> Node | None:
        children: list[Node] = []
        while self._peek().kind not in ("end", "close") and not (children and self._is_operator("OR")):
            if children and self._is_operator("AND"):
                self._next += 1
            child = self._negation(field, depth)
            if child:
                children.append(child)
        return _simplified(And, children)

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
        if token.kind == "text":
            return self._words(token.text, field)
        if token.kind == "phrase" and self._peek().kind == "distance":
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

    def _words(self, text: str, field: str) -> Node | None:
        """Look up what stands between two spaces; an elided article is a word of its own ("l'emploi")."""
        if field in self._facets and (numbers := _range(field, text)):
            return numbers
        found = [self._part(part, field) for part in _ELISION.sub(" ", text).split()]
        return _simplified(And, [node for node in found if node])

    def _part(self, text: str, field: str) -> Node | None:
        suffix = _SUFFIX.search(text)
        if not suffix or field in self._facets:
            return self._look_up(text, field)
        before = text[: suffix.start()]
        begin, end = (analysis.spans(before) or [(0, -1)])[-1]
        # Characters are found wherever they begin something, and none of them can be left out of a few.
        is_meant = end == len(before) and not is_character(before[begin:])
        meant = _prefix_or_fuzzy(before[begin:], suffix["edits"], field) if is_meant else None
        if not meant:
            return self._look_up(text, field)
        others = self._look_up(before[:begin], field)
        return And((others, meant)) if others else meant

    def _field(self, name: str, outer: str, depth: int) -> Node | None:
        known = name.lower()
        if known in TEXT_FIELDS or known in self._facets:
            inner = self._operand(known, depth + 1) if depth < _MAX_DEPTH else None
            return inner or self._look_up(name, outer)
        # Not a field of this library: "note:draft" and "https://…" are words that stand side by side.
        token = self._peek()
        if token.kind != "text":
            return self._look_up(name, outer)
        self._next += 1
        return self._look_up(f"{name} {token.text}", outer)

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
