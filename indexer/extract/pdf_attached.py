"""Files that are attached to a PDF, to the whole of it or to a place on a page; a portfolio is nothing else."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

import pypdfium2
from pypdfium2 import raw

from indexer.extract.items import Incomplete, Item, Remark
from indexer.extract.nested import read_inside
from indexer.extract.pdf_metadata import text_of
from indexer.extract.pdf_notes import annotations_on
from indexer.extract.source import Context, Source
from indexer.index.schema import Status


def holds_files(page: pypdfium2.PdfPage) -> bool:
    """Tell whether a file is attached to a place on a page."""
    return any(kind == raw.FPDF_ANNOT_FILEATTACHMENT for _, kind in annotations_on(page))


def read_attached(document: pypdfium2.PdfDocument, pages: Iterable[int], context: Context) -> Iterator[Item]:
    """Yield the pages of all attached files; `pages` are the indexes of those that hold files.

    Files of a kind that is not read are named by remarks. Raises Incomplete after the last file if any other was not
    read as a whole.
    """
    reasons: list[str] = []
    lacks = ""
    seen: set[tuple[str, bytes]] = set()
    room = context.limits.unpacked_bytes
    for number, (handle, size) in enumerate(_attachments(document, pages), start=1):
        name = _name(handle) or f"attached file {number}"
        room -= size
        if number > context.limits.members or room < 0:
            reasons.append(f"{name} and those after it: more is attached than is read of one file.")
            break
        try:
            content = _content(handle, size, name)
            digest = sha256(content).digest()
            # What is attached to a page may be listed for the whole document as well.
            if (name, digest) not in seen:
                seen.add((name, digest))
                yield from read_inside(Source.inside(name, content), context)
        except Incomplete as error:
            if error.status is Status.UNSUPPORTED:
                yield Remark(error.reason, error.lacks)
            else:
                reasons.append(error.reason)
                lacks = lacks or error.lacks
    if reasons:
        raise Incomplete(Status.CUT, f"Of the attached files not everything could be read. {' '.join(reasons)}", lacks)


def _attachments(document: pypdfium2.PdfDocument, pages: Iterable[int]) -> Iterator[tuple[Any, int]]:
    """Yield a handle of each attached file, open until the next one is asked for, with the file's size in bytes."""
    for index in range(raw.FPDFDoc_GetAttachmentCount(document)):
        handle = raw.FPDFDoc_GetAttachment(document, index)
        if handle:
            yield handle, _size(handle)
    for index in pages:
        page = document[index]
        try:
            for annotation, kind in annotations_on(page):
                handle = raw.FPDFAnnot_GetFileAttachment(annotation) if kind == raw.FPDF_ANNOT_FILEATTACHMENT else None
                if handle:
                    yield handle, _size(handle)
        finally:
            page.close()


def _name(handle: Any) -> str:  # noqa: ANN401 - a handle of PDFium, which has no type
    return text_of(lambda buffer, size: raw.FPDFAttachment_GetName(handle, buffer, size)).strip()


def _size(handle: Any) -> int:  # noqa: ANN401 - a handle of PDFium, which has no type
    size = ctypes.c_ulong()
    raw.FPDFAttachment_GetFile(handle, None, 0, size)
    return size.value


def _content(handle: Any, size: int, name: str) -> bytes:  # noqa: ANN401 - a handle of PDFium, which has no type
    buffer = ctypes.create_string_buffer(size) if size else None
    if buffer is None or not raw.FPDFAttachment_GetFile(handle, buffer, size, ctypes.c_ulong()):
        raise Incomplete(Status.DAMAGED, f"{name}: its content is missing.")
    return buffer.raw
