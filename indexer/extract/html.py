"""HTML files: the text that a browser would show, without scripts, styles and navigation, as one part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bs4 import BeautifulSoup

from indexer.extract.limits import Limits
from indexer.index.schema import Page

_UNSEEN = ("script", "style", "nav", "template", "noscript")
_BLOCKS = re.findall(
    r"\w+",
    "title address article aside blockquote body caption dd details div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr legend li main ol option p pre section summary table ul",
)
# Stand for breaks until the white space of the source, which means nothing, is gone.
_BLOCK, _LINE, _CELL = "\x01", "\x02", "\x03"
_MARKS = str.maketrans({_BLOCK: "\n\n", _LINE: "\n", _CELL: "\t"})


def read(path: Path, limits: Limits) -> Iterator[Page]:  # noqa: ARG001 - every reader is called alike
    """Yield the file as one page; its encoding is found as browsers find it."""
    soup = BeautifulSoup(path.read_bytes(), "lxml")
    for tag in soup(_UNSEEN):
        tag.decompose()
    for names, mark in ((_BLOCKS, _BLOCK), (("br", "tr"), _LINE), (("td", "th"), _CELL)):
        for tag in soup(names):
            tag.insert_before(mark)
            tag.append(mark)
    yield Page("", " ".join(soup.get_text().split()).translate(_MARKS))
