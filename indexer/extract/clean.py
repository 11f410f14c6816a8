"""Text as it is kept: the clean text of the whole program, without blanks that say nothing, and labels of one line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from indexer import encoding

# Each run of blanks is matched as a whole, so that no text, however made, costs more than one pass.
_BLANKS = re.compile("[ \t\u00a0]{2,}")
_AROUND_BREAK = re.compile("[ \t\u00a0]?\n[ \t\u00a0]?")
_EMPTY_LINES = re.compile("\n{3,}")
_MAX_LABEL = 200
_BLOCK = 1 << 20
"""Characters that are cleaned at a time: to replace much in a text takes many times its memory."""
_BEGINNING = re.compile("(?<=[ \t\n])[^\\s\x00-\x1f\x7f-\x9f\xad\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
"""Where a text may be parted without changing what becomes of it: at what is kept, behind a blank."""
# Letters in the shape in which they are set: "ﬁ" for "fi", an Arabic letter as it looks within a word.
_SHAPES = re.compile("[\ufb00-\ufdff\ufe70-\ufefc]")


def clean(text: str) -> str:
    """Return the cleaned text with at most one empty line between two others, and with no blanks around lines.

    A run of blanks becomes one: a tab, which parts the cells of tables, if there is one in it. Ligatures and letters
    in the shape of their place in a word become plain letters.
    """
    return "".join(map(_cleaned, _blocks(text))).strip()


def clean_line(text: str) -> str:
    """Return the text as one line of at most 200 characters, as the name of a page has to be."""
    return encoding.one_line(_SHAPES.sub(_letters, text))[:_MAX_LABEL]


def _blocks(text: str) -> Iterator[str]:
    start = 0
    while len(text) - start > _BLOCK:
        end = start + _BLOCK
        found = _BEGINNING.search(text, end, end + _BLOCK)
        end = found.start() if found else end
        yield text[start:end]
        start = end
    yield text[start:]


def _cleaned(text: str) -> str:
    text = encoding.clean(_SHAPES.sub(_letters, text))
    text = _BLANKS.sub(lambda run: "\t" if "\t" in run[0] else " ", text)
    return _EMPTY_LINES.sub("\n\n", _AROUND_BREAK.sub("\n", text))


def _letters(shape: re.Match[str]) -> str:
    # Vowel signs that stand alone are shown above a blank, which would part the word that they belong to.
    return unicodedata.normalize("NFKC", shape[0]).removeprefix(" ")
