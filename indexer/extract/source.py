"""A file as its reader sees it: on the disk, or inside another file and held in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from indexer.extract.tools import Tools
from indexer.limits import Limits


@dataclass(frozen=True, slots=True)
class Source:
    """What is to be read: its name with its ending, its size in bytes, and a way to open its content.

    `is_inside` tells a file inside another file; nothing that such a file holds is opened in its turn.
    """

    name: str
    size: int
    open: Callable[[], BinaryIO]
    is_inside: bool = False

    @classmethod
    def on_disk(cls, path: Path) -> Source:
        """Return the file at a path; raises OSError if there is none."""
        return cls(path.name, path.stat().st_size, lambda: path.open("rb"))

    @classmethod
    def inside(cls, name: str, content: bytes) -> Source:
        """Return a file that was found inside another one."""
        return cls(name, len(content), lambda: BytesIO(content), is_inside=True)

    @property
    def suffix(self) -> str:
        """The ending of the name, in lower case and with its dot; empty when it has none."""
        return Path(self.name).suffix.lower()


@dataclass(frozen=True, slots=True)
class Context:
    """What reading may take, and which programs of this machine it may use."""

    limits: Limits = field(default_factory=Limits)
    tools: Tools = field(default_factory=Tools)
