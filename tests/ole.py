"""OLE containers, made by hand from [MS-CFB]: a header, the table of sectors, the directory."""

from __future__ import annotations

import struct

_SECTOR = 512
_END, _TABLE, _NOTHING = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def ole(*names: str, below: tuple[str, ...] = ()) -> bytes:
    """Return a container with empty streams of these names, the last of them a folder that holds those `below`.

    The first sector is the table; the sectors of the directory come in the opposite order, with one between each two.
    """
    number = len(names)
    entries = [_entry("Root Entry", 5, child=1 if names else _NOTHING)]
    entries += [
        _entry(
            name,
            2,
            right=index + 1 if index < number else _NOTHING,
            child=number + 1 if index == number and below else _NOTHING,
        )
        for index, name in enumerate(names, start=1)
    ]
    entries += [
        _entry(name, 2, right=index + 1 if index < number + len(below) else _NOTHING)
        for index, name in enumerate(below, start=number + 1)
    ]
    directory = b"".join(entries).ljust(-(-len(entries) // 4) * _SECTOR, b"\0")
    pieces = [directory[start : start + _SECTOR] for start in range(0, len(directory), _SECTOR)]
    places = [1 + 2 * place for place in reversed(range(len(pieces)))]
    table = [_NOTHING] * 128
    table[0] = _TABLE
    for place, following in zip(places, [*places[1:], _END], strict=True):
        table[place] = following
    sectors = [struct.pack("<128I", *table)] + [bytes(_SECTOR)] * (2 * len(pieces))
    for place, piece in zip(places, pieces, strict=True):
        sectors[place] = piece
    return _header(places[0]) + b"".join(sectors)


def _header(directory: int) -> bytes:
    start = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    fields = struct.pack("<5H6x3I4x5I", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, directory, 4096, _END, 0, _END, 0)
    return start + fields + struct.pack("<109I", 0, *[_NOTHING] * 108)


def _entry(name: str, kind: int, right: int = _NOTHING, child: int = _NOTHING) -> bytes:
    written = name.encode("utf-16-le")
    return struct.pack("<64sHBB3I36xIQ", written, len(written) + 2, kind, 1, _NOTHING, right, child, _END, 0)
