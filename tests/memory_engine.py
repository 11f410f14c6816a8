"""The port once more, over a plain list: slow, without stemming, and simple enough to be obviously right.

The web is tested on it, and the real engines are held against it: counts, filters, order and totals have to agree.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from indexer.index.analysis import fold, spans, words
from indexer.index.engine import (
    Excerpt,
    Facet,
    FacetCount,
    FacetValues,
    Hit,
    Match,
    Results,
    SearchRequest,
    Sort,
    Spelling,
    Suggestion,
    SuggestionKind,
    ValuesRequest,
    Where,
)
from indexer.index.hierarchy import lineage, parent
from indexer.index.manifest import FacetInfo, FacetKind, LibraryInfo, Manifest, ValueOrder
from indexer.index.numbers import read_range
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
from indexer.index.schema import SCHEMA_VERSION, Document, Resource
from indexer.index.values import searched_text
from tests.plain_evaluation import alignment_distance, is_between, levenshtein
from tests.published import FACETS

ALIKE = 1 / 3
"""How many of the words of a resource one has to hold that is like it."""

MATCHES = 4
"""How many places of one resource are reported."""


def holds(text: str, wanted: Sequence[str]) -> bool:
    """Tell whether these words stand side by side in the text."""
    present = words(text)
    return any(present[start : start + len(wanted)] == list(wanted) for start in range(len(present)))


def holds_near(text: str, wanted: Sequence[str], distance: int) -> bool:
    """Tell whether these words stand in the text with at most `distance` others between them, in any order."""
    present = words(text)
    width = len(wanted) + distance
    return any(set(wanted) <= set(present[start : start + width]) for start in range(len(present)))


def _subject(document: Document) -> set[str]:
    """Return the words that tell what a document is about."""
    fields = ("title", "summary", "keywords", "body")
    return {word for field in fields for text in _texts(document, field) for word in words(text) if len(word) > 3}


def _share(document: Document, one: Document) -> float:
    """Return how much of what another document is about is in this one, from 0 to 1."""
    wanted = _subject(one)
    return len(wanted & _subject(document)) / len(wanted) if wanted else 0.0


def _says_the_same(document: Document, other: Document) -> bool:
    """Tell whether documents have the same title and the same content."""
    one, two = document.resource, other.resource
    return (one.title, one.summary, document.body, document.pages) == (two.title, two.summary, other.body, other.pages)


Lacking = Mapping[str, tuple[str, ...]]
"""The ids of documents that match, each with the parts of the query that it lacks."""


class MemoryEngine:
    """Searches a list of documents."""

    def __init__(
        self,
        documents: Sequence[Document],
        facets: Sequence[FacetInfo] = FACETS,
        title: str = "Test library",
        root: str = "/nowhere",
        generation: int = 1,
        languages: Sequence[str] = ("en", "fr"),
    ) -> None:
        self._documents = {document.resource.id: document for document in documents}
        pages = sum(len(file) for document in documents for file in document.pages)
        self._manifest = Manifest(
            schema_version=SCHEMA_VERSION,
            analysis="memory",
            generation=generation,
            built_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
            corpus="memory",
            resources=len(documents),
            files=sum(len(document.pages) for document in documents),
            pages=pages,
            library=LibraryInfo(title, root, "Everything about testing.", tuple(languages), tuple(facets)),
        )

    @property
    def manifest(self) -> Manifest:
        """What this engine says of itself."""
        return self._manifest

    def search(self, request: SearchRequest) -> Results:
        """Look at every document, once for the results and once for each facet."""
        lacking, holding = self._matching(request), self._holding(request)
        found = [each for each in self._documents.values() if self._fits(each, lacking, request, request.filters)]
        ids = [each.resource.id for each in found]
        ordered = sorted(found, key=lambda each: _rank(each, request, lacking))
        page = ordered[request.offset : request.offset + request.limit]
        return Results(
            total=len(found),
            hits=tuple(replace(_hit(each, request), missing=lacking[each.resource.id]) for each in page),
            facets=tuple(self._facet(facet.name, request) for facet in self._manifest.library.facets),
            complete=sum(holding.get(each.resource.id) == () for each in found),
            only_pinned=sum(bool(holding.get(one, ("all",))) for one in {*request.pinned} & {*ids}),
        )

    def values(self, request: SearchRequest, wanted: ValuesRequest) -> FacetValues:
        """Count every value and sort them all."""
        counts, typed = self._counts(wanted.facet, request), words(wanted.find)
        found = [v for v in counts if not typed or _completes(searched_text(wanted.facet, v), typed)]
        is_number = self._info(wanted.facet).kind is FacetKind.NUMBERS

        def order(value: str) -> tuple[object, ...]:
            if wanted.order is ValueOrder.COUNT:
                return -counts[value], value
            name = " ".join(words(searched_text(wanted.facet, value)))
            number = int(value) if is_number and is_between(value, None, None) else None
            return number is None, number or 0, name, value

        page = sorted(found, key=order)[wanted.offset : wanted.offset + wanted.limit]
        return FacetValues(len(found), tuple(FacetCount(value, counts[value]) for value in page))

    def count(self, query: Node) -> int:
        """Look at every document."""
        return sum(_matches(document, query) for document in self._documents.values())

    def knows(self, word: str) -> bool:
        """Look at every word."""
        return self.count(Word(word)) > 0

    def spellings(self, word: str, others: Sequence[str] = (), limit: int = 5) -> tuple[Spelling, ...]:
        """Return the words the fewest edits away, of equal ones those that stand beside the others most often."""
        texts = [text for document in self._documents.values() for text in _texts(document, "")]
        edits = {each: alignment_distance(each, word) for text in texts for each in words(text) if not each.isdecimal()}
        near = [each for each, number in edits.items() if 0 < number <= (len(word) > 2) + (len(word) > 5)]

        def order(each: str) -> tuple[int, int, int, str]:
            beside = sum(self.count(And((Word(each), Word(other)))) for other in others)
            return edits[each], -beside, -self.count(Word(each)), each

        return tuple(
            Spelling(each, self.count(Word(each)), -5.0 * edits[each]) for each in sorted(near, key=order)[:limit]
        )

    def suggest(self, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return titles first, then facet values, then words of two resources, in alphabetical order."""
        typed = words(prefix)
        titles = {
            Suggestion(each.resource.title, SuggestionKind.TITLE, id=each.resource.id)
            for each in self._documents.values()
            if _completes(each.resource.title, typed)
        }
        values = {
            Suggestion(value, SuggestionKind.VALUE, facet=facet.name)
            for facet in self._manifest.library.facets
            for each in self._documents.values()
            for value in each.resource.facets.get(facet.name, ())
            if _completes(searched_text(facet.name, value), typed)
        }

        def order(suggestion: Suggestion) -> tuple[str, str, str]:
            return suggestion.text.casefold(), suggestion.facet, suggestion.id

        stand = Counter(each for document in self._documents.values() for each in _words(document))
        frequent = {
            Suggestion(each, SuggestionKind.WORD)
            for each, count in stand.items()
            if count > 1 and len(typed) == 1 and len(each) > 2 and each.startswith(typed[0])
        }
        return tuple([each for some in (titles, values, frequent) for each in sorted(some, key=order)][:limit])

    def similar(self, identifier: str, limit: int = 5) -> tuple[Hit, ...]:
        """Return the resources that hold most of the words of that one, if they hold at least a third."""
        one = self._documents.get(identifier)
        others = [each for each in self._documents.values() if one and not _says_the_same(each, one)]
        shares = {each.resource.id: _share(each, one) for each in others if one}
        likes = sorted(
            (each for each in others if shares[each.resource.id] >= ALIKE),
            key=lambda each: (
                -shares[each.resource.id],
                one is not None and each.resource.language != one.resource.language,
                -(each.resource.date or date.min).toordinal(),
                each.resource.title.casefold(),
                each.resource.id,
            ),
        )
        once = [each for n, each in enumerate(likes) if not any(_says_the_same(each, known) for known in likes[:n])]
        return tuple(Hit(each.resource, shares[each.resource.id]) for each in once[:limit])

    def resource(self, identifier: str) -> Resource | None:
        """Return the resource of that id."""
        document = self._documents.get(identifier)
        return document.resource if document else None

    def catalogue(self) -> Iterator[tuple[str, date | None]]:
        """Yield the id and the date of every document."""
        for document in self._documents.values():
            yield document.resource.id, document.resource.date

    def body(self, identifier: str) -> str:
        """Return the text of a resource's page."""
        document = self._documents.get(identifier)
        return document.body if document else ""

    def close(self) -> None:
        """Forget every document."""
        self._documents.clear()

    def _matching(self, request: SearchRequest) -> Lacking:
        """Return the ids of the results without filters: of what matches and of what is pinned, which lacks nothing."""
        pinned: Lacking = {identifier: () for identifier in request.pinned if identifier in self._documents}
        found = {**self._holding(request), **pinned}
        return {identifier: lacks for identifier, lacks in found.items() if identifier not in request.hidden}

    def _holding(self, request: SearchRequest) -> Lacking:
        """Return the ids of the documents that match without filters, each with the parts of the query it lacks."""
        query, every = request.query, self._documents.items()
        whole: Lacking = {one: () for one, document in every if query is None or _matches(document, query)}
        children = query.children if isinstance(query, And) else (query,) if query else ()
        counted = [child for child in children if not isinstance(child, Not | FacetValue | Range)]
        parts = [part for child in counted for part in _parts(child)]
        if len(whole) >= request.ranking.enough or len(parts) < 2:
            return whole
        demanded = [child for child in children if child not in counted]
        candidates = [each for each in every if all(_matches(each[1], part) for part in demanded)]
        lacking = {
            one: tuple([written(part) for part in parts if not _matches(document, part)])
            for one, document in candidates
        }
        return {one: missing for one, missing in lacking.items() if len(missing) < len(parts)}

    def _fits(
        self, document: Document, lacking: Lacking, request: SearchRequest, filters: Mapping[str, Sequence[str]]
    ) -> bool:
        chosen = all(
            any(self._has(document, facet, value) for value in values) for facet, values in filters.items() if values
        )
        return chosen and _is_dated(document, request) and document.resource.id in lacking

    def _has(self, document: Document, facet: str, chosen: str) -> bool:
        """Tell whether a document has a chosen value, or a number in a chosen range."""
        values = self._values(document, facet)
        numbers = read_range(chosen) if self._info(facet).kind is FacetKind.NUMBERS else None
        if numbers is None:
            return chosen in values
        return any(is_between(value, numbers.first, numbers.last) for value in values)

    def _info(self, name: str) -> FacetInfo:
        return next((facet for facet in self._manifest.library.facets if facet.name == name), FacetInfo(name, name))

    def _values(self, document: Document, name: str) -> set[str]:
        """Return the values of a document in a facet, with all that stand above them."""
        values = document.resource.facets.get(name, ())
        separator = self._info(name).hierarchy
        return {above for value in values for above in lineage(value, separator)} if separator else set(values)

    def _counted(self, name: str, request: SearchRequest) -> list[Document]:
        """Return the documents of which a facet is counted, without regard to its own filter."""
        others = {facet: values for facet, values in request.filters.items() if facet != name}
        lacking = self._matching(request)
        return [each for each in self._documents.values() if self._fits(each, lacking, request, others)]

    def _counts(self, name: str, request: SearchRequest) -> Counter[str]:
        return Counter(value for each in self._counted(name, request) for value in self._values(each, name))

    def _facet(self, name: str, request: SearchRequest) -> Facet:
        counts = self._counts(name, request)
        is_number = self._info(name).kind is FacetKind.NUMBERS
        ranges = [value for value in request.filters.get(name, ()) if is_number and read_range(value)]
        chosen = tuple(value for value in request.filters.get(name, ()) if value not in ranges)
        separator = self._info(name).hierarchy
        if separator:
            chosen = tuple(above for value in chosen for above in lineage(value, separator))
        for value in chosen:
            counts.setdefault(value, 0)
        by_count = sorted(counts, key=lambda value: (-counts[value], value))
        is_open = [value for value in by_count if not separator or parent(value, separator) in ("", *chosen)]
        listed = {*is_open[: request.facet_limit], *chosen}
        shown = [FacetCount(value, counts[value]) for value in by_count if value in listed]
        counted = self._counted(name, request)
        spans = [FacetCount(value, sum(self._has(each, name, value) for each in counted)) for value in ranges]
        ordered = sorted([*shown, *spans], key=lambda each: (-each.count, each.value))
        return Facet(name, tuple(ordered), more=len(by_count) - len(shown))


