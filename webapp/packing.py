"""Answers on their way: packed where that saves something, and not sent again where they are as they were."""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Flask, Response, request

PACKED = frozenset(
    {
        "text/html", "text/css", "text/javascript", "text/plain", "application/json", "application/xml",
        "application/opensearchdescription+xml", "application/x-suggestions+json", "image/svg+xml",
    }
)  # fmt: skip
"""What is text; all else is packed already."""

SMALLEST = 1_000
"""In bytes: what is smaller fits into one packet anyway."""

LEVEL = 5
"""Above it, pages become smaller by a hundredth and take twice the time (1 ms for 50 kB at 5)."""


def install(app: Flask) -> None:
    """Validate and pack every answer of the application that this fits; call it first, as what is first comes last."""
    app.after_request(_pack)
    app.after_request(_validate)


def _validate(response: Response) -> Response:
    """Give a page a validator, and send none that the browser still has."""
    is_page = response.status_code == 200 and response.mimetype == "text/html" and not response.direct_passthrough
    if is_page and request.method in ("GET", "HEAD") and "no-store" not in response.headers.get("Cache-Control", ""):
        # Weak, as it holds for the packed page as well.
        response.add_etag(weak=True)
        response.make_conditional(request)
    return response


def _pack(response: Response) -> Response:
    """Pack a text; files of the library go out as they lie there, as parts of them may be asked for."""
    if response.mimetype not in PACKED or request.blueprint == "files" or response.status_code in (204, 206, 304):
        return response
    response.vary.add("Accept-Encoding")
    if response.content_encoding or not request.accept_encodings["gzip"]:
        return response
    response.direct_passthrough = False
    text = response.get_data()
    if len(text) < SMALLEST:
        return response
    is_static = request.endpoint == "static"
    response.set_data(_static(text) if is_static else gzip.compress(text, LEVEL, mtime=0))
    response.content_encoding = "gzip"
    etag, is_weak = response.get_etag()
    if etag and not is_weak:
        # The same file in other bytes.
        response.set_etag(etag, weak=True)
    # Of the packed text nobody may ask for a part.
    response.headers.pop("Accept-Ranges", None)
    return response


@lru_cache(maxsize=16)
def _static(text: bytes) -> bytes:
    """Pack a file of our own once."""
    return gzip.compress(text, 9, mtime=0)
