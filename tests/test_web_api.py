from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from indexer.index.engine import IndexMissing, IndexUnreadable
from indexer.index.schema import Document, Resource
from tests import web_sample
from tests.memory_engine import MemoryEngine
from webapp.openapi import OPERATIONS

MISSING = IndexMissing("There is no index in /secret/place.")


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return web_sample.client_of(web_sample.engine())


KINDS: dict[type, str] = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def fits(value: object, schema: dict[str, Any], document: dict[str, Any]) -> bool:
    """Check a value against the part of JSON Schema that the description uses."""
    if not schema:
        return True
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/components/schemas/")
        return fits(value, document["components"]["schemas"][name], document)
    if "anyOf" in schema:
        return any(fits(value, each, document) for each in schema["anyOf"])
    if isinstance(value, list):
        items = schema.get("prefixItems") or [schema.get("items", {})] * len(value)
        parts = zip(value, items, strict=False)
        return (
            schema["type"] == "array"
            and len(items) == len(value)
            and all(fits(item, each, document) for item, each in parts)
        )
    if isinstance(value, dict):
        known, others = schema.get("properties", {}), schema.get("additionalProperties", {})
        return (
            schema["type"] == "object"
            and set(schema.get("required", ())) <= set(value)
            and all(
                key in known or (others is not False and fits(item, known.get(key, others), document))
                for key, item in value.items()
            )
            and all(fits(value[key], each, document) for key, each in known.items() if key in value)
        )
    return KINDS[type(value)] == schema["type"] or (schema["type"] == "number" and type(value) is int)


