"""Opening an index: what is said of one that cannot be used, and what is no fault of the index."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from indexer import index as contract
from indexer.index import open_generation, open_index, open_last_good
from indexer.index.directory import new_generation, older_generations, prepare
from indexer.index.engine import Engine, IndexUnreadable
from indexer.index.manifest import Manifest
from indexer.index.schema import SCHEMA_VERSION, Document, Resource
from indexer.index.whoosh import engine as engine_module
from tests.published import publish


def publish_one(index: Path) -> Path:
    return publish(index, [Document(Resource("one", "A title"))])


def alter(folder: Path, room: str = "", **values: object) -> None:
    """Write a manifest anew with other values, those of its library if `room` says so; None leaves one out."""
    file = folder / "manifest.json"
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    target = data[room] if room else data
    target.update(values)
    for name in [name for name, value in values.items() if value is None]:
        del target[name]
    file.write_text(json.dumps(data), encoding="utf-8")


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let the engine fail to open."""

    def fail(_generation: Path, _manifest: Manifest) -> Engine:
        raise error

    monkeypatch.setattr(engine_module, "WhooshEngine", fail)


def test_a_generation_that_was_removed_while_it_was_opened_is_not_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_one(tmp_path)
    real = open_generation

    def slow(generation: Path) -> Engine:
        if generation.name == "00000001":
            publish_one(tmp_path)
            shutil.rmtree(generation)
        return real(generation)

    monkeypatch.setattr(contract, "open_generation", slow)
    assert open_index(tmp_path).manifest.generation == 2


def test_a_damaged_generation_that_is_still_the_newest_is_opened_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_one(tmp_path)
    opened: list[Path] = []

    def damaged(generation: Path) -> Engine:
        opened.append(generation)
        raise IndexUnreadable("It is damaged.")

    monkeypatch.setattr(contract, "open_generation", damaged)
    with pytest.raises(IndexUnreadable):
        open_index(tmp_path)
    assert len(opened) == 1


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOMEM])
def test_a_machine_that_is_short_of_something_does_not_make_an_index_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    publish_one(tmp_path)
    failing(monkeypatch, OSError(number, os.strerror(number)))
    with pytest.raises(OSError, match=os.strerror(number)):
        open_index(tmp_path)


def test_a_manifest_is_not_damaged_because_files_are_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_one(tmp_path)

    def fail(path: Path, *_arguments: object, **_named: object) -> str:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE), str(path))

    monkeypatch.setattr(Path, "read_text", fail)
    with pytest.raises(OSError, match="Too many open files"):
        open_index(tmp_path)


