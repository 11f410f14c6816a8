from __future__ import annotations

import errno
import gc
import logging
import threading
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.index.engine import Engine, EngineError, IndexMissing, IndexUnreadable
from tests.memory_engine import MemoryEngine
from webapp import library as room
from webapp.library import Library


class Shelf:
    """A directory with a published generation, and what happens when it is opened."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.current: Path | None = None
        self.older: Engine | None = None
        self.opened: list[Path] = []
        self.before_opening: Callable[[], None] = lambda: None

    def publish(self, number: int, good: bool = True) -> None:
        """Publish a generation, one that can be opened or one that cannot."""
        generation = self.folder / str(number)
        generation.mkdir(exist_ok=True)
        # A new file each time, as a build writes it: its inode and time tell one index from another.
        manifest = generation / "manifest.json"
        manifest.unlink(missing_ok=True)
        manifest.write_text("good" if good else "bad", encoding="utf-8")
        self.current = generation

    def open(self, _directory: Path) -> Engine:
        """Open what is published."""
        self.before_opening()
        if self.current is None:
            raise IndexMissing("There is no index.")
        self.opened.append(self.current)
        if (self.current / "manifest.json").read_text(encoding="utf-8") == "bad":
            raise IndexUnreadable("It is damaged.")
        return MemoryEngine([], generation=int(self.current.name))

    def library(self) -> Library:
        """Return a library that looks here."""
        return Library(self.folder, self.open, lambda _directory: self.current, lambda _directory: self.older)


def raising(error: Exception) -> Callable[[], None]:
    """Return something that fails when it is called."""

    def fail() -> None:
        raise error

    return fail


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_an_index_is_opened_once_and_kept(shelf: Shelf) -> None:
    shelf.publish(1)
    library = shelf.library()
    assert library.engine() is library.engine()
    assert len(shelf.opened) == 1


def test_a_newly_published_index_is_served_from_the_next_request_on(shelf: Shelf) -> None:
    shelf.publish(1)
    library = shelf.library()
    assert library.engine().manifest.generation == 1
    shelf.publish(2)
    assert library.engine().manifest.generation == 2


def test_an_index_that_was_deleted_and_built_anew_under_the_same_number_is_noticed(shelf: Shelf) -> None:
    shelf.publish(1)
    library = shelf.library()
    first = library.engine()
    (shelf.folder / "1" / "manifest.json").rename(shelf.folder / "old")
    shelf.publish(1)
    assert library.engine() is not first


def test_while_there_never_was_an_index_every_request_looks_again(shelf: Shelf) -> None:
    library = shelf.library()
    for _ in range(2):
        with pytest.raises(IndexMissing):
            library.engine()
    shelf.publish(1)
    assert library.engine().manifest.generation == 1


def test_a_bad_first_index_is_opened_and_logged_once_until_another_is_published(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.publish(1, good=False)
    library = shelf.library()
    for _ in range(3):
        with pytest.raises(IndexUnreadable, match=r"^It is damaged\.$"):
            library.engine()
    assert len(shelf.opened) == 1
    assert [record.message for record in caplog.records] == ["Nothing can be served: It is damaged."]
    shelf.publish(2)
    assert library.engine().manifest.generation == 2


def test_a_bad_first_index_is_tried_again_after_a_while(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "RETRY_SECONDS", 0.0)
    shelf.publish(1, good=False)
    library = shelf.library()
    with pytest.raises(IndexUnreadable):
        library.engine()
    (shelf.folder / "1" / "manifest.json").write_text("good", encoding="utf-8")
    assert library.engine().manifest.generation == 1


def test_a_bad_first_index_is_logged_once_while_an_older_one_is_served(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.older = MemoryEngine([], generation=1)
    shelf.publish(2, good=False)
    library = shelf.library()
    with caplog.at_level(logging.ERROR):
        assert [library.engine().manifest.generation for _ in range(3)] == [1, 1, 1]
    assert [record.message for record in caplog.records] == ["Generation 1 is served instead: It is damaged."]
    assert len(shelf.opened) == 1
    shelf.publish(3)
    assert library.engine().manifest.generation == 3


def test_while_an_older_index_is_served_the_newest_is_tried_again_after_a_while_and_not_logged_again(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(room, "RETRY_SECONDS", 0.0)
    shelf.older = MemoryEngine([], generation=1)
    shelf.publish(2, good=False)
    library = shelf.library()
    with caplog.at_level(logging.ERROR):
        assert [library.engine().manifest.generation for _ in range(3)] == [1, 1, 1]
    assert len(shelf.opened) == 3
    assert len(caplog.records) == 1
    (shelf.folder / "2" / "manifest.json").write_text("good", encoding="utf-8")
    assert library.engine().manifest.generation == 2


@pytest.mark.parametrize("shortage", [OSError(errno.EMFILE, "Too many open files"), MemoryError()])
def test_a_first_index_for_which_the_machine_is_too_short_fails_as_others_do(
    shelf: Shelf, caplog: pytest.LogCaptureFixture, shortage: Exception
) -> None:
    shelf.publish(1)
    library = shelf.library()
    shelf.before_opening = raising(shortage)
    for _ in range(2):
        with pytest.raises(EngineError, match=r"want of open files or memory .*(Too many open files|MemoryError)"):
            library.engine()
    assert len(caplog.records) == 1


@pytest.mark.parametrize("shortage", [OSError(errno.EMFILE, "Too many open files"), MemoryError()])
def test_the_last_good_index_stays_when_the_machine_is_too_short_for_the_new_one(
    shelf: Shelf, caplog: pytest.LogCaptureFixture, shortage: Exception
) -> None:
    shelf.publish(1)
    library = shelf.library()
    library.engine()
    shelf.publish(2)
    shelf.before_opening = raising(shortage)
    with caplog.at_level(logging.ERROR):
        assert library.engine().manifest.generation == 1
    assert "Generation 1 is still being served: " in caplog.text
    assert "want of open files or memory" in caplog.text


def test_the_last_good_index_stays_when_the_new_one_cannot_be_opened(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.publish(1)
    library = shelf.library()
    library.engine()
    shelf.publish(2, good=False)
    with caplog.at_level(logging.ERROR):
        assert [library.engine().manifest.generation for _ in range(3)] == [1, 1, 1]
    assert [record.message for record in caplog.records] == ["Generation 1 is still being served: It is damaged."]
    assert len(shelf.opened) == 2
    shelf.publish(3)
    assert library.engine().manifest.generation == 3


def test_an_index_that_could_not_be_opened_is_tried_again_after_a_while(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "RETRY_SECONDS", 0.0)
    shelf.publish(1)
    library = shelf.library()
    library.engine()
    shelf.publish(2, good=False)
    library.engine()
    (shelf.folder / "2" / "manifest.json").write_text("good", encoding="utf-8")
    assert library.engine().manifest.generation == 2


def test_an_index_that_is_taken_away_goes_on_being_served(shelf: Shelf) -> None:
    shelf.publish(1)
    library = shelf.library()
    library.engine()
    shelf.current = None
    assert library.engine().manifest.generation == 1


def test_while_one_request_opens_the_new_index_the_others_are_answered_from_the_old(shelf: Shelf) -> None:
    shelf.publish(1)
    library = shelf.library()
    library.engine()
    shelf.publish(2)
    opening, finish = threading.Event(), threading.Event()

    def wait() -> None:
        opening.set()
        assert finish.wait(10)

    shelf.before_opening = wait
    found: list[int] = []
    slow = threading.Thread(target=lambda: found.append(library.engine().manifest.generation))
    slow.start()
    assert opening.wait(10)
    assert library.engine().manifest.generation == 1
    finish.set()
    slow.join(10)
    assert found == [2]


def test_many_first_requests_open_the_index_once(shelf: Shelf) -> None:
    shelf.publish(1)
    library = shelf.library()
    together = threading.Barrier(8)
    engines: list[Engine] = []

    def ask() -> None:
        together.wait(10)
        engines.append(library.engine())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(shelf.opened) == 1
    assert len({id(engine) for engine in engines}) == 1


def test_a_replaced_index_is_let_go_when_its_last_request_is_answered(shelf: Shelf) -> None:
    shelf.publish(1)
    library = shelf.library()
    request = library.engine()
    old = weakref.ref(request)
    shelf.publish(2)
    library.engine()
    assert request.manifest.generation == 1
    del request
    gc.collect()
    assert old() is None
