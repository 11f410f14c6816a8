"""Errors as answers: one shape, the reason and the way out, and nothing of the inside."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from flask import Flask, current_app, g, jsonify, make_response, render_template, request
from werkzeug.exceptions import BadHost, HTTPException, NotFound
from werkzeug.wrappers import Response

from indexer.index.engine import EngineError, IndexMissing, IndexUnreadable
from webapp.answers import ErrorAnswer, ErrorDetail
from webapp.arguments import QUERY, BadArgument
from webapp.interface import N_, _
from webapp.negotiation import first_pages

TITLES = {
    400: N_("This question cannot be answered"),
    401: N_("This is for those who keep the library"),
    404: N_("There is nothing at this address"),
    405: N_("This address can only be read"),
    416: N_("The file has no such part"),
    501: N_("This cannot be asked for"),
    500: N_("Something went wrong here"),
    503: N_("The library cannot be searched at the moment"),
}

UNNAMED = N_("This request cannot be answered")
"""The title of every other status."""

DETAILS = {
    401: N_(
        "Any user name will do; the password is the one that this server was given for editors. Reload to enter it."
    ),
    404: N_("It may have been moved or taken out of the library. Search for it by its title."),
    405: N_("Ask with GET or HEAD: nothing can be written here."),
    416: N_("The part that was asked for begins behind the end of the file. Ask for the whole file."),
    500: N_("The reason is in the server's log. Try again; if it happens again, tell whoever keeps this library."),
}

BUILD_IT = N_(
    'Whoever keeps this library builds it with "handlist build LIBRARY --index DIR". This server takes it up by itself.'
)
NO_INDEX = N_("No index has been published yet.")
BAD_INDEX = N_("The index is damaged or was written by another version of Handlist.")

SHORT_OF_MEANS = N_("The server is short of memory or of open files at the moment. Try again in a minute.")

BAD_HOST = "The Host header of the request names no host. Send one that does."

JSON_PATHS = ("/api/", "/opensearch/", "/healthz", "/readyz", "/openapi.json", "/oembed")
"""Where programs ask: they get their errors as JSON."""

KEPT_HEADERS = ("Allow", "Content-Range", "Retry-After", "WWW-Authenticate")


class Gone(NotFound):
    """Something that is not there, or no longer; the description tells the reader more than that."""


def install(app: Flask) -> None:
    """Have every error of the application answered by this module."""
    app.register_error_handler(BadArgument, _bad_argument)
    app.register_error_handler(EngineError, _no_engine)
    app.register_error_handler(BadHost, _bad_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def answer(status: int, detail: str, arguments: Sequence[str] = ()) -> Response:
    """Return an error as JSON where programs ask, and as a page everywhere else.

    `arguments` are the names of those that cannot be understood.
    """
    if request.path.startswith(JSON_PATHS):
        error: ErrorDetail = {
            "status": status,
            "title": _title(status),
            "detail": detail,
            "arguments": [*arguments],
        }
        body: ErrorAnswer = {"error": error}
        return make_response(jsonify(body), status)
    return _page(status, detail)


def _page(status: int, detail: str, **more: str) -> Response:
    # There is nothing to be had in other languages either.
    page = render_template(
        "error.html", status=status, title=_title(status), detail=detail, tongues=first_pages, **more
    )
    return make_response(page, status)


def _title(status: int) -> str:
    return _(TITLES.get(status, UNNAMED))


def _bad_argument(error: BadArgument) -> Response:
    """Say what is wrong; on a page, keep what was asked in the box, and lead to the same without the argument."""
    if request.path.startswith(JSON_PATHS):
        return answer(400, str(error), error.names)
    kept = [pair for pair in request.args.items(multi=True) if pair[0] not in error.names and pair[1]]
    without = f"{quote(request.path)}?{urlencode(kept)}"
    typed = "" if QUERY.name in error.names else request.args.get(QUERY.name, "")
    return _page(400, str(error), typed=typed, without=without)


def _bad_host(_error: BadHost) -> Response:
    # No page, as from a host that is none nothing can be linked to.
    return Response(f"{BAD_HOST}\n", 400, mimetype="text/plain")


def _no_engine(error: EngineError) -> Response:
    # The error names folders of this machine; they are for the log, not for everyone who asks. Where there is no engine
    # the library has logged why, once and not for every request.
    if "engine" in g:
        current_app.logger.warning("%s", error)
    return answer(503, _unusable(error))


def _unusable(error: EngineError) -> str:
    if isinstance(error, IndexMissing):
        return f"{_(NO_INDEX)} {_(BUILD_IT)}"
    return f"{_(BAD_INDEX)} {_(BUILD_IT)}" if isinstance(error, IndexUnreadable) else _(SHORT_OF_MEANS)


def _http(error: HTTPException) -> Response:
    original = error.get_response()
    status = error.code or 500
    if status < 400:
        return original
    detail = _(DETAILS[status]) if status in DETAILS else error.description or ""
    if isinstance(error, Gone):
        detail = error.description or ""
    response = answer(status, detail)
    for name in KEPT_HEADERS:
        if name in original.headers:
            response.headers[name] = original.headers[name]
    return response


def _unexpected(error: Exception) -> Response:
    current_app.logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return answer(500, _(DETAILS[500]))
