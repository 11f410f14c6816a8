from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.index.schema import Attachment, FileMetadata, Locator, Resource, Status, Unit
from indexer.index.whoosh.records import BODY, Passage, Record, RecordReader, RecordWriter

Entry = tuple[Resource, list[Passage]]

LOCATORS = st.builds(Locator, st.text(max_size=9), st.sampled_from(Unit), st.text(max_size=9), st.text(), st.booleans())
METADATA = st.builds(FileMetadata, st.text(), st.text(), st.text(), st.none() | st.dates(), st.integers(0, 9_999))
ATTACHMENTS = st.builds(
    Attachment,
    name=st.text(),
    path=st.text(),
    format=st.text(),
    size=st.integers(0, 1 << 50),
    locators=st.lists(LOCATORS, max_size=5).map(tuple),
    status=st.sampled_from(Status),
    reason=st.text(),
    metadata=METADATA,
)
RESOURCES = st.builds(
    Resource,
    id=st.text(),
    title=st.text(),
    summary=st.text(),
    date=st.none() | st.dates(),
    language=st.text(),
    url=st.text(),
    source=st.text(),
    facets=st.dictionaries(st.text(), st.lists(st.text()).map(tuple), max_size=3),
    attachments=st.lists(ATTACHMENTS, max_size=3).map(tuple),
)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Return a resource and passages of its body and of some of its pages, with rising positions."""
    resource = draw(RESOURCES)
    places = [(BODY, 0)] * draw(st.integers(0, 3))
    for number, attachment in enumerate(resource.attachments):
        for page in range(len(attachment.locators)):
            places += [(number, page)] * draw(st.integers(0, 2))
    text = st.text(max_size=60) | st.builds(lambda piece: piece * 90, st.text(min_size=1, max_size=20))
    return resource, [Passage(*place, 10 * at, draw(text)) for at, place in enumerate(places)]


def written(path: Path, *entries: Entry) -> NDArray[np.uint64]:
    writer = RecordWriter(path)
    for resource, passages in entries:
        writer.add(resource, passages)
    return writer.close()


def read(path: Path, begins: NDArray[np.uint64]) -> list[Record]:
    reader = RecordReader(path)
    edges = begins.tolist()
    return [reader.record(begin, end) for begin, end in pairwise(edges)]


def pages_of(record: Record) -> list[list[str]]:
    """Return the texts of the passages of each page of a record, all attachments in a row."""
    return [record.texts(*record.passages_of_page(page)) for page in range(len(record.first_passages))]


def expected_pages(entry: Entry) -> list[list[str]]:
    resource, passages = entry
    return [
        [passage.text for passage in passages if (passage.attachment, passage.page) == (number, page)]
        for number, attachment in enumerate(resource.attachments)
        for page in range(len(attachment.locators))
    ]


@given(given_entries=st.lists(entries(), max_size=4))
def test_records_are_read_as_they_were_written(
    given_entries: list[Entry], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("records") / "texts"
    records = read(path, written(path, *given_entries))
    assert [record.resource for record in records] == [resource for resource, _ in given_entries]
    for record, entry in zip(records, given_entries, strict=True):
        assert list(record.positions) == [passage.position for passage in entry[1]]
        assert record.body() == "".join(passage.text for passage in entry[1] if passage.attachment == BODY)
        assert pages_of(record) == expected_pages(entry)


def test_a_file_without_records_is_empty(tmp_path: Path) -> None:
    assert written(tmp_path / "texts").tolist() == [0]
    assert (tmp_path / "texts").read_bytes() == b""
    RecordReader(tmp_path / "texts").close()


def test_copied_records_follow_those_that_were_added_as_they_are(tmp_path: Path) -> None:
    entries: list[Entry] = [(Resource(name, name * 30), [Passage(BODY, 0, 0, name * 800)]) for name in "abcd"]
    begins = written(tmp_path / "first", *entries)
    reader = RecordReader(tmp_path / "first")
    writer = RecordWriter(tmp_path / "second")
    writer.add(*entries[3])
    writer.copy(reader, begins[1:4])
    writer.copy(reader, begins[:2])
    writer.add(*entries[0])
    records = read(tmp_path / "second", writer.close())
    assert [record.resource.id for record in records] == ["d", "b", "c", "a", "a"]
    assert [record.body()[0] for record in records] == ["d", "b", "c", "a", "a"]
