from __future__ import annotations

from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from indexer.index.engine import IndexMissing
from tests import web_sample
from webapp.oembed import WIDTH, arguments_of, within

HERE = "http://localhost"


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return web_sample.client_of(web_sample.engine())


class Frames(HTMLParser):
    """Collects the tags of a piece of HTML with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag down."""
        self.found.append((tag, dict(attrs)))


def ask(client: FlaskClient, url: str, **arguments: str) -> dict[str, object]:
    answer = client.get("/oembed", query_string={"url": url, **arguments})
    assert answer.status_code == 200
    found: dict[str, object] = answer.get_json()
    return found


def test_a_search_is_embedded_as_a_frame_with_its_words_and_filters(client: FlaskClient) -> None:
    answer = ask(client, f"{HERE}/search?q=fees&tag=Asia&utm_source=mail")
    html = answer.pop("html")
    assert answer == {
        "version": "1.0",
        "type": "rich",
        "title": "Test library",
        "provider_name": "Test library",
        "provider_url": f"{HERE}/",
        "cache_age": 86_400,
        "width": 640,
        "height": 480,
    }
    ((tag, attributes),) = Frames(str(html)).found
    assert tag == "iframe"
    assert attributes["src"] == f"{HERE}/embed?q=fees&tag=Asia"
    assert (attributes["title"], attributes["width"], attributes["height"]) == ("Test library", "640", "480")


@pytest.mark.parametrize("path", ["", "/", "/search", "/embed?tag=Asia", "/widget?facets=type"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_address_of_the_search_can_be_embedded(client: FlaskClient, path: str, scheme: str) -> None:
    assert ask(client, f"{scheme}://localhost{path}")["type"] == "rich"


@pytest.mark.parametrize(
    "url",
    [
        "",
        f"{HERE}/resources/ete",
        "http://elsewhere.example/search",
        "http://localhost@elsewhere.example/",
        "http://[",
        "javascript:alert(1)",
        "//localhost/search",
        f"{HERE}/search?" + "&".join("tag=a" for _ in range(1_000)),
    ],
)
def test_any_other_address_is_not_found(client: FlaskClient, url: str) -> None:
    answer = client.get("/oembed", query_string={"url": url})
    assert answer.status_code == 404
    assert answer.get_json()["error"]["detail"] == (
        "Only the search can be embedded: http://localhost/search with its arguments, or /, /embed, /widget."
    )


OURS = "https://library.example"


@pytest.fixture(scope="module")
def proxied() -> FlaskClient:
    """Give a client of a library whose address is set; requests name the host behind the proxy."""
    return web_sample.client_of(web_sample.engine(), url=OURS)


@pytest.mark.parametrize(
    "origin", [OURS, "http://library.example", "https://LIBRARY.example", f"{OURS}:443", HERE, "http://localhost:80"]
)
def test_addresses_at_the_origin_that_is_set_are_ours_however_they_are_written(
    proxied: FlaskClient, origin: str
) -> None:
    answer = ask(proxied, f"{origin}/fr/search?tag=Asia")
    assert f'src="{OURS}/embed?tag=Asia&amp;lang=fr"' in str(answer["html"])
    assert answer["provider_url"] == f"{OURS}/"


def test_another_port_is_another_site(proxied: FlaskClient) -> None:
    assert proxied.get("/oembed", query_string={"url": f"{OURS}:8443/search"}).status_code == 404


def discovered(html: str) -> list[str | None]:
    links = [attributes for tag, attributes in Frames(html).found if tag == "link"]
    return [each["href"] for each in links if each.get("type") == "application/json+oembed"]


def test_the_search_page_names_the_origin_that_is_set(proxied: FlaskClient) -> None:
    (href,) = discovered(proxied.get("/fr/search?q=été&tag=a%26b").text)
    assert href is not None
    assert href.startswith(f"{OURS}/oembed?")
    html = str(proxied.get(href.removeprefix(OURS)).get_json()["html"])
    ((_, frame),) = Frames(html).found
    assert frame["src"] == f"{OURS}/embed?q=%C3%A9t%C3%A9&tag=a%26b&lang=fr"


def test_a_page_that_knows_no_origin_names_none(client: FlaskClient) -> None:
    assert discovered(client.get("/search", headers={"Host": "a/b"}).text) == []


def test_another_format_is_not_implemented(client: FlaskClient) -> None:
    answer = client.get("/oembed", query_string={"url": HERE, "format": "xml"})
    assert answer.status_code == 501
    assert answer.get_json()["error"]["detail"] == "There is only format=json."


def test_the_frame_keeps_within_the_room_there_is(client: FlaskClient) -> None:
    answer = ask(client, HERE, maxwidth="300", maxheight="5000")
    assert (answer["width"], answer["height"]) == (300, 480)
    answer = ask(client, HERE, maxwidth="100", maxheight="many")
    assert (answer["width"], answer["height"]) == (100, 480)
    for unusable in ("0", "-5", "1e2", "٣", "9" * 10, "9" * 5_000):
        assert within(unusable, WIDTH) == WIDTH


def test_markup_in_words_and_titles_stays_text() -> None:
    client = web_sample.client_of(web_sample.engine(), title='"><script>alert(1)</script>')
    html = str(ask(client, f'{HERE}/search?q="><script>alert(1)</script>')["html"])
    assert [tag for tag, _ in Frames(html).found] == ["iframe"]


def test_the_search_page_says_where_it_can_be_embedded_from(client: FlaskClient) -> None:
    html = client.get("/search?q=fees&tag=Asia").text
    (href,) = discovered(html)
    assert href is not None
    assert href.startswith(f"{HERE}/oembed?")
    assert "q=fees&amp;tag=Asia" in client.get(href).get_json()["html"]


def test_an_address_in_a_language_gives_a_box_in_that_language(client: FlaskClient) -> None:
    assert "lang=fr" in str(ask(client, f"{HERE}/fr/search?tag=Asia")["html"])
    assert "lang=es" in str(ask(client, f"{HERE}/fr/search?lang=es")["html"])
    assert "lang=" not in str(ask(client, f"{HERE}/search?tag=Asia")["html"])


def test_without_an_index_the_box_can_still_be_embedded() -> None:
    client = web_sample.client_of(IndexMissing("There is none."))
    assert ask(client, f"{HERE}/search?tag=Asia")["title"] == "Handlist"


@given(st.text())
def test_no_address_raises(address: str) -> None:
    arguments_of(address, [HERE])
    arguments_of(f"http://localhost/search?{address}", [HERE])
    assert 1 <= within(address, 640) <= 640
