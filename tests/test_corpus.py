"""What the walk through a library's folder finds and leaves out."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.library.corpus import Problem, Scan, scan
from indexer.library.settings import LibrarySettings, PageRules, SettingsError


def _write(library: Path, *paths: str) -> None:
    for path in paths:
        file = library / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("text", encoding="utf-8")


def _scan(library: Path, rules: PageRules | None = None) -> Scan:
    return scan(LibrarySettings(library, title="x", pages=rules or PageRules()))


def _pages(found: Scan) -> list[str]:
    return [page.path for page in found.pages]


def _files(found: Scan) -> list[str]:
    return [file.path for file in found.files]


def test_pages_and_documents_are_found_in_the_order_of_their_paths(tmp_path: Path) -> None:
    _write(tmp_path, "b.md", "a/z.md", "a/y.html", "files/two.PDF", "files/one.docx", "files/picture.png", "notes.toml")
    found = _scan(tmp_path)
    assert _pages(found) == ["a/y.html", "a/z.md", "b.md"]
    assert _files(found) == ["files/one.docx", "files/two.PDF"]
    assert found.problems == ()
    page = found.pages[2]
    assert (page.absolute, page.size) == (tmp_path / "b.md", 4)


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


def test_a_library_without_pages_says_what_was_looked_for(tmp_path: Path) -> None:
    (problem,) = _scan(tmp_path, PageRules(include=("nothing/*.md",))).problems
    assert "nothing/*.md" in problem.reason


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
    found = _scan(tmp_path / "current")
    assert _pages(found) == ["a.md"]
    assert found.pages[0].absolute == tmp_path / "current" / "a.md"


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
    scandir, access = os.scandir, os.access

    # Tests may run as root, who may read everything; so the system's refusal is played.
    def refusing_scandir(path: Path) -> object:
        if path.name == "vault":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing_scandir)
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
    assert scan(settings) == scan(replace(settings, title="y"))
