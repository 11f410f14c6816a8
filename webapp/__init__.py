"""Answers questions about the library over HTTP: pages for people, JSON for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from webapp.config import Config
    from webapp.curation import CurationSource
    from webapp.library import EngineSource

__all__ = ["create_app"]


def create_app(config: Config, library: EngineSource | None = None, curation: CurationSource | None = None) -> Flask:
    """Assemble the application; nothing is opened before the first request asks.

    `library` says where engines come from, `curation` what was decided about searching; left out, they are those of the
    index directory of the settings.
    """
    # Imported here because the terminal shares webapp.search, and a search there should not wait for Flask.
    from flask import Flask
    from flask.json.provider import DefaultJSONProvider
    from jinja2 import StrictUndefined

    from webapp import (
        api,
        current,
        discovery,
        editors,
        errors,
        files,
        headers,
        health,
        negotiation,
        packing,
        pages,
        widget,
    )
    from webapp.curation import LiveCuration
    from webapp.library import Library

    app = Flask(__name__)
    # A name that a template misspells fails the tests instead of showing nothing.
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    json = DefaultJSONProvider(app)
    # Facets and fields keep the order that the library and the documentation give them.
    json.sort_keys = False
    app.json = json
    current.install(app, config, library or Library(config.index), curation or LiveCuration(config.index))
    packing.install(app)
    negotiation.install(app)
    errors.install(app)
    headers.install(app)
    for room in (pages, files, api, health, discovery, widget):
        app.register_blueprint(room.blueprint)
    if config.editor_password:
        # Without a password there is no such room, and its addresses are as unknown as any other.
        app.register_blueprint(editors.blueprint)
    return app
