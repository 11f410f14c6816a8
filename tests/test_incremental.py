"""An index that was brought up to date again and again is the one that a fresh build makes."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self
from unittest.mock import Mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer import cache, documents
from indexer.extract import Context
from indexer.index import current_generation, open_index
from indexer.index.engine import SearchRequest, Sort, Suggestion
from indexer.index.query import parse
from indexer.index.schema import Extraction, Locator, Page, Status
from indexer.index.whoosh.generation import Generation
from indexer.library import corpus
from indexer.library.settings import LibrarySettings
from indexer.report import Report
from indexer.state import State
from indexer.survey import Survey
from tests.library_folder import built, write_page

COMPOSED, DECOMPOSED = "v\u00eda", "vi\u0301a"
FOLDERS, PAGES, FILES = ("", "sub/", "aside/"), ("a.md", "b.md", "c.md"), ("x.txt", "y.txt", "z.png")
FRONT_MATTER = (
    "",
    "title: alpha beta\n",
    "id: same\n",
    "tags: [one, two]\n",
    "attachments: [x.txt, y.txt]\n",
    "title: gamma\nattachments: sub/x.txt\n",
    "attachments: [way/x.txt, aside/y.txt, z.png]\n",
    "attachments: [sub, ../x.txt, X.TXT, new/x.txt]\n",
    f"attachments: [{COMPOSED}/x.txt, {DECOMPOSED}/y.txt]\n",
    "publish_from: 2030-01-02\n",
    "id: same\nexpires: 2030-01-03\nattachments: x.txt\n",
    "draft: true\n",
    "title: [broken\n",
)
TEXTS = ("", "alpha", "beta gamma", "gamma alpha")
SETTINGS = (
    "",
    'title = "Another"\n',
    '[fields]\ntitle = ["tags"]\n',
    '[pages]\nignore = ["aside"]\n',
    '[pages]\nignore = ["sub/b.md", "sub/*.txt"]\n',
)
LINKS = (
    ("x.txt", "sub/x.txt"),
    ("way", "sub"),
    (COMPOSED, "sub"),
    (DECOMPOSED, "aside"),
    ("sub/y.txt", "../../outside.txt"),
    ("b.md", "a.md"),
    ("new", "way"),
)
DAYS = (date(2030, 1, 1), date(2030, 1, 2), date(2030, 1, 3))
QUERIES = ("", "alpha", '"beta gamma"', "-alpha", "alpha OR gamma", "title:alpha", "tag:one")

Edit = Callable[[Path], None]


class ReadHere:
    """Stands in for the pool of processes: what they do with a file is no matter of this test, and takes long."""

    def __init__(self, _workers: int, _context: Context) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def extract(self, path: Path) -> Extraction:
        """Read a text file."""
        text = path.read_text(encoding="utf-8")
        return Extraction(Status.OK if text else Status.NO_TEXT, "text", (Page(Locator(), text),) if text else ())


def write(name: str, text: str) -> Edit:
    """Write a file, unless a moved link lies there that now leads into a folder that is not there, or in a circle."""

    def edit(library: Path) -> None:
        with contextlib.suppress(OSError):
            (library / name).write_text(text, encoding="utf-8")

    return edit


def remove(name: str) -> Edit:
    return lambda library: (library / name).unlink(missing_ok=True)


def move(name: str, target: str) -> Edit:
    def edit(library: Path) -> None:
        if (library / name).exists():
            (library / name).replace(library / target)

    return edit


def swap(name: str, text: str) -> Edit:
    """Put another file in the place of one, which has the time of the old one, and often its size."""

    def edit(library: Path) -> None:
        path = library / name
        if path.exists():
            status = path.stat()
            (library / ".new").write_text(text, encoding="utf-8")
            os.utime(library / ".new", ns=(status.st_atime_ns, status.st_mtime_ns))
            (library / ".new").replace(path)

    return edit


def link(name: str, target: str) -> Edit:
    def edit(library: Path) -> None:
        with contextlib.suppress(FileExistsError):
            (library / name).symlink_to(target)

    return edit


def move_folder(name: str, target: str) -> Edit:
    """Move a folder, and make a new one in its place, so that other edits go on."""

    def edit(library: Path) -> None:
        if not (library / target).exists() and not (library / target).is_symlink():
            (library / name).rename(library / target)
            (library / name).mkdir()

    return edit


def remove_folder(name: str) -> Edit:
    def edit(library: Path) -> None:
        if (library / name).is_symlink():
            (library / name).unlink()
        elif (library / name).is_dir():
            shutil.rmtree(library / name)

    return edit


pages = st.sampled_from([folder + name for folder, name in itertools.product(FOLDERS, PAGES)])
files = st.sampled_from([folder + name for folder, name in itertools.product(FOLDERS, FILES)])
contents = st.builds("---\n{}---\n{}\n".format, st.sampled_from(FRONT_MATTER), st.sampled_from(TEXTS))
edits = st.one_of(
    st.builds(write, pages, contents),
    st.builds(write, files, st.sampled_from(TEXTS)),
    st.builds(remove, pages | files),
    st.builds(move, pages, pages),
    st.builds(move, files, files),
    st.builds(swap, files, st.sampled_from(TEXTS)),
    st.sampled_from(LINKS).map(lambda names: link(*names)),
    st.builds(move_folder, st.sampled_from(["sub", "aside"]), st.sampled_from(["new", COMPOSED, DECOMPOSED])),
    st.builds(remove_folder, st.sampled_from(["new", "way", COMPOSED, DECOMPOSED])),
    st.builds(write, st.just("library.toml"), st.sampled_from(SETTINGS)),
)


def everything(index: Path) -> list[object]:
    """Return all that an index answers to some queries, with the resources themselves and what it says of itself."""
    engine = open_index(index)
    try:
        names = [facet.name for facet in engine.manifest.library.facets]
        answers: list[object] = [
            engine.search(SearchRequest(parse(typed, names), sort=sort)) for typed in QUERIES for sort in Sort
        ]
        hits = engine.search(SearchRequest(sort=Sort.TITLE)).hits
        answers += [(hit.resource, engine.resource(hit.resource.id), engine.body(hit.resource.id)) for hit in hits]
        manifest = engine.manifest
        answers += [manifest.library, manifest.corpus, manifest.resources, manifest.files, manifest.pages]
        return [*answers, *map(frozenset, offered(index))]
    finally:
        engine.close()


def offered(index: Path) -> list[tuple[Suggestion, ...]]:
    """Return what an index completes, in its order."""
    engine = open_index(index)
    try:
        return [engine.suggest("al"), engine.suggest("t")]
    finally:
        engine.close()


def holds_removed(index: Path) -> bool:
    """Tell whether resources that were removed are still in a segment: words and phrases count them until a merge."""
    generation = current_generation(index)
    assert generation is not None
    return any(len(deleted) for deleted in Generation.read(generation).segments.values())


def plain_files(library: Path) -> list[Path]:
    return [path for path in library.rglob("*.txt") if not path.is_symlink()]


def assert_complete(report: Report, library: Path) -> None:
    """Every document of the library is listed exactly once, and what is missing names its page."""
    opened = Counter(file.path for file in report.files if file.format or file.status is Status.UNATTACHED)
    assert max(opened.values(), default=1) == 1
    if "ignore" not in (library / "library.toml").read_text():
        assert {path.relative_to(library).as_posix() for path in plain_files(library)} <= set(opened)
    assert all(file.resources for file in report.files if file.status is Status.MISSING)


@pytest.fixture(autouse=True, scope="module")
def _read_here() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(documents, "ExtractionPool", ReadHere)
        yield


def remembered(index: Path) -> list[object]:
    """Return all that an index knows of how it was built, but for what tells one day and one place from another."""
    generation = current_generation(index)
    assert generation
    with closing(sqlite3.connect(generation / "state.sqlite")) as database:
        queries = (
            "select folder, name, kind from files",
            "select source, id, status, digest, fingerprint, holds_from, holds_until, is_restless from pages",
            "select source, path, fate from named join pages on number = page",
            "select source, place from places join pages on number = page",
            "select source, reason from problems join pages on pages.number = page",
            "select recipe, corpus from facts",
        )
        return [sorted(database.execute(query), key=repr) for query in queries]


@settings(max_examples=60)
@given(
    rounds=st.lists(st.tuples(st.lists(edits, min_size=1, max_size=8), st.sampled_from(DAYS)), min_size=2, max_size=4),
    is_coarse=st.booleans(),
)
@example(
    rounds=[
        ([write("a.md", "---\nattachments: way/x.txt\n---\n")], DAYS[0]),
        ([link("way", "sub")], DAYS[0]),
    ],
    is_coarse=False,
)
def test_an_index_after_any_edits_is_the_one_of_a_fresh_build(
    rounds: list[tuple[list[Edit], date]], is_coarse: bool
) -> None:
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patched:
        if not is_coarse:
            # The builds of this test are further apart than two changes that the clock of files cannot tell apart.
            patched.setattr(cache, "SETTLED_NANOSECONDS", 0)
            patched.setattr(corpus, "SETTLED_NANOSECONDS", 0)
        library, index, fresh = (Path(name) / part for part in ("library", "index", "fresh"))
        for folder in FOLDERS:
            (library / folder).mkdir(parents=True, exist_ok=True)
        (Path(name) / "outside.txt").write_text("outside")
        (library / "library.toml").touch()
        for round_of_edits, day in rounds:
            for edit in round_of_edits:
                edit(library)
            patched.setattr("indexer.build.date", Mock(today=lambda day=day: day))
            report = built(library, index, may_lose_most=True)
            assert_complete(report, library)
        again = built(library, fresh)
        assert everything(index) == everything(fresh)
        assert holds_removed(index) or offered(index) == offered(fresh)
        assert (report.files, report.pages, report.problems) == (again.files, again.pages, again.problems)
        assert remembered(index) == remembered(fresh)
        assert not built(library, index).published
        assert (report.files, report.pages, remembered(index)) == (again.files, again.pages, remembered(fresh))


@pytest.mark.parametrize("name", ["way", COMPOSED, DECOMPOSED])
def test_a_file_is_found_behind_a_link_that_appears_and_looked_for_there_from_then_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(cache, "SETTLED_NANOSECONDS", 0)
    monkeypatch.setattr(corpus, "SETTLED_NANOSECONDS", 0)
    library, index = tmp_path / "library", tmp_path / "index"
    write_page(library, "a.md", f"attachments: [{name.replace(DECOMPOSED, COMPOSED)}/x.txt]")
    write_page(library, "b.md", "attachments: [elsewhere/x.txt]")
    write_page(library, "sub/x.txt", body="alpha")
    built(library, index)
    (library / name).symlink_to("sub")
    assert built(library, index).changed == ("a",)
    write_page(library, "sub/x.txt", body="beta")
    assert built(library, index).changed == ("a",)
    (library / "sub/x.txt").unlink()
    assert built(library, index).changed == ("a",)
    write_page(library, "sub/x.txt", body="gamma")
    assert built(library, index).changed == ("a",)
    (library / name).unlink()
    (library / name).mkdir()
    assert built(library, index).changed == ("a",)
    (library / name).rmdir()
    (library / name).symlink_to("sub")
    assert built(library, index).changed == ("a",)
    assert not built(library, index).published


def test_what_lies_in_a_folder_that_the_walk_did_not_meet_is_looked_at_every_time(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    with cache.Cache(tmp_path / "cache", "") as kept, closing(State(None)) as nothing:
        survey = Survey(LibrarySettings(tmp_path, title="x"), kept, nothing)
        assert not survey.sees("sub/x.txt")
        assert survey.sees("other/x.txt")
        survey.take(corpus.scan(LibrarySettings(tmp_path, title="x"), nothing))
        assert survey.sees("sub/x.txt")
