from __future__ import annotations

import gzip

import pytest
from flask.testing import FlaskClient

from tests import web_sample

PACKED = {"Accept-Encoding": "gzip, br"}


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return web_sample.client_of(web_sample.engine())


@pytest.mark.parametrize("address", ["/", "/resources/ete", "/static/style.css", "/api/v1/search?q=fees", "/nothing"])
def test_texts_are_packed_for_whoever_can_unpack_them(client: FlaskClient, address: str) -> None:
    plain = client.get(address, buffered=True)
    packed = client.get(address, headers=PACKED, buffered=True)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.vary
    assert "Accept-Encoding" in plain.vary
    assert packed.content_length == len(packed.data) < len(plain.data)
    if "api" not in address:
        assert gzip.decompress(packed.data) == plain.data


@pytest.mark.parametrize("wanted", ["identity", "gzip;q=0", "br", ""])
def test_nothing_is_packed_for_others(client: FlaskClient, wanted: str) -> None:
    assert "Content-Encoding" not in client.get("/", headers={"Accept-Encoding": wanted}).headers


def test_what_is_small_or_packed_already_goes_out_as_it_is(client: FlaskClient) -> None:
    assert "Content-Encoding" not in client.get("/healthz", headers=PACKED).headers
    font = client.get("/static/source-serif-4.woff2", headers=PACKED, buffered=True)
    assert "Content-Encoding" not in font.headers
    assert len(client.get("/widget.js", headers=PACKED).data) < 10_240


def test_parts_of_our_own_files_are_not_offered_where_they_are_packed(client: FlaskClient) -> None:
    packed = client.get("/static/style.css", headers=PACKED, buffered=True)
    assert "Accept-Ranges" not in packed.headers
    tag = packed.headers["ETag"]
    assert tag.startswith("W/")
    assert client.get("/static/style.css", headers={**PACKED, "If-None-Match": tag}, buffered=True).status_code == 304


@pytest.mark.parametrize("address", ["/", "/help", "/resources/ete", "/fr/about"])
def test_a_page_that_is_as_it_was_is_not_sent_again(client: FlaskClient, address: str) -> None:
    first = client.get(address, headers=PACKED)
    again = client.get(address, headers={**PACKED, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(address, headers={"If-None-Match": '"another"'}).status_code == 200


def test_a_page_in_another_language_is_another_page(client: FlaskClient) -> None:
    french = client.get("/help", headers={"Accept-Language": "fr"})
    spanish = client.get("/help", headers={"Accept-Language": "es", "If-None-Match": french.headers["ETag"]})
    assert spanish.status_code == 200


def test_errors_have_no_validator(client: FlaskClient) -> None:
    assert "ETag" not in client.get("/nothing").headers
