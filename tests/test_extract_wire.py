"""What goes over the line between the process that reads and the one that asks, and what is made of it."""

from __future__ import annotations

import math
import tracemalloc
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import astuple
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract import wire, worker
from indexer.extract.answer import Answer
from indexer.extract.items import Cut, Incomplete, Item, MoreTime, Remark
from indexer.extract.serial import locator_from_json, metadata_from_json, metadata_to_json
from indexer.extract.source import Context
from indexer.index.schema import Extraction, FileMetadata, Locator, Page, Status, Unit
from indexer.limits import Limits

METADATA = FileMetadata("Title", "An author", "fr", date(2021, 3, 4), 12)
NONSENSE = (KeyError, TypeError, ValueError, OverflowError)
FIELDS = (
    "status",
    "reason",
    "lacks",
    "left_out",
    "format",
    "metadata",
    "seconds",
    "locator",
    "text",
    "more",
    "title",
    "date",
)
HERE = Locator("iv", Unit.PAGE, "inner.pdf", "page=4", recognised=True)


def told(folder: Path, monkeypatch: pytest.MonkeyPatch, items: Iterable[Item], problem: Exception | None) -> Extraction:
    """Return what the asking process is told of a file in which a reader finds these items."""

    def read(*_: object) -> Iterable[Item]:
        yield from items
        if problem:
            raise problem

    monkeypatch.setattr(worker, "read", read)
    (folder / "a.txt").write_text("a")
    limits = Limits(characters=100)
    answer = Answer("text", limits, limits.seconds, limits.cpu_seconds)
    inbox = wire.Inbox(10_000)
    for data in worker.answer(folder / "a.txt", Context(limits)):
        for message in inbox.take(data):
            answer.take(message)
    assert answer.is_complete
    return answer.ended()


