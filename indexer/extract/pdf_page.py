"""One page of a PDF: its text as PDFium finds it, with columns in reading order, and its printed label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from ctypes import byref
from itertools import pairwise
from typing import Any

import pypdfium2
from pypdfium2 import raw

from indexer.extract.columns import NARROWEST, Box, Piece, gutters, in_reading_order, is_leap, joined, share_a_place
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
    if not _may_have_columns(textpage, words) or not share_a_place(_leaps(textpage, words)):
        return []
    boxes = _boxes(textpage, words)
    found = gutters(boxes)
    return in_reading_order(list(_pieces(text, words, boxes, found)), found) if found else []


def _may_have_columns(textpage: pypdfium2.PdfTextPage, words: Sequence[tuple[int, int]]) -> bool:
    """Tell from some words whether gaps as between columns are frequent: to look at all of them takes long."""
    starts = range(0, len(words), max(len(words) // _SAMPLES, _SAMPLE))
    return sum(len(_leaps(textpage, words[start : start + _SAMPLE])) for start in starts) >= _FEWEST_LEAPS


def _leaps(textpage: pypdfium2.PdfTextPage, words: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
    """Return the edges of the gaps between words that are as wide as between columns."""
    # What is done for every pair of words takes most of the time, so nothing is made or looked up anew for it.
    handle, measure = textpage.raw, raw.FPDFText_GetLooseCharBox
    left, right = raw.FS_RECTF(), raw.FS_RECTF()
    into_left, into_right = byref(left), byref(right)
    leaps: list[tuple[float, float]] = []
    for (_, end), (start, _) in pairwise(words):
        measure(handle, end - 1, into_left)
        measure(handle, start, into_right)
        if right.left - left.right >= NARROWEST and is_leap(_box(left), _box(right)):
            leaps.append((left.right, right.left))
    return leaps


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


def _boxes(textpage: pypdfium2.PdfTextPage, words: Sequence[tuple[int, int]]) -> list[Box]:
    """Return the boxes of words, as high as their fonts."""
    handle, measure = textpage.raw, raw.FPDFText_GetLooseCharBox
    first, last = raw.FS_RECTF(), raw.FS_RECTF()
    into_first, into_last = byref(first), byref(last)
    boxes: list[Box] = []
    for start, end in words:
        measure(handle, start, into_first)
        measure(handle, end - 1, into_last)
        left, bottom, top = first.left, min(first.bottom, last.bottom), max(first.top, last.top)
        boxes.append(Box(left, bottom, max(left, last.right), top))
    return boxes


def _box(rectangle: Any) -> Box:  # noqa: ANN401 - a structure of PDFium, which has no type
    return Box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
