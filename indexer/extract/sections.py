"""A long text by its headings: paragraphs in, one page for each section out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from indexer.index.schema import Locator, Page, Unit

LONG = 4_000
"""Characters from which on a reader is glad to be told the section."""
LONGEST_HEADING = 300
"""Characters of a heading; what is longer is a paragraph in large type."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a heading when `level` is 1 (the highest) or more; `anchor` leads to it, percent-encoded.

    `notes` are texts that belong to it and are no part of it, such as its footnotes: they stand at the end of its
    section.
    """

    text: str
    level: int = 0
    anchor: str = ""
    notes: tuple[str, ...] = ()

    @property
    def is_heading(self) -> bool:
        """Tell whether a section can be called after this block."""
        return bool(self.level) and bool(self.text.strip()) and len(self.text) <= LONGEST_HEADING


@dataclass(frozen=True, slots=True)
class Appendix:
    """Texts that stand beside a text and not in it, such as running headers, and what a section of them is called."""

    label: str = ""
    texts: tuple[str, ...] = ()


NO_APPENDIX = Appendix()
"""What a text has that is all there is."""


def sections(blocks: Iterable[Block], appendix: Appendix = NO_APPENDIX) -> Iterator[Page]:
    """Yield the sections of a text, each called after its heading; a short text, or one without headings, is one part.

    A heading without text of its own stands with the section that follows it. Sections are yielded as soon as they are
    known. The appendix comes last: a section of its own where there are others, and the end of the one part otherwise.
    """
    stream = (block for block in blocks if block.text.strip() or block.notes)
    opening, is_cut = _opening(stream)
    if not is_cut:
        yield Page(Locator(), _text(opening, appendix.texts))
        return
    section: list[Block] = []
    has_text = False
    for block in chain(opening, stream):
        if block.is_heading and has_text:
            yield _page(section)
            section, has_text = [], False
        section.append(block)
        has_text = has_text or not block.is_heading
    yield _page(section)
    if appendix.texts:
        yield Page(Locator(appendix.label, Unit.SECTION), _text([], appendix.texts))


def _opening(stream: Iterator[Block]) -> tuple[list[Block], bool]:
    """Take blocks until the text is known to be long and to have a heading, and tell whether it is both."""
    opening: list[Block] = []
    length, has_heading = 0, False
    for block in stream:
        opening.append(block)
        length += len(block.text)
        has_heading = has_heading or block.is_heading
        if has_heading and length >= LONG:
            return opening, True
    return opening, False


def _page(section: list[Block]) -> Page:
    """Make a page of a section: its last heading names it, the first that can be linked to leads there."""
    headings = [block for block in section if block.is_heading]
    label = " ".join(headings[-1].text.split()) if headings else ""
    anchor = next((block.anchor for block in headings if block.anchor), "")
    return Page(Locator(label, Unit.SECTION, anchor=anchor), _text(section, ()))


def _text(section: list[Block], beside: tuple[str, ...]) -> str:
    texts = (block.text for block in section if block.text.strip())
    notes = chain.from_iterable(block.notes for block in section)
    return "\n\n".join(chain(texts, notes, beside))
