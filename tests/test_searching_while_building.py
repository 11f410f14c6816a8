"""Threads and processes search an index while generations are written, merged and published: no answer is wrong."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from indexer.index import open_index
from indexer.index.engine import Engine, SearchRequest
from indexer.index.query import And, Not, Phrase, Word
from indexer.index.schema import Document, Resource
from indexer.index.whoosh import merge_policy
from tests.published import publish

GENERATIONS = 16
ADDED = 4
KEPT = 7
"""For how many generations a document stays."""


def documents_of(generation: int) -> list[Document]:
    """Return the documents that a generation adds, the first of which is about fees."""
    return [
        Document(
            Resource(f"{generation}-{n}", f"Title {n}", facets={"tag": (f"of {generation}", f"number {n}")}),
            "fees paid by migrants" if n == 0 else "no fees paid",
        )
        for n in range(ADDED)
    ]


def removed_by(generation: int) -> list[str]:
    return [document.resource.id for document in documents_of(generation - KEPT)] if generation > KEPT else []


def assert_right(engine: Engine) -> int:
    """Hold the answers of an engine against what its generation was given; return the generation's number."""
    generation = engine.manifest.generation
    alive = range(max(1, generation - KEPT + 1), generation + 1)
    results = engine.search(SearchRequest(Word("fees"), limit=1_000))
    assert {hit.resource.id for hit in results.hits} == {f"{g}-{n}" for g in alive for n in range(ADDED)}
    assert results.total == len(alive) * ADDED
    tags = {count.value: count.count for count in next(facet for facet in results.facets if facet.name == "tag").counts}
    assert tags == {f"of {g}": ADDED for g in alive} | {f"number {n}": len(alive) for n in range(ADDED)}
    about = engine.search(SearchRequest(And((Phrase(("fees", "paid")), Not(Word("no"))))))
    assert about.total == len(alive)
    assert all("".join(text for text, _ in hit.matches[0].excerpt) == "fees paid by migrants" for hit in about.hits)
    return generation


def search_to_the_end(index: Path) -> set[int]:
    """Search, opening what is published anew each time, until the last generation was seen; return all that were."""
    seen = {0}
    while max(seen) < GENERATIONS:
        engine = open_index(index)
        seen.add(assert_right(engine))
        engine.close()
    return seen - {0}


def search_one_engine(engine: Engine, stop: Future[None]) -> int:
    """Search one generation again and again until the building has ended; return how often."""
    times = 0
    while not stop.done() or not times:
        assert_right(engine)
        times += 1
    return times


def build(index: Path) -> None:
    for generation in range(2, GENERATIONS + 1):
        publish(index, documents_of(generation), removed=removed_by(generation))


@pytest.fixture
def index(tmp_path: Path) -> Path:
    publish(tmp_path / "index", documents_of(1))
    return tmp_path / "index"


@pytest.mark.parametrize("growth", [0, 4], ids=["many segments", "merging"])
def test_eight_threads_and_four_processes_get_right_answers_while_generations_come_and_go(
    index: Path, growth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merge_policy, "_GROWTH", growth)
    with ExitStack() as stack:
        # Fresh processes: one that forks while threads work may take over a lock that nobody gives back.
        spawned = multiprocessing.get_context("spawn")
        processes = stack.enter_context(ProcessPoolExecutor(4, mp_context=spawned))
        threads = stack.enter_context(ThreadPoolExecutor(9))
        searching = [processes.submit(search_to_the_end, index) for _ in range(4)]
        searching += [threads.submit(search_to_the_end, index) for _ in range(4)]
        building = threads.submit(build, index)
        first = open_index(index)
        staying = [threads.submit(search_one_engine, first, building) for _ in range(4)]
        building.result()
        seen = [search.result() for search in searching]
        assert all(times.result() for times in staying)
    assert all(max(generations) == GENERATIONS for generations in seen)
