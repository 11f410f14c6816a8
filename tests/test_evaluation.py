"""The array engine is held against a plain evaluation: hits, totals, scores and facet counts of generated indexes.

HANDLIST_CORPORA=5000 in the environment tries so many of them, each with about ten queries; it takes some minutes.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.index import analysis
from indexer.index.engine import Engine, SearchRequest
from indexer.index.manifest import LibraryInfo, Manifest
from indexer.index.query import Alternatives, And, FacetValue, Near, Node, Not, Phrase, Range, Word
from indexer.index.query import written as written_query
from indexer.index.ranking import BM25F, Ranking
from indexer.index.schema import SCHEMA_VERSION, TEXT_FIELDS, Document, Resource
from indexer.index.whoosh import evaluation, facets
from indexer.index.whoosh.arrays import IndexArrays
from indexer.index.whoosh.engine import WhooshEngine
from tests.generated import TAGS, documents, numbered, trees
from tests.plain_evaluation import PlainIndex
from tests.published import FACETS, Additions, write_generations

CORPORA = int(os.environ.get("HANDLIST_CORPORA", "300"))


@contextmanager
def folder_of(*generations: Additions, growth: int = 4) -> Iterator[Path]:
    """Write one generation after the other and give the folder of the last; see `write_generations`."""
    folder = Path(tempfile.mkdtemp())
    try:
        yield write_generations(folder, *generations, growth=growth)
    finally:
        shutil.rmtree(folder)


@contextmanager
def written(*generations: Additions, growth: int = 4) -> Iterator[Engine]:
    """Write generations as `folder_of` does and open the last."""
    with folder_of(*generations, growth=growth) as folder:
        yield WhooshEngine(folder, MANIFEST)


MANIFEST = Manifest(
    schema_version=SCHEMA_VERSION,
    analysis=analysis.version(),
    generation=1,
    built_at=datetime(2026, 1, 2, tzinfo=UTC),
    corpus="",
    resources=0,
    files=0,
    pages=0,
    library=LibraryInfo("Test", "/nowhere", facets=FACETS),
)


@settings(max_examples=CORPORA)
@given(
    st.lists(documents(), max_size=6),
    st.lists(documents(), max_size=3),
    st.sets(st.integers(0, 5)),
    st.lists(trees, min_size=8, max_size=12),
    st.sets(st.sampled_from([*TAGS, "Unknown"]), max_size=2),
    st.sampled_from([0, 1, 1_000]),
    st.sampled_from([0, 1_000]),
)
def test_hits_scores_totals_and_counts_are_those_of_a_plain_evaluation(
    first: list[Document],
    second: list[Document],
    gone: set[int],
    queries: list[Node],
    chosen: set[str],
    growth: int,
    few: int,
) -> None:
    before, after = numbered(first), numbered(second, 100)
    removed = [f"r{number}" for number in gone if number < len(first)]
    plain = PlainIndex([d for d in before + after if d.resource.id not in removed])
    with (
        # With 0 everything is looked up one by one and sorted, with many in tables of all documents and values.
        mock.patch.object(evaluation, "_FEW", few),
        mock.patch.object(facets, "_FEW", few),
        written((before, []), (after, removed), growth=growth) as engine,
    ):
        for query in [None, *queries]:
            matching = plain.evaluate(query)
            narrowed = {
                document.resource.id: matching[document.resource.id]
                for document in plain.documents
                if document.resource.id in matching
                and (not chosen or chosen & set(document.resource.facets.get("tag", ())))
            }
            filters = {"tag": tuple(sorted(chosen))} if chosen else {}
            results = engine.search(SearchRequest(query, filters, limit=100, ranking=BM25F))
            assert results.total == len(narrowed)
            assert {hit.resource.id: hit.score for hit in results.hits} == pytest.approx(narrowed, abs=1e-4)
            tags = next(facet for facet in results.facets if facet.name == "tag")
            expected = plain.facet_counts(set(matching), "tag") | {
                value: 0 for value in chosen if value not in plain.facet_counts(set(matching), "tag")
            }
            assert {count.value: count.count for count in tags.counts} == expected


@settings(max_examples=CORPORA)
@given(
    st.lists(documents(), max_size=6),
    st.lists(documents(), max_size=3),
    st.lists(trees, min_size=8, max_size=12),
    st.integers(0, 4),
    st.sampled_from([0, 1_000]),
)
def test_results_that_lack_words_follow_when_too_few_have_them_all(
    first: list[Document], second: list[Document], queries: list[Node], enough: int, few: int
) -> None:
    found = [*numbered(first), *numbered(second, 100)]
    plain = PlainIndex(found)
    with (
        mock.patch.object(evaluation, "_FEW", few),
        written((numbered(first), []), (numbered(second, 100), [])) as engine,
    ):
        for query in queries:
            expected = plain.evaluate_partly(query, enough, evaluation._LEAST_SHARE)
            results = engine.search(SearchRequest(query, limit=100, ranking=Ranking(enough=enough)))
            assert {hit.resource.id: hit.score for hit in results.hits} == pytest.approx(
                {identifier: score for identifier, (score, _) in expected.items()}, abs=1e-4
            )
            missing = {hit.resource.id: hit.missing for hit in results.hits}
            assert missing == {one: tuple(map(written_query, lacks)) for one, (_, lacks) in expected.items()}
            lacking = [bool(hit.missing) for hit in results.hits]
            assert lacking == sorted(lacking)
            assert results.complete == lacking.count(False)


def test_a_name_of_several_words_is_missed_word_by_word_and_its_other_name_stands_for_all_of_them() -> None:
    titles = ["Modern slavery", "Forced labour", "Modern times", "Labour, forced or not"]
    found = [Document(Resource(title, title)) for title in titles]
    name = Alternatives(And((Word("modern"), Word("slavery"))), (Phrase(("forced", "labour")),))
    with written((found, [])) as engine:
        for query in (name, And((name, Word("modern")))):
            results = engine.search(SearchRequest(query))
            missing = {hit.resource.id: hit.missing for hit in results.hits}
            lacking = () if query is name else ("modern",)
            assert missing == {"Modern slavery": (), "Forced labour": lacking, "Modern times": ("slavery",)}


def positions(text: str, languages: Sequence[str], document: Document, word: str) -> list[int]:
    """Return at which of its words a text has one of the forms of a word."""
    forms = set(analysis.variants(word, languages))
    return [n for n, term in enumerate(analysis.terms(text, document.resource.language)) if term in forms]


@settings(max_examples=150)
@given(st.lists(documents(), min_size=1, max_size=4), st.sampled_from(["recruiting", "recruited", "rights", "the"]))
def test_a_word_is_marked_wherever_one_of_its_forms_stands_in_the_order_of_the_text(
    drawn: list[Document], word: str
) -> None:
    found = numbered(drawn)
    languages = PlainIndex(found).languages
    with folder_of((found, [])) as folder:
        arrays = IndexArrays(folder)
        (leaf,) = evaluation.evaluate(arrays, Word(word)).leaves
        for number, document in enumerate(found):
            texts = {"title": document.resource.title, "summary": document.resource.summary, "body": document.body}
            expected = {name: at for name, text in texts.items() if (at := positions(text, languages, document, word))}
            marked = {name: at.tolist() for name, at in leaf.occurrences(number).positions.items()}
            assert {name: at for name, at in marked.items() if name in texts} == expected
            assert all(at == sorted(at) for at in marked.values())
            assert set(marked) <= set(TEXT_FIELDS)


def test_words_near_each_other_are_found_where_their_forms_in_two_languages_stand_mixed() -> None:
    # In English both are "recruit", in French only the second, so its terms are met behind those of the first.
    french = Resource("fr", "Recruiting fees " + "and so on " * 9 + "recruit", language="fr")
    english = Resource("en", "Wages", language="en")
    with written(([Document(french), Document(english)], [])) as engine:
        (hit,) = engine.search(SearchRequest(Near(("recruiting", "fees"), 0))).hits
    assert [text for text, marked in hit.matches[0].excerpt if marked] == ["Recruiting", "fees"]


@pytest.mark.parametrize("node", [FacetValue("mood", ("good",)), Range("mood", 1, None)])
def test_a_facet_that_the_index_does_not_have_has_no_values(node: Node) -> None:
    both = [Document(Resource(name, "Fees", facets={"mood": ("good", "1")})) for name in ("one", "two")]
    with written((both[:1], []), (both[1:], []), growth=0) as engine:
        assert engine.search(SearchRequest(node)).total == 0
        assert engine.search(SearchRequest(Not(node))).total == 2
        assert engine.search(SearchRequest(filters={"mood": ("good",)})).total == 0
