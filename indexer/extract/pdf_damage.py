"""Damage to a PDF of which PDFium says nothing: it reads what it can, and so does not tell a part that is missing."""

from __future__ import annotations

import re
import zlib
from collections import deque
from typing import BinaryIO

from indexer.extract.source import Source

_TAIL = 4096
_FILLING = b"\0\t\n\f\r "
"""What a PDF may be followed by, as PDF calls white space; some systems fill the last block of a disk."""
_MARKS = (b"%%EOF", b"startxref")
_STREAM = re.compile(rb"/Filter\s*(?:/FlateDecode|\[\s*/FlateDecode\s*\])[^\x80-\xff]{0,400}?>>\s*stream\r?\n")
_CATALOG = re.compile(rb"/Type\s*/Catalog\b")
_OBJECT = re.compile(rb"(\d{1,10})\s+(\d{1,5})\s+obj\b")
_NEAR = 4096
_LAST = 10
_MOST_BYTES = 100_000_000
_CHUNK = 1 << 16
_MOST_UNPACKED = 1 << 24


def is_cut_off(source: Source) -> bool:
    """Tell whether the end of a PDF is missing, where every PDF says where its parts are."""
    with source.open() as stream:
        size = _size_without_filling(stream, source.size)
        stream.seek(max(size - _TAIL, 0))
        tail = stream.read(min(size, _TAIL))
    end = max(map(tail.rfind, _MARKS))
    # A file that was changed has an end before the change, and another one behind it.
    return end < 0 or bool(_OBJECT.search(tail, end))


def _size_without_filling(stream: BinaryIO, size: int) -> int:
    while size:
        start = max(size - _CHUNK, 0)
        stream.seek(start)
        content = stream.read(size - start).rstrip(_FILLING)
        if content:
            return start + len(content)
        size = start
    return 0


def with_new_end(source: Source) -> bytes:
    """Return a PDF that cannot be opened with an end that leads to its catalog; empty if there is none in sight.

    PDFium finds the parts of a file without their table, but not which of them is the first.
    """
    if source.size > _MOST_BYTES:
        return b""
    with source.open() as stream:
        content = stream.read()
    # After changes there are several catalogs, of which the last one counts.
    for catalog in reversed(deque(_CATALOG.finditer(content), _LAST)):
        before = content[max(catalog.start() - _NEAR, 0) : catalog.start()]
        number = next(reversed(list(_OBJECT.finditer(before))), None)
        if number and b"endobj" not in before[number.end() :]:
            return b"%b\nendobj\ntrailer\n<</Root %b %b R>>\n%%%%EOF\n" % (content, number[1], number[2])
    return b""


def has_broken_streams(source: Source) -> bool:
    """Tell whether any compressed part of a PDF, not encrypted, cannot be unpacked.

    Up to 16 MB of each part are unpacked, and all parts are looked at until one fails.
    """
    with source.open() as stream:
        content = stream.read()
    return any(_is_broken(content, start.end()) for start in _STREAM.finditer(content))


def _is_broken(content: bytes, start: int) -> bool:
    unpacker = zlib.decompressobj()
    unpacked = 0
    try:
        while start < len(content) and not unpacker.eof and unpacked < _MOST_UNPACKED:
            packed = unpacker.unconsumed_tail or content[start : start + _CHUNK]
            start += 0 if unpacker.unconsumed_tail else _CHUNK
            unpacked += len(unpacker.decompress(packed, _CHUNK))
    except zlib.error:
        return True
    return not unpacker.eof and unpacked < _MOST_UNPACKED
