"""Errors as answers: one shape, the reason and the way out, and nothing of the inside."""

from __future__ import annotations

from flask import Flask, current_app, g, jsonify, make_response, render_template, request
from werkzeug.exceptions import BadHost, HTTPException, NotFound
from werkzeug.wrappers import Response

from indexer.index.engine import EngineError, IndexMissing, IndexUnreadable
from webapp.answers import ErrorAnswer
from webapp.arguments import BadArgument

TITLES = {
    400: "This question cannot be answered",
    401: "This is for those who keep the library",
    404: "There is nothing at this address",
    405: "This address can only be read",
    416: "The file has no such part",
    501: "This cannot be asked for",
    500: "Something went wrong here",
    503: "The library cannot be searched at the moment",
}

DETAILS = {
    401: "Any user name will do; the password is the one that this server was given for editors. Reload to enter it.",
    404: "It may have been moved or taken out of the library. Search for it by its title.",
    405: "Ask with GET or HEAD: nothing can be written here.",
    416: "The part that was asked for begins behind the end of the file. Ask for the whole file.",
    500: "The reason is in the server's log. Try again; if it happens again, tell whoever keeps this library.",
}

BUILD_IT = (
    'Whoever keeps this library builds it with "handlist build LIBRARY --index DIR". This server takes it up by itself.'
)
NO_INDEX = f"No index has been published yet. {BUILD_IT}"
BAD_INDEX = f"The index is damaged or was written by another version of Handlist. {BUILD_IT}"

SHORT_OF_MEANS = "The server is short of memory or of open files at the moment. Try again in a minute."

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


def answer(status: int, detail: str) -> Response:
    """Return an error as JSON where programs ask, and as a page everywhere else."""
    title = TITLES.get(status, "This request cannot be answered")
    if request.path.startswith(JSON_PATHS):
        body: ErrorAnswer = {"error": {"status": status, "title": title, "detail": detail}}
        return make_response(jsonify(body), status)
    return make_response(render_template("error.html", status=status, title=title, detail=detail), status)


def _bad_argument(error: BadArgument) -> Response:
    return answer(400, str(error))


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
        return NO_INDEX
    return BAD_INDEX if isinstance(error, IndexUnreadable) else SHORT_OF_MEANS


def _http(error: HTTPException) -> Response:
    original = error.get_response()
    status = error.code or 500
    if status < 400:
        return original
    detail = DETAILS.get(status, error.description or "")
    if isinstance(error, Gone):
        detail = error.description or ""
    response = answer(status, detail)
    for name in KEPT_HEADERS:
        if name in original.headers:
            response.headers[name] = original.headers[name]
    return response


def _unexpected(error: Exception) -> Response:
    current_app.logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return answer(500, DETAILS[500])
