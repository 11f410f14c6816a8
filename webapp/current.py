"""What a request needs to know: the settings, and the one engine that answers it from beginning to end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app, g, request

from indexer.index.curation import Curation
from indexer.index.engine import Engine, EngineError
from webapp.arguments import Values
from webapp.config import Config
from webapp.curation import CurationSource
from webapp.ledger import Ledger
from webapp.library import EngineSource
from webapp.media import media_type
from webapp.origin import origin_of

FALLBACK_TITLE = "Handlist"
"""What the site is called while there is neither a setting nor an index to say so."""


@dataclass(frozen=True, slots=True)
class Site:
    """What every page says of the library; `logo` is the media type of its logo, empty if it has none."""

    title: str
    description: str = ""
    language: str = "en"
    logo: str = ""
    has_theme: bool = False
    has_style: bool = False


@dataclass(frozen=True, slots=True)
class _Installed:
    """What one application answers from."""

    config: Config
    library: EngineSource
    ledger: Ledger
    curation: CurationSource


def install(app: Flask, config: Config, library: EngineSource, curation: CurationSource) -> None:
    """Give the application its settings and what it answers from, and every template its `site` and `origin`."""
    app.extensions["handlist"] = _Installed(config, library, Ledger(config.index), curation)
    app.context_processor(lambda: {"site": site(), "origin": origin()})


def settings() -> Config:
    """Return the settings of the application that answers."""
    return _installed().config


def ledger() -> Ledger:
    """Return the ledger of the files of the library."""
    return _installed().ledger


def engine() -> Engine:
    """Return the engine of this request; EngineError when there is none.

    A request keeps its engine, so that an index published meanwhile does not mix into its answer.
    """
    if "engine" not in g:
        g.engine = _installed().library.engine()
    return cast(Engine, g.engine)


def curation() -> Curation:
    """Return what a librarian decided about searching the library of this request; EngineError when there is none."""
    return _installed().curation.of(engine().manifest.library)


def site() -> Site:
    """Describe the library; with what the settings say when there is no index."""
    title = settings().title
    try:
        library = engine().manifest.library
    except EngineError:
        return Site(title or FALLBACK_TITLE)
    return Site(
        title or library.title,
        library.description,
        library.languages[0] if library.languages else "en",
        logo=media_type(library.logo) if library.logo else "",
        has_theme=bool(library.accent),
        has_style=bool(library.style),
    )


def origin() -> str:
    """Return the origin of the site as it was set, else that of the request; empty when this names no host."""
    return settings().url or origin_of(request.scheme, request.host)


def values() -> Values:
    """Return the arguments of the request, each name with all its values."""
    return request.args.to_dict(flat=False)


def _installed() -> _Installed:
    return cast(_Installed, current_app.extensions["handlist"])
