from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index.whoosh import merging, postings, runs, term_merging
from indexer.index.whoosh.array_file import ArrayFile, ArrayFileWriter
from indexer.index.whoosh.layout import FIELD_COUNT
from indexer.index.whoosh.letters import letters_of
from indexer.index.whoosh.merging import GONE, Source, merge, renumbered
from indexer.index.whoosh.postings import Numbers, Pool, Postings, postings_of
from indexer.index.whoosh.runs import Runs
from indexer.index.whoosh.strings import string_array
from indexer.index.whoosh.term_merging import merged_terms
from tests.postings_in_python import Found, in_order, read

Field = tuple[int, int, list[str]]
"""The number of a text field, the position of its first word, and its words."""

Part = list[list[Field]]
"""Documents, each a list of fields."""

words = st.lists(st.sampled_from([*"abcdefgh", "the", "zeta", "я"]), max_size=8)
fields = st.lists(
    st.tuples(st.integers(0, FIELD_COUNT - 1), st.integers(0, 9), words), max_size=3, unique_by=lambda field: field[0]
).map(sorted)
parts = st.lists(fields, max_size=5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("merging")


def pool_of(part: Part) -> Postings:
    pool = Pool()
    for document, its_fields in enumerate(part):
        for field, begin, found in its_fields:
            pool.add((document * FIELD_COUNT + field, begin, len(found)), found, "xx")
    return pool.emptied()


def new_numbers(kept: Sequence[bool], first: int) -> Numbers:
    numbers = first + np.cumsum(kept, dtype=np.uint32) - 1
    return np.where(kept, numbers, GONE).astype(np.uint32)


def expected(documents: Part) -> Found:
    found: Found = {}
    for document, its_fields in enumerate(documents):
        for field, begin, its_words in its_fields:
            for position, word in enumerate(its_words, begin):
                slot = document * FIELD_COUNT + field
                found.setdefault(word.encode(), {}).setdefault(slot, []).append(position)
    return {term: found[term] for term in sorted(found)}


def merged(sources: Sequence[Source], folder: Path) -> Found:
    """Merge sources into a file and return what is read from it."""
    path = folder / "merged.arrays"
    path.unlink(missing_ok=True)
    with ArrayFileWriter(path) as file:
        merge(sources, file)
        file.finish({})
    back = ArrayFile(path)
    found = postings_of(back)
    assert back["letters"].tolist() == letters_of(found.terms.starts, found.terms.bytes).tolist()
    assert found.position_starts[-1] == len(found.positions)
    return read(found)


@given(data=st.data(), some_parts=st.lists(parts, min_size=1, max_size=5), at_once=st.integers(1, 20))
def test_merged_postings_are_those_of_the_documents_that_are_kept(
    data: st.DataObject, some_parts: list[Part], at_once: int, folder: Path
) -> None:
    sources: list[Source] = []
    documents: Part = []
    for part in some_parts:
        kept = data.draw(st.lists(st.booleans(), min_size=len(part), max_size=len(part)))
        sources.append(Source(pool_of(part), new_numbers(kept, len(documents))))
        documents += [document for document, is_kept in zip(part, kept, strict=True) if is_kept]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "_AT_ONCE", at_once)
        patch.setattr(term_merging, "_TERMS_AT_ONCE", at_once)
        found = merged(sources, folder)
    assert in_order(found) == in_order(expected(documents))


@given(
    documents=parts,
    older=st.lists(parts, max_size=2),
    bytes_at_once=st.integers(0, 3_000),
    most_runs=st.integers(2, 4),
    at_once=st.integers(1, 9),
)
def test_runs_give_the_same_postings_wherever_they_are_cut(
    documents: Part, older: list[Part], bytes_at_once: int, most_runs: int, at_once: int, folder: Path
) -> None:
    before = [document for part in older for document in part]
    path = folder / "segment.arrays"
    path.unlink(missing_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postings, "_WORDS_AT_ONCE", 0)
        patch.setattr(runs, "_BYTES_AT_ONCE", bytes_at_once)
        patch.setattr(runs, "_MOST_RUNS", most_runs)
        patch.setattr(merging, "_AT_ONCE", at_once)
        collected = Runs(folder, "some")
        for document, its_fields in enumerate(documents):
            for field, begin, found in its_fields:
                # Word by word, as a long document comes passage by passage.
                for position, word in enumerate(found, begin):
                    collected.add((document * FIELD_COUNT + field, position, 1), [word], "xx")
        sources: list[Source] = []
        first = 0
        for part in older:
            sources.append(Source(pool_of(part), renumbered(len(part), first)))
            first += len(part)
        with ArrayFileWriter(path) as file:
            collected.write(file, sources, renumbered(len(documents), len(before)))
            file.finish({})
        collected.close()
    assert in_order(read(postings_of(ArrayFile(path)))) == in_order(expected([*before, *documents]))
    assert not list(folder.glob("run-*"))


def test_runs_of_runs_are_merged_so_that_few_files_wait(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "_WORDS_AT_ONCE", 0)
    monkeypatch.setattr(runs, "_BYTES_AT_ONCE", 0)
    monkeypatch.setattr(runs, "_MOST_RUNS", 3)
    collected = Runs(folder, "many")
    most = 0
    for document in range(100):
        collected.add((document * FIELD_COUNT, 0, 2), ["word", f"w{document}"], "xx")
        most = max(most, len(list(folder.glob("run-many-*"))))
    # Two of each size: 3 to the power of 4 is about as many as there are pools.
    assert 4 <= most <= 2 * 5 + 1
    collected.close()
    assert not list(folder.glob("run-many-*"))


def test_what_a_term_has_in_one_slot_is_one_posting_though_runs_cut_it(folder: Path) -> None:
    first, second, third = Pool(), Pool(), Pool()
    first.add((0, 0, 1, 7, 0, 2), ["word", "word", "other"], "xx")
    second.add((7, 2, 1), ["third"], "xx")
    third.add((7, 3, 1, 9, 0, 1), ["word", "word"], "xx")
    sources = [Source(pool.emptied(), renumbered(2, 0)) for pool in (first, second, third)]
    assert merged(sources, folder) == {b"other": {7: [1]}, b"third": {7: [2]}, b"word": {0: [0], 7: [0, 3], 9: [0]}}


def test_documents_may_all_be_gone(folder: Path) -> None:
    source = Source(pool_of([[(0, 0, ["a", "b"])], [(1, 0, ["b"])]]), np.full(2, GONE))
    assert merged([source, source], folder) == {}


@given(
    some_terms=st.lists(st.lists(st.binary(max_size=4), unique=True).map(sorted), min_size=1, max_size=5),
    at_once=st.integers(1, 8),
)
def test_terms_of_several_sources_are_sorted_and_each_is_found_at_its_place(
    some_terms: list[list[bytes]], at_once: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(term_merging, "_TERMS_AT_ONCE", at_once)
        found, places = merged_terms([string_array(each) for each in some_terms])
    every = list(found)
    assert every == sorted(set().union(*some_terms))
    assert [[every[place] for place in its_places] for its_places in places] == some_terms
