"""Hierarchical facets: how paths are read, and what is counted and listed of them, against counting every resource."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.index import open_index
from indexer.index.engine import Engine, SearchRequest
from indexer.index.hierarchy import lineage, most_specific, names_in, parent, path_of
from indexer.index.manifest import FacetInfo, ValueOrder
from indexer.index.query import parse
from indexer.index.schema import Document, Resource
from indexer.index.whoosh.engine import WhooshEngine
from indexer.library.pages import read_page
from indexer.library.settings import load_settings
from tests.library_folder import built, write_page
from tests.memory_engine import MemoryEngine
from tests.published import write_generations
from tests.test_evaluation import MANIFEST

REGION = FacetInfo("region", "Region", hierarchy=">")
MALAWI, KENYA = "Region > Africa > Malawi", "Region > Africa > Kenya"

paths = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(lambda names: path_of(names, ">"))


@contextmanager
def written(*parts: Sequence[Document], growth: int = 4) -> Iterator[Engine]:
    """Write documents part by part, with a facet of regions, and open the index."""
    folder = Path(tempfile.mkdtemp())
    try:
        generations = [(part, list[str]()) for part in parts]
        last = write_generations(folder, *generations, growth=growth, facets=["region"], hierarchies={"region": ">"})
        yield WhooshEngine(last, replace(MANIFEST, library=replace(MANIFEST.library, facets=(REGION,))))
    finally:
        shutil.rmtree(folder)


def located(*rows: Sequence[str]) -> list[Document]:
    """Return resources with these regions each."""
    return [
        Document(Resource(f"r{n}", f"Title {n}", facets={"region": tuple(values)})) for n, values in enumerate(rows)
    ]


def listed(engine: Engine, *chosen: str, limit: int = 100) -> dict[str, int]:
    """Return what is listed of the regions when these are chosen."""
    (facet,) = engine.search(SearchRequest(filters={"region": chosen}, facet_limit=limit)).facets
    return {each.value: each.count for each in facet.counts}


@pytest.mark.parametrize("text", ["Region > Africa>Malawi", " Region>Africa >> Malawi > ", "Region >\tAfrica > Malawi"])
def test_a_path_is_written_in_one_way_however_it_was_typed(text: str) -> None:
    assert path_of(names_in(text, ">"), ">") == MALAWI
    assert lineage(text, ">") == ("Region", "Region > Africa", MALAWI)
    assert (parent(MALAWI, ">"), parent("Region", ">")) == ("Region > Africa", "")


def test_of_paths_that_lead_to_each_other_the_most_specific_ones_are_kept() -> None:
    assert most_specific(["Region", MALAWI, "Region > Asia", "Region > Africa", MALAWI], ">") == (
        MALAWI,
        "Region > Asia",
    )
    assert most_specific(["Region > Afri", "Region > Africa"], ">") == ("Region > Afri", "Region > Africa")


def test_a_resource_counts_once_on_every_level_and_is_found_by_all_of_them() -> None:
    with written(located([MALAWI, KENYA], ["Region > Asia"], [])) as engine:
        assert listed(engine) == {"Region": 2}
        assert listed(engine, "Region") == {"Region": 2, "Region > Africa": 1, "Region > Asia": 1}
        assert engine.search(SearchRequest(filters={"region": ("Region > Africa",)})).total == 1
        assert engine.search(SearchRequest(filters={"region": ("Region > Africa", "Region > Asia")})).total == 2


def test_below_a_chosen_value_and_what_stands_above_it_the_next_level_is_listed() -> None:
    with written(located([MALAWI], [KENYA], ["Region > Asia > Nepal"])) as engine:
        assert listed(engine, MALAWI) == {
            "Region": 3,
            "Region > Africa": 2,
            "Region > Asia": 1,
            MALAWI: 1,
            KENYA: 1,
        }
        assert listed(engine, "Region > Europe") == {
            "Region": 3,
            "Region > Africa": 2,
            "Region > Asia": 1,
            "Region > Europe": 0,
        }


def test_a_word_of_any_level_finds_a_resource_and_a_result_has_the_most_specific_path() -> None:
    with written(located([MALAWI], ["Region > Asia"])) as engine:
        for typed in ("region:malawi", "region:africa", 'region:"africa malawi"', "malawi"):
            hits = engine.search(SearchRequest(parse(typed, ("region",)))).hits
            assert [hit.resource.facets["region"] for hit in hits] == [(MALAWI,)]
        assert [each.text for each in engine.suggest("afr")] == ["Region > Africa", MALAWI]


@settings(max_examples=150)
@given(
    st.lists(st.lists(paths, max_size=3), max_size=9),
    st.lists(paths, max_size=2),
    st.integers(0, 4),
    st.sampled_from([0, 4]),
)
def test_what_is_listed_is_what_counting_every_resource_gives(
    rows: list[list[str]], chosen: list[str], limit: int, growth: int
) -> None:
    documents = located(*rows)
    request = SearchRequest(filters={"region": tuple(chosen)}, facet_limit=limit, limit=100)
    plain = MemoryEngine(documents, facets=(REGION,)).search(request)
    with written(documents[:3], documents[3:6], documents[6:], growth=growth) as engine:
        results = engine.search(request)
    assert results.facets == plain.facets
    assert [hit.resource for hit in results.hits] == [hit.resource for hit in plain.hits]


def test_values_are_paths_where_the_settings_say_what_parts_their_levels(tmp_path: Path) -> None:
    (tmp_path / "library.toml").write_text('[[facets]]\nname = "region"\nhierarchy = "/"')
    written_as = f"[Africa/Malawi, Africa, ' / ', 'Asia /Nepal', {'/'.join('abcdefghijklmnopqrstuvwxyz')}]"
    entry = read_page("page.md", f"---\nregion: {written_as}\n---\nText".encode(), load_settings(tmp_path))
    deepest = " / ".join("abcdefghijklmnopqrst")
    assert entry.facets == {"region": ("Africa / Malawi", "Asia / Nepal", deepest)}
    assert entry.problems == (
        "“a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/” has 26 levels; those below the 20th were left out.",
    )


def test_a_library_whose_values_get_levels_is_indexed_anew(tmp_path: Path) -> None:
    library = tmp_path / "library"
    write_page(library, "page.md", "title: A page\nregion: Africa > Malawi")
    (library / "library.toml").write_text('[[facets]]\nname = "region"')
    built(library, tmp_path / "index")
    (library / "library.toml").write_text('[[facets]]\nname = "region"\nhierarchy = ">"\norder = "name"')
    built(library, tmp_path / "index")
    engine = open_index(tmp_path / "index")
    (info,) = engine.manifest.library.facets
    assert (info.hierarchy, info.order) == (">", ValueOrder.NAME)
    assert engine.search(SearchRequest(filters={"region": ("Africa",)})).total == 1
    engine.close()
