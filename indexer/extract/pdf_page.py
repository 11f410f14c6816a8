"""One page of a PDF: its text as PDFium finds it, with columns in reading order, and its printed label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pypdfium2
from pypdfium2 import raw

from indexer.extract.columns import Box, Piece, gutters, in_reading_order, is_leap, joined
from indexer.extract.hyphens import LINE_END
from indexer.extract.pdf_metadata import text_of

_WORD = re.compile(f"[^\\s{LINE_END}]+{LINE_END}?")
_SAMPLES = 8
_SAMPLE = 12
"""Words of one sample: about as many as stand in a line that runs through two columns."""
_FEWEST_LEAPS = 3


def label_of(document: pypdfium2.PdfDocument, index: int) -> str:
    """Return the label that is printed on a page, or the page's number if the file gives none."""
    label = text_of(lambda buffer, size: raw.FPDF_GetPageLabel(document, index, buffer, size))
    return label.strip() or str(index + 1)


def text_of_page(page: pypdfium2.PdfPage) -> str:
    """Return the text of a page with line feeds as line ends; raises PdfiumError if there is none to be had.

    A hyphen at the end of a line is `LINE_END`.
    """
    textpage = page.get_textpage()
    try:
        text = str(textpage.get_text_range())
        # Where a character is no single unit of UTF-16, places in the text are not those in the file.
        if len(text) == raw.FPDFText_CountChars(textpage):
            text = "\n".join(_columns(textpage, text)) or text
        return text.replace("\r\n", "\n")
    finally:
        textpage.close()


def _columns(textpage: pypdfium2.PdfTextPage, text: str) -> list[str]:
    """Return the lines of a page whose columns have to be put in order; nothing for almost all pages."""
    words = [match.span() for match in _WORD.finditer(text)]
    if not _may_have_columns(textpage, words):
        return []
    boxes = [_box_of(textpage, word) for word in words]
    found = gutters(boxes)
    return in_reading_order(list(_pieces(text, words, boxes, found)), found) if found else []


def _may_have_columns(textpage: pypdfium2.PdfTextPage, words: Sequence[tuple[int, int]]) -> bool:
    """Tell from some words whether gaps as between columns are frequent: to look at all of them takes long."""
    starts = range(0, len(words), max(len(words) // _SAMPLES, _SAMPLE))
    samples = ([_box_of(textpage, word) for word in words[start : start + _SAMPLE]] for start in starts)
    return sum(is_leap(left, right) for sample in samples for left, right in pairwise(sample)) >= _FEWEST_LEAPS


def _pieces(
    text: str, words: Sequence[tuple[int, int]], boxes: Sequence[Box], found: Sequence[float]
) -> Iterator[Piece]:
    """Yield the lines of a page, parted where they leap over a gutter."""
    first = 0
    for last, (_, end) in enumerate(words):
        is_last = last + 1 == len(words)
        if is_last or _is_parted(text[end - 1 : words[last + 1][0]], boxes[last], boxes[last + 1], found):
            yield Piece(text[words[first][0] : end], joined(boxes[first : last + 1]))
            first = last + 1


def _is_parted(between: str, left: Box, right: Box, found: Sequence[float]) -> bool:
    is_line_end = "\n" in between or LINE_END in between
    return is_line_end or any(left.right <= gutter <= right.left for gutter in found)


def _box_of(textpage: pypdfium2.PdfTextPage, word: tuple[int, int]) -> Box:
    """Return the box of a word, as high as its font."""
    start, end = word
    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(textpage.raw, start, box)
    left, bottom, right, top = box.left, box.bottom, box.right, box.top
    if end - start > 1:
        raw.FPDFText_GetLooseCharBox(textpage.raw, end - 1, box)
        bottom, right, top = min(bottom, box.bottom), max(left, box.right), max(top, box.top)
    return Box(left, bottom, right, top)
