"""A search without the web: a question goes in, everything that a page or a program shows of its answer comes out."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import date, datetime

from indexer.index.engine import Engine, Excerpt, Hit, Match, SearchRequest, Sort, Where
from indexer.index.query import Node, parse
from indexer.index.schema import Resource
from webapp import labels
from webapp.addresses import match_url, resource_url, search_url
from webapp.arguments import LARGEST_NUMBER, Question
from webapp.facets import Chip, FacetOptions, FacetValues, chips, facet_names, options, value_links
from webapp.paging import Paging, SortLink, paging, sort_links

VALUES_COUNTED = 100
"""How many values of one facet are counted and shown; how many more there are is said."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a result matched, with the address that opens it; `caption` is empty for the page's own text.

    `is_named` tells whether the caption holds the name of the file. `language` is that of the excerpt.
    """

    match: Match
    url: str
    caption: str
    is_named: bool
    language: str


@dataclass(frozen=True, slots=True)
class Result:
    """One result, as it is shown.

    `title` is always whole and `summary` an excerpt of it where it matched; both are marked. `places` are the
    matches in the page's text and in attachments, or in the keywords when there is no other; `more_pages` counts the
    pages that match and are not among them.
    """

    id: str
    url: str
    title: Excerpt
    summary: Excerpt
    date: date | None
    language: str
    facets: tuple[FacetValues, ...]
    places: tuple[Place, ...]
    more_pages: int
    hit: Hit


@dataclass(frozen=True, slots=True)
class Message:
    """Something the reader has to know, with a way on: `url` and `link` may be empty."""

    text: str
    url: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of a search's answer; `first` and `last` count its results among all, from 1, 0 when it has none.

    `built_at` is when the index that answered was built, in UTC.
    """

    question: Question
    total: int
    took_ms: float
    generation: int
    built_at: datetime
    first: int
    last: int
    results: tuple[Result, ...]
    facets: tuple[FacetOptions, ...]
    chips: tuple[Chip, ...]
    paging: Paging
    sorts: tuple[SortLink, ...]
    messages: tuple[Message, ...]


def search(engine: Engine, question: Question) -> SearchPage:
    """Answer a question from an engine."""
    began = time.perf_counter()
    tree = parse(question.text, facet_names(engine))
    request = _request(question, tree)
    found = engine.search(request)
    took_ms = round((time.perf_counter() - began) * 1_000, 2)
    last_page = max(1, -(-found.total // question.size))
    return SearchPage(
        question=question,
        total=found.total,
        took_ms=took_ms,
        generation=engine.manifest.generation,
        built_at=engine.manifest.built_at,
        first=request.offset + 1 if found.hits else 0,
        last=request.offset + len(found.hits) if found.hits else 0,
        results=tuple(_result(engine, hit) for hit in found.hits),
        facets=tuple(options(engine, question, facet) for facet in found.facets),
        chips=chips(engine, question),
        paging=paging(question.page, last_page, lambda number: search_url(replace(question, page=number))),
        sorts=sort_links(question, _usual_sort(tree)),
        messages=_messages(question, tree, found.total, last_page),
    )


def _request(question: Question, tree: Node | None) -> SearchRequest:
    usual = _usual_sort(tree)
    return SearchRequest(
        query=tree,
        filters=dict(question.filters),
        sort=usual if question.sort in (None, Sort.RELEVANCE) else question.sort,
        offset=min((question.page - 1) * question.size, LARGEST_NUMBER),
        limit=question.size,
        facet_limit=VALUES_COUNTED,
    )


def _usual_sort(tree: Node | None) -> Sort:
    # Without words everything is equally relevant: the newest first is what a reader expects.
    return Sort.DATE if tree is None else Sort.RELEVANCE


def _result(engine: Engine, hit: Hit) -> Result:
    resource = hit.resource
    marked = {match.where: match.excerpt for match in hit.matches}
    places = tuple(_place(resource, match) for match in _placed(hit))
    return Result(
        id=resource.id,
        url=resource_url(resource.id),
        title=_whole(resource.title, marked.get(Where.TITLE, ())),
        summary=marked.get(Where.SUMMARY) or ((resource.summary, False),),
        date=resource.date,
        language=resource.language,
        facets=value_links(engine, resource.facets),
        places=places,
        more_pages=max(0, hit.pages_matched - sum(1 for place in places if place.match.page)),
        hit=hit,
    )


def _placed(hit: Hit) -> tuple[Match, ...]:
    """Return the matches that a card lists: title and summary are marked where they stand."""
    if all(match.where is Where.KEYWORDS for match in hit.matches):
        # Nothing that is shown would be marked, and the reader would wonder why this was found.
        return hit.matches
    return tuple(match for match in hit.matches if match.where in (Where.BODY, Where.ATTACHMENT))


def _place(resource: Resource, match: Match) -> Place:
    format_name = labels.format_name(match.format)
    alike = [file for file in resource.attachments if file.locators and labels.format_name(file.format) == format_name]
    # "PDF, p. 3" says nothing to the reader of a resource that has two of them.
    is_named = bool(match.file) and len(alike) > 1
    return Place(
        match=match,
        url=match_url(resource.id, match),
        caption=labels.place(match, match.file if is_named else format_name),
        is_named=is_named,
        language=next((file.metadata.language for file in alike if file.name == match.file), "") or resource.language,
    )


def _whole(text: str, excerpt: Excerpt) -> Excerpt:
    # The excerpt of a long title may be a part of it, but a title is always shown whole.
    return excerpt if "".join(segment for segment, _ in excerpt) == text else ((text, False),)


def _messages(question: Question, tree: Node | None, total: int, last_page: int) -> tuple[Message, ...]:
    messages = []
    if question.text and tree is None:
        messages.append(Message("There is no word in this query that could be looked for, so nothing was left out."))
    if total and question.page > last_page:
        last = search_url(replace(question, page=last_page))
        messages.append(Message(f"The results end on page {last_page:,}.", last, f"Go to page {last_page:,}"))
    if not total and question.filters:
        without = search_url(replace(question, filters=(), page=1))
        messages.append(Message("No resource fits all of this together.", without, "Search without the filters"))
    elif not total:
        messages.append(
            Message("No resource holds all of these words.", search_url(Question()), "See the whole library")
        )
    return tuple(messages)
