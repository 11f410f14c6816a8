"""In which language a request is answered: that of its address, of the settings, of the browser or of the library."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from flask import Blueprint, Flask, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import LanguageAccept

from webapp import current
from webapp.addresses import page_url
from webapp.arguments import LANGUAGE, read_choice
from webapp.interface import LANGUAGES, SOURCE, Interface, choose, html, html_of_number, interface, pgettext

_QUERY = "%&=+!$'()*,;:@/?-._~"
"""What may stand in a query as it is (RFC 3986); browsers escape all else, and whoever does not is helped."""

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

IN_ENGLISH = (
    "/opensearch", "/healthz", "/readyz", "/openapi.json", "/oembed", "/sitemap", "/robots.txt", "/static/",
    "/widget.js", "/theme.css", "/style.css", "/logo",
)  # fmt: skip
"""Where programs ask. They get English, and an answer that is the same for all."""

API = "/api/"


@dataclass(frozen=True, slots=True)
class Tongue:
    """A page in one of the languages: its code, what it calls itself, and the address."""

    language: str
    name: str
    url: str
    current: bool


def in_every_language(blueprint: Blueprint, path: str) -> Callable[[View], View]:
    """Register a view as a page: at its path, and for each language at the same path behind the language's code."""

    def register(view: View) -> View:
        blueprint.get(f"/<any({', '.join(LANGUAGES)}):interface>{path}")(view)
        return blueprint.get(path)(view)

    return register


def install(app: Flask) -> None:
    """Have every request of the application answered in the language that suits it."""
    app.jinja_env.globals.update(_=html, ngettext=html_of_number, pgettext=pgettext, page_url=page_url, tongues=tongues)
    app.context_processor(lambda: {"interface": interface()})
    app.url_value_preprocessor(_forget_code)
    app.before_request(_choose)
    app.after_request(_tell)
    app.teardown_request(lambda _reason: choose(Interface()))


def path_of(path: str) -> tuple[str, str]:
    """Return the language that a path begins with, empty if with none, and the path without it."""
    code, slash, rest = path.removeprefix("/").partition("/")
    return (code, f"/{rest}") if slash and code in LANGUAGES else ("", path)


def tongues() -> tuple[Tongue, ...]:
    """Return the page that was asked for in every language of the interface."""
    path = quote(path_of(request.path)[1])
    query = quote(request.query_string, safe=_QUERY)
    return _in_each(f"{path}?{query}" if query else path)


def first_pages() -> tuple[Tongue, ...]:
    """Return the first page in every language of the interface."""
    return _in_each("/")


def _in_each(address: str) -> tuple[Tongue, ...]:
    return tuple(
        Tongue(code, name, f"/{code}{address}", code == interface().language) for code, name in LANGUAGES.items()
    )


def _forget_code(_endpoint: str | None, values: dict[str, object] | None) -> None:
    # Views do not ask: what they say and where it leads is in the language that was chosen.
    if values:
        values.pop("interface", None)


def _choose() -> None:
    choose(_interface())


def _interface() -> Interface:
    if request.path.startswith(API):
        asked = read_choice(current.values(), LANGUAGE)
        return named(asked) if asked else Interface()
    if request.path.startswith(IN_ENGLISH):
        return Interface()
    code, _ = path_of(request.path)
    return named(code) if code else Interface(current.settings().language or _preferred(request.accept_languages))


def named(code: str) -> Interface:
    """Return the interface in a language that was asked for by name: its pages lead to pages in the same language."""
    return Interface(code, f"/{code}")


def _preferred(accepted: LanguageAccept) -> str:
    """Return the language that a browser prefers; if it names none of ours, that of the library, or else English."""
    # The first that is wanted and spoken here, in whatever country: fr-CA goes before en.
    codes = (tag.partition("-")[0].lower() for tag, quality in accepted if quality > 0)
    wanted = next((code for code in codes if code in LANGUAGES), None)
    if wanted:
        return wanted
    library = current.site().language
    return library if library in LANGUAGES else SOURCE


def _tell(response: Response) -> Response:
    """Say in which language a page is, and that browsers with other wishes may get it in another."""
    # Files have a language of their own, and redirects say nothing.
    is_file = request.blueprint == "files" and response.status_code in (200, 206, 304)
    if response.mimetype != "text/html" or is_file or 300 <= response.status_code < 400:
        return response
    response.content_language.add(interface().language)
    if not path_of(request.path)[0] and not current.settings().language:
        response.vary.add("Accept-Language")
    return response
