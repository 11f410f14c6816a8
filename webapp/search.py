"""A search without the web: a question goes in, everything that a page or a program shows of its answer comes out."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from indexer.index.curation import NOTHING, Curation
from indexer.index.engine import Engine, Excerpt, Hit, Results, SearchRequest, Sort, Where
from indexer.index.query import Node
from indexer.index.ranking import DEFAULT
from indexer.index.spelling import proposed, retyped
from indexer.index.understanding import Understood, understood, verbatim
from webapp.addresses import arguments_of, resource_url, search_url
from webapp.arguments import LARGEST_NUMBER, Question
from webapp.days import first_day, last_day
from webapp.facets import Chip, FacetOptions, FacetValues, chips, options, value_links
from webapp.messages import Message, ProposedSearch, last_page_of, result_messages, spelling_messages, widened
from webapp.paging import Paging, SortLink, paging, sort_links
from webapp.places import Place, PlaceGroup, grouped, places

ENOUGH = 10
"""With so many results that hold all that is asked for nobody is asked whether something else was meant."""

VALUES_COUNTED = 100
"""How many values of one facet are counted and shown; how many more there are is said."""


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

    @property
    def groups(self) -> tuple[PlaceGroup, ...]:
        """The places file by file, as a card shows them."""
        return grouped(self.places)


@dataclass(frozen=True, slots=True)
class DayForm:
    """What a form asks for days with: the first and the last as they are chosen, and what it repeats."""

    since: str
    until: str
    kept: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SearchPage:
    """One page of a search's answer.

    `found` is what the engine answered, and `meant` what it was asked, as a librarian decided. What only pages show,
    hundreds of links among it, is made when it is first asked for: programs never do.
    """

    engine: Engine
    question: Question
    meant: Understood
    found: Results
    took_ms: float
    curation: Curation = NOTHING

    @property
    def total(self) -> int:
        """The number of all results."""
        return self.found.total

    @property
    def generation(self) -> int:
        """The number of the index that answered."""
        return self.engine.manifest.generation

    @property
    def built_at(self) -> datetime:
        """When the index that answered was built, in UTC."""
        return self.engine.manifest.built_at

    @property
    def first(self) -> int:
        """The place of the page's first result among all, counted from 1; 0 when the page has none."""
        return _offset(self.question) + 1 if self.found.hits else 0

    @property
    def last(self) -> int:
        """The place of the page's last result among all; 0 when the page has none."""
        return _offset(self.question) + len(self.found.hits) if self.found.hits else 0

    @cached_property
    def proposals(self) -> tuple[ProposedSearch, ...]:
        """What the reader may have meant instead, where what was asked for finds little."""
        if self.meant.tree is None or self.question.verbatim or self.found.complete >= ENOUGH:
            return ()
        texts = (retyped(self.meant.text, each.changes) for each in proposed(self.meant.tree, self.engine))
        searches = (_proposed_search(self.engine, self.question, text, self.curation) for text in texts)
        return tuple(each for each in searches if each.total)

    @cached_property
    def spelling(self) -> tuple[Message, ...]:
        """What was corrected, with the way back, and what may have been meant."""
        return tuple(spelling_messages(self.question, self.meant, self.proposals))

    @cached_property
    def results(self) -> tuple[Result, ...]:
        """The results of this page."""
        return tuple(_result(self.engine, hit) for hit in self.found.hits)

    @cached_property
    def facets(self) -> tuple[FacetOptions, ...]:
        """The library's facets with the values to choose."""
        return tuple(options(self.engine, self.question, facet) for facet in self.found.facets)

    @cached_property
    def chips(self) -> tuple[Chip, ...]:
        """The chosen values and days, each with the search without it."""
        return chips(self.engine, self.question)

    @cached_property
    def kept(self) -> tuple[tuple[str, str], ...]:
        """What the search box repeats."""
        return tuple(pair for pair in arguments_of(self.question) if pair[0] != "q")

    @cached_property
    def days(self) -> DayForm:
        """The form that asks for days."""
        kept = tuple(pair for pair in arguments_of(self.question) if pair[0] not in ("since", "until"))
        return DayForm(self.question.since, self.question.until, kept)

    @cached_property
    def paging(self) -> Paging:
        """The way to the other pages."""
        question, last = self.question, last_page_of(self.total, self.question.size)
        return paging(question.page, last, lambda number: search_url(replace(question, page=number)))

    @cached_property
    def sorts(self) -> tuple[SortLink, ...]:
        """The orders in which these results can be had."""
        return sort_links(self.question, _usual_sort(self.meant.tree))

    @cached_property
    def messages(self) -> tuple[Message, ...]:
        """What the reader has to know."""
        return tuple(result_messages(self.engine, self.question, self.meant.tree, self.found))


