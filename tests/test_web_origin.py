from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from tests import web_sample
from webapp.config import Config, ConfigError
from webapp.origin import origin_of, read_origin

HOSTILE = ('evil.example"><script>', "a b", "a/b", "user@evil.example", "a?b", "a#b", "a:99999", "a:b", "[::1", "")


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://library.example", "https://library.example"),
        (" HTTPS://Library.example:443/ ", "https://library.example"),
        ("http://library.example:443", "http://library.example:443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:80", "http://[::1]"),
        ("http://my_host.internal.", "http://my_host.internal."),
        ("", ""),
    ],
)
def test_an_origin_has_one_way_to_be_written(given: str, origin: str) -> None:
    assert Config.from_environment({"HANDLIST_URL": given}).url == origin


@pytest.mark.parametrize(
    "given",
    ["library.example", "ftp://library.example", "https://library.example/search", "https://", "https://a?b", "//a"],
)
def test_what_is_no_origin_is_refused_with_an_example(given: str) -> None:
    reason = f"HANDLIST_URL is '{given}': it has to be the address of the site's first page without a path"
    with pytest.raises(ConfigError, match=re.escape(reason)):
        Config.from_environment({"HANDLIST_URL": given})


@pytest.mark.parametrize("host", HOSTILE)
def test_a_host_header_that_names_no_host_gives_no_origin(host: str) -> None:
    assert origin_of("http", host) == ""


@given(st.text() | st.from_regex(r"[a-z.:@/\[\]0-9]*", fullmatch=True))
def test_whatever_the_host_header_says_an_origin_is_plain_and_stays_as_it_is(host: str) -> None:
    origin = origin_of("http", host)
    assert re.fullmatch(r"(http://[a-z0-9._:\[\]-]+)?", origin, re.ASCII)
    assert read_origin(origin) == origin


def canonical(host: str, **settings: str) -> str:
    client = web_sample.client_of(web_sample.engine(), **settings)
    (link,) = html.fromstring(client.get("/help", headers={"Host": host}).text).xpath("//link[@rel='canonical']/@href")
    return str(link)


@pytest.mark.parametrize("host", [".", "a..b", "x" * 64])
def test_a_host_that_can_be_none_is_a_400_with_the_reason(host: str) -> None:
    answer = web_sample.client_of(web_sample.engine()).get("/help", headers={"Host": host})
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert "Host header" in answer.text


def test_pages_are_at_the_origin_that_is_set_whatever_a_request_says() -> None:
    assert canonical("evil.example", url="https://library.example") == "https://library.example/help"


def test_without_a_setting_pages_are_where_they_were_asked_for() -> None:
    assert canonical("library.example:8000") == "http://library.example:8000/help"


@pytest.mark.parametrize("host", HOSTILE)
def test_where_the_request_names_no_host_addresses_of_pages_are_relative(host: str) -> None:
    assert canonical(host) == "/help"


@pytest.mark.parametrize("address", ["/robots.txt", "/sitemap.xml", "/opensearch.xml"])
def test_what_is_nothing_without_an_origin_says_how_to_give_one(address: str) -> None:
    answer = web_sample.client_of(web_sample.engine()).get(address, headers={"Host": "a/b"})
    assert answer.status_code == 400
    assert "set HANDLIST_URL" in answer.text
