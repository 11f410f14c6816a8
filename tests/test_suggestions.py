"""Completions against looking through all titles and values one by one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.index import analysis
from indexer.index.engine import Suggestion
from indexer.index.schema import Document, Resource
from indexer.index.whoosh.strings import StringArray
from tests.test_evaluation import written

texts = st.lists(st.sampled_from(["fee", "fees", "Fée", "free", "labour", "a", "2021"]), max_size=4).map(" ".join)
resources = st.builds(lambda title, tags: Resource("", title, facets={"tag": tuple(tags)}), texts, st.lists(texts))


def plain(found: Sequence[Resource], prefix: str, limit: int) -> list[Suggestion]:
    """Return the completions by the definition: what begins as typed first, then what is shortest, by name, by id."""
    wanted = [f" {word}" for word in analysis.words(prefix)]
    texts = [(resource.title, Suggestion(resource.title, id=resource.id)) for resource in found]
    tags = dict.fromkeys(tag for resource in found for tag in resource.facets["tag"])
    texts += [(tag, Suggestion(tag, facet="tag")) for tag in tags]
    folded = [(f" {' '.join(analysis.words(text))} ", suggestion) for text, suggestion in texts]
    fitting = [item for item in folded if wanted and all(word in item[0] for word in wanted)]
    fitting.sort(key=lambda item: (not item[0].startswith(wanted[0]), len(item[0]), item[0], item[1].id))
    return [suggestion for _, suggestion in fitting[:limit]]


@settings(max_examples=100)
@given(
    st.lists(resources, max_size=12),
    st.sets(st.integers(0, 7)),
    st.sampled_from([0, 1_000]),
    st.sampled_from(["f", "fe", "fees", "fee lab", "a f", "2", "x", "fee fee", ""]),
    st.integers(1, 6),
)
def test_completions_are_those_of_looking_through_everything(
    drawn: list[Resource], gone: set[int], growth: int, prefix: str, limit: int
) -> None:
    found = [Resource(f"r{n:02}", each.title, facets=each.facets) for n, each in enumerate(drawn)]
    removed = [each.id for n, each in enumerate(found) if n in gone]
    parts = [([Document(each) for each in found[:8]], []), ([Document(each) for each in found[8:]], removed)]
    with written(*parts, growth=growth) as engine:
        left = [each for each in found if each.id not in removed]
        # Values of equal words, as "fee" and "Fée", have no order of their own.
        expected = plain(left, prefix, limit)
        folded = [(analysis.words(each.text), each.id, each.facet) for each in engine.suggest(prefix, limit)]
        assert folded == [(analysis.words(each.text), each.id, each.facet) for each in expected]


def test_what_only_a_removed_resource_had_is_not_suggested_while_it_lies_in_a_segment() -> None:
    kept = [Document(Resource(name, "Kept title", facets={"tag": ("Kept tag",)})) for name in ("one", "two")]
    gone = Document(Resource("gone", "Gone title", facets={"tag": ("Gone tag",)}))
    with written(([*kept, gone], []), ([], ["gone"]), growth=0) as engine:
        assert engine.suggest("gone") == ()
        assert [each.text for each in engine.suggest("kept")] == ["Kept tag", "Kept title", "Kept title"]


def test_of_many_equal_titles_only_those_that_are_shown_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []
    real = StringArray.__getitem__

    def getitem(strings: StringArray, number: int) -> bytes:
        read.append(text := real(strings, number))
        return text

    found = [Document(Resource(f"r{n:02}", "Annual report", facets={"tag": (f"Annual {n:04}",)})) for n in range(60)]
    with written((found[::-1], [])) as engine:
        monkeypatch.setattr(StringArray, "__getitem__", getitem)
        titles = engine.suggest("annual rep", 3)
        tags = engine.suggest("annual", 3)
    assert [each.id for each in titles] == ["r00", "r01", "r02"]
    assert [each.text for each in tags] == ["Annual 0000", "Annual 0001", "Annual 0002"]
    assert len(read) < 20


def test_values_as_useful_are_suggested_by_their_folded_words() -> None:
    values = ("Fee c", "Fee d", "fee a", "Fée b")
    with written(([Document(Resource("one", "Title", facets={"tag": values}))], [])) as engine:
        found = [[each.text for each in engine.suggest("fee", limit)] for limit in (1, 2, 3)]
    assert found == [["fee a"], ["fee a", "Fée b"], ["fee a", "Fée b", "Fee c"]]
