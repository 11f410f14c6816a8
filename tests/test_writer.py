from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.index import analysis
from indexer.index.schema import TEXT_FIELDS, Attachment, Document, FileMetadata, Locator, Page, Resource
from indexer.index.values import searched_text
from indexer.index.whoosh import merging, postings, records, runs, segment_writer, term_merging
from indexer.index.whoosh.generation import Generation
from indexer.index.whoosh.layout import FIELD_COUNT, GAP
from indexer.index.whoosh.postings import postings_of
from indexer.index.whoosh.records import RecordWriter
from indexer.index.whoosh.segment import Segment
from indexer.index.whoosh.writer import GenerationWriter
from tests.postings_in_python import read

FACETS = ("tag", "language")

Occurrences = Mapping[str, Mapping[str, Sequence[int]]]
"""The positions of each term of each field."""


@dataclass(frozen=True)
class Entry:
    """What an index knows of a resource, in plain Python."""

    terms: Occurrences
    lengths: tuple[int, ...]
    day: int
    languages: tuple[str, ...]
    title: str
    values: Mapping[str, frozenset[str]]
    texts: tuple[str, ...]


def written(text: str) -> str:
    """Return a text as it can be written: half characters are question marks."""
    return text.encode("utf-8", "replace").decode()


def entry_of(document: Document) -> Entry:
    """Return what an index is to know of a document, by the definitions."""
    resource = document.resource
    own = resource.language
    pieces: dict[str, list[tuple[str, int, str]]] = {name: [] for name in TEXT_FIELDS}
    pieces["title"] = [(resource.title, 0, own)]
    pieces["summary"] = [(resource.summary, 0, own)]
    pieces["keywords"] = [(value, GAP, own) for value in resource.keywords]
    pieces["body"] = [(document.body, 0, own)]
    for file, pages in zip(resource.attachments, document.pages, strict=True):
        language = file.metadata.language or own
        pieces["attachments"] += [*((page.text, 0, language) for page in pages), ("", GAP, own)]
    terms: dict[str, dict[str, list[int]]] = {}
    lengths = []
    for name, texts in pieces.items():
        position = length = 0
        for text, gap, language in texts:
            for term in analysis.terms(text, language):
                terms.setdefault(name, {}).setdefault(term, []).append(position)
                position += 1
                length += 1
            position += gap
        lengths.append(length)
    return Entry(
        terms=terms,
        lengths=tuple(lengths),
        day=resource.date.toordinal() if resource.date else 0,
        languages=resource.languages,
        title=written(f" {' '.join(analysis.words(resource.title))} "),
        values={name: frozenset(map(written, resource.facets.get(name, ()))) for name in FACETS},
        texts=(
            *([written(document.body)] if document.body else []),
            *(written(page.text) for pages in document.pages for page in pages),
        ),
    )


def index_in(generation: Path) -> dict[str, Entry]:
    """Return what a generation knows of the resources that are not removed, by their ids."""
    found: dict[str, Entry] = {}
    segments = [(Segment(generation, name), deleted) for name, deleted in Generation.read(generation).segments.items()]
    values = {
        name: [value.decode() for segment, _ in segments for value in segment.facets[name].values] for name in FACETS
    }
    folded = {
        name: [words.decode() for segment, _ in segments for words in segment.facets[name].folded] for name in FACETS
    }
    for name in FACETS:
        assert len(set(values[name])) == len(values[name])
        texts = [searched_text(name, value) for value in values[name]]
        assert folded[name] == [f" {' '.join(analysis.words(text))} " for text in texts]
    for segment, deleted in segments:
        for number, entry in entries(segment, values):
            assert segment.document(segment.ids[number]) is not None
            if number not in deleted:
                assert segment.ids[number].decode() not in found
                found[segment.ids[number].decode()] = entry
    return found


def entries(segment: Segment, values: Mapping[str, Sequence[str]]) -> Iterator[tuple[int, Entry]]:
    """Yield the documents of a segment with their numbers; `values` are those of each facet in the index."""
    terms: list[dict[str, dict[str, list[int]]]] = [{} for _ in range(segment.size)]
    for term, slots in read(postings_of(segment.file)).items():
        for slot, positions in slots.items():
            document, field = divmod(slot, FIELD_COUNT)
            terms[document].setdefault(TEXT_FIELDS[field], {})[term.decode()] = positions
    sorted_by_title = sorted(range(segment.size), key=lambda number: (segment.titles[number], segment.ids[number]))
    assert np.argsort(segment.title_ranks).tolist() == sorted_by_title
    for facet in segment.facets.values():
        assert list(facet.values) == sorted(facet.values)
    for number in range(segment.size):
        record = segment.record(number)
        assert written(record.resource.id) == segment.ids[number].decode()
        edges = [*record.first_passages, len(record.positions)]
        texts = ["".join(record.texts(begin, end)) for begin, end in pairwise(edges)]
        body = [record.body()] if record.body_passages else []
        yield (
            number,
            Entry(
                terms=terms[number],
                lengths=tuple(segment.lengths[number * FIELD_COUNT : (number + 1) * FIELD_COUNT].tolist()),
                day=int(segment.dates[number]),
                languages=segment.language_names[segment.languages[number]],
                title=segment.titles[number].decode(),
                values={name: frozenset(values_of(segment, name, number, values[name])) for name in FACETS},
                texts=(*body, *texts),
            ),
        )


