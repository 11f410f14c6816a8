"""The ways around a result: its pages and its orders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from indexer.index.engine import Sort
from webapp.addresses import search_url
from webapp.arguments import Question
from webapp.interface import N_, _

NEIGHBOURS = 2
"""How many page numbers are shown on either side of the current one."""

SORT_LABELS = {
    Sort.RELEVANCE: N_("Relevance"),
    Sort.DATE: N_("Newest"),
    Sort.OLDEST: N_("Oldest"),
    Sort.TITLE: N_("Title"),
}


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page of results; `gap` says that numbers are left out before it."""

    number: int
    url: str
    current: bool
    gap: bool


@dataclass(frozen=True, slots=True)
class SortLink:
    """One order the results can be had in."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Paging:
    """The way to the other pages of a list: `links` is empty when there is only one, an address where none leads."""

    links: tuple[PageLink, ...]
    previous_url: str
    next_url: str


def paging(page: int, last_page: int, address: Callable[[int], str]) -> Paging:
    """Return the ways from a page, which may lie behind the last one; `address` gives that of a page by its number.

    Linked are the first page, the last and those around the current one.
    """
    around = min(page, last_page)
    near = range(max(1, around - NEIGHBOURS), min(last_page, around + NEIGHBOURS) + 1)
    numbers = sorted({1, *near, last_page})
    links = tuple(
        PageLink(number, address(number), number == page, number - before > 1)
        for before, number in zip([0, *numbers], numbers, strict=False)
    )
    return Paging(
        links=links if last_page > 1 else (),
        previous_url=address(min(page - 1, last_page)) if page > 1 else "",
        next_url=address(page + 1) if page < last_page else "",
    )


def sort_links(question: Question, usual: Sort) -> tuple[SortLink, ...]:
    """Return the orders that make sense here; `usual` is the one that needs no argument.

    Where the newest come first anyway nothing was searched for, and relevance would say nothing.
    """
    current = question.sort if question.sort not in (None, Sort.RELEVANCE) else usual
    return tuple(
        SortLink(
            _(SORT_LABELS[sort]), search_url(replace(question, sort=_argument(sort, usual), page=1)), sort is current
        )
        for sort in Sort
        if sort is not Sort.RELEVANCE or usual is Sort.RELEVANCE
    )


def _argument(sort: Sort, usual: Sort) -> Sort | None:
    return None if sort is usual else sort
