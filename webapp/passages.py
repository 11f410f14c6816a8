"""What stands behind "#" so that a browser opens a file at the words that matched, and highlights them where it can."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from indexer.index.engine import Excerpt

GAP = "…"
"""Stands in an excerpt where text is left out."""

CONTEXT_WORDS = 4
"""How many words on either side tell a passage from others with the same words."""

LONGEST_CONTEXT = 80
"""In characters. Where words are not parted by spaces, context would run on without end."""

MOST_WORDS = 8
"""How many words are looked for in a PDF."""


@dataclass(frozen=True, slots=True)
class _Passage:
    """The first words of an excerpt that match, and what stands directly before and behind them."""

    before: str
    match: str
    after: str


def text_directive(excerpt: Excerpt) -> str:
    """Return the text directive that leads to the first match of an excerpt; empty if there is none.

    See https://wicg.github.io/scroll-to-text-fragment/. The words around it come first, so that the passage is found
    that is shown; where they stand otherwise in the file, the words alone follow.
    """
    passage = _first_match(excerpt)
    if not passage.match:
        return ""
    alone = _escaped(passage.match)
    before = f"{_escaped(passage.before)}-," if passage.before else ""
    after = f",-{_escaped(passage.after)}" if passage.after else ""
    directives = dict.fromkeys((f"text={before}{alone}{after}", f"text={alone}"))
    return f":~:{'&'.join(directives)}"


def pdf_search(excerpt: Excerpt) -> str:
    """Return the open parameter that highlights the words of an excerpt in a PDF; empty if none match.

    See Adobe's "PDF Open Parameters"; the viewer of Firefox knows it as well, and others pass it over.
    """
    words = dict.fromkeys(
        word.strip('"').casefold() for text, is_match in excerpt if is_match for word in text.split() if word.strip('"')
    )
    return f"search={quote(' '.join(list(words)[:MOST_WORDS]), safe='')}" if words else ""


def _first_match(excerpt: Excerpt) -> _Passage:
    segments = _joined(excerpt)
    place = next((number for number, (_, is_match) in enumerate(segments) if is_match), None)
    if place is None:
        return _Passage("", "", "")
    before = "".join(text for text, _ in segments[:place]).rpartition(GAP)[2]
    after = "".join(text for text, _ in segments[place + 1 :]).partition(GAP)[0]
    return _Passage(
        _context(_last_words(before)),
        " ".join(segments[place][0].split()),
        _context(" ".join(after.split()[:CONTEXT_WORDS]) if _begins_apart(after) else ""),
    )


def _joined(excerpt: Excerpt) -> list[tuple[str, bool]]:
    """Return the segments with matches that only a space parts as one."""
    found = [(text, is_match) for text, is_match in excerpt if text]
    bridged = [
        is_match or (not text.strip() and 0 < number < len(found) - 1 and found[number - 1][1] and found[number + 1][1])
        for number, (text, is_match) in enumerate(found)
    ]
    runs = groupby(zip(found, bridged, strict=True), key=lambda each: each[1])
    return [("".join(text for (text, _), _ in run), is_match) for is_match, run in runs]


def _last_words(text: str) -> str:
    # A directive finds whole words: what the match is joined to by a hyphen or the like is no context of its own.
    return " ".join(text.split()[-CONTEXT_WORDS:]) if text[-1:].isspace() else ""


def _begins_apart(text: str) -> bool:
    return text[:1].isspace()


def _context(text: str) -> str:
    return text if len(text) <= LONGEST_CONTEXT else ""


def _escaped(text: str) -> str:
    # Hyphens, commas and ampersands are the syntax of a directive.
    return quote(text, safe="").replace("-", "%2D")
