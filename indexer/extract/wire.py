"""The line between the building process and those that read files: JSON objects, each preceded by its length.

No message is long, whatever a file holds: a page comes in pieces, so that neither side holds a long one several times.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import astuple
from typing import Any, BinaryIO

from indexer.index.schema import Page

Message = dict[str, Any]

LONGEST = 1 << 21
"""Bytes of a message: of one with a piece of text, none of whose characters takes more than four, and its locator."""

_LENGTH_BYTES = 4
_PIECE = 1 << 18
"""Characters of a page that go over the line at a time."""


def encode(message: Message) -> bytes:
    """Return a message as it goes over the line; text may hold lone surrogates, as names of files do."""
    data = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return len(data).to_bytes(_LENGTH_BYTES, "big") + data


def encode_page(page: Page) -> Iterator[bytes]:
    """Yield the messages of a page: one with where it is and how it begins, and one for each further piece of it."""
    yield encode({"locator": astuple(page.locator), "text": page.text[:_PIECE]})
    for start in range(_PIECE, len(page.text), _PIECE):
        yield encode({"more": page.text[start : start + _PIECE]})


def receive(stream: BinaryIO) -> Message | None:
    """Return the next message of a stream, waiting for it; None when the stream has ended."""
    length = stream.read(_LENGTH_BYTES)
    if len(length) < _LENGTH_BYTES:
        return None
    return _decode(stream.read(int.from_bytes(length, "big")))


class Inbox:
    """Puts messages together from the pieces in which they arrive."""

    def __init__(self, longest: int = LONGEST) -> None:
        """Refuse messages of more than `longest` bytes."""
        self._longest = longest
        self._buffer = bytearray()

    def take(self, data: bytes) -> Iterator[Message]:
        """Yield the messages that are whole now; raises ValueError on one that is too long or not JSON."""
        self._buffer += data
        while len(self._buffer) >= _LENGTH_BYTES:
            end = _LENGTH_BYTES + int.from_bytes(self._buffer[:_LENGTH_BYTES], "big")
            if end > self._longest:
                raise ValueError(f"a message of {end:,} bytes")
            if len(self._buffer) < end:
                return
            message = _decode(bytes(self._buffer[_LENGTH_BYTES:end]))
            del self._buffer[:end]
            yield message


def _decode(data: bytes) -> Message:
    try:
        message = json.loads(data.decode("utf-8", "surrogatepass"))
    except RecursionError as error:
        raise ValueError("a message that is nested too deeply") from error
    if not isinstance(message, dict):
        raise ValueError("a message that is no object")
    return message
