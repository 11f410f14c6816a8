from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import web_sample
from tests.memory_engine import MemoryEngine

OPEN = ["/api/v1/search", "/api/v1/search?page=0", "/api/v1/suggest?q=a", "/openapi.json"]
OURS = "https://www.example.org"


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return web_sample.client_of(web_sample.engine())


@pytest.fixture(scope="module")
def listed() -> FlaskClient:
    return web_sample.client_of(web_sample.engine(), origins=(OURS, "https://blog.example"))


def get(client: FlaskClient, address: str, origin: str = "", known: str = "") -> TestResponse:
    headers = {"Origin": origin} if origin else {}
    return client.get(address, headers=headers | ({"If-None-Match": known} if known else {}))


@pytest.mark.parametrize("address", OPEN)
def test_every_page_may_read_what_is_open_and_never_with_credentials(client: FlaskClient, address: str) -> None:
    answer = get(client, address, OURS)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("address", OPEN)
def test_only_sites_that_are_listed_may_read_when_there_is_a_list(listed: FlaskClient, address: str) -> None:
    for origin in (OURS, "https://blog.example"):
        assert get(listed, address, origin).headers["Access-Control-Allow-Origin"] == origin
    for origin in ("https://evil.example", "https://www.example.org.evil.example", "null", ""):
        answer = get(listed, address, origin)
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Origin" in answer.vary


def test_no_site_may_read_when_the_list_is_empty() -> None:
    client = web_sample.client_of(web_sample.engine(), origins=())
    assert "Access-Control-Allow-Origin" not in get(client, "/api/v1/search", OURS).headers


def test_pages_for_people_are_open_to_no_site(client: FlaskClient) -> None:
    for address in ("/", "/search", "/resources/recruitment-guide", "/healthz", "/nowhere"):
        assert "Access-Control-Allow-Origin" not in get(client, address, OURS).headers


def test_an_answer_that_still_holds_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/api/v1/search?q=fees")
    tag = first.headers["ETag"]
    again = get(client, "/api/v1/search?q=fees", OURS, tag)
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert again.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "address",
    ["/api/v1/suggest?q=gui", "/api/v1/facets/tag", "/api/v1/resources/ete/similar", "/openapi.json"],
)  # fmt: skip
def test_every_open_answer_can_be_asked_whether_it_still_holds(client: FlaskClient, address: str) -> None:
    known = client.get(address).headers["ETag"]
    assert known.startswith("W/")
    assert get(client, address, known=known).status_code == 304


def test_another_question_or_another_index_is_another_answer(client: FlaskClient) -> None:
    tag = client.get("/api/v1/search?q=fees").headers["ETag"]
    assert get(client, "/api/v1/search?q=fees&limit=1&tag=Europe", known=tag).status_code == 200
    newer = web_sample.client_of(MemoryEngine(web_sample.documents(), generation=2))
    assert get(newer, "/api/v1/search?q=fees", known=tag).status_code == 200


def test_an_error_is_never_taken_for_an_answer_that_holds(client: FlaskClient) -> None:
    assert "ETag" not in client.get("/api/v1/search?page=0").headers
    assert get(client, "/api/v1/search?page=0", known="*").status_code == 400