def _is_dated(document: Document, request: SearchRequest) -> bool:
    """Tell whether a document is of the days that are asked for."""
    if request.since is None and request.until is None:
        return True
    day = document.resource.date
    return day is not None and (request.since or date.min) <= day <= (request.until or date.max)


def _parts(node: Node) -> Sequence[Node]:
    """Return what of one thing that is asked for may be missing: of several words each, or another wording of all."""
    match node:
        case Alternatives(And(children), others):
            return [Alternatives(child, others) for child in children]
        case _:
            return [node]


def _texts(document: Document, field: str) -> Iterator[str]:
    """Yield the texts of one field, or of all; words of different texts never stand side by side."""
    if field in ("", "title"):
        yield document.resource.title
    if field in ("", "summary"):
        yield document.resource.summary
    if field in ("", "keywords"):
        yield from document.resource.keywords
    if field in ("", "body"):
        yield document.body
    if field in ("", "attachments"):
        yield from (page.text for pages in document.pages for page in pages)


def _words(document: Document) -> set[str]:
    return {word for text in _texts(document, "") for word in words(text)}


def _matches(document: Document, node: Node) -> bool:
    match node:
        case Word(_, field) | Prefix(_, field) | Fuzzy(_, field, _):
            return any(_is_sought(node, word) for each in _texts(document, field) for word in words(each))
        case Phrase(wanted, field):
            return any(holds(each, wanted) for each in _texts(document, field))
        case Near(wanted, distance, field):
            return any(holds_near(each, wanted, distance) for each in _texts(document, field))
        case FacetValue(facet, wanted):
            values = document.resource.facets.get(facet, ())
            return any(holds(searched_text(facet, value), wanted) for value in values)
        case Range(facet, first, last):
            return any(is_between(value, first, last) for value in document.resource.facets.get(facet, ()))
        case And(children):
            return all(_matches(document, child) for child in children)
        case Or(children):
            return any(_matches(document, child) for child in children)
        case Alternatives(typed, others):
            return any(_matches(document, child) for child in (typed, *others))
        case Not(child):
            return not _matches(document, child)


