"""What pages are in the vocabulary of schema.org, as JSON-LD: the library a web site, a resource a creative work."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from indexer.index.schema import Attachment, Resource
from webapp.addresses import file_url, resource_path
from webapp.interface import SOURCE, speaking
from webapp.labels import TAG_FACETS, TYPE_FACETS, size
from webapp.media import media_type
from webapp.resource_page import NO_FILE, ResourcePage

CONTEXT = "https://schema.org"

PUBLISHER_FACETS = frozenset({"publisher", "publishers", "organisation", "organisations", "organization", "source"})
AUTHOR_FACETS = frozenset({"author", "authors", "creator", "creators"})

ANYTHING = "CreativeWork"
"""What every resource is."""

_WORDS = {
    "Article": "article articles artículo artículos",
    "BlogPosting": "blog blogs",
    "Book": "book books livre livres libro libros",
    "Course": "course courses",
    "Dataset": "dataset datasets",
    "LearningResource": "training toolkit toolkits tutorial tutorials formation formación",
    "Legislation": "legislation",
    "NewsArticle": "news actualités noticias",
    "Report": "report reports study studies rapport rapports étude études informe informes estudio estudios",
    "ScholarlyArticle": "paper papers",
    "Thesis": "thesis theses",
}
"""The words that libraries call types of resources by, in the languages of the interface that are told by them."""
_TYPES = {word: kind for kind, words in _WORDS.items() for word in words.split()}

Thing = dict[str, object]
"""A thing of schema.org: its properties by name, without those that nothing is known of."""


def website(title: str, description: str, language: str, origin: str) -> Thing:
    """Return the library as a web site that can be searched."""
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": f"{origin}/search?q={{search_term_string}}"},
        "query-input": "required name=search_term_string",
    }
    about: Thing = {
        "@context": CONTEXT,
        **_site(title, origin),
        "description": description,
        "inLanguage": language,
        "potentialAction": search,
    }
    return _known(about)


def creative_work(page: ResourcePage, site_title: str, origin: str) -> Thing:
    """Return a resource with what its page says of it and the files that can be had."""
    resource = page.resource
    address = f"{origin}{resource_path(resource.id)}"
    kinds = types_of(_values(page, TYPE_FACETS))
    about: Thing = {
        "@context": CONTEXT,
        "@type": kinds[0] if len(kinds) == 1 else kinds,
        "@id": address,
        "url": address,
        "name": resource.title,
        "abstract": resource.summary,
        "datePublished": resource.date.isoformat() if resource.date else "",
        "inLanguage": resource.language,
        "publisher": [{"@type": "Organization", "name": name} for name in _values(page, PUBLISHER_FACETS)],
        # As text: whether an author is a person or an office, no page says.
        "author": list(_values(page, AUTHOR_FACETS)),
        "keywords": list(_values(page, TAG_FACETS)),
        "sameAs": page.url,
        "isPartOf": _site(site_title, origin),
        "encoding": [_file(resource, each, origin) for each in resource.attachments if each.status not in NO_FILE],
    }
    return _known(about)


def types_of(names: Iterable[str]) -> list[str]:
    """Return the types of schema.org that a library's own names for types mean; the most general if none is known."""
    words = (word for name in names for word in re.findall(r"\w+", name.casefold()))
    return list(dict.fromkeys(_TYPES[word] for word in words if word in _TYPES)) or [ANYTHING]


def _site(title: str, origin: str) -> Thing:
    return {"@type": "WebSite", "name": title, "url": f"{origin}/"}


def _file(resource: Resource, attachment: Attachment, origin: str) -> Thing:
    about: Thing = {
        "@type": "MediaObject",
        "name": attachment.name,
        "contentUrl": f"{origin}{file_url(resource.id, attachment.name)}",
        "encodingFormat": media_type(attachment.path),
        "contentSize": _size(attachment),
        "inLanguage": resource.language_of(attachment),
    }
    return _known(about)


def _size(attachment: Attachment) -> str:
    """Return a size as programs know it, whatever the language of the page."""
    with speaking(SOURCE):
        return size(attachment.size)


def _values(page: ResourcePage, names: frozenset[str]) -> Iterator[str]:
    return (link.label for facet in page.facets if facet.name in names for link in facet.values)


def _known(about: Mapping[str, object]) -> Thing:
    return {name: value for name, value in about.items() if value}
