"""The array engine is held against a plain evaluation: hits, totals, scores and facet counts of generated indexes."""

from __future__ import annotations

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
from indexer.index.query import Node
from indexer.index.schema import SCHEMA_VERSION, Document
from indexer.index.whoosh import evaluation, facets, merge_policy
from indexer.index.whoosh.engine import WhooshEngine
from indexer.index.whoosh.writer import GenerationWriter
from tests.generated import TAGS, documents, numbered, trees
from tests.plain_evaluation import PlainIndex
from tests.published import FACETS


@contextmanager
def written(*generations: tuple[Sequence[Document], Sequence[str]], growth: int = 4) -> Iterator[Engine]:
    """Write one generation after the other, each adding documents and removing ids, and open the last.

    With `growth` 0 no segment takes another in, with a high one each takes in all.
    """
    folder = Path(tempfile.mkdtemp())
    previous = None
    try:
        with mock.patch.object(merge_policy, "_GROWTH", growth):
            for number, (added, removed) in enumerate(generations):
                generation = folder / f"{number:08d}"
                generation.mkdir()
                with GenerationWriter(generation, previous, "en", [facet.name for facet in FACETS]) as target:
                    for identifier in removed:
                        target.remove(identifier)
                    for document in added:
                        target.add(document)
                    target.commit()
                previous = generation
        yield WhooshEngine(folder / f"{len(generations) - 1:08d}", MANIFEST)
    finally:
        shutil.rmtree(folder)


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


@settings(max_examples=300)
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
            results = engine.search(SearchRequest(query, filters, limit=100))
            assert results.total == len(narrowed)
            assert {hit.resource.id: hit.score for hit in results.hits} == pytest.approx(narrowed, abs=1e-4)
            tags = next(facet for facet in results.facets if facet.name == "tag")
            expected = plain.facet_counts(set(matching), "tag") | {
                value: 0 for value in chosen if value not in plain.facet_counts(set(matching), "tag")
            }
            assert {count.value: count.count for count in tags.counts} == expected
