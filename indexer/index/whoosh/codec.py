"""What lets stock Whoosh open an index: a table of contents, and a codec that answers from our arrays."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def write_table_of_contents(folder: Path, language: str, facets: Iterable[str]) -> None:
    """Write the file from which Whoosh opens the generation in a folder."""
