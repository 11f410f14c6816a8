"""What a server answers from when the newest generation of a real index directory is damaged."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.index.schema import Document, Resource
from tests.published import publish
from webapp import create_app
from webapp import library as room
from webapp.config import Config

Damage = Callable[[Path], Path]
"""Damages a generation and returns the file that is to be named."""


def written_by(generation: Path, pattern: str) -> Path:
    """Return a file that only this generation has: the one before shares some of its files."""
    return next(path for path in generation.glob(pattern) if path.stat().st_nlink == 1)


def change(file: Path, offset: int, content: bytes) -> Path:
    """Write a file anew with other bytes at one place."""
    data = bytearray(file.read_bytes())
    assert data[offset : offset + len(content)] != content
    data[offset : offset + len(content)] = content
    # A new file, as the one before may have been found sound by this process.
    file.unlink()
    file.write_bytes(data)
    return file


def flip(file: Path, offset: int) -> Path:
    """Write a file anew with one bit changed."""
    return change(file, offset, bytes([file.read_bytes()[offset] ^ 1]))


def cut(file: Path) -> Path:
    """Cut a file short."""
    os.truncate(file, file.stat().st_size // 2)
    return file


def delete(file: Path) -> Path:
    """Delete a file."""
    file.unlink()
    return file


def write(file: Path, text: str) -> Path:
    """Write something else into a file."""
    file.write_text(text, encoding="utf-8")
    return file


DAMAGES: dict[str, Damage] = {
    "a bit of an array": lambda folder: flip(written_by(folder, "segment-*.arrays"), 64),
    "a bit of the texts": lambda folder: flip(written_by(folder, "segment-*.texts"), 30),
    "a bit of the list of segments": lambda folder: flip(folder / "segments.arrays", -2),
    "arrays cut short": lambda folder: cut(written_by(folder, "segment-*.arrays")),
    "texts cut short": lambda folder: cut(written_by(folder, "segment-*.texts")),
    "arrays gone": lambda folder: delete(written_by(folder, "segment-*.arrays")),
    "texts gone": lambda folder: delete(written_by(folder, "segment-*.texts")),
    "list of segments gone": lambda folder: delete(folder / "segments.arrays"),
    "table of contents gone": lambda folder: delete(written_by(folder, "*.toc")),
    "another byte order": lambda folder: change(
        written_by(folder, "segment-*.arrays"), 8, written_by(folder, "segment-*.arrays").read_bytes()[11:7:-1]
    ),
    "another version of arrays": lambda folder: change(written_by(folder, "segment-*.arrays"), 12, b"\xff"),
    "manifest cut short": lambda folder: cut(folder / "manifest.json"),
    "manifest gone": lambda folder: delete(folder / "manifest.json"),
    "manifest of another kind": lambda folder: write(folder / "manifest.json", '{"schema_version": "1"}'),
}


@pytest.fixture
def index(tmp_path: Path) -> Path:
    publish(tmp_path, [Document(Resource("one", "Common first"))])
    return tmp_path


def publish_second(index: Path) -> Path:
    return publish(index, [Document(Resource("two", "Common second"))])


def client_of(index: Path) -> FlaskClient:
    return create_app(Config(index)).test_client()


def found_by(client: FlaskClient) -> tuple[int, int, list[str]]:
    """Return the generation that is said to be served, the status of a search and the resources that it finds."""
    answer = client.get("/api/v1/search?q=common")
    assert client.get("/search?q=common").status_code == answer.status_code
    ids = [result["id"] for result in answer.get_json().get("results", [])]
    return client.get("/readyz").get_json().get("generation", 0), answer.status_code, ids


@contextmanager
def descriptors_gone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let files of arrays be opened as on a machine that is short of open files."""
    real = Path.open

    def fail(path: Path, *arguments: object, **named: object) -> object:
        if path.suffix == ".arrays":
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE), str(path))
        return real(path, *arguments, **named)  # type: ignore[call-overload]  # whatever it was called with

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", fail)
        yield


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_server_goes_on_with_the_last_good_generation(
    index: Path, damage: Damage, caplog: pytest.LogCaptureFixture
) -> None:
    client = client_of(index)
    assert found_by(client) == (1, 200, ["one"])
    file = damage(publish_second(index))
    with caplog.at_level(logging.ERROR):
        assert found_by(client) == (1, 200, ["one"])
    assert [record.message.partition(":")[0] for record in caplog.records] == ["Generation 1 is still being served"]
    assert str(file) in caplog.text
    assert "Rebuild" in caplog.text


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_server_that_starts_takes_the_last_good_generation(
    index: Path, damage: Damage, caplog: pytest.LogCaptureFixture
) -> None:
    file = damage(publish_second(index))
    with caplog.at_level(logging.ERROR):
        assert found_by(client_of(index)) == (1, 200, ["one"])
    assert [record.message.partition(":")[0] for record in caplog.records] == ["Generation 1 is served instead"]
    assert str(file) in caplog.text
    assert "Rebuild" in caplog.text


