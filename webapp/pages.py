"""The pages: home, search, the values of a facet, the single resource, how to search and about the index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from flask import Blueprint, Response, render_template, url_for
from markupsafe import Markup, escape
from werkzeug.exceptions import NotFound

from indexer.index.engine import EngineError, Excerpt
from indexer.index.ledger import FileReport
from webapp import current, interface, labels
from webapp.about import about
from webapp.addresses import search_url, values_url
from webapp.arguments import (
    LIMIT,
    SEARCH_ARGUMENTS,
    VALUES_ARGUMENTS,
    Question,
    read_question,
    read_values_question,
)
from webapp.directions import contained
from webapp.facets import facet_info, facet_names, ordinary
from webapp.forms import way_from_form
from webapp.interface import _, pgettext
from webapp.metadata import home_metadata, manual_metadata, page_metadata, resource_metadata
from webapp.negotiation import in_every_language
from webapp.resource_page import resource_page
from webapp.search import search
from webapp.search_help import help_sections
from webapp.theme import theme_css
from webapp.values import list_values

VALUES_ON_A_PAGE = 100
"""How many values of a facet one page lists."""

NEWEST = 5
"""How many of the newest resources the home page shows."""

blueprint = Blueprint("pages", __name__)


@in_every_language(blueprint, "/")
def home() -> str:
    """Show what the library is and every way into it."""
    engine = current.engine()
    page = search(engine, Question(size=NEWEST))
    head = home_metadata(current.site(), current.origin())
    return render_template("home.html", page=page, manifest=engine.manifest, head=head)


@in_every_language(blueprint, "/search")
def results() -> str | Response:
    """Show the results of a search; arguments that are no one's, as campaigns add them, are passed over."""
    engine = current.engine()
    facets = engine.manifest.library.indexed_facets
    values = {name: given for name, given in current.values().items() if name != LIMIT.name}
    question = read_question(values, facets, current.settings().page_size)
    if elsewhere := way_from_form(current.values(), SEARCH_ARGUMENTS, facets, search_url(question)):
        return elsewhere
    head = page_metadata(question.text or pgettext("title", "Search"), search_url(question), current.origin())
    return render_template("search.html", page=search(engine, question, current.curation()), head=head)


@in_every_language(blueprint, "/facets/<name>")
def facet_values(name: str) -> str | Response:
    """Show all values of a facet within a search."""
    engine = current.engine()
    info = facet_info(engine, name)
    if info is None:
        raise NotFound
    facets = engine.manifest.library.indexed_facets
    values = {name: given for name, given in current.values().items() if name != LIMIT.name}
    question = read_values_question(values, name, facets, VALUES_ON_A_PAGE)
    if elsewhere := way_from_form(current.values(), VALUES_ARGUMENTS, facets, values_url(question)):
        return elsewhere
    head = page_metadata(labels.facet_label(info), values_url(question), current.origin())
    return render_template("values.html", page=list_values(engine, question, info, current.curation()), head=head)


@in_every_language(blueprint, "/resources/<path:identifier>")
def resource(identifier: str) -> str:
    """Show one resource whole."""
    engine = current.engine()
    found = engine.resource(identifier)
    if found is None:
        raise NotFound
    page = resource_page(engine, found)
    return render_template("resource.html", page=page, head=resource_metadata(page, current.site(), current.origin()))


@in_every_language(blueprint, "/help")
def help_page() -> str:
    """Show how to search, with examples to try."""
    head = manual_metadata(_("How to search"), "/help", current.origin())
    return render_template("help.html", sections=help_sections(facet_names(current.engine())), head=head)


@in_every_language(blueprint, "/about")
def about_page() -> str:
    """Show how old the index is, what it holds and how much could not be read."""
    engine = current.engine()
    head = manual_metadata(_("About this index"), "/about", current.origin())
    return render_template("about.html", page=about(engine, _reports(), datetime.now(UTC)), head=head)


def _reports() -> Sequence[FileReport]:
    """Return the ledger; nothing where it cannot be read, as the rest of the page holds without it."""
    try:
        return current.ledger().reports()
    except EngineError:
        return ()


@blueprint.get("/theme.css")
def theme() -> Response:
    """Give the colours that follow from the accent of the library, beside those of the stylesheet."""
    return Response(theme_css(current.engine().manifest.library.accent), mimetype="text/css")


@blueprint.get("/favicon.ico")
def favicon() -> tuple[str, int, dict[str, str]]:
    """Lead browsers that ask for the old name to the icon there is."""
    return "", 301, {"Location": url_for("static", filename="icon.svg")}


@blueprint.app_context_processor
def facet_groups() -> dict[str, frozenset[str]]:
    """Tell every template which facets stand above a title and which below."""
    return {"TYPE_FACETS": labels.TYPE_FACETS, "TAG_FACETS": labels.TAG_FACETS}


@blueprint.app_template_filter()
def marked(excerpt: Excerpt) -> Markup:
    """Return an excerpt as HTML: its text escaped, and marked where it matches."""
    segments = (f"<mark>{escape(text)}</mark>" if is_match else escape(text) for text, is_match in excerpt)
    return Markup("".join(segments))  # noqa: S704  # every text in it is escaped


blueprint.add_app_template_filter(contained)
blueprint.add_app_template_filter(ordinary)
blueprint.add_app_template_filter(interface.number, "thousands")
blueprint.add_app_template_filter(interface.decimal, "decimal")
blueprint.add_app_template_filter(interface.long_date, "long_date")
blueprint.add_app_template_filter(interface.language_name, "language_name")
blueprint.add_app_template_filter(labels.resources, "resources")
blueprint.add_app_template_filter(labels.files, "files")
blueprint.add_app_template_filter(labels.pages, "pages")
