"""The description of the JSON interface, made from the tables and types that answer."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints, is_typeddict

from indexer import __version__
from indexer.index.manifest import FacetInfo, FacetKind
from webapp.answers import (
    CoverageAnswer,
    ErrorAnswer,
    HealthAnswer,
    ReadyAnswer,
    SearchAnswer,
    SimilarAnswer,
    SuggestAnswer,
    ValuesAnswer,
)
from webapp.arguments import (
    ALIKE_ARGUMENTS,
    ALIKE_LIMIT,
    COVERAGE_ARGUMENTS,
    IDENTIFIER,
    LIMIT,
    MOST_VALUES,
    PAGE,
    SEARCH_ARGUMENTS,
    SUGGEST_ARGUMENTS,
    SUGGESTION_LIMIT,
    VALUES_ARGUMENTS,
    Argument,
    range_ends,
)

Schema = dict[str, Any]
"""A part of an OpenAPI document. Any, as JSON Schema nests without end."""

SCALARS: dict[object, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    types.NoneType: {"type": "null"},
}
NUMBERS = (PAGE, LIMIT, SUGGESTION_LIMIT, ALIKE_LIMIT)
ERRORS = {
    400: "An argument cannot be understood.",
    401: "The password is missing or wrong.",
    404: "There is no such facet or resource.",
    503: "There is no index to search.",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One address of the interface.

    `places` are the arguments that stand in the address itself. `faceted` says that every facet of the library is an
    argument too, `guarded` that it asks for a password.
    """

    summary: str
    answer: type | None
    arguments: tuple[Argument, ...] = ()
    places: tuple[Argument, ...] = ()
    errors: tuple[int, ...] = ()
    faceted: bool = False
    guarded: bool = False


OPERATIONS = {
    "/api/v1/search": Operation("Search the library", SearchAnswer, SEARCH_ARGUMENTS, errors=(400, 503), faceted=True),
    "/api/v1/facets/{name}": Operation(
        "List the values of a facet within a search",
        ValuesAnswer,
        VALUES_ARGUMENTS,
        errors=(400, 404, 503),
        faceted=True,
    ),
    "/api/v1/suggest": Operation("Complete what is being typed", SuggestAnswer, SUGGEST_ARGUMENTS, errors=(400, 503)),
    "/api/v1/resources/{id}/similar": Operation(
        "Name the resources like one", SimilarAnswer, ALIKE_ARGUMENTS, (IDENTIFIER,), (400, 404, 503)
    ),
    "/healthz": Operation("Does the process answer?", HealthAnswer),
    "/readyz": Operation("Is there an index to search, and how old is it?", ReadyAnswer, errors=(503,)),
    "/openapi.json": Operation("This description", None),
}

EDITOR_OPERATIONS = {
    "/api/v1/coverage": Operation(
        "List the files of the library and how their reading ended",
        CoverageAnswer,
        COVERAGE_ARGUMENTS,
        errors=(400, 401, 503),
        guarded=True,
    ),
}
"""What there is in addition on a server with a password for editors."""

_GUARD = "editors"


def describe(title: str, facets: Iterable[FacetInfo], operations: Mapping[str, Operation] = OPERATIONS) -> Schema:
    """Return the OpenAPI 3.1 document of a library with these facets, served with these operations."""
    components: dict[str, Schema] = {}
    faceted = tuple(facets)
    paths = {path: {"get": _operation(path, each, faceted, components)} for path, each in operations.items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{title}: search", "version": __version__},
        "paths": paths,
        "components": {"schemas": components} | _guards(operations),
    }


