"""The index as it describes itself to visitors: how old it is, what it holds, and how much could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from indexer.index.engine import Engine, SearchRequest, ValuesRequest
from indexer.index.ledger import FileReport
from indexer.index.manifest import Manifest
from indexer.index.schema import Status
from indexer.index.values import ALWAYS_INDEXED
from webapp.addresses import value_url
from webapp.facets import facet_info
from webapp.interface import _, ago
from webapp.labels import facet_label, value_label
from webapp.statuses import STATUS_WORDS

MOST_VALUES = 100
"""How many languages, or formats, are listed: more than any library has of either."""


@dataclass(frozen=True, slots=True)
class Share:
    """A language or a format, how many resources have it, and the search for them."""

    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Shares:
    """The languages of the library, or its formats, the most frequent first."""

    name: str
    label: str
    values: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """How many files were read so far and no further, and what that means to those who look for something in them."""

    name: str
    count: int
    meaning: str


@dataclass(frozen=True, slots=True)
class AboutPage:
    """What the page about the index shows; `age` is in words, `readings` are empty where no ledger is at hand."""

    manifest: Manifest
    age: str
    shares: tuple[Shares, ...]
    readings: tuple[Reading, ...]


def about(engine: Engine, reports: Iterable[FileReport], now: datetime) -> AboutPage:
    """Return what an index says of itself to visitors, at a time."""
    manifest = engine.manifest
    shares = (_shares(engine, name) for name in ALWAYS_INDEXED)
    return AboutPage(
        manifest, ago(manifest.built_at, now), tuple(each for each in shares if each.values), _readings(reports)
    )


def _shares(engine: Engine, name: str) -> Shares:
    info = facet_info(engine, name)
    found = engine.values(SearchRequest(limit=0), ValuesRequest(name, limit=MOST_VALUES))
    return Shares(
        name,
        facet_label(info) if info else name,
        tuple(Share(value_label(name, each.value), each.count, value_url(name, each.value)) for each in found.counts),
    )


def _readings(reports: Iterable[FileReport]) -> tuple[Reading, ...]:
    """Count files by how their reading ended; those that no page names are no part of what visitors search."""
    counts = Counter(report.status for report in reports)
    return tuple(
        Reading(_(words.name), counts[status], _(words.notice or words.meaning))
        for status, words in STATUS_WORDS.items()
        if counts[status] and status is not Status.UNATTACHED
    )
