"""What is shown of resources, outside Whoosh: one record per resource, in one file per segment.

A record is a table and blocks of strings. The table, unsigned integers of 32 bits in the machine's order, holds in a
row: a checksum of the rest of the table; the numbers of passages, of pages of attachments and of blocks; where each
block ends, counted from the first; the first string of each block and the number of all; the position at which each
passage begins; and the first passage of each page. String 0 is the resource as JSON, then come the texts of the
passages, then the locators of the pages. So an entry of a few lines is one block, and what a result needs of a long
file is a few blocks however long the file is. No number counts from the beginning of the file: records are copied from
file to file as they are.
"""

from __future__ import annotations

import mmap
import os
import re
import struct
import zlib
from array import array
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.index.characters import CHARACTERS
from indexer.index.engine import IndexUnreadable
from indexer.index.schema import Resource
from indexer.index.whoosh.blocks import DAMAGE, Integers, Strings, damaged, in_blocks
from indexer.index.whoosh.heads import head_of, locator_strings, resource_of

BODY = -1
"""Stands for the resource's own page in `Passage.attachment`."""

_PASSAGE_CHARACTERS = 500
"""About how long a passage is: an excerpt is made of one or two."""

# Where a passage may end: behind a space, unless a printed line ends there between two characters that a pair is made
# of, and behind the punctuation of texts without spaces.
_BREAK = re.compile(rf"[^\S\n]|\n(?:(?![{CHARACTERS}])|(?<![{CHARACTERS}]\n))|[、。，．！？：；）」』]")


class Passage(NamedTuple):
    """A stretch of a page: its attachment (or BODY), the page from 0, the position of its first word, its text."""

    attachment: int
    page: int
    position: int
    text: str


def passages_of(text: str) -> list[str]:
    """Cut a text into passages that give it back when they are joined; words stay whole unless they are endless."""
    passages = []
    start = 0
    while len(text) - start > _PASSAGE_CHARACTERS:
        furthest = start + 2 * _PASSAGE_CHARACTERS
        space = _BREAK.search(text, start + _PASSAGE_CHARACTERS, furthest)
        if space is None and furthest >= len(text):
            break
        end = space.end() if space else start + _PASSAGE_CHARACTERS
        passages.append(text[start:end])
        start = end
    return [*passages, text[start:]]


_TABLE = struct.Struct("=IIII")
_ITEM = 4
_WRITE_BYTES = 1 << 18
_COPY_BYTES = 1 << 20


class RecordWriter:
    """Writes the records of a segment into a new file, one behind the other.

    Raises OSError when the disk fails: on a later call or, at the latest, on `close`.
    """

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("wb", _WRITE_BYTES)
        self._begins = array("Q", [0])

    def add(self, resource: Resource, passages: Sequence[Passage]) -> None:
        """Write one record. `passages` come in the order of reading: the body's, then each attachment's by page.

        Raises ValueError for a passage of a page that the resource has no locator for.
        """
        self._begins.append(self._begins[-1] + self._file.write(_encoded(resource, passages)))

    def copy(self, reader: RecordReader, begins: NDArray[np.uint64]) -> None:
        """Write records of another file as they are: those that begin there, up to the last number, their end."""
        moved = np.asarray(begins, dtype=np.uint64) - begins[0] + np.uint64(self._begins[-1])
        reader.copy_to(self._file, int(begins[0]), int(begins[-1]))
        self._begins.frombytes(moved[1:].tobytes())

    def close(self) -> NDArray[np.uint64]:
        """Finish the file and return where its records begin, with the end of the last behind: n+1 values."""
        self._file.close()
        return np.array(self._begins, dtype=np.uint64)


def _encoded(resource: Resource, passages: Sequence[Passage]) -> bytes:
    """Return a record as it stands in its file."""
    locators = list(locator_strings(resource))
    strings = [head_of(resource), *(passage.text for passage in passages), *locators]
    blocks, firsts = in_blocks(strings)
    ends = accumulate(map(len, blocks))
    positions = [passage.position for passage in passages]
    table = array("I", [*ends, *firsts, *positions, *_first_passages(resource, passages)]).tobytes()
    counts = struct.pack("=III", len(passages), len(locators), len(blocks))
    record = b"".join([struct.pack("=I", zlib.crc32(counts + table)), counts, table, *blocks])
    # Tables begin at multiples of their numbers' size.
    return record + bytes(-len(record) % _ITEM)