def search(engine: Engine, question: Question, curation: Curation = NOTHING) -> SearchPage:
    """Answer a question from an engine, as a librarian decided."""
    began = time.perf_counter()
    meant = understanding(engine, question, curation)
    found = engine.search(asked(engine, question, meant))
    found = replace(found, bounded=(*meant.bounded, *found.bounded))
    took_ms = round((time.perf_counter() - began) * 1_000, 2)
    return SearchPage(engine, question, meant, found, took_ms, curation)


def understanding(engine: Engine, question: Question, curation: Curation = NOTHING) -> Understood:
    """Return what a question means, as a librarian decided."""
    return (verbatim if question.verbatim else understood)(question.text, engine, curation)


def asked(engine: Engine, question: Question, meant: Understood) -> SearchRequest:
    """Return what an engine is asked when a question is."""
    usual = _usual_sort(meant.tree)
    return SearchRequest(
        query=meant.tree,
        filters=dict(question.filters),
        since=first_day(question.since),
        until=last_day(question.until),
        pinned=meant.choice.show,
        hidden=meant.choice.hide,
        sort=usual if question.sort in (None, Sort.RELEVANCE) else question.sort,
        offset=_offset(question),
        limit=question.size,
        facet_limit=VALUES_COUNTED,
        ranking=engine.manifest.library.ranking(DEFAULT),
    )


def _offset(question: Question) -> int:
    return min((question.page - 1) * question.size, LARGEST_NUMBER)


def _usual_sort(tree: Node | None) -> Sort:
    # Without words everything is equally relevant: the newest first is what a reader expects.
    return Sort.DATE if tree is None else Sort.RELEVANCE


def _result(engine: Engine, hit: Hit) -> Result:
    resource = hit.resource
    marked = {match.where: match.excerpt for match in hit.matches}
    found = places(hit)
    return Result(
        id=resource.id,
        url=resource_url(resource.id),
        title=_whole(resource.title, marked.get(Where.TITLE, ())),
        summary=marked.get(Where.SUMMARY) or ((resource.summary, False),),
        date=resource.date,
        language=resource.language,
        facets=value_links(engine, resource.facets),
        places=found,
        more_pages=max(0, hit.pages_matched - sum(1 for place in found if place.match.page)),
        hit=hit,
    )


def _whole(text: str, excerpt: Excerpt) -> Excerpt:
    # The excerpt of a long title may be a part of it, but a title is always shown whole.
    return excerpt if "".join(segment for segment, _ in excerpt) == text else ((text, False),)


def _proposed_search(engine: Engine, question: Question, text: str, curation: Curation) -> ProposedSearch:
    """Return what a proposal leads to: without what narrows the search, as it was proposed for the whole library.

    Its number is that of the results which its page will show, with what a librarian decided on it and with those that
    lack a part of it.
    """
    instead = replace(widened(question), text=text)
    request = asked(engine, instead, understanding(engine, instead, curation))
    # Only the number is wanted, and to sort by date costs less than by relevance.
    counted = replace(request, sort=Sort.DATE, limit=0, facet_limit=0)
    return ProposedSearch(text, search_url(instead), engine.search(counted).total)
