"""What a resource is about: the words of its title, summary, tags and first passages, and how rare they are."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.index import analysis
from indexer.index.whoosh.arrays import IndexArrays
from indexer.index.whoosh.records import Record
from indexer.index.whoosh.scoring import inverse_document_frequency

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
    return [
        token
        for token in analysis.tokens(text)
        if len(token) >= (_SHORTEST if token < _PAIRS else 2) and token not in stop_words and token.isalpha()
    ]


def postings_of(arrays: IndexArrays, term: bytes) -> int:
    """Return in how many text fields of all resources a term stands."""
    return arrays.living(segment.postings(term) for segment in arrays.segments)


def rarity(arrays: IndexArrays, postings: int) -> float:
    """Return how rare a term is; one that stands in two fields of a resource counts twice, which is near enough."""
    return inverse_document_frequency(arrays.live_count, min(postings, arrays.live_count))
