"""What the walk through a library's folder finds and leaves out."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.library.corpus import Found, Kind, Problem, Scan, scan
from indexer.library.settings import LibrarySettings, PageRules, SettingsError


class Remembered:
    """What a walk found, kept in plain dictionaries."""

    def __init__(self, found: Iterable[Found] = ()) -> None:
        self._looks: dict[str, dict[str, bytes]] = {}
        for one in found:
            folder, _, name = one.path.rpartition("/")
            self._looks.setdefault(folder, {})[name] = one.look

    def folders(self) -> set[str]:
        """Return the folders that held something."""
        return set(self._looks)

    def looks(self, folder: str) -> dict[str, bytes]:
        """Return the looks of what a folder held."""
        return dict(self._looks.get(folder, {}))


def _write(library: Path, *paths: str) -> None:
    for path in paths:
        file = library / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("text", encoding="utf-8")


def _scan(library: Path, rules: PageRules | None = None) -> Scan:
    return scan(LibrarySettings(library, title="x", pages=rules or PageRules()), Remembered())


def _pages(found: Scan) -> list[str]:
    return [one.path for one in found.found if one.kind is Kind.PAGE]


def _files(found: Scan) -> list[str]:
    return [one.path for one in found.found if one.kind is Kind.DOCUMENT]


def test_pages_and_documents_are_found_in_the_order_of_their_paths(tmp_path: Path) -> None:
    _write(tmp_path, "b.md", "a/z.md", "a/y.html", "files/two.PDF", "files/one.docx", "files/picture.png", "notes.toml")
    found = _scan(tmp_path)
    assert _pages(found) == ["a/y.html", "a/z.md", "b.md"]
    assert _files(found) == ["files/one.docx", "files/two.PDF"]
    assert found.problems == ()


def test_hidden_and_ignored_files_and_folders_are_left_out(tmp_path: Path) -> None:
    _write(tmp_path, ".git/a.md", ".b.md", "README.md", "drafts/c.md", "x/drafts/d.md", "e.md", "x/private/f.pdf")
    rules = PageRules(ignore=("README.md", "drafts", "**/private/**"))
    found = _scan(tmp_path, rules)
    assert _pages(found) == ["e.md", "x/drafts/d.md"]
    assert _files(found) == []


def test_only_what_the_patterns_include_is_a_page(tmp_path: Path) -> None:
    _write(tmp_path, "pages/a.md", "other/b.md", "other/c.html", "pages/d.text")
    found = _scan(tmp_path, PageRules(include=("pages/*.md", "pages/*.text")))
    assert _pages(found) == ["pages/a.md", "pages/d.text"]
    assert "other/c.html" in _files(found)


def test_a_page_that_is_too_large_is_told_with_its_size_and_the_limit(tmp_path: Path) -> None:
    _write(tmp_path, "a.md")
    (tmp_path / "b.md").write_bytes(b"x" * 1001)
    found = _scan(tmp_path, PageRules(max_bytes=1000))
    assert _pages(found) == ["a.md"]
    (problem,) = found.problems
    assert problem.path == "b.md"
    assert "1,001 bytes" in problem.reason
    assert "pages.max_bytes" in problem.reason


def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="gone"):
        _scan(tmp_path / "gone")


def test_links_out_of_the_library_are_refused_and_links_within_are_followed(tmp_path: Path) -> None:
    library = tmp_path / "library"
    _write(tmp_path, "secret/s.md")
    _write(library, "a.md")
    (library / "out").symlink_to(tmp_path / "secret")
    (library / "out.md").symlink_to(tmp_path / "secret" / "s.md")
    (library / "same.md").symlink_to("a.md")
    found = _scan(library)
    assert _pages(found) == ["a.md", "same.md"]
    assert [problem.path for problem in found.problems] == ["out", "out.md"]
    assert all("leads outside" in problem.reason for problem in found.problems)


def test_a_neighbour_whose_name_begins_like_the_library_s_is_outside(tmp_path: Path) -> None:
    _write(tmp_path, "library-old/s.md", "library/a.md")
    (tmp_path / "library" / "s.md").symlink_to(tmp_path / "library-old" / "s.md")
    assert _pages(_scan(tmp_path / "library")) == ["a.md"]


def test_links_in_a_circle_end_and_a_folder_counts_once_at_its_own_place(tmp_path: Path) -> None:
    _write(tmp_path, "real/a.md")
    (tmp_path / "again").symlink_to("real")
    (tmp_path / "real" / "up").symlink_to("..")
    (tmp_path / "loop.md").symlink_to("loop.md")
    found = _scan(tmp_path)
    assert _pages(found) == ["real/a.md"]
    assert [problem.path for problem in found.problems] == ["loop.md"]


def test_a_link_to_a_hidden_folder_is_followed_since_nothing_else_leads_there(tmp_path: Path) -> None:
    _write(tmp_path, ".store/a.md")
    (tmp_path / "pages").symlink_to(".store")
    assert _pages(_scan(tmp_path)) == ["pages/a.md"]


def test_a_library_that_is_itself_a_link_is_read(tmp_path: Path) -> None:
    _write(tmp_path, "release-1/a.md")
    (tmp_path / "current").symlink_to("release-1")
    assert _pages(_scan(tmp_path / "current")) == ["a.md"]


def test_broken_links_pipes_and_names_that_are_no_text_are_told(tmp_path: Path) -> None:
    _write(tmp_path, "a.md")
    (tmp_path / "gone.md").symlink_to("nowhere.md")
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text("x")
    found = _scan(tmp_path)
    assert _pages(found) == ["a.md"]
    reasons = {problem.path: problem.reason for problem in found.problems}
    assert "No such file" in reasons["gone.md"]
    assert "not a regular file" in reasons["pipe.md"]
    assert "not UTF-8" in reasons["caf\ufffd.md"]


def test_a_folder_and_a_file_that_may_not_be_read_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path, "a.md", "locked.md", "vault/b.md")
    opened, access = os.open, os.access

    # Tests may run as root, who may read everything; so the system's refusal is played.
    def refusing_open(path: str, flags: int) -> int:
        if path.endswith("/vault"):
            raise PermissionError(13, "Permission denied")
        return opened(path, flags)

    monkeypatch.setattr(os, "open", refusing_open)
    monkeypatch.setattr(os, "access", lambda path, mode: "locked" not in path and access(path, mode))
    found = _scan(tmp_path)
    assert _pages(found) == ["a.md"]
    assert found.problems == (
        Problem("locked.md", "The file cannot be read: Permission denied."),
        Problem("vault", "The folder cannot be read: Permission denied."),
    )


def test_two_scans_of_the_same_folder_are_equal(tmp_path: Path) -> None:
    _write(tmp_path, *(f"{name}/{number}.md" for name in "cab" for number in range(5)))
    settings = LibrarySettings(tmp_path, title="x")
    assert scan(settings, Remembered()) == scan(replace(settings, title="y"), Remembered())


def _later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clock have gone on since files were written, so that another change of them would show."""
    now = time.time_ns()
    monkeypatch.setattr("indexer.library.corpus.time.time_ns", lambda: now + 3_600_000_000_000)


