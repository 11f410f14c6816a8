"""The headers that keep a page from doing what it was not made for."""

from __future__ import annotations

from flask import Flask, Response, request

from webapp import current, editors
from webapp.config import ANY_ORIGIN

_LOOKS = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'"
_SCRIPTED = f"{_LOOKS}; script-src 'self'; connect-src 'self'"

SCRIPTED_POLICY = f"{_SCRIPTED}; frame-ancestors 'self'"
"""That of pages with a script: it comes from this server, as a file, and asks no other."""

COMMON = {
    "Content-Security-Policy": SCRIPTED_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Whoever keeps a copy asks whether it still holds: a new index may have been published.
    "Cache-Control": "no-cache",
}

OPEN_PATHS = ("/api/", "/openapi.json", "/oembed", "/widget.js")
"""What pages of other sites may read, as HANDLIST_ORIGINS says."""


def install(app: Flask) -> None:
    """Add the headers to every answer that has not set its own."""
    app.after_request(_add)


def framed_policy() -> str:
    """Return the policy of a page with a script that other sites may show in a frame, as HANDLIST_ORIGINS says."""
    origins = current.settings().origins
    framing = origins if origins == ANY_ORIGIN else ("'self'", *origins)
    return f"{_SCRIPTED}; frame-ancestors {' '.join(framing)}"


def _add(response: Response) -> Response:
    for name, value in COMMON.items():
        response.headers.setdefault(name, value)
    if request.path.startswith(OPEN_PATHS) and request.blueprint != editors.blueprint.name:
        _open(response)
    return response


def _open(response: Response) -> None:
    """Let pages of other sites read an answer. They read what everybody may, so no credentials are ever allowed."""
    origins = current.settings().origins
    if origins == ANY_ORIGIN:
        response.headers["Access-Control-Allow-Origin"] = "*"
        return
    # Whoever keeps a copy must not give the answer to one site to another.
    response.vary.add("Origin")
    origin = request.headers.get("Origin", "")
    if origin in origins:
        response.headers["Access-Control-Allow-Origin"] = origin
