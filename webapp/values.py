"""All values of a facet within a search, page by page, to be looked through and chosen from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from indexer.index.curation import NOTHING, Curation
from indexer.index.engine import Engine, FacetValues, ValuesRequest
from indexer.index.manifest import FacetInfo, ValueOrder
from indexer.index.values import ALWAYS_INDEXED
from webapp.addresses import arguments_of, search_url, values_url
from webapp.arguments import LARGEST_NUMBER, ValuesQuestion
from webapp.facets import Chip, Option, chips, choices, sorted_by_name
from webapp.interface import N_, _
from webapp.labels import facet_label
from webapp.paging import Paging, SortLink, paging
from webapp.search import asked, understanding

_ORDER_LABELS = {ValueOrder.COUNT: N_("Most frequent"), ValueOrder.NAME: N_("By name")}


@dataclass(frozen=True)
class ValuesPage:
    """A page of the values of a facet; what only pages show is made when it is first asked for."""

    engine: Engine
    question: ValuesQuestion
    info: FacetInfo
    found: FacetValues

    @property
    def total(self) -> int:
        """The number of all values that were found."""
        return self.found.total

    @property
    def label(self) -> str:
        """What the facet is called."""
        return facet_label(self.info)

    @property
    def generation(self) -> int:
        """The number of the index that answered."""
        return self.engine.manifest.generation

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """The values of this page, each with the search with it chosen, or no longer chosen."""
        found = choices(self.engine, self.question.search, self.info, self.found.counts)
        # Those whose names are translated are all on one page, in the order of their English names.
        is_translated = self.info.name in ALWAYS_INDEXED and _order(self.question, self.info) is ValueOrder.NAME
        return sorted_by_name(found) if is_translated else found

    @cached_property
    def chips(self) -> tuple[Chip, ...]:
        """What is chosen, each with the search without it."""
        return chips(self.engine, self.question.search)

    @cached_property
    def kept(self) -> tuple[tuple[str, str], ...]:
        """What a form that looks for values repeats."""
        order = self.question.order
        return arguments_of(self.question.search) + ((("order", order.value),) if order else ())

    @cached_property
    def orders(self) -> tuple[SortLink, ...]:
        """The orders in which the values can be had; that of the library needs no argument."""
        current, first = _order(self.question, self.info), replace(self.question, page=1)
        return tuple(
            SortLink(
                label=_(_ORDER_LABELS[order]),
                url=values_url(replace(first, order=None if order is self.info.order else order)),
                current=order is current,
            )
            for order in ValueOrder
        )

    @cached_property
    def paging(self) -> Paging:
        """The way to the other pages."""
        last = max(1, -(-self.total // self.question.size))
        return paging(self.question.page, last, lambda number: values_url(replace(self.question, page=number)))

    @property
    def search_url(self) -> str:
        """The search within which the values are listed."""
        return search_url(self.question.search)

    @property
    def all_url(self) -> str:
        """The same list without anything looked for in it."""
        return values_url(replace(self.question, find="", page=1))


def list_values(engine: Engine, question: ValuesQuestion, info: FacetInfo, curation: Curation = NOTHING) -> ValuesPage:
    """Answer which values of a facet the results of a search have, as a librarian decided."""
    wanted = ValuesRequest(
        facet=info.name,
        find=question.find,
        order=_order(question, info),
        offset=min((question.page - 1) * question.size, LARGEST_NUMBER),
        limit=question.size,
    )
    found = engine.values(asked(engine, question.search, understanding(engine, question.search, curation)), wanted)
    return ValuesPage(engine, question, info, found)


def _order(question: ValuesQuestion, info: FacetInfo) -> ValueOrder:
    return question.order or info.order
