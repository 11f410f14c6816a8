from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from pathlib import Path

import pytest

from indexer.cache import Cache
from indexer.index.schema import Extraction, Page, Status, Unit

TEXT = Extraction(Status.CUT, "pdf", Unit.PAGE, (Page("iv", "Text, é \U0001f600"), Page("1", "")), "Too long.")


def settle(path: Path) -> None:
    """Let a file look as if it had last changed an hour ago; its change time is the file system's own."""
    hour_ago = time.time() - 3600
    os.utime(path, (hour_ago, hour_ago))


def test_a_digest_is_that_of_the_content(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"content")
    with Cache(tmp_path / "cache", "1") as cache:
        assert cache.digest(file) == hashlib.sha256(b"content").hexdigest()
        file.write_bytes(b"changed")
        assert cache.digest(file) == hashlib.sha256(b"changed").hexdigest()


def test_a_file_changed_within_the_grain_of_the_clock_is_not_trusted(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"one")
    before = file.stat()
    with Cache(tmp_path / "cache", "1") as cache:
        cache.digest(file)
        file.write_bytes(b"two")
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert cache.digest(file) == hashlib.sha256(b"two").hexdigest()


def test_what_was_extracted_comes_back_as_it_was(tmp_path: Path) -> None:
    with Cache(tmp_path / "cache", "1") as cache:
        assert cache.extraction("digest") is None
        assert not cache.holds("digest")
        cache.keep_extraction("digest", TEXT)
    with Cache(tmp_path / "cache", "1") as cache:
        assert cache.holds("digest")
        assert cache.extraction("digest") == TEXT


def test_what_another_version_extracted_is_not_used(tmp_path: Path) -> None:
    with Cache(tmp_path / "cache", "1") as cache:
        cache.keep_extraction("digest", TEXT)
    with Cache(tmp_path / "cache", "2") as cache:
        assert cache.extraction("digest") is None


def test_what_is_no_longer_in_the_library_is_forgotten(tmp_path: Path) -> None:
    with Cache(tmp_path / "cache", "1") as cache:
        for digest in ("kept", "gone"):
            cache.keep_extraction(digest, TEXT)
            cache.keep_page_texts(digest, "Summary", "Body, é")
        cache.forget_all_but([], ["kept"], ["kept"])
        assert cache.holds("kept")
        assert not cache.holds("gone")
        assert cache.page_keys() == {"kept"}
        assert cache.page_texts("kept") == ("Summary", "Body, é")
        with pytest.raises(LookupError):
            cache.page_texts("gone")


def test_a_damaged_cache_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"no database" * 1000)
    with Cache(tmp_path / "cache", "1") as cache:
        cache.keep_extraction("digest", TEXT)
        assert cache.extraction("digest") == TEXT


def test_a_cache_that_is_only_busy_or_out_of_room_is_not_thrown_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Cache(tmp_path / "cache", "1") as cache:
        cache.keep_extraction("digest", TEXT)

    def full(_: Path) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("indexer.cache._open", full)
        with pytest.raises(sqlite3.OperationalError):
            Cache(tmp_path / "cache", "1")
    with Cache(tmp_path / "cache", "1") as cache:
        assert cache.holds("digest")
