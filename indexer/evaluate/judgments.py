"""What was judged: queries with the grades of documents, and what is to be known of how complete that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A query as it is typed, and the grades of the documents that somebody judged for it, by their ids.

    A grade above 0 says that the document is relevant, and how much.
    """

    id: str
    text: str
    grades: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Judgments:
    """The queries that can be measured, each with at least one relevant document, in the order of their file.

    `remarks` are sentences about what was left out or looks wrong.
    """

    queries: tuple[JudgedQuery, ...]
    remarks: tuple[str, ...] = ()
