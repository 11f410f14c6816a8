"""The port: what every search engine behind Handlist can do, what it answers with and how it fails."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from indexer.index.manifest import Manifest, ValueOrder
from indexer.index.query import Node
from indexer.index.ranking import DEFAULT, Ranking
from indexer.index.remarks import Remark
from indexer.index.schema import Locator, Resource

Excerpt = tuple[tuple[str, bool], ...]
"""Text cut into segments, each marked as matching or not. Never HTML: whoever shows it escapes it."""


SHORTAGES = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)
"""The numbers of errors that say of what a machine is short; its index may be sound."""


class EngineError(Exception):
    """Base of every failure of an index; its text is a sentence that says what to do."""


class IndexMissing(EngineError):
    """There is no published index where one was looked for."""


class IndexUnreadable(EngineError):
    """The index is damaged, or another version of Handlist wrote it: it has to be built again."""


class Sort(StrEnum):
    """The orders in which results can be had: by date means the newest first. What has no date comes last by date."""

    RELEVANCE = "relevance"
    DATE = "date"
    OLDEST = "oldest"
    TITLE = "title"


class Where(StrEnum):
    """The part of a resource in which a match was found."""

    TITLE = "title"
    SUMMARY = "summary"
    KEYWORDS = "keywords"
    BODY = "body"
    ATTACHMENT = "attachment"


@dataclass(frozen=True, slots=True)
class Match:
    """One place in a resource where the query matched.

    `file` names the attachment, `page` counts its pages from 1 and `locator` says what its readers call the page; they
    are empty (and `page` 0) unless `where` is ATTACHMENT.
    """

    where: Where
    excerpt: Excerpt
    file: str = ""
    page: int = 0
    locator: Locator = field(default_factory=Locator)
    format: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: the resource, its score and the best places where the query matched, best first.

    `pages_matched` counts the pages of attachments that hold a match, also those not listed in `matches`. `missing`
    holds what the resource lacks of the query, part by part as `query.written` writes them. `is_pinned` tells that it
    is here because the library wants it to be, whether or not the query matches.
    """

    resource: Resource
    score: float
    matches: tuple[Match, ...] = ()
    pages_matched: int = 0
    missing: tuple[str, ...] = ()
    is_pinned: bool = False


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many results a value of a facet has."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The counts of one facet's values, most frequent first; `more` says how many further values were not listed.

    Of a hierarchical facet are listed: the top of the hierarchy, and below what is chosen and what stands above that
    the level that follows. Ancestors of chosen values count as chosen here. Of a facet of numbers, a chosen range is
    listed as a value, too.
    """

    name: str
    counts: tuple[FacetCount, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is asked of an engine.

    `query` None matches every resource. `filters` maps a facet's name to the chosen values: the values of one facet
    widen the result, different facets narrow it. A chosen value of a facet of numbers may be a range, as `numbers.py`
    writes it. The counts of a facet ignore that facet's own selection. At most `facet_limit` values are counted per
    facet, and the chosen ones besides. `since` and `until` are the first and the last day of resources that are wanted;
    one without a date is not when either is given.

    The resources of the ids `pinned` come first in this order where results are sorted by relevance, whether or not
    the query matches them, as far as they pass the filters; those of `hidden` are no results of this request.

    Hits say where they match and what they lack, unless `placed` is False: to find that costs more than to find the
    hits, and who only wants their order does without.
    """

    query: Node | None = None
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    pinned: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 10
    facet_limit: int = 100
    ranking: Ranking = DEFAULT
    placed: bool = True


@dataclass(frozen=True, slots=True)
class Results:
    """What an engine answers: the number of all results, one page of them and the facets in the library's order.

    `complete` is the number of results that hold all that is asked for, and `only_pinned` that of those that do not and
    are here because they are pinned; the others lack a part. `bounded` says what was not looked for because it would
    have taken too long.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...]
    complete: int
    only_pinned: int = 0
    bounded: tuple[Remark, ...] = ()


class SuggestionKind(StrEnum):
    """What typing can be completed to."""

    TITLE = "title"
    VALUE = "value"
    PHRASE = "phrase"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion of what is being typed.

    It is the title of a resource (then with its `id`), a facet's value (with the name of the `facet`), or words that
    many resources hold, as they are mostly written.
    """

    text: str
    kind: SuggestionKind
    id: str = ""
    facet: str = ""


@dataclass(frozen=True, slots=True)
class ValuesRequest:
    """Which values of a facet are asked for: those that hold a word beginning with each word of `find`.

    Case and accents make no difference; without a word all are found. Of those, `limit` values are wanted from number
    `offset` on.
    """

    facet: str
    find: str = ""
    order: ValueOrder = ValueOrder.COUNT
    offset: int = 0
    limit: int = 100


@dataclass(frozen=True, slots=True)
class FacetValues:
    """Some values of a facet with their counts, and the number of all that were found."""

    total: int
    counts: tuple[FacetCount, ...]


@dataclass(frozen=True, slots=True)
class Spelling:
    """A word of the library that may have been meant by another one, as it is mostly written.

    `resources` have it in any of its forms. `likelihood` is the logarithm of how likely it was meant, up to a constant
    that all spellings of one word share.
    """

    text: str
    resources: int
    likelihood: float


class Engine(Protocol):
    """A published index that can be asked. Safe to share between any number of threads; it never changes."""

    @property
    def manifest(self) -> Manifest:
        """What the index says of itself."""
        ...

    def search(self, request: SearchRequest) -> Results:
        """Answer one request."""
        ...

    def values(self, request: SearchRequest, wanted: ValuesRequest) -> FacetValues:
        """Return values of a facet that the results of a request have, counted as `search` counts them.

        By name, numbers come in their order, and names without regard to case and accents.
        """
        ...

    def count(self, query: Node) -> int:
        """Return how many resources hold all that is asked for."""
        ...

    def knows(self, word: str) -> bool:
        """Tell whether any resource holds a folded word, in any of its forms and any field."""
        ...

    def spellings(self, word: str, others: Sequence[str] = (), limit: int = 5) -> tuple[Spelling, ...]:
        """Return the words of the library that may have been meant by a folded word, the likeliest first.

        They are other words, a few edits away: one where the word has three to five letters, two where it has more.
        An edit inserts, deletes or replaces a letter or swaps two neighbours. `others` are the other words of the
        query, folded, beside which the word that was meant is likely to stand.
        """
        ...

    def suggest(self, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return what may be typed, the most useful first: titles, facet values, phrases and words of the library.

        Each holds a word beginning with each word of `prefix`; what begins as typed comes first. If there are fewer
        than wanted, what was mistyped is forgiven: an edit in words of four letters, two in those of eight.
        """
        ...

    def similar(self, identifier: str, limit: int = 5) -> tuple[Hit, ...]:
        """Return at most `limit` resources like the one of that id, best first; none if there are none, or no such id.

        They share its words and tags; what has its title and content as well is no result but a copy, and copies of
        each other are shown once. The score is the share of what the resource itself would score. Of equals, those in
        its language come first, then the newest.
        """
        ...

    def resource(self, identifier: str) -> Resource | None:
        """Return the resource of that id, or None."""
        ...

    def catalogue(self) -> Iterator[tuple[str, date | None]]:
        """Yield the id and the date of every resource, in an order that stays the same as long as the index does."""
        ...

    def body(self, identifier: str) -> str:
        """Return the text of the page of that resource, paragraphs parted by empty lines; empty if there is none."""
        ...

    def close(self) -> None:
        """Give back files and memory; the engine answers nothing afterwards."""
        ...
