"""Forms without scripts: what they send leads to the one address of its question."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from urllib.parse import urlencode

from flask import Response

from indexer.index.manifest import FacetInfo
from webapp.arguments import Argument, Values, argument_names, range_ends


def way_from_form(
    values: Values, arguments: Iterable[Argument], facets: Collection[FacetInfo], address: str
) -> Response | None:
    """Return a redirect to the address of a question that was asked as forms ask; None if it was not.

    A form sends those of its fields, too, that nobody filled in, and the ends of a range one by one. `arguments` and
    `facets` are what the page asks with. Arguments that are no one's stay behind the address as they came, for they
    are those of campaigns, which are counted in logs.
    """
    own = argument_names(arguments, facets)
    ends = {end for facet in facets for end in range_ends(facet)}
    if not any(name in ends or (name in own and _has_empty(given)) for name, given in values.items()):
        return None
    others = urlencode([(name, text) for name, given in values.items() if name not in own for text in given])
    separator = "&" if "?" in address else "?"
    # Found there, and not moved there for ever: an address goes by the facets that the library has today.
    return Response(status=302, headers={"Location": f"{address}{separator}{others}" if others else address})


def _has_empty(given: Iterable[str]) -> bool:
    return not all(text.strip() for text in given)
