"""All pages of a PDF in order, mended some dozens at a time, and what was noticed while they were read."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

import pypdfium2
from pypdfium2 import raw

from indexer.extract.hyphens import LineEndHyphens
from indexer.extract.items import MoreTime, Remark
from indexer.extract.pdf_attached import holds_files
from indexer.extract.pdf_notes import notes_on
from indexer.extract.pdf_page import label_of, text_of_page
from indexer.extract.pdf_pictures import Pictures, is_picture
from indexer.extract.running_lines import RunningLines
from indexer.extract.source import Context
from indexer.index.schema import Locator, Page, Unit

_MOST_PAGES = 64
"""Pages that are mended together: the more there are, the more is known of a document's words and headers."""
_MOST_CHARACTERS = 1_000_000
_MOST_SECONDS = 3.0
_HOPELESS = 100
"""Successive pages that cannot be read, after which no further one is tried: a page count may be a lie."""


@dataclass(slots=True)
class _Draft:
    """A page as it was found: where it is, its text, and what was added to it."""

    locator: Locator
    text: str = ""
    notes: list[str] = field(default_factory=list)


class Pages:
    """Reads the pages of an open document.

    `unreadable` and `bare` are the labels of pages that failed and of those that show nothing at all, `untried` is how
    many pages were given up, `beyond` how many are more than is kept of a file, and `with_files` are the indexes of
    pages that files are attached to.
    """

    def __init__(self, document: pypdfium2.PdfDocument, context: Context) -> None:
        self.pictures = Pictures(context)
        self.unreadable: list[str] = []
        self.bare: list[str] = []
        self.untried = 0
        self.with_files: list[int] = []
        self._document = document
        self._count = min(len(document), context.limits.pages)
        self.beyond = len(document) - self._count
        self._running = RunningLines()
        self._hyphens = LineEndHyphens()

    def read(self) -> Iterator[Page | MoreTime | Remark]:
        """Yield the pages; after MemoryError no more, but all that were read before."""
        drafts: list[_Draft] = []
        began = time.monotonic()
        failed = 0
        try:
            for index in range(self._count):
                before = len(self.unreadable)
                drafts.append((yield from self._draft(index)))
                failed = failed + 1 if len(self.unreadable) > before else 0
                if failed == _HOPELESS:
                    self.untried = self._count - index - 1
                    break
                if _is_portion(drafts, began):
                    yield from self._mended(drafts)
                    drafts, began = [], time.monotonic()
        except MemoryError:
            yield from self._mended(drafts)
            raise
        yield from self._mended(drafts)

    def _draft(self, index: int) -> Generator[MoreTime | Remark, None, _Draft]:
        draft = _Draft(Locator(label_of(self._document, index), Unit.PAGE, anchor=f"page={index + 1}"))
        try:
            page = self._document[index]
        except pypdfium2.PdfiumError:
            self.unreadable.append(draft.locator.label)
            return draft
        try:
            yield from self._fill(draft, page, index)
        except pypdfium2.PdfiumError:
            self.unreadable.append(draft.locator.label)
        finally:
            page.close()
        return draft

    def _fill(self, draft: _Draft, page: pypdfium2.PdfPage, index: int) -> Generator[MoreTime | Remark, None, None]:
        draft.text = text_of_page(page)
        if raw.FPDFPage_GetAnnotCount(page):
            draft.notes = notes_on(self._document, page)
            if holds_files(page):
                self.with_files.append(index)
        elif not draft.text and not raw.FPDFPage_CountObjects(page):
            self.bare.append(draft.locator.label)
        if is_picture(page, draft.text):
            recognised = yield from self.pictures.read(page, draft.locator.label)
            if recognised:
                draft.locator = Locator(draft.locator.label, Unit.PAGE, anchor=draft.locator.anchor, recognised=True)
                draft.text = _joined(draft.text, recognised)

    def _mended(self, drafts: list[_Draft]) -> Iterator[Page]:
        texts = self._running.remove([(draft.locator.label, draft.text) for draft in drafts])
        for text in texts:
            self._hyphens.learn(text)
        for draft, text in zip(drafts, texts, strict=True):
            yield Page(draft.locator, "\n\n".join(filter(None, [self._hyphens.mend(text), *draft.notes])))


def _is_portion(drafts: list[_Draft], began: float) -> bool:
    is_large = len(drafts) >= _MOST_PAGES or sum(len(draft.text) for draft in drafts) >= _MOST_CHARACTERS
    # What is held back is lost when time runs out.
    return is_large or time.monotonic() - began >= _MOST_SECONDS


def _joined(text: str, recognised: str) -> str:
    """Return what was recognised on a page behind those lines of its text that were not."""
    lines = [line for line in text.split("\n") if line.strip() and line.strip() not in recognised]
    return "\n".join([*lines, recognised])
