"""PDF files: the text of each page, in the order in which PDFium finds it, with the page's printed label."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pypdfium2
from pypdfium2 import raw

from indexer.extract.items import Incomplete, Item
from indexer.extract.source import Context, Source
from indexer.index.schema import Locator, Page, Status, Unit

_LINE_END_HYPHEN = "\ufffe"
_LISTED = 10


def read(source: Source, context: Context) -> Iterator[Item]:  # noqa: ARG001 - every reader is called alike
    """Yield the pages, labelled as printed; a page that cannot be read stays empty and is named at the end."""
    broken: list[str] = []
    document = _open(source)
    try:
        for index in range(len(document)):
            label = _label(document, index) or str(index + 1)
            try:
                text = _text(document, index)
            except pypdfium2.PdfiumError:
                text = ""
                broken.append(str(index + 1))
            yield Page(Locator(label, Unit.PAGE, anchor=f"page={index + 1}"), text)
    finally:
        document.close()
    if broken:
        more = f" and {len(broken) - _LISTED:,} more" if len(broken) > _LISTED else ""
        raise Incomplete(Status.DAMAGED, f"These pages cannot be read: {', '.join(broken[:_LISTED])}{more}.")


def _open(source: Source) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(source.open(), autoclose=True)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise Incomplete(Status.ENCRYPTED, "It is protected by a password.") from error
        raise Incomplete(Status.DAMAGED, "It is not a PDF that can be opened, or holds no page.") from error


def _text(document: pypdfium2.PdfDocument, index: int) -> str:
    page = document[index]
    try:
        text = page.get_textpage()
        try:
            return str(text.get_text_range()).replace(_LINE_END_HYPHEN, "-")
        finally:
            text.close()
    finally:
        page.close()


def _label(document: pypdfium2.PdfDocument, index: int) -> str:
    """Return the page's printed label, empty if the file gives none."""
    size = raw.FPDF_GetPageLabel(document, index, None, 0)
    buffer = ctypes.create_string_buffer(size)
    raw.FPDF_GetPageLabel(document, index, buffer, size)
    # The helper of pypdfium2 fails on a label that is no UTF-16, and the page with it.
    return buffer.raw.decode("utf-16-le", "ignore").rstrip("\0")