def _rank(document: Document, request: SearchRequest, lacking: Lacking) -> tuple[float, bool, float, str, str]:
    """Return what documents are sorted by: by relevance pins first; then the asked order, the title and the id."""
    resource = document.resource
    turn, first = 0.0, 0.0
    if request.sort is Sort.DATE:
        first = -(resource.date.toordinal() if resource.date else 0)
    if request.sort is Sort.OLDEST:
        first = resource.date.toordinal() if resource.date else math.inf
    if request.sort is Sort.RELEVANCE:
        first = -_score(document, request.query)
        turn = request.pinned.index(resource.id) if resource.id in request.pinned else len(request.pinned)
    return turn, bool(lacking[resource.id]), first, resource.title.casefold(), resource.id


def _score(document: Document, query: Node | None) -> float:
    return float(sum(_is_sought(query, word) for text in _texts(document, "") for word in words(text)))


def _is_sought(node: Node | None, word: str) -> bool:
    """Tell whether a word is one that a match can show: one that is asked for, not one that is excluded."""
    match node:
        case Word(text, _):
            return word == text
        case Prefix(text, _):
            return word.startswith(text)
        case Fuzzy(text, _, edits):
            return levenshtein(word, text) <= edits
        case Phrase(wanted, _) | Near(wanted, _, _):
            return word in wanted
        case And(children) | Or(children):
            return any(_is_sought(child, word) for child in children)
        case Alternatives(typed, others):
            return any(_is_sought(child, word) for child in (typed, *others))
        case _:
            return False


