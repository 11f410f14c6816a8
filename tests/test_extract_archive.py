"""Zip containers: their limits hold, their members are read piece by piece, and one that breaks off is read so far."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.extract.archive import open_archive, pieces_of, read_member
from indexer.extract.items import Incomplete
from indexer.extract.source import Source
from indexer.extract.xml_stream import Attributes, read_part
from indexer.extract.xml_tree import parse_member
from indexer.index.schema import Status
from indexer.limits import Limits

NOISE = random.Random(1).randbytes(30_000)  # noqa: S311 - no secret
MEMBERS = {"[Content_Types].xml": b"<Types/>", "word/document.xml": NOISE.hex().encode(), "word/media/a.png": NOISE}


class _Pipe(io.RawIOBase):
    """A stream that cannot go back, so that lengths are written after the content of each member."""

    def __init__(self) -> None:
        self.content = b""

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override] # narrower than any buffer, which is all that is written
        self.content += bytes(data)
        return len(data)


def container(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def streamed(members: dict[str, bytes]) -> bytes:
    target = _Pipe()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.content


def read(content: bytes, limits: Limits | None = None) -> dict[str, bytes]:
    """Return what is in each member of a container; raises what opening and reading it raises."""
    with open_archive(Source.inside("a.zip", content), limits or Limits()) as archive:
        return {name: read_member(archive, name) for name in archive.namelist()}


def salvaged(content: bytes, limits: Limits | None = None) -> tuple[dict[str, bytes], Incomplete]:
    """Return what can be read of each member of a broken container, and what is raised when that is done."""
    found: dict[str, bytes] = {}
    with (
        pytest.raises(Incomplete) as problem,
        open_archive(Source.inside("a.zip", content), limits or Limits()) as archive,
    ):
        found |= {name: b"".join(pieces_of(archive, name)) for name in archive.namelist()}
    return found, problem.value


def cuts(content: bytes) -> Iterable[bytes]:
    end = content.rindex(b"PK\5\6")
    return (content[: end * part // 40] for part in range(1, 41))


@pytest.mark.parametrize("content", [container(MEMBERS), container(MEMBERS, zipfile.ZIP_STORED), streamed(MEMBERS)])
def test_a_container_that_breaks_off_gives_what_precedes_that(content: bytes) -> None:
    lengths = []
    for cut in cuts(content):
        if len(cut) < 60:
            continue
        found, problem = salvaged(cut)
        assert problem.status is Status.DAMAGED
        assert list(found) == list(MEMBERS)[: len(found)]
        *whole, last = found
        assert all(found[name] == MEMBERS[name] for name in whole)
        assert MEMBERS[last].startswith(found[last])
        lengths.append(sum(map(len, found.values())))
    assert lengths == sorted(lengths)
    assert lengths[-1] == sum(map(len, MEMBERS.values()))
    assert len(set(lengths)) > 20


def test_a_container_whose_directory_is_overwritten_gives_all_its_members() -> None:
    content = container(MEMBERS)
    found, problem = salvaged(content[: content.index(b"PK\1\2")] + bytes(500))
    assert found == MEMBERS
    assert "end is missing or damaged" in problem.reason


@pytest.mark.parametrize("length", [1_000, 100_000, 300_000])
def test_members_whose_lengths_follow_them_are_parted_where_they_end(length: int) -> None:
    text = bytes(random.Random(length).choices(b"abcdef ", k=length))  # noqa: S311 - not for secrets
    content = streamed({"a": text, "b": b"needle" * 50})
    found, problem = salvaged(content[: content.index(b"PK\1\2")])
    assert found == {"a": text, "b": b"needle" * 50}
    assert problem.status is Status.DAMAGED


def test_a_salvaged_container_keeps_the_limits_of_a_whole_one() -> None:
    zeros = {"a": bytes(20_000_000), "b": b"b", "c": b"c"}
    for content in (container(zeros), streamed(zeros)):
        cut = content[: content.index(b"PK\1\2")]
        for limits in (Limits(), Limits(unpacked_bytes=1_000_000), Limits(members=2)):
            found, problem = salvaged(cut, limits)
            assert (found, problem.status) == ({}, Status.TOO_LARGE)


def test_a_member_that_breaks_off_may_not_unpack_to_more_than_the_limits() -> None:
    content = container({"a": bytes(50_000_000) + NOISE})
    found, problem = salvaged(content[: len(content) // 2], Limits(unpacked_bytes=1_000_000))
    assert (found, problem.status) == ({}, Status.TOO_LARGE)


def test_passwords_are_told_from_damage_in_a_salvaged_container_too() -> None:
    content = bytearray(container(MEMBERS))
    content[6] |= 1
    assert salvaged(bytes(content[:-30]))[1].status is Status.ENCRYPTED


@pytest.mark.parametrize("content", [b"", b"PK\3\4", b"PK\3\4" + NOISE, NOISE, b"PK\5\6" + bytes(18)])
def test_what_holds_no_member_is_no_container(content: bytes) -> None:
    with suppress(Incomplete):
        assert read(content) == {}


def test_a_damaged_member_gives_what_precedes_the_damage() -> None:
    content = bytearray(container({"a": NOISE.hex().encode()}))
    content[20_000:20_010] = bytes(10)
    found: list[bytes] = []
    with (
        pytest.raises(Incomplete, match="Its part a is damaged"),
        open_archive(Source.inside("a", bytes(content)), Limits()) as archive,
    ):
        found.extend(pieces_of(archive, "a"))
    assert 20_000 < len(b"".join(found)) < 60_000
    assert NOISE.hex().encode().startswith(b"".join(found)[:30_000])


def test_a_missing_member_is_named() -> None:
    with open_archive(Source.inside("a", container({"b": b""})), Limits()) as archive:
        for reading in (lambda: read_member(archive, "a"), lambda: list(pieces_of(archive, "a"))):
            with pytest.raises(Incomplete, match="Its part a is missing"):
                reading()


class _Nothing:
    """Does nothing with what a part holds."""

    starts: Mapping[str, Callable[[Attributes], None]] = {}
    ends: Mapping[str, Callable[[], None]] = {}

    def text(self, data: str) -> None:
        """Do nothing with text."""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "Its part x.xml declares a document type, which files of its"),
        (b"<a><b></a>", "Its part x.xml is not well-formed XML"),
        (None, "Its part x.xml is missing"),
    ],
)
def test_both_ways_to_read_xml_refuse_a_part_in_the_same_words(content: bytes | None, reason: str) -> None:
    whole = container({} if content is None else {"x.xml": content})
    with open_archive(Source.inside("a", whole), Limits()) as archive:
        for reading in (lambda: parse_member(archive, "x.xml"), lambda: read_part(archive, "x.xml", _Nothing())):
            with pytest.raises(Incomplete, match=reason):
                reading()


@settings(max_examples=150)
@given(st.data())
def test_no_mutation_of_a_container_ends_in_anything_but_members_and_a_reason(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from([container(MEMBERS), streamed(MEMBERS)])))
    places = st.one_of(st.integers(0, 80), st.integers(-300, -1), st.integers(0, len(content) - 1))
    for place, byte in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=5)):
        content[place] = byte
    length = data.draw(st.one_of(st.just(len(content)), st.integers(0, len(content))))
    with suppress(Incomplete), open_archive(Source.inside("a.zip", bytes(content[:length])), Limits()) as archive:
        for name in archive.namelist():
            with suppress(Incomplete):
                read_member(archive, name)
            with suppress(Incomplete):
                for _ in pieces_of(archive, name):
                    pass
