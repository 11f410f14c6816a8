"""HTML files: the title and the text that a browser would show, without navigation, as one part."""

from __future__ import annotations

from collections.abc import Iterator

from bs4 import BeautifulSoup

from indexer.extract.items import Item
from indexer.extract.source import Context, Source
from indexer.html import text_of, title_of
from indexer.index.schema import Locator, Page


def read(source: Source, context: Context) -> Iterator[Item]:  # noqa: ARG001 - every reader is called alike
    """Yield the file as one page; its encoding is found as browsers find it."""
    with source.open() as stream:
        soup = BeautifulSoup(stream.read(), "lxml")
    yield Page(Locator(), f"{title_of(soup)}\n\n{text_of(soup)}")
