"""Recency: nothing unless a library wants it, and then a share of the best score that halves with the years."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.index import open_index
from indexer.index.engine import Engine, SearchRequest, Sort
from indexer.index.query import Word
from indexer.index.ranking import DEFAULT, Ranking
from indexer.index.schema import Document, Resource
from indexer.index.whoosh.recency import freshness
from tests.library_folder import built, write_page
from tests.memory_engine import MemoryEngine
from tests.test_evaluation import MANIFEST, written
from webapp.arguments import Question
from webapp.search import asked, understanding

TODAY = MANIFEST.built_at.date()
days = st.none() | st.dates(date(2000, 1, 1), TODAY + timedelta(days=400))


def dated(found: list[date | None]) -> list[Document]:
    """Return resources of these days, those with odd numbers a little worse than the others."""
    return [Document(Resource(f"r{n}", "Fees paid" if n % 2 else "Fees", date=day)) for n, day in enumerate(found)]


def test_what_a_resource_gains_halves_after_each_half_life_and_is_nothing_without_a_date() -> None:
    ages = [0, 3 * 365.25, 6 * 365.25, -500]
    ordinals = np.array([*(round(730_000 - age) for age in ages), 0])
    assert freshness(ordinals, 730_000, 3.0) == pytest.approx([1, 0.5, 0.25, 1, 0], abs=1e-3)
    assert freshness(np.array([0]), 730_000, 1_000.0).tolist() == [0]


@settings(max_examples=60)
@given(st.lists(days, min_size=1, max_size=8), st.floats(0.01, 1), st.floats(0.1, 50))
def test_scores_are_those_without_recency_and_a_share_of_the_best_of_them(
    found: list[date | None], recency: float, half_life: float
) -> None:
    with written((dated(found), ())) as engine:
        plain = engine.search(SearchRequest(Word("fees"), limit=100)).hits
        ranking = replace(DEFAULT, recency=recency, half_life=half_life)
        hits = engine.search(SearchRequest(Word("fees"), limit=100, ranking=ranking)).hits
    best = max(hit.score for hit in plain)
    expected = {}
    for hit in plain:
        day = hit.resource.date
        years = max(0, (TODAY - day).days) / 365.25 if day else 0
        expected[hit.resource.id] = hit.score + (recency * best * 0.5 ** (years / half_life) if day else 0)
    assert {hit.resource.id: hit.score for hit in hits} == pytest.approx(expected, rel=1e-4)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_recency_is_off_unless_it_is_asked_for_and_changes_no_other_order() -> None:
    found = dated([date(2001, 1, 1), TODAY])
    newer = Ranking(recency=0.9)
    with written((found, ())) as engine:

        def ids(request: SearchRequest) -> list[str]:
            return [hit.resource.id for hit in engine.search(request).hits]

        assert ids(SearchRequest(Word("fees"))) == ["r0", "r1"]
        assert ids(SearchRequest(Word("fees"), ranking=newer)) == ["r1", "r0"]
        assert ids(SearchRequest(Word("fees"), ranking=newer, sort=Sort.TITLE)) == ["r0", "r1"]
        assert ids(SearchRequest(Word("absent"), ranking=newer)) == []


def ranking_of(engine: Engine) -> Ranking:
    """Return how the results of a search of this library are ranked."""
    question = Question("page")
    return asked(engine, question, understanding(engine, question)).ranking


def test_a_library_says_in_its_settings_how_much_newer_resources_gain(tmp_path: Path) -> None:
    library = tmp_path / "library"
    write_page(library, "page.md", "title: A page")
    (library / "library.toml").write_text("[ranking]\nrecency = 0.25\nhalf_life = 10")
    built(library, tmp_path / "index")
    engine = open_index(tmp_path / "index")
    assert ranking_of(engine) == replace(DEFAULT, recency=0.25, half_life=10.0)
    engine.close()
    assert ranking_of(MemoryEngine([])) == DEFAULT
