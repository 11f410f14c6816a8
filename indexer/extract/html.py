"""HTML files: the text that a browser would show, without scripts, styles and navigation, as one part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bs4 import BeautifulSoup
from bs4.element import CData, NavigableString, Tag

from indexer.extract.limits import Limits
from indexer.index.schema import Page

_UNSEEN = frozenset({"script", "style", "nav", "template", "noscript"})
_BLOCKS = re.findall(
    r"\w+",
    "title address article aside blockquote body caption dd details div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr legend li main ol option p pre section summary table ul",
)
# Stand for breaks until the white space of the source, which means nothing, is gone.
_BLOCK, _LINE, _CELL = "\x01", "\x02", "\x03"
_MARKS = str.maketrans({_BLOCK: "\n\n", _LINE: "\n", _CELL: "\t"})
_BEFORE = dict.fromkeys(_BLOCKS, _BLOCK) | {"br": _LINE, "tr": _LINE}
_AFTER = dict.fromkeys(_BLOCKS, _BLOCK) | {"td": _CELL, "th": _CELL}


def read(path: Path, limits: Limits) -> Iterator[Page]:  # noqa: ARG001 - every reader is called alike
    """Yield the file as one page; its encoding is found as browsers find it."""
    soup = BeautifulSoup(path.read_bytes(), "lxml")
    yield Page("", " ".join("".join(_pieces(soup)).split()).translate(_MARKS))


def _pieces(soup: BeautifulSoup) -> Iterator[str]:
    """Yield the strings of a document and the marks between them, without recursion, however deep they nest."""
    path: list[tuple[Tag, Iterator[object]]] = [(soup, iter(soup.contents))]
    while path:
        tag, children = path[-1]
        child = next(children, None)
        if child is None:
            yield _AFTER.get(tag.name, "")
            path.pop()
        elif isinstance(child, Tag):
            if child.name not in _UNSEEN:
                yield _BEFORE.get(child.name, "")
                path.append((child, iter(child.contents)))
        elif type(child) in (NavigableString, CData):
            yield str(child)
