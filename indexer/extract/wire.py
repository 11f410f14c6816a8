"""The line between the building process and those that read files: JSON objects, each preceded by its length."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

Message = dict[str, Any]

_LENGTH_BYTES = 4


def encode(message: Message) -> bytes:
    """Return a message as it goes over the line; text may hold lone surrogates, as names of files do."""
    data = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return len(data).to_bytes(_LENGTH_BYTES, "big") + data


def receive(stream: BinaryIO) -> Message | None:
    """Return the next message of a stream, waiting for it; None when the stream has ended."""
    length = stream.read(_LENGTH_BYTES)
    if len(length) < _LENGTH_BYTES:
        return None
    return _decode(stream.read(int.from_bytes(length, "big")))


class Inbox:
    """Puts messages together from the pieces in which they arrive."""

    def __init__(self, largest: int) -> None:
        """Refuse messages of more than `largest` bytes."""
        self._largest = largest
        self._buffer = bytearray()

    def take(self, data: bytes) -> Iterator[Message]:
        """Yield the messages that are whole now; raises ValueError on one that is too large or not JSON."""
        self._buffer += data
        while len(self._buffer) >= _LENGTH_BYTES:
            end = _LENGTH_BYTES + int.from_bytes(self._buffer[:_LENGTH_BYTES], "big")
            if end > self._largest:
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
