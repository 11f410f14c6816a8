"""Path patterns do what those who write them expect."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.library.globs import matches


@pytest.mark.parametrize(
    ("pattern", "fits", "fits_not"),
    [
        ("*.md", ["a.md", "A.MD"], ["a/b.md", "a.mdx"]),
        ("**/*.md", ["a.md", "a/b.md", "a/b/c.md"], ["a/b.html"]),
        ("pages/**", ["pages/a", "pages/a/b.md"], ["pages", "other/a"]),
        ("pages/**/x.md", ["pages/x.md", "pages/a/b/x.md"], ["x.md"]),
        ("page?.md", ["page1.md"], ["page.md", "page/.md"]),
        ("[a-c].md", ["b.md"], ["d.md"]),
        ("[!a-c].md", ["d.md"], ["a.md", "/.md"]),
        ("[z-a].md", ["z.md", "-.md"], ["m.md"]),
        ("a[.md", ["a[.md"], ["a.md"]),
        ("drafts/", ["drafts"], ["a/drafts"]),
        ("a+b(1).md", ["a+b(1).md"], ["aab1.md"]),
    ],
)
def test_a_pattern_fits_what_a_shell_would_match(pattern: str, fits: list[str], fits_not: list[str]) -> None:
    assert [path for path in fits if not matches(path, (pattern,))] == []
    assert [path for path in fits_not if matches(path, (pattern,))] == []


def test_of_several_patterns_any_may_fit_and_of_none_nothing_does() -> None:
    assert matches("b.html", ("*.md", "*.html"))
    assert not matches("b.html", ())


@given(st.text(alphabet="ab[]!-^&~|\\*?./+(", max_size=12), st.text(alphabet="ab[].-/", max_size=8))
def test_every_pattern_fits_a_path_or_does_not(pattern: str, path: str) -> None:
    assert matches(path, (pattern,)) in (True, False)


@given(st.text(alphabet="abc.-/ é+()", min_size=1, max_size=12).filter(lambda path: path == path.strip("/")))
def test_a_path_without_wildcards_fits_itself(path: str) -> None:
    assert matches(path, (path,))
