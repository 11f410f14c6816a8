"""Files that are attached to a PDF, to the whole of it or to a place on a page; a portfolio is nothing else."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import sha256
from typing import Any

import pypdfium2
from pypdfium2 import raw

from indexer.extract.items import Incomplete, Item, joined
from indexer.extract.nested import InnerFiles
from indexer.extract.pdf_child import in_child
from indexer.extract.pdf_metadata import text_of
from indexer.extract.pdf_notes import annotations_on
from indexer.extract.source import Context, Source
from indexer.index.schema import Status
from indexer.limits import Limits


def holds_files(page: pypdfium2.PdfPage) -> bool:
    """Tell whether a file is attached to a place on a page."""
    return any(kind == raw.FPDF_ANNOT_FILEATTACHMENT for _, kind in annotations_on(page))


def read_attached(
    source: Source, document: pypdfium2.PdfDocument, pages: Iterable[int], context: Context
) -> Iterator[Item]:
    """Yield the pages of all attached files; `pages` are the indexes of those that hold files.

    Files of a kind that is not read are named by remarks. Raises Incomplete after the last file if any other was not
    read as a whole.
    """
    files = InnerFiles(source, context)
    seen: set[tuple[str, bytes]] = set()
    for name, content in _contents(document, pages, context.limits, files):
        digest = sha256(content).digest()
        # What is attached to a page may be listed for the whole document as well.
        if (name, digest) not in seen:
            seen.add((name, digest))
            yield from files.read(name, content)
    yield from files.remarks()
    if files.failed:
        problem = joined(files.failed)
        reason = f"Of the attached files not everything could be read. {problem.reason}"
        raise Incomplete(Status.CUT, reason, problem.lacks, problem.left_out)


def _contents(
    document: pypdfium2.PdfDocument, pages: Iterable[int], limits: Limits, files: InnerFiles
) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of each attached file, and say of the others why there is none."""
    room = limits.unpacked_bytes
    for number, handle in enumerate(_attachments(document, pages), start=1):
        name = _name(handle) or f"attached file {number}"
        if number > limits.members or room <= 0:
            files.fail(name, Incomplete(Status.CUT, "It and those after it are more than is read of one file."))
            return
        most = min(room, limits.member_bytes)
        try:
            content = in_child(partial(_content, handle, most))
        except MemoryError:
            files.fail(
                name, Incomplete(Status.TOO_LARGE, f"It is larger than the {most:,} bytes that may be unpacked.")
            )
            room -= most
            continue
        room -= len(content)
        if content:
            yield name, content
        else:
            files.fail(name, Incomplete(Status.DAMAGED, "Its content is missing."))


def _attachments(document: pypdfium2.PdfDocument, pages: Iterable[int]) -> Iterator[Any]:
    """Yield a handle of each attached file, open until the next one is asked for."""
    for index in range(raw.FPDFDoc_GetAttachmentCount(document)):
        handle = raw.FPDFDoc_GetAttachment(document, index)
        if handle:
            yield handle
    for index in pages:
        page = document[index]
        try:
            for annotation, kind in annotations_on(page):
                handle = raw.FPDFAnnot_GetFileAttachment(annotation) if kind == raw.FPDF_ANNOT_FILEATTACHMENT else None
                if handle:
                    yield handle
        finally:
            page.close()


def _name(handle: Any) -> str:  # noqa: ANN401 - a handle of PDFium, which has no type
    return text_of(lambda buffer, size: raw.FPDFAttachment_GetName(handle, buffer, size)).strip()


def _content(handle: Any, most: int) -> bytes:  # noqa: ANN401 - a handle of PDFium, which has no type
    """Return the content of an attached file, empty if it is missing; MemoryError if it is too large."""
    size = ctypes.c_ulong()
    raw.FPDFAttachment_GetFile(handle, None, 0, size)
    if size.value > most:
        raise MemoryError
    buffer = (ctypes.c_char * size.value)()
    raw.FPDFAttachment_GetFile(handle, buffer, size.value, size)
    return memoryview(buffer).tobytes()
