from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indexer.index import directory
from indexer.index.curation import (
    PIN_FILE,
    SYNONYM_FILE,
    folder_of,
    keep,
    keep_all,
    load,
    problems_of,
    read_curation,
    unknown_pins,
)
from indexer.index.manifest import LibraryInfo

SYNONYMS = 'two_way = [["a1", "b1"]]'
PINS = '[[pin]]\nquery = "a1"\nshow = "page"'


@pytest.fixture
def library(tmp_path: Path) -> LibraryInfo:
    (tmp_path / "library").mkdir()
    return LibraryInfo("Test", str(tmp_path / "library"))


@pytest.fixture
def index(tmp_path: Path) -> Path:
    directory.prepare(tmp_path / "index")
    return tmp_path / "index"


def write(library: LibraryInfo, name: str, text: str) -> None:
    (folder_of(library) / name).write_text(text, encoding="utf-8")


def names(library: LibraryInfo, index: Path) -> object:
    return read_curation(library, index).synonyms.two_way


def test_the_files_lie_beside_the_settings_or_in_the_library() -> None:
    assert folder_of(LibraryInfo("Test", "/srv/library")) == Path("/srv/library")
    assert folder_of(LibraryInfo("Test", "/srv/library", config="/etc/site/library.toml")) == Path("/etc/site")


def test_what_the_files_say_holds_at_once(library: LibraryInfo, index: Path) -> None:
    assert names(library, index) == ()
    write(library, "synonyms.toml", SYNONYMS)
    write(library, "pins.toml", PINS)
    found = read_curation(library, index)
    assert found.synonyms.two_way == ((("a1",), ("b1",)),)
    assert [pin.show for pin in found.pins.pins] == [("page",)]
    assert problems_of(library, index) == []


def test_instead_of_a_file_that_went_bad_the_last_good_one_holds(library: LibraryInfo, index: Path) -> None:
    write(library, "synonyms.toml", SYNONYMS)
    keep_all(library, index)
    write(library, "synonyms.toml", SYNONYMS + "\nx")
    assert names(library, index) == ((("a1",), ("b1",)),)
    (problem,) = problems_of(library, index)
    assert (problem.path, problem.line) == (folder_of(library) / "synonyms.toml", 2)
    # Also after a build that saw only the bad one.
    keep_all(library, index)
    assert names(library, index) == ((("a1",), ("b1",)),)


def test_a_file_that_was_never_good_holds_nothing(library: LibraryInfo, index: Path) -> None:
    write(library, "synonyms.toml", "x")
    assert names(library, index) == ()


def test_a_file_that_is_removed_holds_no_more_and_is_forgotten(library: LibraryInfo, index: Path) -> None:
    write(library, "synonyms.toml", SYNONYMS)
    keep_all(library, index)
    (folder_of(library) / "synonyms.toml").unlink()
    assert names(library, index) == ()
    keep_all(library, index)
    write(library, "synonyms.toml", "x")
    assert names(library, index) == ()


def test_where_the_folder_of_the_library_is_not_there_the_copies_hold(library: LibraryInfo, index: Path) -> None:
    write(library, "synonyms.toml", SYNONYMS)
    keep_all(library, index)
    shutil.rmtree(library.root)
    assert names(library, index) == ((("a1",), ("b1",)),)
    assert problems_of(library, index) == []


def test_a_copy_that_is_damaged_holds_nothing(library: LibraryInfo, index: Path) -> None:
    write(library, "synonyms.toml", SYNONYMS)
    keep_all(library, index)
    (copy,) = (index / "curation").iterdir()
    copy.write_text("x", encoding="utf-8")
    write(library, "synonyms.toml", "y")
    assert names(library, index) == ()


def test_a_copy_is_written_only_if_it_says_something_else(library: LibraryInfo, index: Path) -> None:
    write(library, "pins.toml", PINS)
    keep_all(library, index)
    (copy,) = (index / "curation").iterdir()
    before = copy.stat().st_ino
    keep_all(library, index)
    assert copy.stat().st_ino == before
    assert list((index / "curation").iterdir()) == [copy]


def test_nothing_is_written_where_there_is_no_index(library: LibraryInfo, tmp_path: Path) -> None:
    write(library, "synonyms.toml", SYNONYMS)
    (tmp_path / "empty").mkdir()
    for index in (tmp_path / "empty", tmp_path / "missing"):
        keep(SYNONYM_FILE, load(SYNONYM_FILE, folder_of(library), index), index)
    assert list((tmp_path / "empty").iterdir()) == []
    assert not (tmp_path / "missing").exists()


def test_where_no_copy_can_be_written_nothing_fails(library: LibraryInfo, index: Path) -> None:
    write(library, "pins.toml", PINS)
    (index / "curation").write_text("a file where a folder should be", encoding="utf-8")
    keep(PIN_FILE, load(PIN_FILE, folder_of(library), index), index)
    assert read_curation(library, index).pins.pins


def test_pins_of_resources_that_are_not_there_are_named_and_hold_nevertheless(
    library: LibraryInfo, index: Path
) -> None:
    write(library, "pins.toml", PINS)
    (problem,) = unknown_pins(library, index, lambda _ids: set())
    assert str(problem) == (
        f"{library.root}/pins.toml, line 3: “page” is the id of no resource; "
        "ids stand at the end of the addresses of pages."
    )
    assert read_curation(library, index).pins.pins
