from __future__ import annotations

import multiprocessing
import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from indexer.index import current_generation, open_index
from indexer.index.directory import (
    IndexLocked,
    NotAnIndex,
    generation_number,
    locked,
    new_generation,
    prepare,
    publish,
)
from indexer.index.engine import IndexMissing, IndexUnreadable, SearchRequest
from indexer.index.schema import SCHEMA_VERSION, Document, Resource
from tests.published import publish as publish_documents


def generation_with(index: Path, text: str) -> Path:
    generation = new_generation(index)
    (generation / "content").write_text(text)
    return generation


def test_nothing_is_published_in_a_new_index(tmp_path: Path) -> None:
    prepare(tmp_path / "a" / "new")
    assert current_generation(tmp_path / "a" / "new") is None
    assert generation_number(None) == 0
    with pytest.raises(IndexMissing, match="handlist build"):
        open_index(tmp_path / "a" / "new")


def test_readers_see_a_generation_only_when_it_is_published(tmp_path: Path) -> None:
    prepare(tmp_path)
    publish(tmp_path, generation_with(tmp_path, "one"))
    second = generation_with(tmp_path, "two")
    before = current_generation(tmp_path)
    publish(tmp_path, second)
    after = current_generation(tmp_path)
    assert before is not None
    assert after is not None
    assert (before / "content").read_text() == "one"
    assert (after / "content").read_text() == "two"
    assert generation_number(after) == 2


def test_the_last_good_generation_stays_and_older_ones_go(tmp_path: Path) -> None:
    prepare(tmp_path)
    for text in ("one", "two", "three"):
        publish(tmp_path, generation_with(tmp_path, text))
    kept = sorted(path.name for path in (tmp_path / "generations").iterdir())
    assert kept == ["00000002", "00000003"]


def test_what_an_interrupted_build_left_is_removed_by_the_next(tmp_path: Path) -> None:
    prepare(tmp_path)
    generation_with(tmp_path, "half")
    again = new_generation(tmp_path)
    assert list(again.iterdir()) == []


def test_a_folder_that_holds_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("irreplaceable")
    with pytest.raises(NotAnIndex, match="holds other files"):
        prepare(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("")
    with pytest.raises(NotAnIndex, match="is a file"):
        prepare(tmp_path / "index")


def hold(index: Path, held: Connection) -> None:
    with locked(index):
        held.send("held")
        signal.pause()


def test_a_second_build_is_told_who_builds_and_a_dead_one_blocks_nobody(tmp_path: Path) -> None:
    prepare(tmp_path)
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=hold, args=(tmp_path, theirs))
    process.start()
    assert ours.recv() == "held"
    with pytest.raises(IndexLocked, match=f"process {process.pid}"), locked(tmp_path):
        pass
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    with locked(tmp_path):
        pass


def one_document() -> list[Document]:
    return [Document(Resource("one", "A title"))]


def test_an_index_of_another_schema_version_says_that_it_must_be_built_again(tmp_path: Path) -> None:
    publish_documents(tmp_path, one_document(), schema_version=SCHEMA_VERSION + 1)
    with pytest.raises(IndexUnreadable, match=r"another version of Handlist.*Build it again"):
        open_index(tmp_path)


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"schema_version": 1}'])
def test_a_damaged_manifest_is_named(tmp_path: Path, damage: str) -> None:
    generation = publish_documents(tmp_path, one_document())
    (generation / "manifest.json").write_text(damage)
    with pytest.raises(IndexUnreadable, match="manifest"):
        open_index(tmp_path)


# Whoosh leaves a file that it cannot understand to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("pattern", ["*.toc", "*.seg"])
def test_a_missing_or_truncated_whoosh_file_means_build_again(tmp_path: Path, pattern: str) -> None:
    generation = publish_documents(tmp_path, one_document())
    file = next(generation.glob(pattern))
    file.write_bytes(file.read_bytes()[:10])
    with pytest.raises(IndexUnreadable, match="Build it again"):
        open_index(tmp_path)
    file.unlink()
    with pytest.raises(IndexUnreadable, match="Build it again"):
        open_index(tmp_path)


def test_an_engine_that_is_open_answers_after_its_generation_was_replaced_and_removed(tmp_path: Path) -> None:
    publish_documents(tmp_path, one_document())
    engine = open_index(tmp_path)
    for _ in range(3):
        publish_documents(tmp_path, [], removed=["one"])
    assert [hit.resource.id for hit in engine.search(SearchRequest()).hits] == ["one"]
    assert open_index(tmp_path).search(SearchRequest()).total == 0
