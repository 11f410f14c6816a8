"""Pages of a PDF that are pictures of text: recognised where Tesseract is installed, and named where it is not."""

from __future__ import annotations

import ctypes
from collections.abc import Generator, Iterator
from typing import Any

import pypdfium2
from pypdfium2 import raw

from indexer.extract.items import Incomplete, MoreTime, Remark, listed
from indexer.extract.ocr import missing_languages, recognise
from indexer.extract.pdf_child import in_child
from indexer.extract.source import Context
from indexer.extract.tools import TESSERACT
from indexer.index.schema import Status

_HARDLY_ANY = 20
"""Letters and digits with which a page still counts as a picture: a stamp, a page number."""
_A_LINE_OR_TWO = 200
"""Letters and digits that the lines may have which are printed over the edge of a scan: "Case 12-345 Filed ..."."""
_EDGE = 0.1
"""How much of a page's height is its edge, above and below."""
_MOST_OF_PAGE = 0.5
_MOST_OBJECTS = 1_000
_DEEPEST = 4
_DOTS_PER_INCH = 300
_POINTS_PER_INCH = 72
_MOST_PIXELS = 20_000_000


def is_picture(page: pypdfium2.PdfPage, text: str) -> bool:
    """Tell whether a page shows a picture on most of it and has hardly any text of its own, or only at its edge."""
    count = sum(map(str.isalnum, text[:1000]))
    if count >= _A_LINE_OR_TWO or _covered(page) <= _MOST_OF_PAGE * float(page.get_width() * page.get_height()):
        return False
    return count < _HARDLY_ANY or _stands_at_edge(page)


def _stands_at_edge(page: pypdfium2.PdfPage) -> bool:
    """Tell whether all text of a page stands in the margin above or below."""
    edge = _EDGE * page.get_height()
    text = page.get_textpage()
    try:
        boxes = [text.get_rect(index) for index in range(text.count_rects())]
    finally:
        text.close()
    return all(top <= edge or bottom >= page.get_height() - edge for _, bottom, _, top in boxes)


class Pictures:
    """Reads the pages of one document that are pictures, as far as machine and limits allow, and names the others."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._recognised = 0
        self._unread: list[str] = []
        self._beyond: list[str] = []
        self._failed: list[str] = []
        self._failure: Incomplete | None = None

    def read(self, page: pypdfium2.PdfPage, label: str) -> Generator[MoreTime | Remark, None, str]:
        """Return the text that is recognised on a page, empty if it cannot be; asks for time before the first one."""
        if not self._context.tools.tesseract:
            self._unread.append(label)
            return ""
        if self._recognised == self._context.limits.ocr_pages:
            self._beyond.append(label)
            return ""
        if not self._recognised:
            yield MoreTime(self._context.limits.ocr_seconds)
            yield from missing_languages(self._context)
        self._recognised += 1
        try:
            return self._recognise(page)
        except Incomplete as error:
            self._failed.append(label)
            self._failure = self._failure or error
            return ""

    def _recognise(self, page: pypdfium2.PdfPage) -> str:
        try:
            drawn = in_child(lambda: _drawn(page))
            if drawn:
                return recognise(drawn, self._context)
        except MemoryError as error:
            raise Incomplete(Status.TOO_LARGE, "To draw so large a picture takes too much memory.") from error
        raise Incomplete(Status.DAMAGED, "The page cannot be drawn.")

    def remarks(self) -> Iterator[Remark]:
        """Yield what is to be said of pages that nothing on this machine can read."""
        if self._unread:
            yield Remark(
                f"These pages are pictures of text, as a scanner makes them, and cannot be searched: "
                f"{listed(self._unread)}. Install the Debian package {TESSERACT} to have them recognised.",
                TESSERACT,
            )

    def problems(self) -> Iterator[Incomplete]:
        """Yield what kept pages from being recognised."""
        if self._failure:
            reason = f"The text of these pages could not be recognised: {listed(self._failed)}. {self._failure.reason}"
            yield Incomplete(self._failure.status, reason, self._failure.lacks)
        if self._beyond:
            most = self._context.limits.ocr_pages
            reason = f"Of a file at most {most:,} pictures are recognised; these pages are not: {listed(self._beyond)}."
            yield Incomplete(Status.CUT, reason)


def _drawn(page: pypdfium2.PdfPage) -> bytes:
    """Return a page as a grey picture in the format PGM, as large as Tesseract likes it; empty if it cannot be."""
    inches = page.get_width() * page.get_height() / _POINTS_PER_INCH**2
    resolution = min(_DOTS_PER_INCH, (_MOST_PIXELS / inches) ** 0.5)
    try:
        bitmap = page.render(resolution / _POINTS_PER_INCH, grayscale=True, may_draw_forms=False)
    except (pypdfium2.PdfiumError, ValueError):
        return b""
    rows = memoryview(bitmap.buffer).cast("B")
    width, height, stride = bitmap.width, bitmap.height, bitmap.stride
    pixels = b"".join(rows[start : start + width] for start in range(0, stride * height, stride))
    return b"P5 %d %d 255\n%b" % (width, height, pixels)


def _objects(page: pypdfium2.PdfPage) -> Iterator[Any]:
    """Yield handles of the first thousand objects on a page."""
    for index in range(min(raw.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        yield raw.FPDFPage_GetObject(page, index)


def _holds_image(element: Any, depth: int = 0) -> bool:  # noqa: ANN401 - a handle of PDFium, which has no type
    """Tell whether an object of a page is an image or a group with one in it."""
    kind = raw.FPDFPageObj_GetType(element)
    if kind != raw.FPDF_PAGEOBJ_FORM or depth == _DEEPEST:
        return bool(kind == raw.FPDF_PAGEOBJ_IMAGE)
    parts = range(min(raw.FPDFFormObj_CountObjects(element), _MOST_OBJECTS))
    return any(_holds_image(raw.FPDFFormObj_GetObject(element, index), depth + 1) for index in parts)


def _covered(page: pypdfium2.PdfPage) -> float:
    """Return how much of a page lies under images, in square points; where two overlap both count."""
    whole = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, whole)
    covered = 0.0
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for element in _objects(page):
        if _holds_image(element) and raw.FPDFPageObj_GetBounds(element, left, bottom, right, top):
            width = min(right.value, whole.right) - max(left.value, whole.left)
            height = min(top.value, whole.top) - max(bottom.value, whole.bottom)
            covered += max(width, 0) * max(height, 0)
    return covered
