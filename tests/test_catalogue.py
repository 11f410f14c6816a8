from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

from indexer.index import open_index
from indexer.index.schema import Document, Resource
from tests import published, web_sample
from tests.memory_engine import MemoryEngine


def test_the_catalogue_holds_every_resource_with_its_date(tmp_path: Path) -> None:
    documents = web_sample.documents()
    published.publish(tmp_path, documents)
    with closing(open_index(tmp_path)) as engine:
        assert sorted(engine.catalogue()) == sorted(MemoryEngine(documents).catalogue())
        assert ("ete", date(2022, 5, 6)) in list(engine.catalogue())
        assert ("evil", None) in list(engine.catalogue())
        assert list(engine.catalogue()) == list(engine.catalogue())


def test_what_was_removed_or_came_later_is_told_of_all_segments(tmp_path: Path) -> None:
    published.publish(tmp_path, [Document(Resource(f"r{number}", "Title")) for number in range(9)])
    published.publish(tmp_path, [Document(Resource("été", "Title", date=date(1, 1, 1)))], removed=["r3", "r5"])
    with closing(open_index(tmp_path)) as engine:
        found = dict(engine.catalogue())
    assert found == dict.fromkeys(("r0", "r1", "r2", "r4", "r6", "r7", "r8")) | {"été": date(1, 1, 1)}


def test_an_empty_library_has_an_empty_catalogue(tmp_path: Path) -> None:
    published.publish(tmp_path, [])
    with closing(open_index(tmp_path)) as engine:
        assert list(engine.catalogue()) == []
