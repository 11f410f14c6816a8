"""What the Snowball stemmers lack for words without accents, put right between folding and stemming.

People type without accents, so words are folded first; but some endings are only known by their accents.
"""

from __future__ import annotations

import re

_FRENCH_PARTICIPLE = re.compile(r"(?<=..[^aeiou])ees?\Z")
_ARABIC_AND_THE = re.compile(r"\A[وف](?=ال..)")


def french(word: str) -> str:
    """Return a word without the ending of a feminine participle: "protegees" -> "protege", as "protégé" is folded."""
    return _FRENCH_PARTICIPLE.sub("e", word) if "ee" in word else word


def portuguese(word: str) -> str:
    """Return a word in the singular, and with the cedilla that the stemmer knows: "contratacoes" -> "contratação"."""
    if word.endswith("oes"):
        word = f"{word[:-3]}ao"
    elif word.endswith("veis"):
        word = f"{word[:-2]}l"
    return f"{word[:-3]}ção" if word.endswith("cao") else word


def arabic(word: str) -> str:
    """Return a word without the "and" in front of its article, as light stemmers do (Larkey and others 2007)."""
    return _ARABIC_AND_THE.sub("", word)