def values_of(segment: Segment, facet: str, document: int, values: Sequence[str]) -> list[str]:
    view = segment.facets[facet]
    ordinals = view.ordinals[view.starts[document] : view.starts[document + 1]].tolist()
    assert len(set(ordinals)) == len(ordinals)
    return [values[ordinal] for ordinal in ordinals]


some_words = st.lists(
    st.sampled_from(
        ["rights", "Labour", "labours", "the", "droits", "2021", "été", "é\ud800", "\udfff", "«»", "naïve's"]
    ),
    max_size=6,
).map(" ".join)
tags = st.sampled_from(["Global", "Malawi", "Forced labour", "droits 2021", "x\ud800", "x\ud801", "x?", "Été", ""])


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Return a document without an id."""
    files = draw(st.lists(st.lists(some_words, max_size=3), max_size=2))
    resource = Resource(
        id="",
        title=draw(some_words),
        summary=draw(some_words),
        date=draw(st.none() | st.dates(date(2019, 1, 1), date(2021, 1, 1))),
        language=draw(st.sampled_from(["en", "fr", "xx"])),
        facets=draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "tag": st.lists(tags, max_size=3).map(tuple),
                    "language": st.sampled_from([("en",), ("fr", "en")]),
                    "not a facet": st.just(("value",)),
                },
            )
        ),
        attachments=tuple(
            Attachment(
                name=f"{number}.pdf",
                path=f"{number}.pdf",
                format="pdf",
                size=1,
                locators=tuple(Locator() for _ in pages),
                metadata=FileMetadata(language=draw(st.sampled_from(["", "en", "fr", "xx"]))),
            )
            for number, pages in enumerate(files)
        ),
    )
    return Document(
        resource, draw(some_words), tuple(tuple(Page(Locator(), text) for text in pages) for pages in files)
    )


def named(document: Document, identifier: str) -> Document:
    return replace(document, resource=replace(document.resource, id=identifier))


def write(generation: Path, previous: Path | None, added: Iterable[Document] = (), removed: Iterable[str] = ()) -> Path:
    """Commit a generation and return its folder."""
    generation.mkdir(exist_ok=True)
    with GenerationWriter(generation, previous, "en", FACETS) as writer:
        for identifier in removed:
            writer.remove(identifier)
        for document in added:
            writer.add(document)
        writer.commit()
    return generation


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@dataclass(frozen=True)
class Step:
    """A commit: what it adds, which of the living it removes, and whether it goes into the generation before it."""

    added: Sequence[Document]
    removed: Sequence[int]
    is_again: bool


steps = st.builds(
    Step, st.lists(documents(), max_size=4), st.lists(st.integers(0, 9), max_size=3, unique=True), st.booleans()
)


@settings(max_examples=60)
@given(history=st.lists(steps, min_size=1, max_size=6), at_once=st.sampled_from([1, 50, 10**6]), most=st.integers(2, 3))
def test_an_index_knows_what_was_added_and_not_removed(
    history: list[Step], at_once: int, most: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    index = tmp_path_factory.mktemp("index")
    plain: dict[str, Document] = {}
    ids = (f"r{number}é" for number in count())
    generation: Path | None = None
    before: dict[Path, dict[str, bytes]] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postings, "_WORDS_AT_ONCE", min(at_once, 20))
        patch.setattr(runs, "_BYTES_AT_ONCE", 100 * at_once)
        patch.setattr(runs, "_MOST_RUNS", most)
        patch.setattr(merging, "_AT_ONCE", at_once)
        patch.setattr(term_merging, "_TERMS_AT_ONCE", at_once)
        for number, step in enumerate(history):
            removed = [identifier for place, identifier in enumerate(list(plain)) if place in step.removed]
            added = [named(document, next(ids)) for document in step.added]
            folder = generation if step.is_again and generation else index / f"{number:08}"
            before.pop(folder, None)
            write(folder, generation, added, removed)
            plain = {identifier: each for identifier, each in plain.items() if identifier not in removed}
            plain |= {document.resource.id: document for document in added}
            assert index_in(folder) == {identifier: entry_of(document) for identifier, document in plain.items()}
            assert {path.suffix for path in folder.iterdir()} <= {".arrays", ".texts", ".toc"}
            generation = folder
            before[folder] = files_of(folder)
    assert all(files_of(folder) == files for folder, files in before.items())
    shutil.rmtree(index)


def document(identifier: str, body: str = "", **facets: tuple[str, ...]) -> Document:
    return Document(Resource(identifier, title=identifier, facets=facets), body)


def test_an_empty_index_is_written_and_added_to(tmp_path: Path) -> None:
    empty = write(tmp_path / "1", None)
    assert index_in(empty) == {}
    assert list(index_in(write(tmp_path / "2", empty, [document("a")]))) == ["a"]


def test_an_index_whose_last_resource_is_removed_is_empty(tmp_path: Path) -> None:
    full = write(tmp_path / "1", None, [document("a", "words", tag=("x",))])
    emptied = write(tmp_path / "2", full, [], ["a"])
    assert Generation.read(emptied).segments == {}
    assert {path.suffix for path in emptied.iterdir()} == {".arrays", ".toc"}
    assert index_in(full).keys() == {"a"}


def test_values_that_no_resource_has_any_more_go_when_their_segment_is_merged(tmp_path: Path) -> None:
    first = write(
        tmp_path / "1", None, [document("a", "one", tag=("old", "kept")), document("b", "two", tag=("kept",))]
    )
    second = write(tmp_path / "2", first, [document("c", "three", tag=("new",))], ["a"])
    (name,) = Generation.read(second).segments
    assert list(Segment(second, name).facets["tag"].values) == [b"kept", b"new"]


def test_ordinals_of_values_go_on_where_segments_before_end(tmp_path: Path) -> None:
    many = [document(f"m{number}", "word " * 50, tag=(f"t{number % 3}",)) for number in range(20)]
    first = write(tmp_path / "1", None, many)
    second = write(tmp_path / "2", first, [document("last", "word", tag=("t1", "a new one"))])
    segments = [Segment(second, name) for name in Generation.read(second).segments]
    assert [segment.facets["tag"].first for segment in segments] == [0, 3]
    assert sorted(segments[1].facets["tag"].ordinals.tolist()) == [1, 3]


def test_unchanged_segments_are_shared_and_not_copied(tmp_path: Path) -> None:
    first = write(tmp_path / "1", None, [document("a", "word " * 500)])
    second = write(tmp_path / "2", first, [document("b", "word")])
    shared = {path.name for path in first.iterdir() if path.name.startswith("segment-")}
    assert len(shared) == 2
    assert all((first / name).samefile(second / name) for name in shared)


def test_without_hard_links_segments_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    first = write(tmp_path / "1", None, [document("a", "word " * 500)])
    second = write(tmp_path / "2", first, [document("b", "word")])
    shutil.rmtree(first)
    assert index_in(second).keys() == {"a", "b"}


def test_a_writer_that_is_abandoned_leaves_everything_as_it_was(tmp_path: Path) -> None:
    first = write(tmp_path / "1", None, [document("a", "word")])
    before = files_of(first)
    with GenerationWriter(first, first, "en", FACETS) as writer:
        writer.remove("a")
        writer.add(document("b", "word " * 1_000))
    assert files_of(first) == before


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("place", ["records._encoded", "array_file.os.pwrite"])
def test_a_full_disk_is_told_and_leaves_the_generation_before_as_it_was(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = write(tmp_path / "1", None, [document("a", "word", tag=("x",))])
    before = files_of(first)
    monkeypatch.setattr(f"indexer.index.whoosh.{place}", full_disk)
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path / "2", first, [document("b", "word")])
    assert files_of(first) == before
    monkeypatch.undo()
    assert index_in(first).keys() == {"a"}


def test_a_full_disk_is_told_while_resources_are_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "_encoded", full_disk)
    added = iter([document(f"r{number}", "word " * 10_000) for number in range(100)])
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path / "1", None, added)
    assert next(added).resource.id < "r99"


def test_what_ended_a_writer_is_told_though_the_disk_is_full_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    close = RecordWriter.close

    def closed_on_a_full_disk(writer: RecordWriter) -> None:
        close(writer)
        full_disk()

    monkeypatch.setattr(RecordWriter, "close", closed_on_a_full_disk)

    def interrupted() -> Iterator[Document]:
        yield document("a", "word")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "1", None, interrupted())
    assert not list((tmp_path / "1").iterdir())


def test_files_of_sorted_postings_are_gone_after_a_commit_and_when_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings, "_WORDS_AT_ONCE", 0)
    monkeypatch.setattr(runs, "_BYTES_AT_ONCE", 0)
    write(tmp_path / "1", None, [document("a", "word " * 1_000)])
    assert not list((tmp_path / "1").glob("run-*"))
    (tmp_path / "2").mkdir()
    with GenerationWriter(tmp_path / "2", None, "en", FACETS) as writer:
        writer.add(document("a", "word " * 1_000))
        assert list((tmp_path / "2").glob("run-*"))
    assert not list((tmp_path / "2").iterdir())


def test_the_words_of_a_resource_are_returned_many_to_a_string(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    resource = document("One", "two Three two", tag=("four five",))
    with GenerationWriter(tmp_path, None, "en", FACETS) as writer:
        (words,) = writer.add(resource)
        assert sorted(words.split()) == ["five", "four", "one", "three", "two"]
        monkeypatch.setattr(segment_writer, "_WORDS_AT_ONCE", 2)
        strings = [set(words.split()) for words in writer.add(resource)]
        assert strings == [{"one", "four", "five"}, {"two", "three"}]
