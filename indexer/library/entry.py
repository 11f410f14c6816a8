"""What one page file holds, as it is kept from build to build: its reader need not be loaded to look at it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

READER_VERSION = 5
"""Raised by one whenever the same page becomes another entry than before, or its names lead elsewhere."""


class PageStatus(StrEnum):
    """Whether a page of the library is shown, and if not, why."""

    PUBLISHED = "published"
    DRAFT = "draft"
    NOT_YET = "not yet published"
    EXPIRED = "expired"
    EMPTY = "empty"
    IGNORED = "ignored"
    DUPLICATE = "duplicate id"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class PageReport:
    """One page of the library and whether it is shown; `id` is empty when it was not read.

    What the settings ignore is listed, too, documents as well as pages.
    """

    path: str
    status: PageStatus
    id: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one page file holds.

    `source` is its path relative to the library and `id` its stable name in addresses. Paragraphs of `body` are parted
    by empty lines. `references` are the files the page names, as it names them: those of its front matter first, then
    the links of its text. An `empty` page has nothing to find. `problems` are sentences about what could not be used.
    `unstated` names the fields among title, date, year and language that the page leaves to its files.
    """

    source: str
    id: str
    title: str
    summary: str = ""
    body: str = ""
    date: datetime.date | None = None
    language: str = "en"
    url: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    references: tuple[str, ...] = ()
    draft: bool = False
    publish_from: datetime.date | None = None
    expires: datetime.date | None = None
    empty: bool = False
    problems: tuple[str, ...] = ()
    unstated: tuple[str, ...] = ()

    def status(self, today: datetime.date) -> PageStatus:
        """Return whether the page is shown on that day, and if not, why."""
        if self.empty:
            return PageStatus.EMPTY
        if self.draft:
            return PageStatus.DRAFT
        if self.publish_from and today < self.publish_from:
            return PageStatus.NOT_YET
        return PageStatus.EXPIRED if self.expires and self.expires <= today else PageStatus.PUBLISHED

    def without_texts(self) -> Self:
        """Return the entry without its summary and body, which are only needed when its resource is indexed."""
        return replace(self, summary="", body="")

    def to_json(self) -> dict[str, Any]:
        """Return the entry as plain data."""
        return asdict(self) | {name: _text(getattr(self, name)) for name in _DATES}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the entry that plain data hold; KeyError, TypeError, ValueError or AttributeError for other data."""
        days = {name: datetime.date.fromisoformat(data[name]) if data[name] else None for name in _DATES}
        lists = {name: tuple(data[name]) for name in ("references", "problems", "unstated")}
        facets = {name: tuple(values) for name, values in data["facets"].items()}
        return cls(**data | days | lists | {"facets": facets})


_DATES = ("date", "publish_from", "expires")


def _text(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None
