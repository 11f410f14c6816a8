"""What a build leaves to the next one: read as it was written, and changed by what changes."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.library.corpus import Kind
from indexer.library.entry import PageStatus
from indexer.state import FILE_NAME, Facts, FileState, PageState, State, StateDamaged
from indexer.state_writing import write_state

FACTS = Facts("recipe", "viewpoint", "mark")
DAYS = st.tuples(st.dates(), st.dates())
NAMES = st.sampled_from(["a.md", "b.md", "sub/a.md", "sub/c.md"])
IDS = st.sampled_from(["a", "b", "é"])
PLACES = st.integers(-(2**63), 2**63 - 1)


@st.composite
def pages(draw: st.DrawFn) -> PageState:
    status = draw(st.sampled_from([status for status in PageStatus if status is not PageStatus.IGNORED]))
    return PageState(
        draw(NAMES),
        status,
        draw(IDS),
        draw(st.sampled_from(["", "1", "2"])),
        draw(st.sampled_from(["", "f", "g"])) if status is PageStatus.PUBLISHED else "",
        draw(st.none() | DAYS),
        tuple(sorted(draw(st.sets(st.tuples(NAMES, st.sampled_from(["", "missing. It is."])))))),
        tuple(sorted(draw(st.sets(PLACES, max_size=3)))),
        draw(st.booleans()),
        tuple(draw(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=3), max_size=2))),
    )


files = st.builds(FileState, st.sampled_from(Kind), st.binary(max_size=3), st.sampled_from(["", "1"]))
some_pages = st.lists(pages()).map(lambda found: {page.source: page for page in found})
some_files = st.dictionaries(NAMES, files)


@given(some_pages, some_files, some_pages, some_files, st.sets(NAMES))
def test_a_state_is_what_was_written_and_what_changed_since(
    first: dict[str, PageState],
    there: dict[str, FileState],
    then: dict[str, PageState],
    changed: dict[str, FileState],
    gone: set[str],
) -> None:
    with TemporaryDirectory() as name:
        one, two, fresh = (Path(name) / part for part in ("one", "two", "fresh"))
        for folder in (one, two, fresh):
            folder.mkdir()
        write_state(one, None, Facts(), first, there)
        write_state(two, one, FACTS, dict.fromkeys(gone) | then, dict.fromkeys(gone) | changed)
        left = {source: page for source, page in first.items() if source not in gone} | then
        lying = {path: file for path, file in there.items() if path not in gone} | changed
        write_state(fresh, None, FACTS, dict(reversed(left.items())), lying)
        with closing(State(two)) as state, closing(State(fresh)) as same:
            assert state.facts == FACTS
            assert {source: state.page(source) for source in left} == left
            assert {path: state.file(path) for path in lying} == lying
            assert [page.path for page in state.pages() if page.status is not PageStatus.IGNORED] == sorted(left)
            assert state.looks("sub") == {path[4:]: file.look for path, file in lying.items() if path[:4] == "sub/"}
            assert (state.corpus(), state.resources()) == (same.corpus(), same.resources())


def test_another_resource_is_another_corpus(tmp_path: Path) -> None:
    corpora = set()
    for fingerprints in (["f"], ["g"], ["f", "g"], ["f", "f"], []):
        shown = [
            PageState(f"{number}.md", PageStatus.PUBLISHED, str(number), fingerprint=fingerprint)
            for number, fingerprint in enumerate(fingerprints)
        ]
        write_state(tmp_path, None, FACTS, {page.source: page for page in shown}, {})
        with closing(State(tmp_path)) as state:
            corpora.add(state.corpus())
    assert len(corpora) == 5


@pytest.mark.parametrize(("day", "turns"), [(1, True), (2, False), (4, False), (5, True)])
def test_a_page_turns_on_the_days_that_its_dates_name(tmp_path: Path, day: int, turns: bool) -> None:
    page = PageState("a.md", PageStatus.PUBLISHED, "a", holds=(date(2030, 1, 2), date(2030, 1, 5)))
    other = PageState("b.md", PageStatus.PUBLISHED, "b")
    write_state(tmp_path, None, FACTS, {"a.md": page, "b.md": other}, {})
    with closing(State(tmp_path)) as state:
        assert state.restless(date(2030, 1, day)) == ({"a.md"} if turns else set())


def test_a_state_that_is_not_there_knows_nothing(tmp_path: Path) -> None:
    for generation in (None, tmp_path):
        with closing(State(generation)) as state:
            assert state.is_empty
            assert (state.facts, state.folders(), state.fingerprints()) == (Facts(), set(), {})


@pytest.mark.parametrize("content", [b"no tables", b"SQLite format 3\x00" + b"\x01" * 5000, b""])
def test_a_damaged_state_is_thrown_away(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(StateDamaged, match="cannot be used"), closing(State(tmp_path)) as state:
        state.folders()
    assert not (tmp_path / FILE_NAME).exists()