def _operation(path: str, operation: Operation, facets: tuple[FacetInfo, ...], components: dict[str, Schema]) -> Schema:
    taken = {argument.name for argument in operation.arguments}
    parameters = [_facet_in_path(facets)] if "{name}" in path else []
    parameters += [_parameter(argument, "path") | {"required": True} for argument in operation.places]
    parameters += [_parameter(argument, "query") for argument in operation.arguments]
    asked = [facet for facet in facets if operation.faceted and facet.name not in taken]
    parameters += [_facet_parameter(facet) for facet in asked]
    parameters += [_end_parameter(facet, end) for facet in asked for end in range_ends(facet)]
    answer = _schema(operation.answer, components) if operation.answer else {"type": "object"}
    responses = {"200": _response("The answer.", answer)}
    for status in operation.errors:
        responses[str(status)] = _response(ERRORS[status], _schema(ErrorAnswer, components))
    described: Schema = {"summary": operation.summary, "parameters": parameters, "responses": responses}
    return described | {"security": [{_GUARD: []}]} if operation.guarded else described


def _guards(operations: Mapping[str, Operation]) -> Schema:
    is_guarded = any(each.guarded for each in operations.values())
    return {"securitySchemes": {_GUARD: {"type": "http", "scheme": "basic"}}} if is_guarded else {}


def _response(description: str, schema: Schema) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _parameter(argument: Argument, place: str) -> Schema:
    schema: Schema
    if argument in NUMBERS:
        schema = {"type": "integer", "minimum": 1, "maximum": argument.maximum}
    elif argument.choices:
        schema = {"type": "string", "enum": list(argument.choices)}
    else:
        schema = {"type": "string", "maxLength": argument.maximum}
    return {"name": argument.name, "in": place, "description": argument.help, "schema": schema}


def _facet_in_path(facets: tuple[FacetInfo, ...]) -> Schema:
    return {
        "name": "name",
        "in": "path",
        "required": True,
        "description": "The facet.",
        "schema": {"type": "string", "enum": [facet.name for facet in facets]},
    }


def _facet_parameter(facet: FacetInfo) -> Schema:
    kinds = " A value is a number or a range: 2019..2021, 2019.., ..2021." * (facet.kind is FacetKind.NUMBERS)
    return {
        "name": facet.name,
        "in": "query",
        "description": f"{facet.label}: values of the same facet widen the result, different facets narrow it.{kinds}",
        "schema": {"type": "array", "items": {"type": "string"}, "maxItems": MOST_VALUES},
        "style": "form",
        "explode": True,
    }


def _end_parameter(facet: FacetInfo, end: str) -> Schema:
    return {
        "name": end,
        "in": "query",
        "description": f"{facet.label}: an end of a range, as forms send it; {facet.name}=2019..2021 says both.",
        "schema": {"type": "string", "pattern": "^[0-9]{0,18}$"},
    }


def _schema(kind: object, components: dict[str, Schema]) -> Schema:
    """Return the JSON Schema of a type; a TypedDict becomes a component that is referred to."""
    if kind in SCALARS:
        return dict(SCALARS[kind])
    if isinstance(kind, type) and is_typeddict(kind):
        return _component(kind, components)
    inner = get_args(kind)
    origin = get_origin(kind)
    if origin is Annotated:
        return _schema(inner[0], components) | {"description": inner[1]}
    if origin in (types.UnionType, Union):
        return {"anyOf": [_schema(each, components) for each in inner]}
    if origin is list:
        return {"type": "array", "items": _schema(inner[0], components)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _schema(inner[1], components)}
    if origin is tuple:
        items = [_schema(each, components) for each in inner]
        return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items), "maxItems": len(items)}
    raise TypeError(f"There is no JSON Schema for {kind}.")


def _component(kind: type, components: dict[str, Schema]) -> Schema:
    if kind.__name__ not in components:
        hints = get_type_hints(kind, include_extras=True)
        components[kind.__name__] = {
            "type": "object",
            "description": kind.__doc__ or "",
            "properties": {name: _schema(hint, components) for name, hint in hints.items()},
            "required": list(hints),
            "additionalProperties": False,
        }
    return {"$ref": f"#/components/schemas/{kind.__name__}"}