def test_what_is_as_it_was_known_is_not_told_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = tmp_path / "library"
    _write(
        library, "a.md", "sub/b.md", "files/one.pdf", "picture.png", "aside/c.md", "index/handlist.json", ".hidden/d"
    )
    _later(monkeypatch)
    rules = PageRules(ignore=("aside/*.md",))
    settings = LibrarySettings(library, title="x", pages=rules)
    first = scan(settings, Remembered())
    assert {one.path: one.kind.value for one in first.found} == {
        "a.md": "page",
        "aside": "folder",
        "aside/c.md": "ignored",
        "files": "folder",
        "files/one.pdf": "document",
        "index": "closed",
        "picture.png": "other",
        "sub": "folder",
        "sub/b.md": "page",
    }
    assert scan(settings, Remembered(first.found)) == Scan((), (), ())


Edit = Callable[[Path], object]


def _swap(path: Path) -> None:
    """Put another file in the place of one: of its size, and with its time of change."""
    status = path.stat()
    path.rename(path.with_name(".aside"))
    path.write_text("else")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


IN_SUB = ["sub", "sub/b.md", "sub/c.pdf"]


@pytest.mark.parametrize(
    ("edit", "found", "gone"),
    [
        (lambda root: (root / "a.md").write_text("another"), ["a.md"], []),
        (lambda root: _swap(root / "a.md"), ["a.md"], []),
        (lambda root: os.utime(root / "a.md", (0, 0)), ["a.md"], []),
        (lambda root: (root / "a.md").unlink(), [], ["a.md"]),
        (lambda root: (root / "a.md").rename(root / "sub" / "a.md"), ["sub/a.md"], ["a.md"]),
        (lambda root: shutil.rmtree(root / "sub"), [], IN_SUB),
        (lambda root: (root / "sub").rename(root / "bus"), ["bus", "bus/b.md", "bus/c.pdf"], IN_SUB),
        (lambda root: (root / "sub" / "handlist.json").touch(), ["sub"], ["sub/b.md", "sub/c.pdf"]),
        (lambda root: ((root / "x.png").unlink(), (root / "x.png").mkdir()), ["x.png"], []),
        (lambda root: ((root / "a.md").unlink(), (root / "a.md").symlink_to("sub/b.md")), ["a.md"], []),
        (lambda root: (root / "link").symlink_to("sub"), ["link"], []),
    ],
)  # fmt: skip
def test_what_differs_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edit: Edit, found: list[str], gone: list[str]
) -> None:
    _write(tmp_path, "a.md", "sub/b.md", "sub/c.pdf", "x.png")
    _later(monkeypatch)
    settings = LibrarySettings(tmp_path, title="x")
    first = scan(settings, Remembered())
    edit(tmp_path)
    again = scan(settings, Remembered(first.found))
    assert ([one.path for one in again.found], list(again.gone)) == (found, gone)


def test_a_file_that_was_just_changed_and_a_link_are_told_every_time(tmp_path: Path) -> None:
    _write(tmp_path, "a.md", "sub/b.md")
    (tmp_path / "link.md").symlink_to("sub/b.md")
    settings = LibrarySettings(tmp_path, title="x")
    again = scan(settings, Remembered(scan(settings, Remembered()).found))
    assert [(one.path, one.look) for one in again.found] == [("a.md", b""), ("link.md", b""), ("sub/b.md", b"")]


def test_what_could_not_be_looked_at_is_told_every_time(tmp_path: Path) -> None:
    _write(tmp_path, "a.md")
    os.mkfifo(tmp_path / "pipe.md")
    settings = LibrarySettings(tmp_path, title="x")
    first = scan(settings, Remembered())
    assert scan(settings, Remembered(first.found)).problems == first.problems != ()


def test_the_files_that_say_how_a_library_is_read_and_searched_are_no_part_of_it(tmp_path: Path) -> None:
    _write(tmp_path, "library.toml", "pins.toml", "notes.toml", "sub/pins.toml")
    (tmp_path / "synonyms.toml").symlink_to("/etc/hostname")
    found = _scan(tmp_path, PageRules(include=("**/*",)))
    assert _pages(found) == ["notes.toml", "sub/pins.toml"]
    assert found.problems == ()
