"""PDF files: the text of each page as a person would read it, under its printed label, and what is attached."""

from __future__ import annotations

from collections.abc import Iterator
from io import BufferedReader, BytesIO
from typing import BinaryIO, cast

import pypdfium2
from pypdfium2 import raw

from indexer.extract.items import Incomplete, Item, joined, listed
from indexer.extract.pdf_attached import read_attached
from indexer.extract.pdf_damage import has_broken_streams, is_cut_off, with_new_end
from indexer.extract.pdf_metadata import metadata_of
from indexer.extract.pdf_pages import Pages
from indexer.extract.source import Context, Source
from indexer.index.schema import Status


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the pages, labelled as printed, and then those of attached files.

    A page that cannot be read stays empty and is named at the end. What was written or filled in on a page stands
    behind its text.
    """
    document, is_mended = _open(source)
    try:
        yield metadata_of(document)
        pages = Pages(document, context)
        yield from pages.read()
        yield from pages.pictures.remarks()
        problems = [*_structure(source, is_mended), *_damage(source, document, pages), *_omitted(document, pages)]
        try:
            # Behind pages that are too many no further one is kept.
            yield from () if pages.beyond else read_attached(source, document, pages.with_files, context)
        except Incomplete as error:
            problems.append(error)
    finally:
        document.close()
    if problems:
        raise joined(problems)


def _open(source: Source) -> tuple[pypdfium2.PdfDocument, bool]:
    """Open a PDF, and tell whether it had to be mended for that."""
    try:
        return _opened(source.open()), False
    except pypdfium2.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise Incomplete(Status.ENCRYPTED, "It is protected by a password.") from error
    mended = with_new_end(source)
    try:
        return _opened(BytesIO(mended)), True
    except pypdfium2.PdfiumError as error:
        cut = " Its end is missing." if is_cut_off(source) else ""
        raise Incomplete(Status.DAMAGED, f"It is not a PDF that can be opened, or holds no page.{cut}") from error


def _opened(stream: BinaryIO) -> pypdfium2.PdfDocument:
    if isinstance(stream, BufferedReader):
        # PDFium buffers by itself, and a child that reads in the same file would mislead our buffer.
        stream = cast(BinaryIO, stream.detach())
    try:
        document = pypdfium2.PdfDocument(stream, autoclose=True)
    except pypdfium2.PdfiumError:
        stream.close()
        raise
    # Before the first page is loaded, so that the fields on it are known.
    document.init_forms()
    return document


def _structure(source: Source, is_mended: bool) -> Iterator[Incomplete]:
    if is_cut_off(source):
        yield Incomplete(Status.DAMAGED, "The end of the file is missing, and what was there with it.")
    elif is_mended:
        yield Incomplete(Status.DAMAGED, "The list of its parts is damaged; those that could be found are searched.")


def _damage(source: Source, document: pypdfium2.PdfDocument, pages: Pages) -> Iterator[Incomplete]:
    if pages.unreadable:
        untried = f" The {pages.untried:,} pages that follow were not tried." if pages.untried else ""
        yield Incomplete(Status.DAMAGED, f"These pages cannot be read: {listed(pages.unreadable)}.{untried}")
    is_encrypted = raw.FPDF_GetSecurityHandlerRevision(document) != -1
    if pages.bare and not is_encrypted and has_broken_streams(source):
        yield Incomplete(
            Status.DAMAGED, f"Parts of the file are damaged, and these pages show nothing: {listed(pages.bare)}."
        )


def _omitted(document: pypdfium2.PdfDocument, pages: Pages) -> Iterator[Incomplete]:
    """Yield what is sound and was not read all the same."""
    if pages.beyond:
        kept = f"Only its first {len(document) - pages.beyond:,} pages are searched, the most that is kept of a file"
        attached = pages.with_files or raw.FPDFDoc_GetAttachmentCount(document)
        also = " and the files attached to it" if attached else ""
        yield Incomplete(Status.CUT, f"{kept}; {pages.beyond:,} more{also} were left out.")
    if raw.FPDF_GetFormType(document) == raw.FORMTYPE_XFA_FULL:
        # Its pages ask the reader to wait, or to open it with another program.
        yield Incomplete(
            Status.CUT, "It is a form that only some programs can show (XFA); print it to PDF to search it."
        )
    yield from pages.pictures.problems()
