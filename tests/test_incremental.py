"""An index that was brought up to date again and again is the one that a fresh build makes."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import documents
from indexer.extract import Context
from indexer.index import open_index
from indexer.index.engine import SearchRequest, Sort
from indexer.index.query import parse
from indexer.index.schema import Extraction, Locator, Page, Status
from indexer.report import Report
from tests.library_folder import built

FOLDERS, PAGES, FILES = ("", "sub/"), ("a.md", "b.md", "c.md"), ("x.txt", "y.txt")
FRONT_MATTER = (
    "",
    "title: alpha beta\n",
    "id: same\n",
    "tags: [one, two]\n",
    "attachments: [x.txt, y.txt]\n",
    "title: gamma\nattachments: sub/x.txt\n",
    "draft: true\n",
    "title: [broken\n",
)
TEXTS = ("", "alpha", "beta gamma", "gamma alpha")
SETTINGS = ("", 'title = "Another"\n', '[fields]\ntitle = ["tags"]\n')
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
    def edit(library: Path) -> None:
        (library / name).write_text(text, encoding="utf-8")

    return edit


def remove(name: str) -> Edit:
    return lambda library: (library / name).unlink(missing_ok=True)


def move(name: str, target: str) -> Edit:
    def edit(library: Path) -> None:
        if (library / name).exists():
            (library / name).replace(library / target)

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
        return [*answers, engine.suggest("al"), engine.suggest("t")]
    finally:
        engine.close()


def assert_complete(report: Report, library: Path) -> None:
    """Every document of the library is listed exactly once, and what is missing names its page."""
    listed = Counter(file.path for file in report.files if file.status is not Status.MISSING)
    assert listed == Counter(path.relative_to(library).as_posix() for path in library.rglob("*.txt"))
    assert all(file.resources for file in report.files if file.status is Status.MISSING)


@pytest.fixture(autouse=True, scope="module")
def _read_here() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(documents, "ExtractionPool", ReadHere)
        yield


@settings(max_examples=25)
@given(rounds=st.lists(st.lists(edits, min_size=1, max_size=8), min_size=2, max_size=4))
def test_an_index_after_any_edits_is_the_one_of_a_fresh_build(rounds: list[list[Edit]]) -> None:
    with TemporaryDirectory() as name:
        library, index, fresh = (Path(name) / part for part in ("library", "index", "fresh"))
        (library / "sub").mkdir(parents=True)
        for round_of_edits in rounds:
            for edit in round_of_edits:
                edit(library)
            report = built(library, index)
            assert_complete(report, library)
        again = built(library, fresh)
        assert everything(index) == everything(fresh)
        assert (report.files, report.problems) == (again.files, again.problems)
        assert not built(library, index).published
