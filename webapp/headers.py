"""The headers that keep a page from doing what it was not made for."""

from __future__ import annotations

from flask import Flask, Response, request

from webapp import editors

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)

COMMON = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Whoever keeps a copy asks whether it still holds: a new index may have been published.
    "Cache-Control": "no-cache",
}


def install(app: Flask) -> None:
    """Add the headers to every answer that has not set its own."""
    app.after_request(_add)


def _add(response: Response) -> Response:
    for name, value in COMMON.items():
        response.headers.setdefault(name, value)
    is_interface = request.path.startswith("/api/") or request.path == "/openapi.json"
    if is_interface and request.blueprint != editors.blueprint.name:
        # Reading needs no credentials, so any page may search this library.
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response