def test_a_server_that_started_with_an_older_generation_takes_the_newest_once_it_is_mended(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "RETRY_SECONDS", 0.0)
    file = written_by(publish_second(index), "segment-*.arrays")
    kept = file.rename(index / "kept")
    client = client_of(index)
    assert found_by(client) == (1, 200, ["one"])
    kept.rename(file)
    assert found_by(client) == (2, 200, ["one", "two"])


def test_a_server_that_started_with_an_older_generation_takes_the_next_at_once(index: Path) -> None:
    delete(publish_second(index) / "manifest.json")
    client = client_of(index)
    assert found_by(client) == (1, 200, ["one"])
    # As a build does that finds the last generation damaged.
    (index / "current").unlink()
    publish(index, [Document(Resource("three", "Common third"))])
    assert found_by(client)[1:] == (200, ["three"])


def test_when_all_generations_are_damaged_the_newest_is_named_once(
    index: Path, caplog: pytest.LogCaptureFixture
) -> None:
    older = index / "generations" / "00000001"
    file = delete(publish_second(index) / "segments.arrays")
    delete(older / "segments.arrays")
    with caplog.at_level(logging.ERROR):
        assert found_by(client_of(index)) == (0, 503, [])
    assert len(caplog.records) == 1
    assert f"Nothing can be served: {file}" in caplog.text


def test_what_a_build_leaves_unpublished_is_not_served(index: Path) -> None:
    second = publish_second(index)
    link = index / "current"
    link.unlink()
    link.symlink_to("generations/00000001")
    delete(index / "generations" / "00000001" / "manifest.json")
    assert second.exists()
    assert found_by(client_of(index)) == (0, 503, [])


def test_a_server_short_of_open_files_says_so_and_not_that_the_index_is_damaged(
    index: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(room, "RETRY_SECONDS", 0.0)
    client = client_of(index)
    with descriptors_gone(monkeypatch), caplog.at_level(logging.ERROR):
        assert found_by(client) == (0, 503, [])
        assert "short of memory or of open files" in client.get("/search").text
    assert [record.message.partition(":")[0] for record in caplog.records] == ["Nothing can be served"]
    assert "Too many open files" in caplog.text
    assert "Rebuild" not in caplog.text
    assert found_by(client) == (1, 200, ["one"])


def test_a_server_short_of_open_files_goes_on_with_what_it_has(
    index: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(room, "RETRY_SECONDS", 0.0)
    client = client_of(index)
    assert found_by(client) == (1, 200, ["one"])
    publish_second(index)
    with descriptors_gone(monkeypatch), caplog.at_level(logging.ERROR):
        assert found_by(client) == (1, 200, ["one"])
    assert len(caplog.records) == 1
    assert "Generation 1 is still being served: " in caplog.text
    assert "Too many open files" in caplog.text
    assert found_by(client) == (2, 200, ["one", "two"])
