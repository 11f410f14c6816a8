"""One resource as its page shows it, without the web: its files with what they say of themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from indexer.index.engine import Engine
from indexer.index.schema import Attachment, Resource, Status
from webapp import labels
from webapp.addresses import download_url, file_url, resource_url, web_address
from webapp.facets import FacetValues, value_links
from webapp.media import is_shown, media_type
from webapp.statuses import notice

ALIKE = 4
"""How many resources like it the page of a resource names."""

NO_FILE = frozenset({Status.MISSING, Status.REFUSED})
"""How the reading of a file ends that cannot be handed out either."""


@dataclass(frozen=True, slots=True)
class FileLine:
    """An attachment as its resource's page shows it.

    `facts` are its format, length and size. `title`, `author`, `date` and `language` are what the file says of itself
    where that differs from its resource, and empty or None elsewhere. `notice` tells visitors what of it cannot be
    searched, or not be trusted; `is_whole` that nothing is missing. `url` is empty when browsers cannot show the file,
    `download_url` when there is none to be had.
    """

    name: str
    facts: tuple[str, ...]
    title: str
    author: str
    date: date | None
    language: str
    notice: str
    is_whole: bool
    url: str
    download_url: str


@dataclass(frozen=True, slots=True)
class AlikeLink:
    """A resource like the one that is shown; `note` tells its kind and year, as far as they are known."""

    title: str
    url: str
    language: str
    note: str


@dataclass(frozen=True, slots=True)
class ResourcePage:
    """A resource as its page shows it; `url` is its http address outside the library, or empty."""

    resource: Resource
    url: str
    facets: tuple[FacetValues, ...]
    files: tuple[FileLine, ...]
    paragraphs: tuple[str, ...]
    similar: tuple[AlikeLink, ...]


def resource_page(engine: Engine, resource: Resource) -> ResourcePage:
    """Return everything that the page of a resource shows."""
    return ResourcePage(
        resource=resource,
        url=web_address(resource.url),
        facets=value_links(engine, resource.facets),
        files=tuple(_file_line(resource, attachment) for attachment in resource.attachments),
        paragraphs=tuple(text for text in (part.strip() for part in engine.body(resource.id).split("\n\n")) if text),
        similar=tuple(_alike_link(hit.resource) for hit in engine.similar(resource.id, ALIKE)),
    )


def _alike_link(resource: Resource) -> AlikeLink:
    kinds = [value for name, values in resource.facets.items() if name in labels.TYPE_FACETS for value in values]
    year = [str(resource.date.year)] if resource.date else []
    return AlikeLink(resource.title, resource_url(resource.id), resource.language, " · ".join(kinds[:1] + year))


def _file_line(resource: Resource, attachment: Attachment) -> FileLine:
    there = attachment.status not in NO_FILE
    told = attachment.metadata
    facts = (
        labels.format_name(attachment.format),
        labels.length(attachment),
        labels.size(attachment.size) if there else "",
    )
    names = (resource.title, attachment.name, PurePosixPath(attachment.name).stem)
    known = [value for values in resource.facets.values() for value in values]
    is_readable = there and is_shown(media_type(attachment.path))
    return FileLine(
        name=attachment.name,
        facts=tuple(filter(None, facts)),
        title=_unless_among(told.title, names),
        author=_unless_among(told.author, known),
        date=told.date if told.date != resource.date else None,
        language=_unless_among(told.language, (resource.language,)),
        notice=notice(attachment.status),
        is_whole=attachment.status in (Status.OK, Status.OCR),
        url=file_url(resource.id, attachment.name) if is_readable else "",
        download_url=download_url(resource.id, attachment.name) if there else "",
    )


def _unless_among(text: str, known: Iterable[str]) -> str:
    """Return the text, or nothing when it only repeats, but for case and spaces, what is known already."""
    return "" if _plain(text) in map(_plain, known) else text


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
