"""What a resource is about: the words of its title, summary, tags and first passages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from functools import cache

from indexer.index import analysis
from indexer.index.whoosh.records import Record

_PASSAGES = 4
"""How much of a resource is read besides its title, summary and tags: some 2,000 characters tell what it is about."""

_SHORTEST = 3
"""Shorter words are abbreviations or say nothing."""

_PAIRS = "\u1100"
"""Behind this stand texts without spaces, of which a token is two characters."""


def opening(record: Record) -> str:
    """Return the first passages of a resource: of its page, or of its files if the page says little."""
    return " ".join(record.texts(0, min(_PASSAGES, len(record.positions))))


def introduction(record: Record) -> Iterator[tuple[str, str]]:
    """Yield what tells most of what a resource is about, each text with the field that it is weighed as."""
    yield "title", record.resource.title
    yield "summary", record.resource.summary
    for keyword in record.resource.keywords:
        yield "keywords", keyword
    yield "body", opening(record)


def telling_words(text: str, languages: tuple[str, ...]) -> list[str]:
    """Return the words of a text in order but for those that every text holds, numbers and abbreviations."""
    stop_words = analysis.stop_words(languages)
    return [token for token in analysis.tokens(text) if _is_telling(token, stop_words)]


def _is_telling(token: str, stop_words: Container[str]) -> bool:
    return len(token) >= (_SHORTEST if token < _PAIRS else 2) and token not in stop_words and token.isalpha()


class _Telling(dict[str, str]):
    """The terms of words as `telling_words` chooses them; that of a word that tells nothing is empty.

    A library repeats its vocabulary, so that most words are known already.
    """

    _LIMIT = 50_000

    def __init__(self, languages: tuple[str, ...], language: str) -> None:
        super().__init__()
        self._stop_words = analysis.stop_words(languages)
        self._language = language

    def __missing__(self, word: str) -> str:
        if len(self) >= self._LIMIT:
            self.clear()
        (term,) = analysis.terms_of([word], self._language) if _is_telling(word, self._stop_words) else [""]
        self[word] = term
        return term


_telling = cache(_Telling)


def telling_terms(text: str, languages: tuple[str, ...], language: str) -> Counter[str]:
    """Return the terms of the words of a text that `telling_words` chooses, and how often each stands there.

    `languages` are those of the library, `language` is that of the text.
    """
    counts = Counter(map(_telling(languages, language).__getitem__, analysis.tokens(text)))
    counts.pop("", None)
    return counts
