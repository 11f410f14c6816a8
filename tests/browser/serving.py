"""Servers on loopback that live as long as a test: the library itself, and sites of other origins that embed it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import Flask
from flask import Response as FlaskResponse
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import ClosingIterator, FileWrapper

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class _Quiet(WSGIRequestHandler):
    """A handler that logs no requests: a failing test has enough to say."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing."""


@dataclass(slots=True)
class ForeignSite:
    """A site of another origin: `pages` maps a path to its HTML, `policy` is the Content-Security-Policy of all."""

    address: str = ""
    policy: str = ""
    pages: dict[str, str] = field(default_factory=dict)

    def put(self, html: str, path: str = "/") -> str:
        """Publish a page and return its address."""
        self.pages[path] = f"<!doctype html><html lang=en><meta charset=utf-8><title>A foreign page</title>{html}"
        return f"{self.address}{path}"

    def put_style(self, css: str) -> str:
        """Publish a stylesheet and return the tag that fetches it."""
        self.pages["/style.css"] = css
        return "<link rel=stylesheet href=/style.css>"

    def answer(self, request: Request) -> Response:
        """Answer with the page of that path."""
        html = self.pages.get(request.path)
        if html is None:
            return Response("", 404)
        kind = "text/css" if request.path.endswith(".css") else "text/html; charset=utf-8"
        headers = {"Content-Security-Policy": self.policy} if self.policy else {}
        return Response(html, headers=headers, content_type=kind)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an application on a free port; give its address."""
    app.after_request(_close_if_unsent)
    with _running(_whole(app)) as address:
        yield address


def _whole(app: WSGIApplication) -> WSGIApplication:
    """Return an application that has closed its files before anything is sent.

    Werkzeug leaves a file open when a browser goes away in the middle of it, and pytest takes that for an error.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        parts = app(environ, start_response)
        try:
            return [b"".join(parts)]
        finally:
            if isinstance(parts, ClosingIterator | FileWrapper):
                parts.close()

    return answer


def _close_if_unsent(response: FlaskResponse) -> FlaskResponse:
    """Close the file of an answer that says it has not changed: nobody else does."""
    if response.status_code == 304:
        response.close()
    return response


@contextmanager
def foreign_site() -> Iterator[ForeignSite]:
    """Serve a site whose pages the test writes."""
    site = ForeignSite()
    with _running(Request.application(site.answer)) as address:
        site.address = address
        yield site


@contextmanager
def _running(app: WSGIApplication) -> Iterator[str]:
    server: BaseWSGIServer = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
