"""HTML files: the title and the text that a browser would show, without navigation, as one part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bs4 import BeautifulSoup

from indexer.extract.limits import Limits
from indexer.html import text_of, title_of
from indexer.index.schema import Page


def read(path: Path, limits: Limits) -> Iterator[Page]:  # noqa: ARG001 - every reader is called alike
    """Yield the file as one page; its encoding is found as browsers find it."""
    soup = BeautifulSoup(path.read_bytes(), "lxml")
    yield Page("", f"{title_of(soup)}\n\n{text_of(soup)}")
