"""The language of a text, told from its letters, where nobody states it or what is stated is not true.

A naive Bayes classifier over stretches of bytes: Lui and Baldwin, langid.py: An Off-the-shelf Language Identification
Tool (2012). It knows 139 languages, so that a text in one that is not ours is not taken for its neighbour.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from indexer.index.languages import LANGUAGES
from indexer.index.schema import Extraction

_ENOUGH = 60
"""Bytes of letters: of 8,000 English texts of 50 letters none was taken for another language."""

_CERTAIN = 0.95
"""How sure it has to be, once the languages of the library are given their due."""

_USUAL = 10.0
"""How much likelier a text is to be in one of the library's languages than in any other."""

_VARIETIES = {"ary": "ar", "arz": "ar", "nn": "no", "wuu": "zh", "yue": "zh"}
"""What the classifier tells apart and we do not: Moroccan and Egyptian Arabic, Nynorsk, Wu and Cantonese."""

_STRETCH = 500
_STRETCHES = 3
"""Characters that are looked at in a row, and how often: the middle of a text is more of it than its first page."""

_loading = threading.Lock()
_loaded: list[Any] = []


def language_of(texts: Iterable[str], usual: Collection[str]) -> str:
    """Return the ISO 639-1 code of the language of a text given in pieces; empty when that is not certain.

    `usual` are the languages of the library, which are the likelier ones.
    """
    sample = _sample("\n".join(texts))
    if len("".join(filter(str.isalpha, sample)).encode("utf-8", "replace")) < _ENOUGH:
        return ""
    chances: Counter[str] = Counter()
    for code, chance in _identifier().rank(sample):
        language = _VARIETIES.get(code, code)
        chances[language] += chance * (_USUAL if language in usual else 1)
    best = max(chances, key=chances.__getitem__)
    return best if best in LANGUAGES and chances[best] >= _CERTAIN * sum(chances.values()) else ""


def language_of_file(extraction: Extraction, usual: Collection[str]) -> str:
    """Return the language of a file: that of its text, else the one it states, if either is known.

    Programs state the language that they were installed in, so the text is believed if it is certain. A language that
    cannot be told from a text is stated by somebody who knows.
    """
    stated = extraction.metadata.language
    if stated and stated not in LANGUAGES:
        return stated
    return language_of((page.text for page in extraction.pages), usual) or stated


def _sample(text: str) -> str:
    """Return a text if it is short, else stretches of it that lie as far from each other as from its ends."""
    if len(text) <= _STRETCH * _STRETCHES:
        return text
    between = (len(text) - _STRETCH * _STRETCHES) // (_STRETCHES + 1)
    begins = [between + number * (between + _STRETCH) for number in range(_STRETCHES)]
    return " ".join(text[begin : begin + _STRETCH] for begin in begins)


def _identifier() -> Any:  # noqa: ANN401  # the package ships no types
    """Return the classifier. It takes some tenths of a second and 100 MB to load, so it is when it is first needed."""
    with _loading:
        if not _loaded:
            from py3langid.langid import MODEL_FILE, LanguageIdentifier

            _loaded.append(LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True))
        return _loaded[0]
