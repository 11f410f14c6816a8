"""A long text by its headings: paragraphs in, one page for each section out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from indexer.index.schema import Locator, Page, Unit

_LONG = 4_000
"""Characters from which on a reader is glad to be told the section."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a heading when `level` is 1 (the highest) or more; `anchor` leads to it, percent-encoded."""

    text: str
    level: int = 0
    anchor: str = ""


def sections(blocks: Iterable[Block]) -> Iterator[Page]:
    """Yield the sections of a text, each called after its heading; a short text, or one without headings, is one part.

    A heading without text of its own stands with the section that follows it.
    """
    kept = [block for block in blocks if block.text.strip()]
    is_long = sum(len(block.text) for block in kept) >= _LONG
    if not is_long or not any(block.level for block in kept):
        yield Page(Locator(), "\n\n".join(block.text for block in kept))
        return
    section: list[Block] = []
    for block in kept:
        if block.level and any(not other.level for other in section):
            yield _page(section)
            section = []
        section.append(block)
    if section:
        yield _page(section)


def _page(section: list[Block]) -> Page:
    """Make a page of a section: its last heading names it, the first that can be linked to leads there."""
    headings = [block for block in section if block.level]
    label = " ".join(headings[-1].text.split()) if headings else ""
    anchor = next((block.anchor for block in headings if block.anchor), "")
    return Page(Locator(label, Unit.SECTION, anchor=anchor), "\n\n".join(block.text for block in section))