def test_want_of_memory_does_not_make_an_index_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_one(tmp_path)
    failing(monkeypatch, MemoryError())
    with pytest.raises(MemoryError):
        open_index(tmp_path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_one(tmp_path)
    failing(monkeypatch, PermissionError(errno.EACCES, "Permission denied", "/index/x.texts"))
    with pytest.raises(IndexUnreadable, match=r"^/index/x\.texts cannot be read \(Permission denied\)\. Rebuild"):
        open_index(tmp_path)


def test_what_the_engine_says_of_damage_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_one(tmp_path)
    failing(monkeypatch, IndexUnreadable("x.arrays is damaged. Rebuild the index."))
    with pytest.raises(IndexUnreadable, match=r"^x\.arrays is damaged\. Rebuild the index\.$"):
        open_index(tmp_path)


def test_damage_that_nobody_foresaw_means_rebuild(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generation = publish_one(tmp_path)
    failing(monkeypatch, ZeroDivisionError("unforeseen"))
    with pytest.raises(IndexUnreadable, match=rf"{generation} is damaged \(unforeseen\)\. Rebuild the index\.$"):
        open_index(tmp_path)


@pytest.mark.parametrize(
    ("room", "values"),
    [
        ("", {"sizes": []}),
        ("", {"sizes": {"segments.arrays": "big"}}),
        ("", {"sizes": None}),
        ("", {"schema_version": "1"}),
        ("", {"schema_version": True}),
        ("", {"schema_version": None}),
        ("", {"analysis": 3}),
        ("", {"generation": "1"}),
        ("", {"built_at": 3}),
        ("", {"built_at": "2026-01-02T03:04:05"}),
        ("", {"resources": 1.5}),
        ("", {"library": []}),
        ("", {"more": 1}),
        ("library", {"title": 7}),
        ("library", {"languages": "en"}),
        ("library", {"languages": [3]}),
        ("library", {"facets": {}}),
        ("library", {"facets": ["type"]}),
        ("library", {"facets": [{"name": "type", "label": 1}]}),
    ],
)
def test_a_manifest_that_holds_something_else_is_damaged(tmp_path: Path, room: str, values: dict[str, object]) -> None:
    generation = publish_one(tmp_path)
    alter(generation, room, **values)
    with pytest.raises(
        IndexUnreadable, match=rf"^{generation}/manifest\.json is damaged \(.+\)\. Rebuild the index\.$"
    ):
        open_index(tmp_path)


def test_a_manifest_that_is_nested_without_end_is_damaged(tmp_path: Path) -> None:
    generation = publish_one(tmp_path)
    (generation / "manifest.json").write_text("[" * 200_000, encoding="utf-8")
    with pytest.raises(IndexUnreadable, match=r"manifest\.json is damaged"):
        open_index(tmp_path)


@pytest.mark.parametrize(
    ("room", "values"), [("", {"more": 1}), ("", {"corpus": None}), ("library", {"more": 1}), ("", {"sizes": []})]
)
def test_a_manifest_of_another_schema_is_of_another_version_whatever_else_it_holds(
    tmp_path: Path, room: str, values: dict[str, object]
) -> None:
    generation = publish_one(tmp_path)
    alter(generation, room, **values)
    alter(generation, schema_version=SCHEMA_VERSION + 1)
    with pytest.raises(IndexUnreadable, match=r"another version of Handlist.*Rebuild the index"):
        open_index(tmp_path)


def test_a_manifest_of_another_analysis_is_of_another_version(tmp_path: Path) -> None:
    alter(publish_one(tmp_path), analysis="other 1", corpus=None)
    with pytest.raises(IndexUnreadable, match=r"another version of Handlist \(schema \d+, other 1; this one reads"):
        open_index(tmp_path)


def test_older_generations_are_those_before_the_published_one_the_newest_first(tmp_path: Path) -> None:
    assert older_generations(tmp_path / "missing") == []
    prepare(tmp_path)
    assert older_generations(tmp_path) == []
    publish_one(tmp_path)
    assert older_generations(tmp_path) == []
    second = publish_one(tmp_path)
    new_generation(tmp_path)
    assert [folder.name for folder in older_generations(tmp_path)] == ["00000001"]
    (second.parent / "00000000").mkdir()
    assert [folder.name for folder in older_generations(tmp_path)] == ["00000001", "00000000"]


def test_the_last_good_generation_is_the_newest_that_can_be_opened(tmp_path: Path) -> None:
    first = publish_one(tmp_path)
    assert open_last_good(tmp_path) is None
    publish_one(tmp_path)
    engine = open_last_good(tmp_path)
    assert engine is not None
    assert engine.manifest.generation == 1
    shutil.copytree(first, first.parent / "00000000")
    (first / "manifest.json").write_text("{", encoding="utf-8")
    assert open_last_good(tmp_path) is not None


@pytest.mark.parametrize("error", [OSError(errno.EMFILE, "Too many open files"), MemoryError()])
def test_the_last_good_generation_is_none_on_a_machine_that_is_short_of_something(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    publish_one(tmp_path)
    publish_one(tmp_path)
    failing(monkeypatch, error)
    assert open_last_good(tmp_path) is None
