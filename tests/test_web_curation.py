from __future__ import annotations

import json
import logging
import os
import threading
import time
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from indexer.cli import main
from indexer.index import directory
from indexer.index.curation import SYNONYM_FILE, Kind, Loaded, load
from indexer.index.manifest import LibraryInfo
from indexer.index.synonyms import Synonyms
from tests.library_folder import built, write_page
from webapp import create_app
from webapp import curation as room
from webapp.config import Config
from webapp.curation import LiveCuration

GOOD = 'two_way = [["a1", "b1"]]'
BETTER = 'two_way = [["a1", "c1"]]'
BAD = 'two_way = [["a1", "d1"]'


def test_an_edited_file_changes_answers_pages_and_the_terminal_without_a_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "LOOK_SECONDS", 0.0)
    library, index = tmp_path / "library", tmp_path / "index"
    write_page(library, "charges.md", "title: Charges for a job")
    write_page(library, "news.md", "title: Fees in the news")
    write_page(library, "manual.md", "title: A manual")
    built(library, index)
    client = create_app(Config(index)).test_client()

    def found() -> list[tuple[str, bool]]:
        results = client.get("/api/v1/search?q=fees").get_json()["results"]
        shown = CliRunner().invoke(main, ["search", "fees", "--json", "--index", str(index)])
        assert json.loads(shown.stdout)["results"] == results
        return [(result["id"], result["pinned"]) for result in results]

    assert found() == [("news", False)]
    (library / "synonyms.toml").write_text('two_way = [["fees", "charges"]]', encoding="utf-8")
    assert found() == [("news", False), ("charges", False)]
    (library / "pins.toml").write_text('[[pin]]\nquery = "fees"\nshow = "manual"\nhide = "news"', encoding="utf-8")
    assert found() == [("manual", True), ("charges", False)]
    cards = BeautifulSoup(client.get("/search?q=fees").text, "lxml").select(".card")
    assert [[each.text for each in card.select(".pinned")] for card in cards] == [["Recommended"], []]
    assert "   Recommended" in CliRunner().invoke(main, ["search", "fees", "--index", str(index)]).stdout
    (library / "pins.toml").write_text("pin", encoding="utf-8")
    assert found() == [("manual", True), ("charges", False)]


class Site:
    """A library, an index, and what a server sees of the files."""

    def __init__(self, folder: Path) -> None:
        self.index = folder / "index"
        directory.prepare(self.index)
        self.library = LibraryInfo("Test", str(folder / "library"))
        self.file = folder / "library" / "synonyms.toml"
        self.file.parent.mkdir()
        self.live = LiveCuration(self.index)

    def restart(self) -> None:
        """Forget what the server knew."""
        self.live = LiveCuration(self.index)

    def names(self) -> list[str]:
        """Return what "a1" is called by all that holds now."""
        found = self.live.of(self.library).synonyms.found_in(["a1"], ("en",))
        return [word for one in found for name in one.others for word in name]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(room, "LOOK_SECONDS", 0.0)
    return Site(tmp_path)


def test_an_edited_file_holds_without_a_restart(site: Site) -> None:
    assert site.names() == []
    site.file.write_text(GOOD, encoding="utf-8")
    assert site.names() == ["b1"]
    # Of the same size and perhaps within the same tick of the clock.
    site.file.write_text(BETTER, encoding="utf-8")
    assert site.names() == ["c1"]
    site.file.unlink()
    assert site.names() == []


def test_a_file_that_is_replaced_with_the_times_of_the_old_one_is_noticed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_SETTLED_SECONDS", 0.0)
    site.file.write_text(GOOD, encoding="utf-8")
    assert site.names() == ["b1"]
    before = site.file.stat()
    other = site.file.with_name("other")
    other.write_text(BETTER, encoding="utf-8")
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(site.file)
    assert site.names() == ["c1"]


