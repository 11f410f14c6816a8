"""Pinned and hidden resources of the array engine, against a plain list of what it finds without them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.index.engine import SearchRequest, Sort
from indexer.index.query import And, Node, Word
from indexer.index.ranking import Ranking
from indexer.index.schema import Document, Resource
from tests.test_evaluation import written

WORDS_ALONE = Ranking(enough=10)
"""Scores that do not depend on what else is found."""

TAGS = ["asia", "europe"]
IDS = [f"r{number}" for number in range(12)]
resources = st.builds(
    Resource,
    id=st.just(""),
    title=st.sampled_from(["Fees", "Fees paid", "Wages"]),
    date=st.sampled_from([None, date(2019, 1, 1), date(2021, 5, 5)]),
    facets=st.sampled_from([{}, {"tag": ("asia",)}, {"tag": ("asia", "europe")}]),
)
ids = st.lists(st.sampled_from([*IDS, "unknown"]), unique=True, max_size=4).map(tuple)


@settings(max_examples=100)
@given(
    st.lists(resources, min_size=1, max_size=12),
    ids,
    ids.map(frozenset),
    st.sampled_from([None, "asia", "europe"]),
    st.sampled_from([Word("fees"), Word("absent"), And((Word("fees"), Word("paid"))), None]),
    st.sampled_from([0, 4]),
    st.integers(1, 5),
)
def test_pinned_resources_come_first_and_hidden_ones_are_gone_from_pages_totals_and_counts(
    drawn: list[Resource],
    pinned: tuple[str, ...],
    hidden: frozenset[str],
    tag: str | None,
    query: Node | None,
    growth: int,
    limit: int,
) -> None:
    found = [
        Document(Resource(identifier, each.title, "", each.date, facets=each.facets))
        for identifier, each in zip(IDS, drawn, strict=False)
    ]
    tags = {document.resource.id: document.resource.facets.get("tag", ()) for document in found}
    filters = {"tag": (tag,)} if tag else {}
    with written((found[:5], []), (found[5:], []), growth=growth) as engine:
        plain = engine.search(SearchRequest(query, limit=100, ranking=WORDS_ALONE)).hits
        matching = [hit.resource.id for hit in plain]
        scores = {hit.resource.id: hit.score for hit in plain}
        whole = {hit.resource.id for hit in plain if not hit.missing}
        partial = {hit.resource.id for hit in plain if hit.missing} - set(pinned)
        pins = [identifier for identifier in pinned if identifier in tags]
        expected = [one for one in [*pins, *(one for one in matching if one not in pins)] if one not in hidden]
        narrowed = [one for one in expected if tag is None or tag in tags[one]]

        asked = SearchRequest(query, filters, pinned=pinned, hidden=hidden, ranking=WORDS_ALONE)
        pages = [engine.search(replace(asked, offset=offset, limit=limit)) for offset in range(0, 12 + limit, limit)]
        hits = [hit for page in pages for hit in page.hits]
        assert [hit.resource.id for hit in hits] == narrowed
        assert {hit.resource.id for hit in hits if hit.is_pinned} == set(pins) & set(narrowed)
        assert all(hit.score == scores.get(hit.resource.id, 0.0) for hit in hits)
        assert {hit.resource.id for hit in hits if hit.missing} == partial & set(narrowed)
        for page in pages:
            assert page.total == len(narrowed)
            assert page.complete == len(set(narrowed) & whole)
            assert page.only_pinned == len(set(narrowed) - whole - partial)
            counts = {
                count.value: count.count for facet in page.facets if facet.name == "tag" for count in facet.counts
            }
            assert counts == {
                value: number
                for value in TAGS
                if (number := sum(value in tags[one] for one in expected)) or value == tag
            }
        for sort in (Sort.DATE, Sort.TITLE):
            request = SearchRequest(query, filters, sort=sort, pinned=pinned, hidden=hidden, limit=100)
            order = [hit.resource.id for hit in engine.search(request).hits]
            everything = [hit.resource.id for hit in engine.search(SearchRequest(sort=sort, limit=100)).hits]
            assert order == sorted((one for one in everything if one in narrowed), key=lambda one: one in partial)


def test_a_pinned_result_that_holds_a_part_lacks_nothing_and_is_not_counted_among_those_that_hold_all() -> None:
    titles = ["Fees paid", "Paid leave", "Paid work", "Wages", "Fees of agents", "Fees"]
    found = [
        Document(Resource(identifier, title, date=date(2020, 1, 1 + number)))
        for number, (identifier, title) in enumerate(zip(IDS, titles, strict=False))
    ]
    with written((found[:3], []), (found[3:], []), growth=0) as engine:
        request = SearchRequest(And((Word("fees"), Word("paid"))), pinned=("r1", "r3"), ranking=WORDS_ALONE)
        page = engine.search(request)
        assert [hit.resource.id for hit in page.hits[:3]] == ["r1", "r3", "r0"]
        assert {hit.resource.id: hit.missing for hit in page.hits} == {
            "r1": (), "r3": (), "r0": (), "r2": ("fees",), "r4": ("paid",), "r5": ("paid",),
        }  # fmt: skip
        assert (page.total, page.complete, page.only_pinned) == (6, 1, 2)
        # In other orders what is pinned has its place among the results that lack nothing.
        newest = engine.search(replace(request, sort=Sort.DATE))
        assert [hit.resource.id for hit in newest.hits] == ["r3", "r1", "r0", "r5", "r4", "r2"]
