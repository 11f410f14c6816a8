from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from indexer.index.engine import IndexUnreadable, Results, SearchRequest
from tests import web_sample
from tests.memory_engine import MemoryEngine

PROGRAMS = ("/api/v1/nothing", "/api/v1/search/")
PEOPLE = ("/nothing", "/resources/none")


class Broken(MemoryEngine):
    """Fails in a way that nobody foresaw."""

    def search(self, request: SearchRequest) -> Results:
        """Fail with what nobody should read."""
        raise RuntimeError(f"password=hunter2 {request}")


class Damaged(MemoryEngine):
    """Was opened, and turns out to be damaged while it answers."""

    def search(self, request: SearchRequest) -> Results:
        """Fail as an engine does that cannot read one of its files."""
        raise IndexUnreadable(f"/secret/texts.bin is damaged: {request}.")


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return web_sample.client_of(web_sample.engine())


@pytest.mark.parametrize("address", PROGRAMS)
def test_programs_get_errors_in_one_shape(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    error = answer.get_json()["error"]
    assert (error["status"], sorted(error)) == (404, ["arguments", "detail", "status", "title"])


@pytest.mark.parametrize("address", PEOPLE)
def test_people_get_errors_as_pages(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert "There is nothing at this address" in answer.text


@pytest.mark.parametrize("address", ["/", "/search", "/api/v1/search"])
def test_other_methods_are_refused_with_those_there_are(client: FlaskClient, address: str) -> None:
    answer = client.post(address)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("address", ["/", "/search", "/resources/evil", "/api/v1/search", "/healthz"])
def test_head_is_answered_without_a_body(client: FlaskClient, address: str) -> None:
    answer = client.head(address)
    assert (answer.status_code, answer.data) == (200, b"")


@pytest.mark.parametrize("address", ["/search?q=a", "/api/v1/search?q=a"])
def test_what_nobody_foresaw_is_a_500_that_tells_nothing_of_the_inside(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = web_sample.client_of(Broken(web_sample.documents())).get(address)
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert "Traceback" not in answer.text
    assert "hunter2" in caplog.text


def test_damage_that_shows_while_an_index_answers_is_logged_with_its_file(caplog: pytest.LogCaptureFixture) -> None:
    answer = web_sample.client_of(Damaged(web_sample.documents())).get("/search?q=a")
    assert answer.status_code == 503
    assert "/secret" not in answer.text
    assert "/secret/texts.bin is damaged" in caplog.text


def test_an_index_that_cannot_be_opened_is_not_logged_for_every_request(caplog: pytest.LogCaptureFixture) -> None:
    assert web_sample.client_of(IndexUnreadable("It is damaged.")).get("/search?q=a").status_code == 503
    assert not caplog.records


@pytest.mark.parametrize("address", ["/", "/search?q=a", "/search?page=0", "/nothing", "/api/v1/search", "/healthz"])
def test_every_answer_carries_the_security_headers(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "Set-Cookie" not in headers


def test_the_old_name_of_the_icon_leads_to_the_icon(client: FlaskClient) -> None:
    answer = client.get("/favicon.ico", follow_redirects=True, buffered=True)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