def test_a_bad_file_is_logged_once_and_the_last_good_one_stays_in_use(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    site.file.write_text(GOOD, encoding="utf-8")
    assert site.names() == ["b1"]
    site.file.write_text(BAD, encoding="utf-8")
    assert [site.names() for _ in range(3)] == [["b1"]] * 3
    assert [record.message for record in caplog.records] == [
        f"{site.file}, line 1: It is not valid TOML: Unclosed array. Until this is mended, the last good one is used."
    ]
    site.file.write_text(BETTER, encoding="utf-8")
    assert site.names() == ["c1"]
    assert caplog.records[-1].message == "synonyms.toml is good again and in use."
    assert len(caplog.records) == 2


def test_a_server_that_starts_with_a_bad_file_uses_what_another_saw_last(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    site.file.write_text(GOOD, encoding="utf-8")
    assert site.names() == ["b1"]
    site.file.write_text(BAD, encoding="utf-8")
    site.restart()
    assert site.names() == ["b1"]
    assert caplog.records[-1].message.endswith("Until this is mended, the last good one is used.")


def test_a_process_takes_the_last_good_file_that_another_process_saw(site: Site) -> None:
    site.file.write_text(GOOD, encoding="utf-8")
    assert site.names() == ["b1"]
    idle, site.live = site.live, LiveCuration(site.index)
    site.file.write_text(BETTER, encoding="utf-8")
    assert site.names() == ["c1"]
    site.file.write_text(BAD, encoding="utf-8")
    site.live = idle
    assert site.names() == ["c1"]
    assert site.names() == ["c1"]


def test_a_server_that_may_not_write_uses_what_it_saw_itself(site: Site) -> None:
    (site.index / "curation").write_text("no folder", encoding="utf-8")
    site.file.write_text(GOOD, encoding="utf-8")
    assert site.names() == ["b1"]
    site.file.write_text(BAD, encoding="utf-8")
    assert site.names() == ["b1"]


def test_a_bad_file_without_a_last_good_one_holds_nothing(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.file.mkdir()
    assert site.names() == []
    assert [record.message for record in caplog.records] == [
        f"{site.file}: It is not a regular file; put the file itself there. "
        "Until this is mended, no synonyms.toml applies."
    ]


def test_a_link_that_leads_nowhere_is_noticed_where_there_was_no_file(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    assert site.names() == []
    site.file.symlink_to("gone")
    assert site.names() == []
    assert "The link leads to nothing" in caplog.text


def test_a_library_whose_folder_comes_back_is_read_again(site: Site) -> None:
    site.file.write_text(GOOD, encoding="utf-8")
    assert site.names() == ["b1"]
    hidden = site.file.parent.rename(site.file.parent.with_name("unmounted"))
    assert site.names() == ["b1"]
    hidden.rename(site.file.parent)
    site.file.write_text(BETTER, encoding="utf-8")
    assert site.names() == ["c1"]


def test_the_files_of_another_folder_are_read_when_a_library_moves(site: Site, tmp_path: Path) -> None:
    site.file.write_text(GOOD, encoding="utf-8")
    assert site.names() == ["b1"]
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "synonyms.toml").write_text(BETTER, encoding="utf-8")
    site.library = LibraryInfo("Test", site.library.root, config=str(tmp_path / "other" / "library.toml"))
    assert site.names() == ["c1"]


def test_a_file_is_read_again_until_no_change_can_hide_behind_the_coarse_clock(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def seen() -> Synonyms:
        return site.live.of(site.library).synonyms

    site.file.write_text(GOOD, encoding="utf-8")
    assert seen() is not seen()
    later = time.time() + 3
    monkeypatch.setattr("time.time", lambda: later)
    assert seen() is seen()


def test_files_are_not_looked_at_more_than_once_a_second(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LOOK_SECONDS", 1.0)
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    site.file.write_text(GOOD, encoding="utf-8")
    assert site.names() == ["b1"]
    site.file.write_text(BETTER, encoding="utf-8")
    now[0] += 0.9
    assert site.names() == ["b1"]
    now[0] += 0.1
    assert site.names() == ["c1"]


def test_while_one_thread_reads_the_others_go_on_with_what_there_is(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    site.file.write_text(GOOD, encoding="utf-8")
    assert site.names() == ["b1"]
    reading, read = threading.Event(), threading.Event()

    def slow(kind: Kind[Synonyms], folder: Path, index: Path) -> Loaded[Synonyms]:
        if kind is SYNONYM_FILE:
            reading.set()
            assert read.wait(10)
        return load(kind, folder, index)

    monkeypatch.setattr(room, "load", slow)
    site.file.write_text(BETTER, encoding="utf-8")
    thread = threading.Thread(target=site.names)
    thread.start()
    assert reading.wait(10)
    assert site.names() == ["b1"]
    read.set()
    thread.join()
    monkeypatch.undo()
    assert site.live.of(site.library).synonyms.two_way == ((("a1",), ("c1",)),)
