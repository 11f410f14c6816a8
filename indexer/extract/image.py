"""Pictures as pages of text: each is recognised by Tesseract, a TIFF of several pages page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from indexer.extract.hyphens import mended
from indexer.extract.items import Incomplete, Item, MoreTime
from indexer.extract.ocr import missing_languages, recognise
from indexer.extract.source import Context, Source
from indexer.extract.tools import TESSERACT
from indexer.index.schema import FileMetadata, Locator, Page, Status, Unit

_ENTRY_BYTES = 12


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the text of a picture as one page, of a TIFF as one for each of its pages with text.

    Raises Incomplete if Tesseract is not there, if no text was found, or if some of the pages could not be recognised.
    """
    if not context.tools.tesseract:
        raise Incomplete(
            Status.NO_TEXT,
            f"It is a picture; with the Debian package {TESSERACT} installed the text in it would be searched.",
            TESSERACT,
        )
    yield MoreTime(context.limits.ocr_seconds)
    yield from missing_languages(context)
    with source.open() as stream:
        image = stream.read()
    # One more than will be recognised tells that there are more; how many does not matter.
    pages = _count_pages(image, context.limits.ocr_pages + 1)
    if pages > 1:
        yield from _read_pages(image, pages, context)
        return
    text = mended(recognise(image, context))
    if not text:
        raise Incomplete(Status.NO_TEXT, "No text was recognised in the picture.")
    yield Page(Locator(recognised=True), text)


def _read_pages(image: bytes, pages: int, context: Context) -> Iterator[Item]:
    problem: Incomplete | None = None
    most = context.limits.ocr_pages
    if pages <= most:
        yield FileMetadata(pages=pages)
    for number in range(min(pages, most)):
        try:
            text = mended(recognise(image, context, number))
        except Incomplete as error:
            problem = problem or Incomplete(error.status, f"Page {number + 1:,}: {error.reason}", error.lacks)
            continue
        yield Page(Locator(str(number + 1), Unit.PAGE, recognised=True), text)
    if pages > most:
        raise Incomplete(Status.CUT, f"Only its first {most:,} pages were recognised, the most of one file.")
    if problem:
        raise problem


def _count_pages(image: bytes, most: int) -> int:
    """Return how many pages a picture has, up to a bound: a TIFF is a chain of directories (TIFF 6.0, section 2)."""
    if image[:4] not in (b"II*\0", b"MM\0*"):
        return 1
    order: Literal["little", "big"] = "little" if image[:2] == b"II" else "big"

    def number(start: int, size: int) -> int:
        return int.from_bytes(image[start : start + size], order)

    count, directory = 0, number(4, 4)
    while directory and directory < len(image) and count < most:
        count += 1
        directory = number(directory + 2 + number(directory, 2) * _ENTRY_BYTES, 4)
    return max(count, 1)
