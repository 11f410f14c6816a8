"""The text that runs through a part of an RTF file, put together from bytes of changing code pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import StringIO

_PRIVATE = re.compile("[\ue000-\uf8ff]")
"""What symbol fonts have letters for that mean nothing elsewhere."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, a heading of that level, or the row of a table with its cells parted by tabs."""

    text: str
    level: int = 0
    is_row: bool = False


@dataclass(slots=True)
class Story:
    """A text that runs through a file: the body, or what stands aside of it in a group of that `kind`."""

    kind: str
    depth: int = 0
    codec: str = "cp1252"
    raw: bytearray = field(default_factory=bytearray)
    running: StringIO = field(default_factory=StringIO)
    lines: list[Line] = field(default_factory=list)
    aside: list[Line] = field(default_factory=list)

    def add(self, content: bytes, codec: str) -> None:
        """Add bytes; those of one letter may come in several pieces."""
        if codec != self.codec:
            self.settle()
            self.codec = codec
        self.raw += content

    def write(self, text: str) -> None:
        """Add characters."""
        self.settle()
        self.running.write(text)

    def settle(self) -> None:
        """Decode what came as bytes."""
        if self.raw:
            self.running.write(self.raw.decode(self.codec, "replace"))
            self.raw.clear()

    def end_line(self, level: int = 0, is_row: bool = False) -> None:
        """End a paragraph or the row of a table; what stands aside of it follows."""
        self.settle()
        # Characters beyond the first plane come as two halves.
        text = self.running.getvalue().encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        self.running = StringIO()
        text = _PRIVATE.sub(" ", text).strip()
        if text:
            self.lines.append(Line(text, level, is_row))
        self.lines += self.aside
        self.aside.clear()
