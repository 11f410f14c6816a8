"""The map of the site for search engines, as sitemaps.org has it: one file, or an index of several.

The page about the index is left out, as it is new with every build and answers no question; pages name their other
languages themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from xml.sax.saxutils import escape

from indexer.index.engine import Engine
from webapp.addresses import resource_path

MOST_RESOURCES = 20_000
"""How many resources one file lists: with the longest addresses there are, it stays below both 50,000 and 50 MB."""

LONGEST_ADDRESS = 2_047
"""In characters. The protocol knows no longer ones, so a resource with such an address is left out."""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@dataclass(frozen=True, slots=True)
class Entry:
    """An address and the day from which it is known to be as it is; None for one that is not known."""

    address: str
    changed: date | None = None


def files(engine: Engine) -> int:
    """Return how many files list all resources; one at least, as there are pages without any."""
    return max(1, -(-engine.manifest.resources // MOST_RESOURCES))


def index(engine: Engine, origin: str) -> str:
    """Return the index of all files as XML."""
    built = engine.manifest.built_at.date()
    numbers = range(1, files(engine) + 1)
    return _listed("sitemapindex", "sitemap", [Entry(f"{origin}/sitemap-{number}.xml", built) for number in numbers])


def sitemap(engine: Engine, origin: str, number: int) -> str:
    """Return the file of a number, counted from 1, as XML: the first begins with the pages of the site itself."""
    own = [Entry(f"{origin}/", engine.manifest.built_at.date()), Entry(f"{origin}/help")] if number == 1 else []
    return _listed("urlset", "url", chain(own, _resources(engine, origin, number)))


def _resources(engine: Engine, origin: str, number: int) -> Iterator[Entry]:
    """Yield the resources of one file, each of the day of its date.

    When its page was last edited the index does not know; a date that lies after the index is one of an event and says
    nothing.
    """
    built = engine.manifest.built_at.date()
    for identifier, day in islice(engine.catalogue(), (number - 1) * MOST_RESOURCES, number * MOST_RESOURCES):
        address = f"{origin}{resource_path(identifier)}"
        if len(address) <= LONGEST_ADDRESS:
            yield Entry(address, day if day and day <= built else None)


def _listed(root: str, element: str, found: Iterable[Entry]) -> str:
    lines = (f"<{element}><loc>{escape(each.address)}</loc>{_changed(each)}</{element}>\n" for each in found)
    return f"{_HEAD}<{root} {_NAMESPACE}>\n{''.join(lines)}</{root}>\n"


def _changed(entry: Entry) -> str:
    return f"<lastmod>{entry.changed.isoformat()}</lastmod>" if entry.changed else ""
