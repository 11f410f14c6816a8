"""The values of facets that are listed, over segments that were and were not merged, against sorting all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.index.engine import Facet, FacetCount, SearchRequest
from indexer.index.schema import Document, Resource
from tests.test_evaluation import written

VALUES = ["a", "b", "c", "ca", "d", "é", "Z", "f", "g", ""]

# Of any number, and of one value each, which is counted in another way.
rows = st.lists(st.sets(st.sampled_from(VALUES), max_size=4), max_size=12) | st.lists(
    st.sets(st.sampled_from(VALUES), min_size=1, max_size=1), max_size=12
)


def plain(values: Sequence[set[str]], chosen: set[str], limit: int) -> Facet:
    """Return the most frequent values, those as frequent by name, with all that are chosen."""
    counts = Counter(value for row in values for value in row)
    ordered = sorted(counts, key=lambda value: (-counts[value], value))
    shown = [value for place, value in enumerate(ordered) if place < limit or value in chosen]
    absent = sorted(chosen - set(ordered))
    listed = [FacetCount(value, counts[value]) for value in [*shown, *absent]]
    return Facet("tag", tuple(listed), more=len(ordered) - len(shown))


def tags(request: SearchRequest, *parts: Sequence[Document], removed: Sequence[str] = (), growth: int = 0) -> Facet:
    """Return what is listed of the tags of documents that were added part by part."""
    with written(*((part, ()) for part in parts), ((), removed), growth=growth) as engine:
        return next(facet for facet in engine.search(request).facets if facet.name == "tag")


@settings(max_examples=150)
@given(
    rows,
    st.sets(st.integers(0, 11)),
    st.sets(st.sampled_from([*VALUES, "unknown"]), max_size=2),
    st.integers(0, 6),
    st.sampled_from([0, 4]),
)
def test_values_are_listed_by_count_and_then_by_name(
    drawn: list[set[str]], gone: set[int], chosen: set[str], limit: int, growth: int
) -> None:
    found = [Document(Resource(str(n), "Title", facets={"tag": tuple(values)})) for n, values in enumerate(drawn)]
    left = [values for number, values in enumerate(drawn) if number not in gone]
    removed = [str(number) for number in gone if number < len(found)]
    request = SearchRequest(filters={"tag": tuple(chosen)}, facet_limit=limit)
    listed = tags(request, found[:4], found[4:8], found[8:], removed=removed, growth=growth)
    assert listed == plain(left, chosen, limit)


def test_of_values_that_are_as_frequent_those_of_later_segments_come_in_between() -> None:
    first = Document(Resource("one", "Title", facets={"tag": ("b", "d", "f")}))
    second = Document(Resource("two", "Title", facets={"tag": ("a", "c", "e")}))
    listed = tags(SearchRequest(facet_limit=3), [first], [second])
    assert listed == Facet("tag", (FacetCount("a", 1), FacetCount("b", 1), FacetCount("c", 1)), more=3)


def test_a_value_with_half_a_character_is_listed_once_when_it_is_chosen() -> None:
    found = Document(Resource("one", "Title", facets={"tag": ("\ud800x",)}))
    listed = tags(SearchRequest(filters={"tag": ("\ud800x", "\udfffy")}), [found])
    assert listed.counts == (FacetCount("?x", 1), FacetCount("?y", 0))
