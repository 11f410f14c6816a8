"""Pages of results, in every order, over segments that were and were not merged, against sorting all of them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.index import analysis
from indexer.index.engine import Hit, SearchRequest, Sort
from indexer.index.query import Word
from indexer.index.schema import Document, Resource
from indexer.index.whoosh.arrays import IndexArrays
from tests.test_evaluation import written

resources = st.builds(
    Resource,
    id=st.just(""),
    title=st.sampled_from(["Fees", "fees paid", "Été", "A guide to fees", "Fees, fees", ""]),
    summary=st.sampled_from(["fees", "nothing", "fees fees"]),
    date=st.sampled_from([None, date(2019, 1, 1), date(2021, 5, 5)]),
)


def key(hit: Hit, sort: Sort) -> tuple[object, ...]:
    title = (" ".join(analysis.words(hit.resource.title)), hit.resource.id)
    age = -(hit.resource.date.toordinal() if hit.resource.date else 0)
    return {
        Sort.RELEVANCE: (-hit.score, age, title),
        Sort.DATE: (age, title),
        Sort.OLDEST: (age == 0, -age, title),
        Sort.TITLE: (title,),
    }[sort]


@settings(max_examples=60)
@given(st.lists(resources, min_size=1, max_size=30), st.sampled_from([0, 4]), st.integers(1, 7), st.data())
def test_every_page_is_that_of_all_results_sorted(
    found: list[Resource], growth: int, limit: int, data: st.DataObject
) -> None:
    ids = data.draw(st.permutations(range(len(found))))
    documents = [
        Document(Resource(str(n), each.title, each.summary, each.date)) for n, each in zip(ids, found, strict=True)
    ]
    parts = [(documents[start : start + 9], list[str]()) for start in range(0, len(documents), 9)]
    with written(*parts, growth=growth) as engine:
        for sort in Sort:
            for query in (None, Word("fees")):
                whole = engine.search(SearchRequest(query, sort=sort, limit=100)).hits
                assert [key(hit, sort) for hit in whole] == sorted(key(hit, sort) for hit in whole)
                offsets = range(0, len(found) + limit, limit)
                pages = [engine.search(SearchRequest(query, sort=sort, offset=o, limit=limit)).hits for o in offsets]
                assert [hit for page in pages for hit in page] == list(whole)


@pytest.mark.parametrize(("parts", "most"), [(1, 10), (4, 250)])
def test_a_page_far_behind_reads_few_titles(monkeypatch: pytest.MonkeyPatch, parts: int, most: int) -> None:
    read: list[int] = []
    real = IndexArrays.title_key

    def title_key(arrays: IndexArrays, document: int) -> tuple[bytes, bytes]:
        read.append(document)
        return real(arrays, document)

    found = [Document(Resource(f"r{n:04}", f"Report {n * 37 % 1000:04}")) for n in range(1000)]
    generations = [(found[number::parts], list[str]()) for number in range(parts)]
    with written(*generations, growth=0) as engine:
        monkeypatch.setattr(IndexArrays, "title_key", title_key)
        hits = engine.search(SearchRequest(sort=Sort.TITLE, offset=500, limit=10)).hits
    assert [hit.resource.title for hit in hits] == [f"Report {n:04}" for n in range(500, 510)]
    assert len(read) <= most
