"""Text as it is kept: one Unicode form, no invisible characters, paragraphs parted by one empty line."""

from __future__ import annotations

import re
import unicodedata

_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Controls, soft hyphens, word joiners, byte order marks, and what neither JSON nor SQLite can hold (surrogates and
# non-characters).
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u2060\ufeff\ud800-\udfff\ufffe\uffff]")
# Each run of blanks is matched as a whole, so that no text, however made, costs more than one pass.
_BLANKS = re.compile("[ \t\u00a0]{2,}")
_AROUND_BREAK = re.compile("[ \t\u00a0]?\n[ \t\u00a0]?")
_EMPTY_LINES = re.compile("\n{3,}")
_MAX_LABEL = 200


def clean(text: str) -> str:
    """Return the text in Unicode's form NFC, without characters that no reader sees and with at most one empty line.

    A run of blanks becomes one: a tab, which parts the cells of tables, if there is one in it.
    """
    text = _INVISIBLE.sub("", _BREAKS.sub("\n", text))
    text = _BLANKS.sub(lambda run: "\t" if "\t" in run[0] else " ", text)
    text = _EMPTY_LINES.sub("\n\n", _AROUND_BREAK.sub("\n", text))
    return unicodedata.normalize("NFC", text).strip()


def clean_line(text: str) -> str:
    """Return the text as one line of at most 200 characters, as the name of a page has to be."""
    return " ".join(clean(text).split())[:_MAX_LABEL]
