from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
from collections.abc import Iterator
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


@pytest.mark.parametrize("text", ['{"handlist": "index", "layout": 2}\n', "{}", "[1]", "\x00"])
def test_an_index_of_another_layout_is_refused_and_left_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / "handlist.json").write_text(text)
    with pytest.raises(NotAnIndex, match="not made by this version of Handlist"):
        prepare(tmp_path)
    assert [path.read_text() for path in tmp_path.iterdir()] == [text]


def test_a_marker_that_a_power_cut_left_empty_is_written_again(tmp_path: Path) -> None:
    prepare(tmp_path)
    written = (tmp_path / "handlist.json").read_text()
    assert json.loads(written) == {"handlist": "index", "layout": 1}
    (tmp_path / "handlist.json").write_text("")
    prepare(tmp_path)
    assert (tmp_path / "handlist.json").read_text() == written


def test_an_index_that_was_copied_without_its_links_is_said_and_loses_nothing(tmp_path: Path) -> None:
    prepare(tmp_path / "index")
    publish(tmp_path / "index", generation_with(tmp_path / "index", "one"))
    shutil.copytree(tmp_path / "index", tmp_path / "copy")
    with pytest.raises(NotAnIndex, match=r"copy/current is a folder and has to be a link.*build again"):
        prepare(tmp_path / "copy")
    assert (tmp_path / "copy" / "generations" / "00000001" / "content").read_text() == "one"


def test_a_folder_that_another_build_is_making_an_index_at_this_moment_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.iterdir
    others = [prepare]

    def listing(folder: Path) -> Iterator[Path]:
        while others:
            others.pop()(tmp_path / "index")
        return real(folder)

    monkeypatch.setattr(Path, "iterdir", listing)
    prepare(tmp_path / "index")
    assert current_generation(tmp_path / "index") is None


def test_the_marker_is_the_first_that_is_written_into_an_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.mkdir

    def mkdir(path: Path, mode: int = 0o777) -> None:
        seen.append((Path(path).name, [entry.name for entry in Path(path).parent.iterdir()]))
        real(path, mode)

    seen: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(os, "mkdir", mkdir)
    prepare(tmp_path / "index")
    assert seen == [("index", []), ("generations", ["handlist.json"])]


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect what is made safe from a power cut and what is switched, in order, by paths below the test's folder."""
    taken: list[str] = []
    fsync, replace = os.fsync, os.replace

    def syncing(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        taken.append(f"sync {os.path.relpath(path, tmp_path)}")
        fsync(descriptor)

    def replacing(source: Path, target: Path) -> None:
        taken.append(f"switch {os.path.relpath(target, tmp_path)}")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", syncing)
    monkeypatch.setattr(os, "replace", replacing)
    return taken


def test_a_new_index_folder_and_those_above_it_outlast_a_power_cut(tmp_path: Path, steps: list[str]) -> None:
    prepare(tmp_path / "a" / "new")
    assert steps == ["sync .", "sync a", "sync a/new"]
    prepare(tmp_path / "a" / "new")
    assert len(steps) == 3


def test_all_of_a_generation_is_on_disk_before_it_is_switched_to_and_the_switch_after(
    tmp_path: Path, steps: list[str]
) -> None:
    prepare(tmp_path)
    first = generation_with(tmp_path, "one")
    (first / "second").write_text("two")
    steps.clear()
    publish(tmp_path, first)
    assert sorted(steps[:2]) == ["sync generations/00000001/content", "sync generations/00000001/second"]
    assert steps[2:] == ["sync generations/00000001", "sync generations", "switch current", "sync ."]


def test_what_a_generation_shares_with_the_one_before_is_not_written_out_again(
    tmp_path: Path, steps: list[str]
) -> None:
    prepare(tmp_path)
    first = generation_with(tmp_path, "one")
    publish(tmp_path, first)
    second = new_generation(tmp_path)
    os.link(first / "content", second / "content")
    steps.clear()
    publish(tmp_path, second)
    assert steps == ["sync generations/00000002", "sync generations", "switch current", "sync ."]


def test_a_link_that_a_killed_build_did_not_come_to_switch_is_in_nobodys_way(tmp_path: Path) -> None:
    prepare(tmp_path)
    (tmp_path / "current.new").symlink_to("generations/00000007")
    generation = generation_with(tmp_path, "one")
    publish(tmp_path, generation)
    assert current_generation(tmp_path) == generation
    assert not (tmp_path / "current.new").is_symlink()


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
    with pytest.raises(IndexUnreadable, match=r"another version of Handlist.*Rebuild the index"):
        open_index(tmp_path)


@pytest.mark.parametrize("damage", ["", "{", "[]", "null", "3", '"x"', '{"schema_version": 1}'])
def test_a_damaged_manifest_is_named(tmp_path: Path, damage: str) -> None:
    generation = publish_documents(tmp_path, one_document())
    (generation / "manifest.json").write_text(damage)
    with pytest.raises(IndexUnreadable, match="manifest"):
        open_index(tmp_path)


@pytest.mark.parametrize("pattern", ["*.toc", "segment-*.arrays", "segments.arrays", "*.texts"])
def test_a_missing_or_truncated_file_is_named_and_means_rebuild(tmp_path: Path, pattern: str) -> None:
    generation = publish_documents(tmp_path, one_document())
    file = next(generation.glob(pattern))
    file.write_bytes(file.read_bytes()[:10])
    with pytest.raises(IndexUnreadable, match=rf"{file.name}.*Rebuild the index"):
        open_index(tmp_path)
    file.unlink()
    with pytest.raises(IndexUnreadable, match=rf"{file.name}.*Rebuild the index"):
        open_index(tmp_path)


@pytest.mark.parametrize("pattern", ["segment-*.arrays", "segment-*.texts"])
def test_one_wrong_byte_is_named_and_means_rebuild(tmp_path: Path, pattern: str) -> None:
    generation = publish_documents(tmp_path, one_document())
    file = next(generation.glob(pattern))
    content = bytearray(file.read_bytes())
    # Behind the head of 64 bytes the first array begins.
    content[64] ^= 1
    # A new file, as the one before may have been found sound by this process.
    file.unlink()
    file.write_bytes(content)
    with pytest.raises(IndexUnreadable, match=rf"{file.name} is damaged: .*does not fit its checksum\. Rebuild"):
        open_index(tmp_path)


def test_an_engine_that_is_open_answers_after_its_generation_was_replaced_and_removed(tmp_path: Path) -> None:
    publish_documents(tmp_path, one_document())
    engine = open_index(tmp_path)
    for _ in range(3):
        publish_documents(tmp_path, [], removed=["one"])
    assert [hit.resource.id for hit in engine.search(SearchRequest()).hits] == ["one"]
    assert open_index(tmp_path).search(SearchRequest()).total == 0
