from __future__ import annotations

import errno
import gc
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.index import analysis
from indexer.index.engine import IndexUnreadable
from indexer.index.schema import Attachment, FileMetadata, Locator, Resource, Status, Unit
from indexer.index.whoosh.records import BODY, Passage, Record, RecordReader, RecordWriter, passages_of

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


def test_half_a_character_is_shown_as_a_question_mark_and_moves_nothing(tmp_path: Path) -> None:
    file = Attachment("\ud800.pdf", "p", "pdf", 1, (Locator("\udfff"),))
    entry = Resource("one", "a\ud800b", attachments=(file,)), [Passage(BODY, 0, 0, "x\udc80"), Passage(0, 0, 0, "y")]
    (record,) = read(tmp_path / "texts", written(tmp_path / "texts", entry))
    assert record.resource.title == "a?b"
    assert record.resource.attachments[0].locators == (Locator("?"),)
    assert record.texts(0, 2) == ["x?", "y"]


def test_many_and_large_records_are_written_in_the_order_in_which_they_were_added(tmp_path: Path) -> None:
    sizes = [10, 700_000, 20, 30, 600_000, 40] * 3
    entries: list[Entry] = [
        (Resource(str(number), "T"), [Passage(BODY, 0, 0, f"{number} " * size)]) for number, size in enumerate(sizes)
    ]
    begins = written(tmp_path / "texts", *entries)
    assert not (begins % 4).any(), "tables are read fast where they are aligned"
    records = read(tmp_path / "texts", begins)
    assert [record.resource.id for record in records] == [str(number) for number, _ in enumerate(sizes)]
    assert [record.body() for record in records] == [passages[0].text for _, passages in entries]


@pytest.mark.parametrize("passages", [[Passage(0, 1, 0, "")], [Passage(0, 0, 0, ""), Passage(BODY, 0, 0, "")]])
def test_pages_without_a_locator_and_passages_out_of_order_are_mistakes(
    passages: list[Passage], tmp_path: Path
) -> None:
    resource = Resource("one", "T", attachments=(Attachment("a", "a", "pdf", 1, (Locator("1"),)),))
    writer = RecordWriter(tmp_path / "texts")
    with pytest.raises(ValueError, match="one"):
        writer.add(resource, passages)
    writer.close()


class FullDisk:
    """A file on a disk that is full."""

    closed = False

    def write(self, _: bytes) -> int:
        """Fail as the system does."""
        raise OSError(errno.ENOSPC, "No space left on device")

    def close(self) -> None:
        """Write what waits, as files do when they are closed."""
        self.closed = True
        self.write(b"")


def test_a_full_disk_is_told_when_something_is_written_and_when_the_file_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FullDisk()
    monkeypatch.setattr(Path, "open", lambda *_: cast(BinaryIO, disk))
    writer = RecordWriter(tmp_path / "texts")
    with pytest.raises(OSError, match="No space left"):
        writer.add(Resource("one", "T"), [])
    with pytest.raises(OSError, match="No space left"):
        writer.close()
    assert disk.closed


def test_locators_are_as_good_as_a_tuple_of_them(tmp_path: Path) -> None:
    locators = tuple(Locator(str(number), Unit.PAGE, anchor=f"page={number}") for number in range(300))
    resource = Resource("one", "T", attachments=(Attachment("a", "a", "pdf", 1, locators),))
    (record,) = read(tmp_path / "texts", written(tmp_path / "texts", (resource, [])))
    (attachment,) = record.resource.attachments
    assert attachment == resource.attachments[0]
    assert hash(attachment) == hash(resource.attachments[0])
    assert attachment.locators != locators[1:]
    assert attachment.locators != [*locators]
    assert len(attachment.locators) == 300
    assert tuple(attachment.locators) == locators
    assert (attachment.locators[-1], attachment.locators[2:5]) == (locators[-1], locators[2:5])
    assert Locator("299", Unit.PAGE, anchor="page=299") in attachment.locators
    assert repr(attachment.locators) == repr(locators)
    with pytest.raises(IndexError):
        attachment.locators[300]


