"""A resource as strings, and the strings as a resource: one for all that is known of it, one for each page's locator.

The locators are apart because a book has a thousand pages and a result shows four of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, overload

from indexer.index.schema import Attachment, FileMetadata, Locator, Resource, Status, Unit
from indexer.index.whoosh.blocks import Strings

# One of each for all: what json.loads and json.dumps do around them takes longer than they do with these strings.
_decoded = json.JSONDecoder().raw_decode
_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_NOTHING: list[Any] = ["", Unit.PART, "", "", False]


class Locators(Sequence[Locator]):
    """The locators of a file's pages, each decoded when it is asked for; equal to a tuple of the same ones.

    Their strings are `count` of `strings`, from number `first` on.
    """

    __slots__ = ("_count", "_first", "_strings")

    def __init__(self, strings: Strings, first: int, count: int) -> None:
        self._strings = strings
        self._first = first
        self._count = count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Locator: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Locator, ...]: ...
    def __getitem__(self, index: int | slice) -> Locator | tuple[Locator, ...]:
        if isinstance(index, slice):
            return tuple(self[number] for number in range(*index.indices(self._count)))
        return _locator(self._strings[self._first + range(self._count)[index]])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, tuple | Locators):
            return NotImplemented
        return tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


def head_of(resource: Resource) -> str:
    """Return all of a resource but its locators as one string."""
    return _encoded(
        [
            resource.id,
            resource.title,
            resource.summary,
            _number(resource.date),
            resource.language,
            resource.url,
            resource.source,
            {name: list(values) for name, values in resource.facets.items()},
            [_attachment_row(attachment) for attachment in resource.attachments],
        ]
    )


def locator_strings(resource: Resource) -> Iterator[str]:
    """Yield the locators of all attachments of a resource, one string each."""
    for attachment in resource.attachments:
        for locator in attachment.locators:
            # Most pages have no more than a number: what a locator does not tell is left out from behind.
            row: list[Any] = [locator.label, locator.unit, locator.anchor, locator.within, locator.recognised]
            while row and not row[-1]:
                row.pop()
            yield _encoded(row)


def resource_of(head: str, strings: Strings, first: int) -> Resource:
    """Return a resource from its head; the strings of its locators are those from number `first` on.

    Raises ValueError, TypeError or AttributeError for what `head_of` did not write.
    """
    identifier, title, summary, day, language, url, source, facets, rows = _decoded(head)[0]
    attachments = []
    for *columns, pages in rows:
        attachments.append(_attachment(columns, Locators(strings, first, pages)))
        first += pages
    values = {name: tuple(values) for name, values in facets.items()}
    return Resource(identifier, title, summary, _date(day), language, url, source, values, tuple(attachments))


def _attachment_row(attachment: Attachment) -> list[Any]:
    told = attachment.metadata
    return [
        attachment.name,
        attachment.path,
        attachment.format,
        attachment.size,
        attachment.status,
        attachment.reason,
        [told.title, told.author, told.language, _number(told.date), told.pages],
        len(attachment.locators),
    ]


def _attachment(columns: list[Any], locators: Locators) -> Attachment:
    name, path, kind, size, status, reason, (title, author, language, day, pages) = columns
    told = FileMetadata(title, author, language, _date(day), pages)
    return Attachment(name, path, kind, size, locators, Status(status), reason, told)


def _locator(string: str) -> Locator:
    row = _decoded(string)[0]
    label, unit, anchor, within, recognised = row + _NOTHING[len(row) :]
    return Locator(label, Unit(unit), within, anchor, recognised)


def _number(day: date | None) -> int:
    return day.toordinal() if day else 0


def _date(number: int) -> date | None:
    return date.fromordinal(number) if number else None
