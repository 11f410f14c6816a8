"""Dates, ranges of numbers and pages of values, over segments that were and were not merged, against plain counting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.index.engine import FacetCount, FacetValues, SearchRequest, ValuesRequest
from indexer.index.manifest import ValueOrder
from indexer.index.numbers import NumberRange, chosen_number, read_range
from indexer.index.query import Node, Word
from indexer.index.schema import Document, Resource
from tests.generated import documents, numbered
from tests.memory_engine import MemoryEngine
from tests.test_evaluation import written

NAMES = ["Côte d'Ivoire", "cote", "Zambia", "Äthiopien", "Benin", "Burkina Faso", "burkina", "10", "9"]
DAYS = [None, date(1, 1, 1), date(2019, 12, 31), date(2020, 6, 1), date(9999, 12, 31)]

years = st.sampled_from(["2018", "2019", "2020", "2021", "17"])
ranges = st.builds(
    lambda first, last: f"{first}..{last}", st.sampled_from(["", "2018", "2020"]), st.sampled_from(["2019", "2021"])
)


def parts_of(found: Sequence[Document]) -> list[tuple[Sequence[Document], Sequence[str]]]:
    """Return documents as three generations that each add some."""
    return [(found[:3], ()), (found[3:6], ()), (found[6:], ())]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2019..2021", "2019..2021"),
        ("2021..2019", "2019..2021"),
        ("2019..", "2019.."),
        ("..2021", "..2021"),
        ("02019..2019", "2019"),
        ("007", "7"),
        ("..", ""),
        ("2019...2021", ""),
        ("-3", ""),
        ("٣", ""),
        ("9" * 19, ""),
        ("2019..2021..", ""),
        ("", ""),
    ],
)
def test_a_number_or_a_range_is_written_in_one_way_and_all_else_is_neither(text: str, meant: str) -> None:
    assert chosen_number(text) == meant


@given(st.none() | st.integers(0, 10**18 - 1), st.none() | st.integers(0, 10**18 - 1))
def test_a_range_is_read_as_it_is_written(one: int | None, other: int | None) -> None:
    if one is not None or other is not None:
        ends = sorted((one, other)) if one is not None and other is not None else (one, other)
        assert read_range(str(NumberRange(*ends))) == NumberRange(*ends)


@settings(max_examples=150)
@given(
    st.lists(documents(), max_size=9),
    st.sampled_from([None, Word("labour")]),
    st.sampled_from(DAYS),
    st.sampled_from(DAYS),
    st.lists(years | ranges, unique=True, max_size=3),
    st.integers(0, 4),
    st.sampled_from([0, 4]),
)
def test_days_and_numbers_leave_and_count_what_looking_at_every_resource_gives(
    found: list[Document],
    query: Node | None,
    since: date | None,
    until: date | None,
    chosen: list[str],
    limit: int,
    growth: int,
) -> None:
    drawn = numbered(found)
    filters = {"year": tuple(chosen)}
    request = SearchRequest(query, filters, since=since, until=until, facet_limit=limit, limit=100)
    plain = MemoryEngine(drawn).search(request)
    with written(*parts_of(drawn), growth=growth) as engine:
        results = engine.search(request)
    assert {hit.resource.id for hit in results.hits} == {hit.resource.id for hit in plain.hits}
    assert results.facets == plain.facets


def test_numbers_and_ranges_widen_and_a_range_is_counted_once_for_each_resource() -> None:
    rows = [("2018",), ("2019", "2020"), ("2020",), ("2021",), ()]
    found = [Document(Resource(f"r{n}", "Title", facets={"year": values})) for n, values in enumerate(rows)]
    with written((found, ())) as engine:
        results = engine.search(SearchRequest(filters={"year": ("2019..2020", "2021")}))
    year = next(facet for facet in results.facets if facet.name == "year")
    assert results.total == 3
    assert [(each.value, each.count) for each in year.counts] == [
        ("2019..2020", 2), ("2020", 2), ("2018", 1), ("2019", 1), ("2021", 1),
    ]  # fmt: skip


def test_what_has_no_date_is_of_no_day_that_is_asked_for() -> None:
    found = [Document(Resource("dated", "Title", date=date(2020, 1, 1))), Document(Resource("undated", "Title"))]
    with written((found, ())) as engine:
        assert engine.search(SearchRequest(since=date(1, 1, 1))).total == 1
        assert engine.search(SearchRequest(until=date(9999, 12, 31))).total == 1
        assert engine.search(SearchRequest(since=date(2020, 1, 1), until=date(2020, 1, 1))).total == 1
        assert engine.search(SearchRequest(since=date(2020, 1, 2))).total == 0
        assert engine.search(SearchRequest()).total == 2


@settings(max_examples=150)
@given(
    st.lists(st.sets(st.sampled_from(NAMES), max_size=4), max_size=9),
    st.sampled_from(["", "co", "COT d", "bur", "ivoire", "ä", "1", "--", "zz"]),
    st.sampled_from(ValueOrder),
    st.sampled_from(["tag", "year"]),
    st.sets(st.sampled_from(NAMES), max_size=2),
    st.integers(0, 4),
    st.integers(0, 4),
    st.sampled_from([0, 4]),
)
def test_a_page_of_values_is_that_of_all_values_counted_and_sorted(
    rows: list[set[str]],
    find: str,
    order: ValueOrder,
    facet: str,
    chosen: set[str],
    offset: int,
    limit: int,
    growth: int,
) -> None:
    found = [Document(Resource(f"r{n}", "Title", facets={facet: tuple(values)})) for n, values in enumerate(rows)]
    request = SearchRequest(filters={facet: tuple(chosen)})
    wanted = ValuesRequest(facet, find, order, offset, limit)
    plain = MemoryEngine(found).values(request, wanted)
    with written(*parts_of(found), growth=growth) as engine:
        assert engine.values(request, wanted) == plain


def test_values_are_found_by_the_beginnings_of_their_words_and_sorted_as_people_read_them() -> None:
    facets = {"tag": ("Zambia", "Côte d'Ivoire", "cotton", "Äpfel"), "year": ("9", "10", "2020"), "language": ("fr",)}
    with written(([Document(Resource("one", "Title", facets=facets))], ())) as engine:

        def values(facet: str, find: str = "") -> list[str]:
            found = engine.values(SearchRequest(), ValuesRequest(facet, find, ValueOrder.NAME))
            assert found.total == len(found.counts)
            return [each.value for each in found.counts]

        assert values("tag") == ["Äpfel", "Côte d'Ivoire", "cotton", "Zambia"]
        assert values("tag", "COT") == ["Côte d'Ivoire", "cotton"]
        assert values("tag", "ivo côt") == ["Côte d'Ivoire"]
        assert values("tag", "otton") == []
        assert values("year") == ["9", "10", "2020"]
        assert values("language", "fren") == ["fr"]
        assert values("mood") == []


def test_values_of_later_segments_come_in_between() -> None:
    first = Document(Resource("one", "Title", facets={"tag": ("b", "d", "É")}))
    second = Document(Resource("two", "Title", facets={"tag": ("a", "c", "f", "b")}))
    with written(([first], ()), ([second], ()), growth=0) as engine:
        for order, expected in ((ValueOrder.COUNT, "bacdfÉ"), (ValueOrder.NAME, "abcdÉf")):
            found = engine.values(SearchRequest(), ValuesRequest("tag", order=order))
            assert "".join(each.value for each in found.counts) == expected


def test_values_are_those_of_the_results_without_regard_to_the_facet_s_own_filter() -> None:
    found = [
        Document(Resource("one", "Fees", facets={"tag": ("a",), "type": ("x",)})),
        Document(Resource("two", "Fees", facets={"tag": ("b",), "type": ("x", "y")})),
        Document(Resource("three", "Wages", facets={"tag": ("c",), "type": ("x",)})),
    ]
    with written((found, ())) as engine:
        request = SearchRequest(Word("fees"), {"tag": ("a",)})
        assert engine.values(request, ValuesRequest("tag")) == FacetValues(2, (FacetCount("a", 1), FacetCount("b", 1)))
        assert engine.values(request, ValuesRequest("type")) == FacetValues(1, (FacetCount("x", 1),))
