"""Texts that put no spaces between words, Chinese, Japanese and Korean, as overlapping pairs of characters.

Every character is one token: in "日本語", that of 日 is 日本, that of 本 is 本語, and that of the last, 語, is it
alone. So positions count characters, and whatever stands in a text is found as the pairs it is made of. A character
alone, in a query, stands for all tokens that begin with it. Pairs find as well as words do and need no dictionary: Nie,
Gao, Zhang and Zhou, On the Use of Words and N-grams for Chinese Information Retrieval (2000).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

# Han, Kana (of half width, too), Bopomofo and Hangul: syllables, letters, and letters yet to be put together.
CHARACTERS = (
    "\u1100-\u11ff\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3041-\u3096\u309d-\u309f\u30a1-\u30fa"
    "\u30fc-\u30ff\u3105-\u312f\u3131-\u318e\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c"
    "\uac00-\ud7a3\ud7b0-\ud7fb\uf900-\ufaff\uff66-\uff9f\uffa1-\uffdc\U0001b000-\U0001b16f\U00020000-\U000323af"
)
"""The characters, as a part of a set in a regular expression."""

# What belongs to the character before it: vowels and ends of syllables, voicing marks, signs that choose a glyph.
_FOLLOWING = "\u1160-\u11ff\ud7b0-\ud7fb\u3099\u309a\uff9e\uff9f\ufe00-\ufe0f\U000e0100-\U000e01ef"

CHARACTER = rf"[{CHARACTERS}][{_FOLLOWING}]*"
"""One character with all that belongs to it, as a regular expression."""

RUN = rf"{CHARACTER}(?:\n?{CHARACTER})*"
"""Characters that follow each other, as a regular expression: the end of a printed line parts none of them."""

_CHARACTER = re.compile(CHARACTER)

# The bytes that UTF-8 can begin none of the characters with, so that a text without one is told at once.
_OTHER_BYTES = bytes(set(range(256)) - {0xE1, *range(0xE3, 0xEE), 0xEF, 0xF0})


def may_hold_characters(data: bytes) -> bool:
    """Tell whether a text in UTF-8 may hold one of the characters; a few others look alike."""
    return bool(data.translate(None, _OTHER_BYTES))


def pairs(run: str) -> list[str]:
    """Return the tokens of a run, one for each character: it and the next, and the last alone."""
    characters = _CHARACTER.findall(run)
    return [first + second for first, second in zip(characters, [*characters[1:], ""], strict=True)]


def is_character(word: str) -> bool:
    """Tell whether a word of a query is one character, which stands for all tokens that begin with it."""
    return word > "\u1100" and _CHARACTER.fullmatch(word) is not None


def telling(words: Sequence[str]) -> list[int]:
    """Return the places of those words of a phrase that say more than the words before them.

    Behind the pair 本語 there is a token that begins with 語, always. To look for it would cost the most: it stands for
    all tokens that begin so.
    """
    return [place for place, word in enumerate(words) if not place or not _is_implied(words[place - 1], word)]


def together(words: Sequence[str]) -> str:
    """Return the words of a phrase as they were typed: parted by spaces, characters by none."""
    parts = [*words[:1]]
    for before, word in pairwise(words):
        begins = _CHARACTER.match(word)
        if begins and len(before) > len(begins[0]) and before.endswith(begins[0]):
            parts.append(word[begins.end() :])
        else:
            parts.append(f" {word}")
    return "".join(parts)


def _is_implied(before: str, word: str) -> bool:
    return len(before) > len(word) and before.endswith(word) and is_character(word)
