"""The search on other people's pages: its script, the page in a frame, oEmbed, and where it is put together."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urljoin

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import NotImplemented as NotOffered

from indexer.index.engine import EngineError
from webapp import current, headers
from webapp.errors import Gone
from webapp.facets import facet_names
from webapp.interface import LANGUAGES, choose
from webapp.labels import facet_label
from webapp.negotiation import in_every_language, named
from webapp.oembed import HEIGHT, PATHS, WIDTH, Frame, arguments_of, oembed_answer, within
from webapp.origin import origin_of
from webapp.widget_options import LARGEST_LIMIT, TARGETS, WidgetOptions, read_widget_options
from webapp.widget_script import widget_script
from webapp.widget_values import narrowings

DAY = 86_400
YEAR = 365 * DAY

THEME = """\
handlist-search {
  --handlist-accent: #7a1f3d;     /* the button, titles, what is chosen */
  --handlist-on-accent: #ffffff;  /* text on it */
  --handlist-paper: #ffffff;      /* the ground */
  --handlist-ink: #1d1c1a;        /* text */
  --handlist-quiet: #5f5a51;      /* text that matters less */
  --handlist-line: #d8d3c8;       /* lines between results */
  --handlist-edge: #8a857b;       /* the edge of the box */
  --handlist-soft: #f6eaef;       /* the ground of the result that is reached */
  --handlist-mark: #ffe59a;       /* words that match */
  --handlist-radius: 8px;         /* corners */
  --handlist-font: 1rem/1.5 Georgia, serif;
}"""
"""Every custom property that the widget takes, as an example to copy."""

_PLACES = ", ".join(sorted(PATHS - {"/search"}))

blueprint = Blueprint("widget", __name__)


@blueprint.get("/widget.js")
def script() -> Response:
    """Send the script; `?v=` with its version makes an address whose answer never changes."""
    file = widget_script()
    is_zipped = request.accept_encodings["gzip"] > 0
    response = Response(file.zipped if is_zipped else file.plain, content_type="text/javascript; charset=utf-8")
    response.vary.add("Accept-Encoding")
    if is_zipped:
        response.content_encoding = "gzip"
    is_fixed = request.args.get("v") == file.version
    # Pages go on with the script they have while a new one is fetched: an update of Handlist reaches them in two days.
    lasting = f"max-age={YEAR}, immutable" if is_fixed else f"max-age={DAY}, stale-while-revalidate={DAY}"
    response.headers["Cache-Control"] = f"public, {lasting}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.set_etag(f"{file.version}-gzip" if is_zipped else file.version)
    response.make_conditional(request)
    return response


@blueprint.get("/embed")
def embed() -> Response:
    """Show the search box alone, for a frame on another site."""
    options = _options()
    # Results in the frame itself would have no room, and the library's pages show themselves in no frame.
    options = replace(options, target=options.target or "_top")
    if options.language:
        choose(named(options.language))
    response = make_response(render_template("embed.html", options=options, server=f"{current.origin()}/"))
    response.headers["Content-Security-Policy"] = headers.framed_policy()
    return response


@blueprint.get("/oembed")
def oembed() -> Response:
    """Say how to embed an address of the search: 404 for other addresses, 501 for other formats than JSON."""
    if request.args.get("format", "json") != "json":
        raise NotOffered("There is only format=json.")
    # Behind a proxy a request may name another host than the addresses that people copy.
    origins = (current.origin(), origin_of(request.scheme, request.host))
    values = arguments_of(request.args.get("url", ""), filter(None, origins))
    if values is None:
        raise Gone(f"Only the search can be embedded: {current.origin()}/search with its arguments, or {_PLACES}.")
    options = read_widget_options(values, _facets())
    frame = Frame(
        url=urljoin(f"{current.origin()}/", f"embed{options.query}"),
        title=current.site().title,
        width=within(request.args.get("maxwidth", ""), WIDTH),
        height=within(request.args.get("maxheight", ""), HEIGHT),
    )
    return jsonify(oembed_answer(frame, current.site().title, f"{current.origin()}/"))


@in_every_language(blueprint, "/widget")
def generator() -> Response:
    """Show the widget live, with what can be chosen of it and the tags to copy."""
    engine, options = current.engine(), _options()
    response = make_response(
        render_template(
            "widget.html",
            options=options,
            has_checksum=request.args.get("checksum") == "1",
            facets=[(facet.name, facet_label(facet)) for facet in engine.manifest.library.facets],
            narrowings=narrowings(engine, options, current.curation()),
            script=widget_script(),
            server=f"{current.origin()}/",
            languages=LANGUAGES,
            targets=TARGETS,
            largest_limit=LARGEST_LIMIT,
            frame={"width": WIDTH, "height": HEIGHT},
            theme=THEME,
        )
    )
    response.headers["Content-Security-Policy"] = headers.SCRIPTED_POLICY
    return response


def _options() -> WidgetOptions:
    return read_widget_options(current.values(), _facets())


def _facets() -> tuple[str, ...]:
    """Return the names of the facets; none without an index, as the box itself works all the same."""
    try:
        return facet_names(current.engine())
    except EngineError:
        return ()