@pytest.fixture(autouse=True)
def limited_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the limits of this process as they are."""
    monkeypatch.setattr(worker, "_allow_processor_time", lambda _seconds: None)


def test_everything_that_a_reader_yields_arrives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remark = Remark("A remark.", "a-package")
    items: list[Item] = [MoreTime(77), FileMetadata(title="First"), METADATA, Page(HERE, "words"), remark]
    assert told(tmp_path, monkeypatch, items, None) == Extraction(
        Status.OCR,
        "text",
        (Page(HERE, "words"),),
        "Its text was recognised in pictures and may hold errors. A remark.",
        "a-package",
        METADATA,
    )


def test_what_is_missing_is_said_with_what_would_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [Page(Locator(), "a" * 70), Page(Locator(), "b" * 70), Page(Locator(), "c" * 70)]
    problem = Incomplete(Status.DAMAGED, "The rest is damaged.", "a-package")
    extraction = told(tmp_path, monkeypatch, [*pages, Remark("A remark.", "another-package")], problem)
    assert (extraction.status, extraction.lacks) == (Status.DAMAGED, "a-package")
    assert extraction.characters_left_out == 110
    assert [page.text for page in extraction.pages] == ["a" * 70, "b" * 30]
    assert extraction.reason.startswith("The rest is damaged. Only its first 100 characters are searched")


def test_pages_that_were_recognised_are_named_where_others_were_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [Page(Locator(str(number), Unit.PAGE, recognised=number > 1), "a") for number in range(1, 14)]
    extraction = told(tmp_path, monkeypatch, pages, None)
    assert extraction.status is Status.OCR
    assert extraction.reason.endswith(" may hold errors: 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more.")


def test_more_time_is_given_up_to_what_a_file_may_take() -> None:
    answer = Answer("pdf", Limits(seconds=10, cpu_seconds=10, ocr_seconds=50), 10, 10)
    for asked, given_seconds in ((30, 30), (20, 30), (-5, 30), (1e300, 50), (math.inf, 50)):
        answer.take({"seconds": asked})
        assert (answer.seconds, answer.cpu_seconds) == (given_seconds, given_seconds)


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"status": "fine", "reason": "", "lacks": "", "left_out": 0},
        {"status": "ok", "reason": None, "lacks": "", "left_out": 0},
        {"locator": ["", "page", "", ""], "text": "x"},
        {"locator": ["", "leaf", "", "", False], "text": "x"},
        {"locator": ["", "page", "", "", False], "text": 5},
        {"locator": 5, "text": "x"},
        {"metadata": {"title": "a"}},
        {"metadata": "title"},
        {"metadata": {"title": "a", "author": "", "language": "", "date": "yesterday", "pages": 0}},
        {"seconds": "long"},
        {"seconds": math.nan},
        {"format": 5},
    ],
)
def test_nonsense_is_refused(message: wire.Message) -> None:
    with pytest.raises(NONSENSE):
        Answer("pdf", Limits(), 10).take(message)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(FIELDS), json_values))
def test_whatever_is_said_is_understood_or_refused(message: wire.Message) -> None:
    with suppress(*NONSENSE):
        Answer("pdf", Limits(), 10).take(message)


def test_more_text_than_was_allowed_is_refused() -> None:
    answer = Answer("pdf", Limits(characters=5, pages=10), 10)
    page = {"locator": list(astuple(Locator())), "text": "abc"}
    answer.take(page)
    with pytest.raises(ValueError, match="more text"):
        answer.take(page)


@given(st.builds(FileMetadata, st.text(), st.text(), st.text(), st.none() | st.dates(), st.integers(0)))
def test_metadata_survives_the_way(metadata: FileMetadata) -> None:
    (message,) = wire.Inbox(1 << 20).take(wire.encode({"metadata": metadata_to_json(metadata)}))
    assert metadata_from_json(message["metadata"]) == metadata


texts = st.text(st.characters(codec=None))


@given(st.builds(Locator, texts, st.sampled_from(Unit), texts, texts, st.booleans()), st.integers(1, 7))
def test_a_locator_survives_the_way_in_pieces(locator: Locator, size: int) -> None:
    data, inbox = wire.encode({"locator": astuple(locator)}), wire.Inbox(1 << 20)
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    (message,) = [message for piece in pieces for message in inbox.take(piece)]
    assert locator_from_json(message["locator"]) == locator


@given(st.binary(max_size=100))
def test_noise_on_the_line_is_refused_or_waited_for(noise: bytes) -> None:
    with suppress(ValueError):
        assert all(isinstance(message, dict) for message in wire.Inbox(50).take(noise))


@pytest.mark.parametrize("data", [b"[" * 100_000, b"[]", b"1" * 10_000, b"\xff", b""])
def test_messages_that_are_no_objects_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        list(wire.Inbox(1 << 20).take(len(data).to_bytes(4, "big") + data))


@given(st.lists(st.text('a\n"\\é中😀', max_size=20), max_size=4), st.integers(1, 7))
def test_pages_arrive_whole_in_pieces_of_any_size(texts: list[str], size: int) -> None:
    pages = [Page(Locator(str(number), Unit.PAGE), text) for number, text in enumerate(texts)]
    answer, inbox = Answer("pdf", Limits(), 10), wire.Inbox()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wire, "_PIECE", size)
        for message in inbox.take(b"".join(data for page in pages for data in wire.encode_page(page))):
            answer.take(message)
    assert answer.pages == pages
    assert answer.characters == sum(map(len, texts))


@pytest.mark.parametrize("letter", ["a", '"', "\n", "中", "😀"])
def test_no_message_is_long_whatever_a_page_holds(letter: str) -> None:
    label = "😀" * 200
    page = Page(Locator(label, Unit.PAGE, label, "%F0" * 1000), letter * 2_000_000)
    assert all(len(data) <= wire.LONGEST for data in wire.encode_page(page))


def test_the_process_that_asks_holds_a_long_page_once() -> None:
    text = "😀" * 5_000_000
    answer, inbox = Answer("text", Limits(), 10), wire.Inbox()
    tracemalloc.start()
    try:
        for data in wire.encode_page(Page(Locator(), text)):
            for message in inbox.take(data):
                answer.take(message)
        # Besides the page there are some pieces of a megabyte, on both sides of the line.
        assert tracemalloc.get_traced_memory()[1] < 4 * len(text) + (16 << 20)
    finally:
        tracemalloc.stop()
    assert answer.pages == [Page(Locator(), text)]


def test_a_piece_of_no_page_and_pieces_without_end_are_refused() -> None:
    answer = Answer("text", Limits(characters=5), 10)
    with pytest.raises(ValueError, match="a piece of no page"):
        answer.take({"more": "a"})
    answer.take({"locator": list(astuple(Locator())), "text": "abc"})
    with pytest.raises(ValueError, match="more text"):
        answer.take({"more": "def"})


def test_what_a_file_says_of_itself_and_of_its_parts_is_kept_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "x" * 3_000_000
    page = Page(Locator(long, Unit.SECTION, long, long), "words")
    extraction = told(tmp_path, monkeypatch, [FileMetadata(long, long, long), page], None)
    assert extraction.metadata == FileMetadata("x" * 1000, "x" * 1000, "x" * 1000)
    assert extraction.pages == (Page(Locator("x" * 200, Unit.SECTION, "x" * 200, ""), "words"),)


def test_what_a_reader_cut_and_what_had_no_room_are_one_sentence_and_one_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    extraction = told(tmp_path, monkeypatch, [Page(Locator(), "a" * 130)], Cut(130, 1_000))
    assert (extraction.status, extraction.characters_left_out) == (Status.CUT, 1_030)
    assert extraction.reason == "Only its first 100 characters are searched; 1,030 more were left out."


def test_what_a_reader_left_out_for_another_reason_is_counted_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = Incomplete(Status.DAMAGED, "It is damaged.", left_out=5)
    extraction = told(tmp_path, monkeypatch, [Page(Locator(), "a" * 130)], problem)
    assert extraction.characters_left_out == 35
    assert extraction.reason == "It is damaged. Only its first 100 characters are searched; 30 more were left out."


@pytest.mark.parametrize(
    ("failure", "status", "reason"),
    [
        (MemoryError(), Status.TOO_LARGE, "Reading it takes more than 512 MiB of memory."),
        (ValueError("x" * 5_000), Status.DAMAGED, f"It cannot be read (ValueError: {'x' * 188})."),
    ],
)
@pytest.mark.parametrize(
    ("locators", "before"),
    [
        ([], ""),
        ([Locator()], " What was read before is searched: its first part."),
        (
            [Locator("iii", Unit.PAGE), Locator("iv", Unit.PAGE)],
            " What was read before is searched: its first 2 parts, up to page iv.",
        ),
        (
            [Locator(within="a.txt"), Locator("Costs", Unit.SHEET, "b.xlsx")],
            " What was read before is searched: its first 2 parts, up to sheet Costs of b.xlsx.",
        ),
    ],
)
def test_what_was_read_before_a_failure_is_said_alike_whoever_notices_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: Exception,
    status: Status,
    reason: str,
    locators: list[Locator],
    before: str,
) -> None:
    pages = [Page(locator, "text") for locator in locators]
    extraction = told(tmp_path, monkeypatch, pages, failure)
    assert (extraction.status, extraction.reason) == (status, reason + before)
    answer = Answer("text", Limits(), 10)
    for page in pages:
        answer.take({"locator": list(astuple(page.locator)), "text": page.text})
    assert answer.failed(status, reason).reason == reason + before


def test_a_long_reason_ends_with_a_sentence_and_says_that_there_is_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentence = "A file of it is damaged. "
    assert told(tmp_path, monkeypatch, [], Incomplete(Status.DAMAGED, sentence * 40)).reason == (sentence * 40).strip()
    cut = told(tmp_path, monkeypatch, [], Incomplete(Status.DAMAGED, sentence * 100)).reason
    assert cut == sentence * 39 + "There is more to say."
    words = told(tmp_path, monkeypatch, [], Incomplete(Status.DAMAGED, "words and " * 200)).reason
    assert words == "words and " * 99 + "words and…"