def test_a_record_outlives_its_reader(tmp_path: Path) -> None:
    begins = written(tmp_path / "texts", (Resource("one", "T"), [Passage(BODY, 0, 0, "body " * 500)])).tolist()
    reader = RecordReader(tmp_path / "texts")
    record = reader.record(*begins)
    reader.close()
    (tmp_path / "texts").unlink()
    del reader
    gc.collect()
    assert record.body() == "body " * 500


def test_a_closed_reader_says_so_and_can_be_closed_again(tmp_path: Path) -> None:
    begins = written(tmp_path / "texts", (Resource("one", "T"), [])).tolist()
    reader = RecordReader(tmp_path / "texts")
    reader.close()
    reader.close()
    with pytest.raises(IndexUnreadable, match="texts"):
        reader.record(*begins)


def everything(path: Path, begins: NDArray[np.uint64]) -> list[object]:
    return [
        (record.resource, repr(record.resource), record.body(), pages_of(record), list(record.positions))
        for record in read(path, begins)
    ]


def damaged(data: bytes) -> Iterator[bytes]:
    """Yield a file broken off at each byte, with each byte changed in two ways, and with each byte missing."""
    for at in range(len(data)):
        yield data[:at]
        yield data[:at] + data[at + 1 :]
        for change in (0x01, 0x80):
            yield data[:at] + bytes([data[at] ^ change]) + data[at + 1 :]


def test_damage_anywhere_is_told_or_changes_nothing(tmp_path: Path) -> None:
    locators = (Locator("i"), Locator("1", Unit.PAGE, "within", "page=2", True))
    file = Attachment("a.pdf", "files/a.pdf", "pdf", 1, locators, metadata=FileMetadata("Title", pages=2))
    whole: Entry = (
        Resource("one", "A title", facets={"tag": ("a", "b")}, attachments=(file,)),
        [Passage(BODY, 0, 0, "body"), Passage(0, 0, 0, "word " * 100), Passage(0, 1, 100, "last")],
    )
    begins = written(tmp_path / "texts", whole, (Resource("two", "Short"), [Passage(BODY, 0, 0, "a")]))
    expected = everything(tmp_path / "texts", begins)
    data = (tmp_path / "texts").read_bytes()
    told = 0
    for broken in damaged(data):
        (tmp_path / "broken").write_bytes(broken)
        try:
            found: object = everything(tmp_path / "broken", begins)
        except IndexUnreadable as error:
            found = str(error)
        if found != expected:
            assert re.fullmatch(r"broken is damaged \(.+\)\. Rebuild the index\.", str(found))
            told += 1
    # The zeros that fill a record up to a multiple of four bytes tell nothing.
    assert told >= 4 * (len(data) - 6)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(IndexUnreadable, match=r"texts is missing\. Rebuild the index\."):
        RecordReader(tmp_path / "texts")


def test_a_number_outside_the_file_is_told(tmp_path: Path) -> None:
    begins = written(tmp_path / "texts", (Resource("one", "T"), []))
    reader = RecordReader(tmp_path / "texts")
    end = int(begins[-1])
    for first, last in ((end, end + 40), (0, end + 4), (0, 0), (4, end), (1 << 62, 1 << 63), (end, 0)):
        with pytest.raises(IndexUnreadable):
            reader.record(first, last)
    writer = RecordWriter(tmp_path / "copy")
    with pytest.raises(IndexUnreadable):
        writer.copy(reader, begins + np.uint64(4))
    assert writer.close().tolist() == [0]


@given(st.builds(lambda text, end: (text * 60)[:end], st.text(alphabet="ab \n'’s-", max_size=300), st.integers(1)))
@example("word " * 99 + "crossing")
def test_passages_give_the_text_back_and_cut_no_word(text: str) -> None:
    passages = passages_of(text)
    assert "".join(passages) == text
    assert all(len(passage) <= 1_000 for passage in passages)
    if not any(len(word) > 450 for word in text.split()):
        assert [word for passage in passages for word in analysis.words(passage)] == analysis.words(text)


def test_a_word_without_end_is_cut_rather_than_kept_whole() -> None:
    assert [len(passage) for passage in passages_of("a" * 2_500)] == [500, 500, 500, 1_000]