def _first_passages(resource: Resource, passages: Sequence[Passage]) -> list[int]:
    """Return for each page of the attachments the number of its first passage; of none, that of the next page."""
    before = list(accumulate((len(attachment.locators) for attachment in resource.attachments), initial=0))
    counts = [0] * (before[-1] + 1)
    last = 0
    for passage in passages:
        # The body counts as a page before the first.
        page = 0 if passage.attachment == BODY else 1 + before[passage.attachment] + passage.page
        if page < last or page > before[passage.attachment + 1]:
            raise ValueError(
                f"A page of {resource.id} has no locator, or its passages are not in the order of reading."
            )
        counts[page] += 1
        last = page
    return list(accumulate(counts[:-1]))


class RecordReader:
    """Reads the records of a file that is mapped and not copied. Safe for any number of threads.

    Raises IndexUnreadable for what is missing or damaged. Records that are still read when the reader is closed, or
    when nobody holds it any more, keep the file mapped; the last of them lets go of it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._data = _mapped(path)
        except FileNotFoundError as error:
            raise IndexUnreadable(f"{path.name} is missing. Rebuild the index.") from error

    def record(self, begin: int, end: int) -> Record:
        """Return the record between two bytes of the file."""
        try:
            data = self._data[begin:end]
            checksum, passages, pages, blocks = _TABLE.unpack_from(data)
            strings = _TABLE.size + _ITEM * (2 * blocks + 1 + passages + pages)
            if len(data) != end - begin or zlib.crc32(data[_ITEM:strings]) != checksum:
                raise ValueError("a checksum is wrong")
            table = data[_TABLE.size : strings].cast("I")
            positions = 2 * blocks + 1
            pages_begin = positions + passages
            places = self._path, data[strings:], table[:blocks], table[blocks:positions]
            texts = Strings(*places)
            # Strings of their own: they keep another block than the texts that they are read in turn with.
            locators = Strings(*places) if pages else texts
            resource = resource_of(texts[0], locators, 1 + passages)
            return Record(resource, texts, table[positions:pages_begin], table[pages_begin:])
        except DAMAGE as error:
            raise damaged(self._path, error) from error

    def copy_to(self, file: BinaryIO, begin: int, end: int) -> None:
        """Write the bytes between two places of the file, which begin and end records, into another.

        They are read and not taken from the map: what is mapped counts as memory of the process.
        """
        if end > len(self._data):
            raise damaged(self._path, EOFError("it is too short"))
        with self._path.open("rb") as source:
            source.seek(begin)
            for start in range(begin, end, _COPY_BYTES):
                file.write(source.read(min(end - start, _COPY_BYTES)))

    def close(self) -> None:
        """Let go of the file; what is asked afterwards is answered as if it were empty."""
        self._data = memoryview(b"")


def _mapped(path: Path) -> memoryview:
    with path.open("rb") as file:
        # What is empty cannot be mapped.
        size = os.fstat(file.fileno()).st_size
        return memoryview(mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) if size else b"")


class Record:
    """What is known of one resource: the resource, and the texts that excerpts are made of.

    `positions` holds the position of each passage's first word in its field; `first_passages` the number of the first
    passage of each page of the attachments, all pages in a row. The passages before the first page are the body's.
    """

    __slots__ = ("_texts", "first_passages", "positions", "resource")

    def __init__(self, resource: Resource, texts: Strings, positions: Integers, first_passages: Integers) -> None:
        self.resource = resource
        self.positions = positions
        self.first_passages = first_passages
        self._texts = texts

    @property
    def body_passages(self) -> int:
        """The number of passages of the body."""
        return self.first_passages[0] if len(self.first_passages) else len(self.positions)

    def passages_of_page(self, page: int) -> tuple[int, int]:
        """Return the first passage of a page of the attachments, and the one behind its last."""
        last = self.first_passages[page + 1] if page + 1 < len(self.first_passages) else len(self.positions)
        return self.first_passages[page], last

    def texts(self, first: int, last: int) -> list[str]:
        """Return the texts of the passages from `first` to `last`, which is not included."""
        return [self._texts[1 + number] for number in range(first, last)]

    def body(self) -> str:
        """Return the text of the resource's page."""
        return "".join(self.texts(0, self.body_passages))
