from __future__ import annotations

import functools
import hashlib
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from indexer import cache as room
from indexer.cache import Cache, CacheDamaged
from indexer.index.schema import Extraction, FileMetadata, Locator, Page, Status, Unit
from indexer.library.entry import Entry

TEXT = Extraction(
    Status.CUT,
    "pdf",
    (Page(Locator("iv", Unit.PAGE, "a.pdf", "page=4", True), "Text, é \U0001f600"), Page(Locator("1"), "")),
    "Too long.",
    "tesseract-ocr",
    FileMetadata("Title", "Author", "en", date(2020, 2, 29), 12),
    34,
    5.6,
)


PAGE = Entry(
    "a/page.md",
    "page",
    "Title, \U0001f600",
    "Summary",
    "Body, é",
    date(2020, 2, 29),
    "fr",
    "https://example.org/",
    {"tag": ("one", "two")},
    ("file.pdf",),
    publish_from=date(2019, 1, 1),
    problems=("A problem.",),
    unstated=("year",),
)


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the names of the files that are really read to be hashed."""
    names: list[str] = []
    real = Cache._hash

    def counting(cache: Cache, path: Path, stamp: str) -> str:
        names.append(path.name)
        return real(cache, path, stamp)

    monkeypatch.setattr(Cache, "_hash", counting)
    return names


def test_a_digest_is_that_of_the_content(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"content")
    with Cache(tmp_path / "cache", "1") as cache:
        assert cache.digest(file) == hashlib.sha256(b"content").hexdigest()
        file.write_bytes(b"changed")
        assert cache.digest(file) == hashlib.sha256(b"changed").hexdigest()


@pytest.mark.parametrize(("seconds_ago", "reads"), [(3600, 1), (3, 1), (1, 2), (0, 2), (-3600, 2)])
def test_a_file_is_hashed_again_only_if_it_changed_within_the_grain_of_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hashed: list[str], seconds_ago: int, reads: int
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"content")
    # The time of a change is the file system's own and cannot be set, so what it says is played.
    changed = time.time_ns() - seconds_ago * 1_000_000_000
    monkeypatch.setattr(room, "_stamp", lambda _: ("as it was", changed))
    with Cache(tmp_path / "cache", "1") as cache:
        assert cache.digest(file) == cache.digest(file)
    assert len(hashed) == reads


def test_hashes_are_kept_from_build_to_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"content")
    monkeypatch.setattr(room, "_stamp", lambda _: ("as it was", 0))
    with Cache(tmp_path / "cache", "1") as cache:
        digest = cache.digest(file)
    file.unlink()
    with Cache(tmp_path / "cache", "2") as cache:
        assert cache.digest(file) == digest


def test_a_file_that_is_gone_has_no_digest(tmp_path: Path) -> None:
    with Cache(tmp_path / "cache", "1") as cache, pytest.raises(FileNotFoundError):
        cache.digest(tmp_path / "file")


def test_what_was_extracted_comes_back_as_it_was(tmp_path: Path) -> None:
    with Cache(tmp_path / "cache", "1") as cache:
        assert not cache.holds("digest")
        cache.keep_extraction("digest", TEXT)
    with Cache(tmp_path / "cache", "1") as cache:
        assert cache.holds("digest")
        assert cache.extraction("digest") == TEXT


def test_what_another_version_extracted_is_not_used(tmp_path: Path) -> None:
    with Cache(tmp_path / "cache", "1") as cache:
        cache.keep_extraction("digest", TEXT)
    with Cache(tmp_path / "cache", "2") as cache:
        assert not cache.holds("digest")


def found_by_another_program(path: Path, query: str) -> list[str]:
    database = sqlite3.connect(path)
    found = [row[0] for row in database.execute(query)]
    database.close()
    return found


def test_what_is_no_longer_in_the_library_is_forgotten(tmp_path: Path) -> None:
    kept, gone = tmp_path / "kept", tmp_path / "gone"
    with Cache(tmp_path / "cache", "1") as cache:
        cache.keep_extraction("kept", TEXT)
    with Cache(tmp_path / "cache", "2") as cache:
        for file in (kept, gone):
            file.touch()
            cache.digest(file)
            cache.keep_extraction(file.name, TEXT)
            cache.keep_page(file.name, PAGE)
        cache.forget_all_but([kept], ["kept"], ["kept"])
        assert cache.holds("kept")
        assert not cache.holds("gone")
        assert cache.entry("gone") is None
        assert cache.entry("kept") == PAGE.without_texts()
        assert cache.page_texts("kept") == ("Summary", "Body, é")
    assert found_by_another_program(tmp_path / "cache", "select path from digests") == [str(kept)]
    assert found_by_another_program(tmp_path / "cache", "select digest from extractions") == ["kept"]


def test_what_is_known_to_be_gone_is_forgotten_and_nothing_else(tmp_path: Path) -> None:
    kept, gone = tmp_path / "kept", tmp_path / "gone"
    with Cache(tmp_path / "cache", "1") as cache:
        for file in (kept, gone):
            file.touch()
            cache.digest(file)
            cache.keep_extraction(file.name, TEXT)
            cache.keep_page(file.name, PAGE)
        cache.forget([gone], ["gone"], ["gone"])
        assert (cache.holds("kept"), cache.holds("gone")) == (True, False)
        assert (cache.entry("kept"), cache.entry("gone")) == (PAGE.without_texts(), None)
    assert found_by_another_program(tmp_path / "cache", "select path from digests") == [str(kept)]


def test_a_cache_that_is_closed_leaves_one_file(tmp_path: Path) -> None:
    with Cache(tmp_path / "cache", "1") as cache:
        cache.keep_extraction("digest", TEXT)
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
    with pytest.raises(sqlite3.ProgrammingError):
        cache.holds("digest")


def test_a_file_that_is_no_cache_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"no database" * 1000)
    with Cache(tmp_path / "cache", "1") as cache:
        cache.keep_extraction("digest", TEXT)
        assert cache.extraction("digest") == TEXT


ENTRIES = 40


@functools.cache
def texts_of(number: int) -> tuple[str, str]:
    """Return texts that do not become short when they are packed."""
    words = [hashlib.sha256(f"{number} {word}".encode()).hexdigest() for word in range(70)]
    return f"Summary {number}", " ".join(words)


def page_of(number: int) -> Entry:
    summary, body = texts_of(number)
    return replace(PAGE, id=str(number), summary=summary, body=body)


def used(path: Path, files: Path) -> None:
    """Use all that a cache holds as a build does; what it answers has to be the truth."""
    with Cache(path, "1") as cache:
        for number in range(ENTRIES):
            file = files / str(number)
            assert cache.digest(file) == hashlib.sha256(file.read_bytes()).hexdigest()
            if cache.entry(str(number)) is None:
                cache.keep_page(str(number), page_of(number))
            assert cache.entry(str(number)) == page_of(number).without_texts()
            assert cache.page_texts(str(number)) == texts_of(number)
            extraction = Extraction(Status.OK, "text", (Page(Locator(), texts_of(number)[1]),))
            if not cache.holds(str(number)):
                cache.keep_extraction(str(number), extraction)
            assert cache.extraction(str(number)) == extraction
        cache.forget_all_but(files.iterdir(), map(str, range(ENTRIES)), map(str, range(ENTRIES)))


def damages(whole: bytes) -> Iterator[bytes]:
    """Yield a file damaged in many ways: every part of its header, every page, and cut."""
    for offset in [*range(0, 100, 3), 18, 19, 56, *range(100, len(whole), 4001)]:
        yield whole[:offset] + bytes(byte ^ 0xFF for byte in whole[offset : offset + 4]) + whole[offset + 4 :]
    for offset in range(0, len(whole), 4096 * 8):
        yield whole[:offset] + bytes(4096) + whole[offset + 4096 :]
        yield whole[:offset]


def test_a_cache_that_is_damaged_anywhere_ends_one_build_at_most_and_never_lies(tmp_path: Path) -> None:
    files, path = tmp_path / "files", tmp_path / "cache"
    files.mkdir()
    for number in range(ENTRIES):
        (files / str(number)).write_text(str(number))
    used(path, files)
    whole = path.read_bytes()
    assert len(whole) > 200_000
    met = 0
    for damaged in damages(whole):
        path.write_bytes(damaged)
        try:
            used(path, files)
        except CacheDamaged:
            met += 1
            assert not path.exists()
            used(path, files)
    assert met > 20


def test_a_cache_that_is_only_busy_or_out_of_room_is_not_thrown_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Cache(tmp_path / "cache", "1") as cache:
        cache.keep_extraction("digest", TEXT)

    def full(_: Path) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    with monkeypatch.context() as patched:
        patched.setattr("indexer.cache._open", full)
        with pytest.raises(sqlite3.OperationalError):
            Cache(tmp_path / "cache", "1")
    with Cache(tmp_path / "cache", "1") as cache:
        assert cache.holds("digest")
