"""What a PDF says of itself: title, author, language and date, where they are more than what a program filled in."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pypdfium2
from pypdfium2 import raw

from indexer.index.schema import FileMetadata
from indexer.library.languages import language_code

_DATE = re.compile(r"(?:D:)?\s*(\d{4})(\d\d)?(\d\d)?")
_FIRST_YEAR = 1990
"""PDF is younger; an earlier date comes from a clock that was wrong."""
_FILE_NAME = re.compile(
    r"\S+[_\\/]\S+|\S+-\S+-\S+|.*\.(?:docx?|pptx?|xlsx?|pdf|odt|odp|ods|rtf|indd|pages|qxd|html?|txt|tiff?|jpe?g)",
    re.IGNORECASE,
)
_FROM_A_PROGRAM = re.compile(r"(?:microsoft|powerpoint)\s.*\s-\s.*|articulate .* output", re.IGNORECASE)
_NO_TITLE = re.compile(
    r"untitled|no title|title|none|unknown|print|slide 1|scan|scanned document|presentation1?|powerpoint presentation|"
    r"document1?|(?:microsoft )?word document",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"microsoft office user|(?:windows )?user|admin|administrator|author|owner|unknown|anonymous|none", re.IGNORECASE
)


def metadata_of(document: pypdfium2.PdfDocument) -> FileMetadata:
    """Return what an open document says of itself; a title that is the name of a file, or of none, is left out."""
    return FileMetadata(
        title=_title(_entry(document, b"Title")),
        author=_author(_entry(document, b"Author")),
        language=language_code(text_of(lambda buffer, size: raw.FPDFCatalog_GetLanguage(document, buffer, size))),
        date=_date(_entry(document, b"CreationDate")),
        pages=len(document),
    )


def text_of(ask: Callable[[Any, int], int]) -> str:
    """Return the UTF-16 text that a function of PDFium writes into a buffer of which it is told the size in bytes."""
    size = ask(None, 0)
    buffer = ctypes.create_string_buffer(size + 2)
    ask(ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    # The helpers of pypdfium2 fail on a text that is no UTF-16.
    return buffer.raw.decode("utf-16-le", "ignore").partition("\0")[0]


def _entry(document: pypdfium2.PdfDocument, name: bytes) -> str:
    text = text_of(lambda buffer, size: raw.FPDF_GetMetaText(document, name, buffer, size))
    return " ".join(text.split())


def _title(text: str) -> str:
    is_none = _NO_TITLE.fullmatch(text) or not any(map(str.isalpha, text))
    return "" if is_none or _FILE_NAME.fullmatch(text) or _FROM_A_PROGRAM.fullmatch(text) else text


def _author(text: str) -> str:
    return "" if _NO_AUTHOR.fullmatch(text) or not any(map(str.isalpha, text)) else text


def _date(text: str) -> date | None:
    parts = _DATE.match(text)
    if not parts or int(parts[1]) < _FIRST_YEAR:
        return None
    try:
        return date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1))
    except ValueError:
        return None
