"""The pages: home, search and the single resource."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from werkzeug.exceptions import NotFound

from indexer.index.engine import Engine
from indexer.index.languages import language_name
from indexer.index.schema import Attachment, Resource, Status
from webapp import current, labels
from webapp.addresses import download_url, file_url, web_address
from webapp.arguments import LIMIT, Question, read_question
from webapp.facets import FacetValues, facet_names, value_links
from webapp.search import search

NEWEST = 5
"""How many of the newest resources the home page shows."""

NO_FILE = frozenset({Status.MISSING, Status.REFUSED})
"""How the reading of a file ends that cannot be handed out either."""

blueprint = Blueprint("pages", __name__)


@dataclass(frozen=True, slots=True)
class FileLine:
    """An attachment as its resource's page shows it; without `url` there is no file to open.

    `facts` are its format, length and size; `problem` says why it was not wholly read.
    """

    name: str
    facts: tuple[str, ...]
    problem: str
    url: str
    download_url: str


@dataclass(frozen=True, slots=True)
class ResourcePage:
    """A resource as its page shows it; `url` is its http address outside the library, or empty."""

    resource: Resource
    url: str
    facets: tuple[FacetValues, ...]
    files: tuple[FileLine, ...]
    paragraphs: tuple[str, ...]


@blueprint.get("/")
def home() -> str:
    """Show what the library is and every way into it."""
    engine = current.engine()
    page = search(engine, Question(size=NEWEST))
    return render_template("home.html", page=page, manifest=engine.manifest)


@blueprint.get("/search")
def results() -> str:
    """Show the results of a search; arguments that are no one's, as campaigns add them, are passed over."""
    engine = current.engine()
    values = {name: given for name, given in current.values().items() if name != LIMIT.name}
    question = read_question(values, facet_names(engine), current.settings().page_size)
    return render_template("search.html", page=search(engine, question))


@blueprint.get("/resources/<path:identifier>")
def resource(identifier: str) -> str:
    """Show one resource whole."""
    engine = current.engine()
    found = engine.resource(identifier)
    if found is None:
        raise NotFound
    return render_template("resource.html", page=_resource_page(engine, found))


@blueprint.get("/favicon.ico")
def favicon() -> tuple[str, int, dict[str, str]]:
    """Lead browsers that ask for the old name to the icon there is."""
    return "", 301, {"Location": url_for("static", filename="icon.svg")}


@blueprint.app_context_processor
def facet_groups() -> dict[str, frozenset[str]]:
    """Tell every template which facets stand above a title and which below."""
    return {"TYPE_FACETS": labels.TYPE_FACETS, "TAG_FACETS": labels.TAG_FACETS}


blueprint.add_app_template_filter(labels.plural, "plural")
blueprint.add_app_template_filter(labels.long_date, "long_date")
blueprint.add_app_template_filter(language_name, "language_name")


def _resource_page(engine: Engine, resource: Resource) -> ResourcePage:
    return ResourcePage(
        resource=resource,
        url=web_address(resource.url),
        facets=value_links(engine, resource.facets),
        files=tuple(_file_line(resource, attachment) for attachment in resource.attachments),
        paragraphs=tuple(text for text in (part.strip() for part in engine.body(resource.id).split("\n\n")) if text),
    )


def _file_line(resource: Resource, attachment: Attachment) -> FileLine:
    there = attachment.status not in NO_FILE
    facts = (labels.format_name(attachment.format), labels.length(attachment))
    problem = "" if attachment.status is Status.OK else attachment.reason or f"Not wholly read: {attachment.status}."
    return FileLine(
        name=attachment.name,
        facts=tuple(fact for fact in (*facts, labels.size(attachment.size) if there else "") if fact),
        problem=problem,
        url=file_url(resource.id, attachment.name) if there else "",
        download_url=download_url(resource.id, attachment.name) if there else "",
    )
