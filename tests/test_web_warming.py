from __future__ import annotations

import threading
from pathlib import Path

import pytest

from indexer.index.engine import EngineError, IndexMissing
from indexer.index.schema import Document, Resource
from tests.memory_engine import MemoryEngine
from webapp import warming


def wait() -> None:
    """Wait until what goes on beside the requests is done."""
    for thread in threading.enumerate():
        if thread.name == warming.THREAD:
            thread.join()


def test_an_index_that_is_opened_is_asked_for_completions_before_a_visitor_types(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = MemoryEngine([Document(Resource("r", "Rights"))])
    asked: list[str] = []
    monkeypatch.setattr(warming, "open_index", lambda _directory: engine)
    monkeypatch.setattr(engine, "suggest", asked.append)
    assert warming.opened(Path("index")) is engine
    wait()
    assert len(asked) == 1
    assert len(asked[0]) >= 4  # From the fourth letter on, mistakes are forgiven.


def test_damage_that_is_met_meanwhile_is_left_to_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = MemoryEngine([])

    def damaged(_prefix: str) -> None:
        raise EngineError("It is damaged.")

    monkeypatch.setattr(warming, "open_index", lambda _directory: engine)
    monkeypatch.setattr(engine, "suggest", damaged)
    assert warming.opened(Path("index")) is engine
    wait()


def test_what_cannot_be_opened_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        warming.opened(tmp_path)
