"""What the head of a page tells programs about it: its one address, its title and description, and what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from webapp.addresses import page_url, resource_path
from webapp.current import Site
from webapp.directions import contained
from webapp.interface import LANGUAGES
from webapp.labels import TAG_FACETS
from webapp.resource_page import ResourcePage
from webapp.structured_data import creative_work, website

LONGEST_DESCRIPTION = 300
"""In characters: more than search engines and previews show. The page itself has the whole text."""


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same page in a language of the interface, or in that of whoever opens it ("x-default"), and its address."""

    language: str
    address: str


@dataclass(frozen=True, slots=True)
class HeadMetadata:
    """The metadata of one page.

    `address` is its canonical address, absolute wherever the site knows its origin. `kind` is a type of the Open Graph
    protocol. `structured` is what schema.org has to say of the page, as JSON-LD; None for pages that are no thing.
    `alternates` are the same page in other languages; none where only what is around its text would be another.
    """

    address: str
    title: str
    description: str = ""
    kind: str = "website"
    published: date | None = None
    tags: tuple[str, ...] = ()
    structured: Mapping[str, object] | None = None
    alternates: tuple[Alternate, ...] = ()


def page_metadata(title: str, address: str, origin: str) -> HeadMetadata:
    """Return the metadata of a page that only leads to others; `address` is that in the language of the interface."""
    return HeadMetadata(f"{origin}{address}", contained(title))


def manual_metadata(title: str, path: str, origin: str) -> HeadMetadata:
    """Return the metadata of a page that says the same in every language, each at an address of its own."""
    return HeadMetadata(f"{origin}{page_url(path)}", contained(title), alternates=_alternates(path, origin))


def _alternates(path: str, origin: str) -> tuple[Alternate, ...]:
    """Return a page in every language; "x-default" is what browsers get that ask for none of them."""
    each = (Alternate(language, f"{origin}/{language}{path}") for language in LANGUAGES)
    return (*each, Alternate("x-default", f"{origin}{path}"))


def home_metadata(site: Site, origin: str) -> HeadMetadata:
    """Return the metadata of the first page, which stands for the whole library."""
    return HeadMetadata(
        address=f"{origin}{page_url('/')}",
        title=contained(site.title),
        description=description(site.description),
        alternates=_alternates("/", origin),
        structured=website(site.title, site.description, site.language, origin),
    )


def resource_metadata(page: ResourcePage, site: Site, origin: str) -> HeadMetadata:
    """Return the metadata of the page of a resource; one without a summary is described by its first paragraph."""
    resource = page.resource
    tags = [link.label for facet in page.facets if facet.name in TAG_FACETS for link in facet.values]
    return HeadMetadata(
        address=f"{origin}{resource_path(resource.id)}",
        title=contained(resource.title),
        description=description(resource.summary or next(iter(page.paragraphs), "")),
        kind="article",
        published=resource.date,
        tags=tuple(map(contained, tags)),
        structured=creative_work(page, site.title, origin),
    )


def description(text: str) -> str:
    """Return a text as one line, cut between words where it is long."""
    line = " ".join(text.split())
    if len(line) > LONGEST_DESCRIPTION:
        start = line[:LONGEST_DESCRIPTION]
        line = f"{start.rpartition(' ')[0] or start[:-1]}…"
    return contained(line)