def test_a_search_is_answered_with_exactly_what_is_documented(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=fees&tag=Asia").get_json()
    assert isinstance(answer.pop("took_ms"), float)
    facets = answer.pop("facets")
    assert facets["tag"] == [{"value": "Asia", "label": "Asia", "count": 1, "selected": True}]
    assert facets["language"] == [{"value": "en", "label": "English", "count": 1, "selected": False}]
    assert list(facets) == ["type", "tag", "publisher", "year", "language"]
    matches = answer["results"][0].pop("matches")
    assert matches[0] == {
        "where": "attachment",
        "file": "guide.pdf",
        "format": "PDF",
        "page": 2,
        "label": "1",
        "unit": "page",
        "within": "",
        "ocr": False,
        "place": "PDF, p. 1",
        "url": "/files/recruitment-guide/guide.pdf#page=2&search=fees",
        "excerpt": [["fees", True], [" ", False], ["paid", False], [" ", False], ["by", False], [" ", False],
                    ["migrants", False]],
    }  # fmt: skip
    assert answer == {
        "total": 1,
        "complete": 1,
        "bounded": [],
        "corrected": None,
        "did_you_mean": [],
        "generation": 1,
        "results": [
            {
                "id": "recruitment-guide",
                "title": "A guide to responsible recruitment",
                "url": "/resources/recruitment-guide",
                "summary": "Steps for employers.",
                "date": "2021-03-04",
                "language": "en",
                "facets": {
                    "type": ["Guidance", "Toolkit"],
                    "tag": ["Asia"],
                    "year": ["2021"],
                    "language": ["en"],
                },
                "pages_matched": 2,
                "missing": [],
                "facts": ["Guidance", "Toolkit", "2021"],
                "pinned": False,
            }
        ],
        "facet_labels": {
            "type": "Type",
            "tag": "Tags",
            "publisher": "Publisher",
            "year": "Year",
            "language": "Language",
        },
        "facets_more": {"type": 0, "tag": 0, "publisher": 0, "year": 0, "language": 0},
    }


def test_limit_and_page_walk_through_the_results() -> None:
    client = web_sample.client_of(web_sample.many(30))
    ids = [client.get(f"/api/v1/search?limit=1&page={page}").get_json()["results"][0]["id"] for page in (1, 2, 30)]
    assert ids == ["r0", "r1", "r29"]
    assert len(client.get("/api/v1/search?limit=100").get_json()["results"]) == 30


def test_a_corrected_query_says_what_was_taken_for_what(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=recruitmant+fees").get_json()
    changes = [{"typed": "recruitmant", "meant": "recruitment"}]
    assert answer["corrected"] == {"text": "recruitment fees", "changes": changes}
    assert [result["id"] for result in answer["results"]] == ["recruitment-guide"]
    literal = client.get("/api/v1/search?q=recruitmant&verbatim=1").get_json()
    assert (literal["total"], literal["corrected"]) == (0, None)


def test_what_may_have_been_meant_is_proposed_with_its_number_of_resources() -> None:
    titles = ["Trail", *(f"Trial {number}" for number in range(25))]
    client = web_sample.client_of(MemoryEngine([Document(Resource(title, title)) for title in titles]))
    answer = client.get("/api/v1/search?q=trail").get_json()
    assert (answer["total"], answer["corrected"]) == (1, None)
    assert answer["did_you_mean"] == [{"text": "trial", "total": 25}]
    assert client.get("/api/v1/search?q=trial").get_json()["did_you_mean"] == []
    assert client.get("/api/v1/search?q=trail&verbatim=1").get_json()["did_you_mean"] == []


def test_words_of_the_library_lead_to_the_search_for_them() -> None:
    engine = MemoryEngine([Document(Resource(name, name, "Droits humains")) for name in ("one", "two")])
    assert web_sample.client_of(engine).get("/api/v1/suggest?q=hum").get_json()["suggestions"] == [
        {"text": "humains", "kind": "word", "url": "/search?q=humains", "id": "", "facet": "", "facet_label": ""}
    ]


def test_suggestions_lead_to_the_resource_or_to_the_search_for_the_value(client: FlaskClient) -> None:
    assert client.get("/api/v1/suggest?q=gui").get_json() == {
        "suggestions": [
            {
                "text": "A guide to responsible recruitment",
                "kind": "title",
                "url": "/resources/recruitment-guide",
                "id": "recruitment-guide",
                "facet": "",
                "facet_label": "",
            },
            {
                "text": "Guidance",
                "kind": "value",
                "url": "/search?type=Guidance",
                "id": "",
                "facet": "type",
                "facet_label": "Type",
            },
            {"text": "guidance", "kind": "word", "url": "/search?q=guidance", "id": "", "facet": "", "facet_label": ""},
        ]
    }
    assert client.get("/api/v1/suggest?q=gui&limit=1").get_json()["suggestions"][0]["id"] == "recruitment-guide"
    assert client.get("/api/v1/suggest").get_json() == {"suggestions": []}


def test_resources_like_one_are_named_with_how_much_they_are_like_it() -> None:
    found = [
        Document(Resource("wells/one", "Village wells", facets={"tag": ("Water",)}), "Digging wells"),
        Document(Resource("two", "Wells", "Clean water", date(2020, 2, 1), facets={"tag": ("Water",)}), "Digging"),
        Document(Resource("tax", "Income tax")),
    ]
    client = web_sample.client_of(MemoryEngine(found))
    assert client.get("/api/v1/resources/wells/one/similar").get_json() == {
        "results": [
            {
                "id": "two",
                "title": "Wells",
                "url": "/resources/two",
                "summary": "Clean water",
                "date": "2020-02-01",
                "language": "en",
                "facets": {"tag": ["Water"]},
                "score": 0.75,
            }
        ]
    }
    assert client.get("/api/v1/resources/tax/similar").get_json() == {"results": []}
    unknown = client.get("/api/v1/resources/none/similar")
    assert unknown.status_code == unknown.get_json()["error"]["status"] == 404


@pytest.mark.parametrize("typed", ["fre", "fr"])
def test_a_language_is_suggested_by_the_name_it_has_on_the_pages(client: FlaskClient, typed: str) -> None:
    found = client.get(f"/api/v1/suggest?q={typed}").get_json()["suggestions"]
    assert {
        "text": "French",
        "kind": "value",
        "url": "/search?language=fr",
        "id": "",
        "facet": "language",
        "facet_label": "Language",
    } in found


@pytest.mark.parametrize(
    ("address", "detail"),
    [
        ("/api/v1/search?page=0", "page: it has to be a whole number from 1 to 1,000,000,000."),
        ("/api/v1/search?colour=red", "colour: there is no such argument; there are q, page, sort, limit, since, until, verbatim, lang, type, tag, publisher, year, language, format, year.from, year.to."),  # noqa: E501  # one sentence
        ("/api/v1/suggest?tag=a", "tag: there is no such argument; there are q, limit, lang."),
        ("/api/v1/resources/ete/similar?limit=21", "limit: it has to be a whole number from 1 to 20."),
        ("/api/v1/resources/ete/similar?q=a", "q: there is no such argument; there are limit, lang."),
        ("/api/v1/suggest?limit=21", "limit: it has to be a whole number from 1 to 20."),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_a_400_that_names_it(client: FlaskClient, address: str, detail: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert answer.get_json() == {
        "error": {
            "status": 400,
            "title": "This question cannot be answered",
            "detail": detail,
            "arguments": [detail.partition(":")[0]],
        }
    }


def test_places_are_named_in_the_language_that_was_asked_for(client: FlaskClient) -> None:
    found = client.get("/api/v1/search?q=fees&lang=ar").get_json()["results"][0]["matches"]
    assert next(match["place"] for match in found if match["where"] == "attachment") == "PDF، ص 1"


def test_arguments_that_are_refused_are_named_apart_from_the_sentence_in_any_language(client: FlaskClient) -> None:
    error = client.get("/api/v1/search?lang=fr&colour=red&hue=1").get_json()["error"]
    assert error["arguments"] == ["colour", "hue"]
    assert client.get("/api/v1/facets/colour").get_json()["error"]["arguments"] == []


def test_the_description_lists_every_address_for_programs_and_no_other(client: FlaskClient) -> None:
    rules = {rule.rule for rule in client.application.url_map.iter_rules()}
    programs = {rule for rule in rules if rule.startswith("/api/")} | {"/healthz", "/readyz", "/openapi.json"}
    programs = {re.sub(r"<(?:path:)?(\w+)>", r"{\1}", rule) for rule in programs}
    assert set(client.get("/openapi.json").get_json()["paths"]) == programs == set(OPERATIONS)


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/api/v1/search?q=fees", "/api/v1/search"),
        ("/api/v1/search?limit=100", "/api/v1/search"),
        ("/api/v1/search?page=0", "/api/v1/search"),
        ("/api/v1/facets/tag?q=migrants&find=a", "/api/v1/facets/{name}"),
        ("/api/v1/facets/tag?order=size", "/api/v1/facets/{name}"),
        ("/api/v1/facets/mood", "/api/v1/facets/{name}"),
        ("/api/v1/suggest?q=a", "/api/v1/suggest"),
        ("/api/v1/resources/ete/similar", "/api/v1/resources/{id}/similar"),
        ("/api/v1/resources/ete/similar?limit=0", "/api/v1/resources/{id}/similar"),
        ("/api/v1/resources/none/similar", "/api/v1/resources/{id}/similar"),
        ("/healthz", "/healthz"),
        ("/readyz", "/readyz"),
        ("/openapi.json", "/openapi.json"),
    ],
)
def test_answers_have_the_shape_that_is_described(client: FlaskClient, address: str, path: str) -> None:
    document = client.get("/openapi.json").get_json()
    answer = client.get(address)
    described = document["paths"][path]["get"]["responses"][str(answer.status_code)]
    assert fits(answer.get_json(), described["content"]["application/json"]["schema"], document)


def test_the_description_names_the_arguments_of_this_library(client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()
    names = [parameter["name"] for parameter in document["paths"]["/api/v1/search"]["get"]["parameters"]]
    assert names == [
        *("q", "page", "sort", "limit", "since", "until", "verbatim", "lang"),
        *("type", "tag", "publisher", "year", "language", "format"),
        *("year.from", "year.to"),
    ]


@pytest.mark.parametrize("ends", ["year.from=2022&year.to=", "year.to=2022&year.from=2022", "year=2022.."])
def test_programs_may_ask_for_a_range_as_forms_do(client: FlaskClient, ends: str) -> None:
    answer = client.get(f"/api/v1/search?{ends}").get_json()
    assert [result["id"] for result in answer["results"]] == ["ete"]
    values = client.get(f"/api/v1/facets/tag?{ends}").get_json()["values"]
    assert {value["value"] for value in values} == {"Asia", "Europe"}


def test_readiness_tells_the_generation_and_its_age(client: FlaskClient) -> None:
    answer = client.get("/readyz").get_json()
    assert (answer["status"], answer["generation"]) == ("ready", 1)
    assert answer["built_at"] == "2026-01-02T03:04:05+00:00"
    assert answer["age_seconds"] > 0


@pytest.mark.parametrize("error", [MISSING, IndexUnreadable("The index in /secret/place is damaged.")])
@pytest.mark.parametrize(
    "address", ["/", "/search?q=a", "/resources/a", "/files/a/b", "/api/v1/search", "/api/v1/suggest", "/readyz"]
)
def test_without_an_index_the_answer_is_a_503_that_says_how_to_build_one(
    address: str, error: IndexMissing | IndexUnreadable
) -> None:
    answer = web_sample.client_of(error).get(address)
    assert answer.status_code == 503
    assert "handlist build LIBRARY --index DIR" in answer.text
    assert "/secret/place" not in answer.text


def test_without_an_index_the_process_is_healthy_and_describes_itself() -> None:
    client = web_sample.client_of(MISSING)
    assert client.get("/healthz").get_json() == {"status": "ok"}
    assert client.get("/openapi.json").status_code == 200


def test_the_terminal_makes_the_same_answer_without_flask() -> None:
    code = (
        "import sys, json, web_sample\n"
        "sys.modules.pop('flask')\n"
        "for name in [name for name in sys.modules if name.startswith('webapp')]: del sys.modules[name]\n"
        "sys.modules['flask'] = None\n"
        "from webapp.answers import search_answer\n"
        "from webapp.arguments import read_question\n"
        "from webapp.search import search\n"
        "engine = web_sample.engine()\n"
        "print(json.dumps(search_answer(search(engine, read_question({'q': ['fees']}, (), 10)))))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": ".:tests"})
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["total"] == 1
