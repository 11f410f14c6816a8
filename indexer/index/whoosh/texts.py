"""The texts that excerpts are made of, outside Whoosh: one record per resource, one piece of it per page.

A file of texts is written once and never changed; the generations after it share it. A record holds, one behind the
other: a header of two lengths, the resource as JSON, the table of its passages, and the passages themselves. A
passage is a page or, where pages are long, a part of one; each is compressed by itself, so that an excerpt costs one
passage however long the file is.
"""

from __future__ import annotations

import json
import os
import re
import struct
import weakref
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from indexer.index.engine import IndexUnreadable
from indexer.index.schema import Attachment, FileMetadata, Locator, Resource, Status, Unit

BODY = -1
"""Stands for the resource's own page in the column of attachments."""

FILE_PATTERN = "texts-*.bin"

_HEADER = struct.Struct("<II")
_COLUMNS = 5


@dataclass(frozen=True, slots=True)
class Address:
    """Where a record begins: the number of its file and the byte in it."""

    file: int
    offset: int


_PASSAGE_CHARACTERS = 2_000
"""About how long a passage is: half a second of reading, and small enough to be looked through in no time."""

_SPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a page: its attachment (or BODY), the page from 0, the position of its first word, its text."""

    attachment: int
    page: int
    position: int
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it is read: the resource and the table of its passages, whose texts are read one by one.

    `table` has one row per passage: attachment, page, position, offset, length; offsets count from `base`.
    """

    resource: Resource
    table: NDArray[np.int64]
    file: int
    base: int


def passages_of(text: str) -> list[str]:
    """Cut a text into passages that give it back when they are joined; words stay whole unless they are endless."""
    passages = []
    start = 0
    while len(text) - start > _PASSAGE_CHARACTERS:
        space = _SPACE.search(text, start + _PASSAGE_CHARACTERS, start + 2 * _PASSAGE_CHARACTERS)
        end = space.end() if space else start + _PASSAGE_CHARACTERS
        passages.append(text[start:end])
        start = end
    return [*passages, text[start:]]


def file_name(number: int) -> str:
    """Return the name of the file of texts of that number."""
    return f"texts-{number:08d}.bin"


def _number(path: Path) -> int:
    return int(path.stem.removeprefix("texts-"))


class TextWriter:
    """Writes records into a new file of a generation, one behind the other."""

    def __init__(self, folder: Path) -> None:
        # Behind all that are there: those are shared with other generations and must not be written to.
        self._number = 1 + max(map(_number, folder.glob(FILE_PATTERN)), default=0)
        self._path = folder / file_name(self._number)
        self._file: BinaryIO | None = None

    def add(self, resource: Resource, passages: list[Passage]) -> Address:
        """Write one record and return where it is."""
        # Opened for the first record: a generation that only removes resources has no texts.
        if self._file is None:
            self._file = self._path.open("wb")
        address = Address(self._number, self._file.tell())
        blobs = [zlib.compress(passage.text.encode("utf-8", "replace")) for passage in passages]
        ends = np.cumsum([0, *(len(blob) for blob in blobs)])
        rows = [
            (passage.attachment, passage.page, passage.position, start, len(blob))
            for passage, blob, start in zip(passages, blobs, ends.tolist(), strict=False)
        ]
        table = np.array(rows, dtype="<i8").tobytes()
        head = zlib.compress(json.dumps(_to_json(resource), ensure_ascii=False).encode("utf-8", "replace"))
        self._file.write(_HEADER.pack(len(head), len(table)))
        for blob in (head, table, *blobs):
            self._file.write(blob)
        return address

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()


class TextReader:
    """Reads records; safe to share between threads, because every read names its own place.

    Raises IndexUnreadable for what is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self._descriptors = {_number(path): os.open(path, os.O_RDONLY) for path in folder.glob(FILE_PATTERN)}
        # Whoever replaces an index lets go of the old one while requests still read it: the last one closes it.
        self._finalizer = weakref.finalize(self, _close, self._descriptors)

    def record(self, address: Address) -> Record:
        """Read the record at an address, without its texts."""
        with _damage_named(address.file):
            head_length, table_length = _HEADER.unpack(self._read(address.file, address.offset, _HEADER.size))
            start = address.offset + _HEADER.size
            data = self._read(address.file, start, head_length + table_length)
            table = np.frombuffer(data[head_length:], dtype="<i8").reshape(-1, _COLUMNS)
            resource = _from_json(json.loads(zlib.decompress(data[:head_length])))
        return Record(resource, table, address.file, start + head_length + table_length)

    def text(self, record: Record, row: int) -> str:
        """Read one passage: that of a row of the record's table."""
        offset, length = record.table[row, 3:5].tolist()
        with _damage_named(record.file):
            return zlib.decompress(self._read(record.file, record.base + offset, length)).decode("utf-8")

    def close(self) -> None:
        """Close the files."""
        self._finalizer()

    def _read(self, file: int, offset: int, length: int) -> bytes:
        data = os.pread(self._descriptors[file], length, offset)
        if len(data) != length:
            raise EOFError(f"{file_name(file)} ends before byte {offset + length}")
        return data


@contextmanager
def _damage_named(file: int) -> Iterator[None]:
    try:
        yield
    except (zlib.error, struct.error, ValueError, KeyError, TypeError, EOFError) as error:
        raise IndexUnreadable(f"{file_name(file)} is damaged ({error}). Build the index again.") from error


def _close(descriptors: dict[int, int]) -> None:
    for descriptor in descriptors.values():
        os.close(descriptor)
    descriptors.clear()


def _to_json(resource: Resource) -> dict[str, Any]:
    data = asdict(replace(resource, attachments=()))
    data["date"] = _day(resource.date)
    data["attachments"] = [_attachment_to_json(attachment) for attachment in resource.attachments]
    return data


def _attachment_to_json(attachment: Attachment) -> dict[str, Any]:
    data = asdict(replace(attachment, locators=()))
    data["metadata"]["date"] = _day(attachment.metadata.date)
    # A book has a thousand pages: their names are kept as rows, without what they do not have.
    data["locators"] = [_row(locator) for locator in attachment.locators]
    return data


def _row(locator: Locator) -> tuple[Any, ...]:
    if not (locator.within or locator.recognised):
        return (locator.label, locator.unit, "", locator.anchor) if locator.anchor else (locator.label, locator.unit)
    return locator.label, locator.unit, locator.within, locator.anchor, locator.recognised


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _from_json(data: dict[str, Any]) -> Resource:
    facets: Mapping[str, list[str]] = data.pop("facets")
    attachments = tuple(_attachment(item) for item in data.pop("attachments"))
    when = data.pop("date")
    return Resource(
        **data,
        date=date.fromisoformat(when) if when else None,
        facets={name: tuple(values) for name, values in facets.items()},
        attachments=attachments,
    )


def _attachment(data: dict[str, Any]) -> Attachment:
    metadata = data["metadata"]
    metadata["date"] = date.fromisoformat(metadata["date"]) if metadata["date"] else None
    decoded = {
        "locators": tuple(_locator(*row) for row in data["locators"]),
        "status": Status(data["status"]),
        "metadata": FileMetadata(**metadata),
    }
    return Attachment(**data | decoded)


def _locator(label: str = "", unit: str = Unit.PART, *rest: Any) -> Locator:  # noqa: ANN401  # as it was written
    return Locator(label, Unit(unit), *rest)
