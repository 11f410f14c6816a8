"""The JSON interface: search, suggestions, resources like one and its own description."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from flask import Blueprint, Response, current_app, jsonify, request
from werkzeug.exceptions import NotFound

from indexer.index.engine import EngineError
from webapp import arguments, current, openapi
from webapp.answers import search_answer, similar_answer, suggest_answer, values_answer
from webapp.errors import Gone
from webapp.facets import facet_info, facet_names
from webapp.interface import _
from webapp.search import search
from webapp.values import list_values

blueprint = Blueprint("api", __name__)


@blueprint.get("/api/v1/search")
def search_resources() -> Response:
    """Search the library."""
    engine = current.engine()
    values = current.values()
    facets = engine.manifest.library.indexed_facets
    arguments.refuse_unknown(values, arguments.argument_names(arguments.SEARCH_ARGUMENTS, facets))
    question = arguments.read_question(values, facets, current.settings().page_size)
    return _validated(search_answer(search(engine, question, current.curation())))


@blueprint.get("/api/v1/facets/<name>")
def facet_values(name: str) -> Response:
    """List the values of a facet within a search."""
    engine = current.engine()
    info = facet_info(engine, name)
    if info is None:
        raise Gone(_("There is no such facet; there are %(names)s.", names=_(", ").join(facet_names(engine))))
    values = current.values()
    facets = engine.manifest.library.indexed_facets
    arguments.refuse_unknown(values, arguments.argument_names(arguments.VALUES_ARGUMENTS, facets))
    question = arguments.read_values_question(values, name, facets, arguments.LIMIT.maximum)
    return _validated(values_answer(list_values(engine, question, info, current.curation())))


@blueprint.get("/api/v1/suggest")
def suggest() -> Response:
    """Complete what is being typed."""
    values = current.values()
    arguments.refuse_unknown(values, (each.name for each in arguments.SUGGEST_ARGUMENTS))
    text = arguments.read_text(values, arguments.SUGGESTION)
    limit = arguments.read_number(values, arguments.SUGGESTION_LIMIT, 8)
    return _validated(suggest_answer(current.engine(), text, limit))


@blueprint.get("/api/v1/resources/<path:id>/similar")
def similar(id: str) -> Response:  # it is called so in the description
    """Name the resources like one."""
    engine = current.engine()
    values = current.values()
    arguments.refuse_unknown(values, (each.name for each in arguments.ALIKE_ARGUMENTS))
    limit = arguments.read_number(values, arguments.ALIKE_LIMIT, 5)
    if engine.resource(id) is None:
        raise NotFound
    return _validated(similar_answer(engine.similar(id, limit)))


@blueprint.get("/openapi.json")
def description() -> Response:
    """Describe this interface, with the facets of the library that is served."""
    try:
        facets = current.engine().manifest.library.indexed_facets
    except EngineError:
        facets = ()
    operations = openapi.OPERATIONS | (openapi.EDITOR_OPERATIONS if current.settings().editor_password else {})
    return _validated(openapi.describe(current.site().title, facets, operations))


def _validated(answer: Mapping[str, object]) -> Response:
    """Return an answer as JSON, or say that the one which the client keeps still holds.

    It is compared by all that it says but for the time it took. What decides an answer (the index, synonyms, pins, a
    setting, the day) would have to be known by name, and one that was forgotten would serve what no longer holds.
    """
    said = current_app.json.dumps({name: value for name, value in answer.items() if name != "took_ms"})
    response = jsonify(answer)
    response.set_etag(hashlib.sha256(said.encode()).hexdigest()[:32], weak=True)
    response.make_conditional(request)
    return response
