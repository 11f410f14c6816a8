"""What the tests of extraction share: files made by hand, and reading in this process."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from fpdf import FPDF
from hypothesis import strategies as st

from indexer.extract.formats import format_of
from indexer.extract.formats import read as read_format
from indexer.extract.items import Item
from indexer.extract.source import Context, Source
from indexer.index.schema import Extraction, Locator, Page, Unit

Read = Callable[[Path], Extraction]
"""Reads a file in a limited process: the fixture `read`."""

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def items(path: Path, context: Context | None = None) -> Iterator[Item]:
    """Yield what the reader of a file's format yields, in this process and as it is, uncleaned."""
    source = Source.on_disk(path)
    return read_format(format_of(source), source, context or Context())


def pdf_page(number: int, text: str, label: str = "") -> Page:
    """Return a page of a PDF as it is read."""
    return Page(Locator(label or str(number), Unit.PAGE, anchor=f"page={number}"), text)


def pdf(path: Path, *texts: str, labels: Callable[[FPDF, int], None] | None = None) -> Path:
    document = FPDF()
    document.set_font("helvetica", size=12)
    for number, text in enumerate(texts):
        document.add_page()
        if labels:
            labels(document, number)
        document.multi_cell(0, text=text)
    document.output(str(path))
    return path


def word(path: Path, body: str, **parts: str) -> Path:
    """Write a DOCX by hand: `body` is the XML inside w:body, each further part the XML of the part of that kind."""
    relations = "".join(
        f'<Relationship Id="r{kind}" Type="{OFFICE}/{kind}" Target="{kind}.xml"/>' for kind in sorted(parts)
    )
    main = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{RELATIONS}">{main}</Relationships>')
        archive.writestr(
            "word/_rels/document.xml.rels", f'<Relationships xmlns="{RELATIONS}">{relations}</Relationships>'
        )
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')
        for kind, xml in parts.items():
            archive.writestr(f"word/{kind}.xml", f'<w:{kind} xmlns:w="{WORD}">{xml}</w:{kind}>')
    return path


def mutations_of(markup: str) -> st.SearchStrategy[str]:
    """Make broken markup: tags and texts of it stand where others were, are gone, or give way to what XML forbids."""
    pieces = re.findall("<[^>]*>|[^<]+", markup)
    swaps = st.lists(st.tuples(st.integers(0, len(pieces) - 1), st.sampled_from([*pieces, "<", "&x;", ""])))
    return swaps.map(lambda chosen: "".join(dict(chosen).get(place, piece) for place, piece in enumerate(pieces)))
