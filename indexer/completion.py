"""What a page leaves to its files: title, date and language of a resource that states none, and what files it has."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from indexer.index import formats, languages
from indexer.index.schema import Attachment, Resource, Status

_YEAR = "year"
_PLACEHOLDER = re.compile(
    r"microsoft (?:word|powerpoint|excel) - .*|untitled.*|no title|(?:document|presentation|book|slide|title) ?\d*"
    r"|powerpoint presentation|(?:microsoft )?word document",
    re.IGNORECASE,
)


def completed(resource: Resource, unstated: Collection[str]) -> Resource:
    """Return the resource with each unstated field (title, date, year, language) as the first of its files says it.

    The facet of languages also holds those of its files, and an unstated one of formats what its files are, so that
    both can be asked for in every library.
    """
    said = [attachment.metadata for attachment in resource.attachments]
    if "title" in unstated:
        title = next((metadata.title for metadata in said if _names_something(metadata.title)), resource.title)
        resource = replace(resource, title=title)
    day = next((metadata.date for metadata in said if metadata.date), None)
    if day and "date" in unstated:
        resource = replace(resource, date=day)
    if day and _YEAR in unstated:
        resource = replace(resource, facets={**resource.facets, _YEAR: (f"{day:%Y}",)})
    language = next((metadata.language for metadata in said if metadata.language in languages.LANGUAGES), "")
    if language and "language" in unstated:
        resource = _in_language(resource, language)
    facets = {**resource.facets, languages.FACET: _languages(resource)}
    if formats.FACET in unstated and (found := _formats(resource.attachments)):
        facets[formats.FACET] = found
    return replace(resource, facets=facets)


def _languages(resource: Resource) -> tuple[str, ...]:
    """Return the languages of the page, then those of its files."""
    own = resource.facets.get(languages.FACET) or (resource.language,)
    said = (attachment.metadata.language for attachment in resource.attachments)
    return tuple(dict.fromkeys((*own, *(language for language in said if language in languages.LANGUAGES))))


def _formats(attachments: Iterable[Attachment]) -> tuple[str, ...]:
    """Return what the files are; one that is not there is nothing that could be opened."""
    present = (attachment.format for attachment in attachments if attachment.status is not Status.MISSING)
    return tuple(dict.fromkeys(value for each in present if (value := formats.format_value(each))))


def _names_something(title: str) -> bool:
    """Tell whether a title was given by somebody and is not what a program writes where there is none."""
    return bool(title) and not _PLACEHOLDER.fullmatch(title)


def _in_language(resource: Resource, language: str) -> Resource:
    """Set the language, in its facet too if that only repeats what was assumed."""
    is_assumed = resource.facets.get(languages.FACET) == (resource.language,)
    facet = {languages.FACET: (language,)} if is_assumed else {}
    return replace(resource, language=language, facets={**resource.facets, **facet})
