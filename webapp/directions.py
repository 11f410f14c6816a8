"""Texts of unknown direction beside others: none of them may turn what stands around it (Unicode, UAX 9)."""

from __future__ import annotations

import re

_POP, _POP_ISOLATE = "\u202c", "\u2069"
_ENDS = {**dict.fromkeys("\u202a\u202b\u202d\u202e", _POP), **dict.fromkeys("\u2066\u2067\u2068", _POP_ISOLATE)}
"""What ends each embedding, override and isolate of the Unicode Bidirectional Algorithm (UAX 9)."""
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def contained(text: str) -> str:
    """Return a text that leaves alone the direction of whatever it is put between.

    Every change of direction that it begins is ended, and what would end one outside of it is left out. Pages have
    elements for this; a title, an attribute and the preview on another site have not.
    """
    if not _DIRECTIONS.search(text):
        return text
    kept: list[str] = []
    begun: list[str] = []
    for char in text:
        if char in _ENDS:
            begun.append(_ENDS[char])
        elif char in (_POP, _POP_ISOLATE) and not _end(begun, char):
            continue
        kept.append(char)
    return "".join([*kept, *reversed(begun)])


def _end(begun: list[str], char: str) -> bool:
    """Take from what was begun what this character ends; tell whether that is anything.

    An isolate takes all with it that was begun inside, and what it stands in is not ended from within.
    """
    if char == _POP_ISOLATE and char in begun:
        while begun.pop() != char:
            pass
        return True
    return char == _POP and bool(begun) and begun[-1] == char and begun.pop() == char
