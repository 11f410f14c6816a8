"""How others find the library: the map of the site and the rules for crawlers, and the search engine for browsers."""

from __future__ import annotations

import re
from textwrap import shorten

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.exceptions import BadRequest, NotFound

from webapp import arguments, current, sitemap
from webapp.directions import contained
from webapp.interface import LANGUAGES
from webapp.labels import value_label

SUGGESTIONS = 8
LONGEST_SHORT_NAME, LONGEST_NAME, LONGEST_DESCRIPTION = 16, 48, 1024
"""In characters: the limits of OpenSearch 1.1."""

NOT_FOR_CRAWLERS = """\
# Every search is an address, and there are more of them than a crawler could ever visit. The way through all resources
# is open, and the map lists them. What begins with a language are the same resources, with other words around them.
User-agent: *
Disallow: /search?
Allow: /search?page=
Disallow: /search?page=*&
Disallow: /facets/
Disallow: /files/*?download=
Disallow: /api/
Disallow: /opensearch/
Disallow: /coverage
""" + "".join(
    f"Disallow: /{language}/{path}\n"
    for language in LANGUAGES
    for path in ("search", "facets/", "resources/", "coverage")
)
"""The rules of RFC 9309: of those that fit an address, the longest counts."""

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to write."""

blueprint = Blueprint("discovery", __name__)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Say what crawlers may read."""
    return _told(f"{NOT_FOR_CRAWLERS}\nSitemap: {_origin()}/sitemap.xml\n", "text/plain")


@blueprint.get("/sitemap.xml")
def whole_sitemap() -> Response:
    """List all pages, or the files that do where one cannot hold them."""
    engine, origin = current.engine(), _origin()
    is_one = sitemap.files(engine) == 1
    return _told(sitemap.sitemap(engine, origin, 1) if is_one else sitemap.index(engine, origin), "application/xml")


@blueprint.get("/sitemap-<int:number>.xml")
def part_of_sitemap(number: int) -> Response:
    """List some of the pages of a large library."""
    engine = current.engine()
    if not 1 <= number <= sitemap.files(engine):
        raise NotFound
    return _told(sitemap.sitemap(engine, _origin(), number), "application/xml")


@blueprint.get("/opensearch.xml")
def search_engine() -> Response:
    """Describe the search of this library, so that a browser can add it to its own."""
    site = current.site()
    title = _NO_XML.sub("\ufffd", site.title)
    text = render_template(
        "opensearch.xml",
        origin=_origin(),
        short_name=_within(title, LONGEST_SHORT_NAME),
        long_name=_within(title, LONGEST_NAME),
        description=_within(_NO_XML.sub("\ufffd", site.description) or title, LONGEST_DESCRIPTION),
    )
    return _told(text, "application/opensearchdescription+xml")


@blueprint.get("/opensearch/suggestions")
def suggestions() -> Response:
    """Complete what is typed into a browser's own search box: what was typed, and the completions."""
    values = current.values()
    text = arguments.read_text(values, arguments.SUGGESTION)
    found = current.engine().suggest(text, SUGGESTIONS) if text else ()
    completions: dict[str, str] = {}
    for label in (value_label(each.facet, each.text) for each in found):
        completions.setdefault(label.casefold(), label)
    # Browsers drop an answer that does not begin with what they sent, to the letter.
    answer = [request.args.get(arguments.SUGGESTION.name, ""), list(completions.values())]
    return Response(current_app.json.dumps(answer), mimetype="application/x-suggestions+json")


def _origin() -> str:
    """Return the origin of the site, without which none of these answers can be given."""
    origin = current.origin()
    if not origin:
        raise BadRequest("The request names no host. Send a valid Host header, or set HANDLIST_URL on the server.")
    return origin


def _told(text: str, kind: str) -> Response:
    """Return a text that is sent again only when it has changed."""
    response = Response(text, mimetype=kind)
    response.add_etag()
    response.make_conditional(request)
    return response


def _within(text: str, most: int) -> str:
    """Return as many whole words of a text as fit, or its beginning if not one does."""
    return contained(shorten(text, most, placeholder="") or text[:most])
