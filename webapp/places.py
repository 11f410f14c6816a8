"""Where a result matched, as its card shows it: in the page's own text, and file by file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.index.engine import Hit, Match, Where
from webapp import labels
from webapp.addresses import passage_url


@dataclass(frozen=True, slots=True)
class Place:
    """Where a result matched, with the address that opens it; `caption` is empty for the page's own text.

    `is_named` tells whether the caption holds the name of the file. `page` is the caption without the file, where there
    is more to say. `language` is that of the excerpt.
    """

    match: Match
    url: str
    caption: str
    is_named: bool
    page: str
    language: str


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """The places in one file, or one in the page's own text: the best of them is shown, the `further` are named."""

    best: Place
    further: tuple[Place, ...]


def places(hit: Hit) -> tuple[Place, ...]:
    """Return the places that the card of a hit tells of, best first."""
    resource = hit.resource
    readable = [file for file in resource.attachments if file.locators]
    alike = Counter(labels.format_name(file.format) for file in readable)
    languages = {file.name: resource.language_of(file) for file in readable}

    def place(match: Match) -> Place:
        called = labels.format_name(match.format)
        # "PDF, p. 3" says nothing to the reader of a resource that has two of them.
        is_named = bool(match.file) and alike[called] > 1
        caption = labels.place(match, match.file if is_named else called)
        return Place(
            match=match,
            url=passage_url(resource.id, match),
            caption=caption,
            is_named=is_named,
            page=labels.place(match, "") or caption,
            language=languages.get(match.file, resource.language),
        )

    return tuple(place(match) for match in _placed(hit))


def grouped(found: Iterable[Place]) -> tuple[PlaceGroup, ...]:
    """Return places file by file, the file of the best place first; places that no file holds stand alone."""
    groups: dict[object, list[Place]] = {}
    for number, place in enumerate(found):
        groups.setdefault(place.match.file or number, []).append(place)
    return tuple(PlaceGroup(best, tuple(others)) for best, *others in groups.values())


def _placed(hit: Hit) -> tuple[Match, ...]:
    """Return the matches that a card lists: title and summary are marked where they stand."""
    if all(match.where is Where.KEYWORDS for match in hit.matches):
        # Nothing that is shown would be marked, and the reader would wonder why this was found.
        return hit.matches
    return tuple(match for match in hit.matches if match.where in (Where.BODY, Where.ATTACHMENT))