def _hit(document: Document, request: SearchRequest) -> Hit:
    query = request.query
    places = [match for match in _places(document, query) if any(matches for _, matches in match.excerpt)]
    return Hit(
        document.resource,
        _score(document, query),
        tuple(places[:MATCHES]),
        sum(place.where is Where.ATTACHMENT for place in places),
        is_pinned=document.resource.id in request.pinned,
    )


def _places(document: Document, query: Node | None) -> Iterator[Match]:
    resource = document.resource
    yield Match(Where.TITLE, _excerpt(resource.title, query))
    yield Match(Where.SUMMARY, _excerpt(resource.summary, query))
    for value in resource.keywords:
        yield Match(Where.KEYWORDS, _excerpt(value, query))
    yield Match(Where.BODY, _excerpt(document.body, query))
    for file, pages in zip(resource.attachments, document.pages, strict=True):
        for number, page in enumerate(pages, start=1):
            excerpt = _excerpt(page.text, query)
            yield Match(Where.ATTACHMENT, excerpt, file.name, number, page.locator, file.format)


def _excerpt(text: str, query: Node | None) -> Excerpt:
    segments: list[tuple[str, bool]] = []
    end = 0
    for start, stop in spans(text):
        segments += [(text[end:start], False), (text[start:stop], _is_sought(query, fold(text[start:stop])))]
        end = stop
    return tuple(segment for segment in (*segments, (text[end:], False)) if segment[0])


def _completes(text: str, typed: Sequence[str]) -> bool:
    return bool(typed) and all(any(word.startswith(start) for word in words(text)) for start in typed)
