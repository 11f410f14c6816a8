"""OLE containers, the shell of Office 97-2003 files and of newer ones with a password: what lies at their top."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from struct import Struct, unpack_from
from typing import BinaryIO

MARK = bytes.fromhex("d0cf11e0a1b11ae1")
"""The first bytes of every OLE container."""

ENCRYPTED = "encrypted"
"""What is said of a newer Office file that needs a password."""

_FORMATS = {
    "EncryptedPackage": ENCRYPTED,
    "WordDocument": "doc",
    "PowerPoint Document": "ppt",
    "Workbook": "xls",
    "Book": "xls",
}
# The records as [MS-CFB] 2.2 and 2.6 lay them out: of the header the exponent of the sector size, the first sector of
# the directory, the first sector that lists further sectors of the table, and the listed ones; of an entry its name,
# the bytes of that, its left and right sibling and its first child.
_HEADER = Struct("<30xH16xI16xI4x436s")
_ENTRY = Struct("<64sH2x3I48x")
_NUMBER_BYTES = 4
_NO_SECTOR = 0xFFFFFFFA
"""Numbers from here on are of no sector."""
_EXPONENTS = (9, 12)
_MOST_SECTORS, _MOST_LISTS = 2_000, 100
"""Of the directory, which has four entries in each, and of those that list the table's, enough for 800 MB."""
_HEAD = 8192


def ole_kind(stream: BinaryIO) -> str:
    """Return the format of an OLE container: "doc", "ppt", "xls", ENCRYPTED, or nothing if it does not tell.

    What is embedded in a document has a directory below its own, which does not count. Of a container whose directory
    cannot be followed, its first bytes are searched for entries of one.
    """
    names = _names_at_top(stream) or _names_at_start(stream)
    return next((kind for name, kind in _FORMATS.items() if name in names), "")


@dataclass(frozen=True, slots=True)
class _Container:
    """A container in which streams can be followed; `table` are the sectors that tell which sector follows which."""

    stream: BinaryIO
    sector_size: int
    table: tuple[int, ...] = ()

    def sector(self, number: int) -> bytes:
        """Return the bytes of a sector, fewer at the end of the file."""
        self.stream.seek((number + 1) * self.sector_size)
        return self.stream.read(self.sector_size)

    def sectors(self, first: int) -> Iterator[bytes]:
        """Yield the sectors of a stream, as far as the table leads."""
        number = first
        for _ in range(_MOST_SECTORS):
            if number >= _NO_SECTOR:
                return
            yield self.sector(number)
            number = self._next(number)

    def _next(self, number: int) -> int:
        part, place = divmod(number, self.sector_size // _NUMBER_BYTES)
        following = _numbers(self.sector(self.table[part])) if part < len(self.table) else ()
        return following[place] if place < len(following) else _NO_SECTOR


def _names_at_top(stream: BinaryIO) -> frozenset[str]:
    """Return the names of the streams and folders at the top; none if the directory cannot be followed."""
    stream.seek(0)
    header = stream.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return frozenset()
    exponent, directory, lists, listed = _HEADER.unpack(header)
    if exponent not in _EXPONENTS:
        return frozenset()
    container = _Container(stream, 1 << exponent)
    table = (*_numbers(listed), *_further(container, lists))
    whole = replace(container, table=tuple(number for number in table if number < _NO_SECTOR))
    return frozenset(_children(b"".join(whole.sectors(directory))))


def _further(container: _Container, number: int) -> Iterator[int]:
    """Yield the sectors of the table that the header has no room for; each sector that lists them leads to the next."""
    for _ in range(_MOST_LISTS):
        numbers = _numbers(container.sector(number)) if number < _NO_SECTOR else ()
        if not numbers:
            return
        yield from numbers[:-1]
        number = numbers[-1]


def _names_at_start(stream: BinaryIO) -> frozenset[str]:
    """Return what would be names if there were entries of a directory throughout the first bytes."""
    stream.seek(0)
    head = stream.read(_HEAD).ljust(_HEAD, b"\0")
    names = (name.decode("utf-16-le", "replace").partition("\0")[0] for name, *_ in _ENTRY.iter_unpack(head))
    return frozenset(names)


def _numbers(data: bytes) -> tuple[int, ...]:
    return unpack_from(f"<{len(data) // _NUMBER_BYTES}I", data)


def _children(directory: bytes) -> Iterator[str]:
    """Yield the names of the first entry's children: they are a tree, each with a sibling on its left and its right."""
    whole = len(directory) - len(directory) % _ENTRY.size
    entries = list(_ENTRY.iter_unpack(directory[:whole]))
    waiting = [entries[0][4]] if entries else []
    seen: set[int] = set()
    while waiting:
        number = waiting.pop()
        if number in seen or number >= len(entries):
            continue
        seen.add(number)
        name, length, left, right, _ = entries[number]
        yield name[: max(length - 2, 0)].decode("utf-16-le", "replace")
        waiting += (left, right)
