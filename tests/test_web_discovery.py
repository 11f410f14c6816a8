from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import etree, html

from indexer.index.engine import IndexMissing
from indexer.index.schema import Document, Resource
from tests import web_sample
from tests.memory_engine import MemoryEngine
from webapp import sitemap

ORIGIN = "https://library.example"
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
SEARCH = {"o": "http://a9.com/-/spec/opensearch/1.1/"}


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return web_sample.client_of(web_sample.engine(), url=ORIGIN)


def mapped(client: FlaskClient, address: str) -> list[tuple[str, str | None]]:
    """Return the addresses of a sitemap or of an index of them, each with its day."""
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    return [
        (each.findtext("s:loc", namespaces=SITEMAP), each.findtext("s:lastmod", namespaces=SITEMAP))
        for each in etree.fromstring(answer.data)
    ]


def of(resources: Iterable[Resource]) -> FlaskClient:
    return web_sample.client_of(MemoryEngine([Document(each) for each in resources]), url=ORIGIN)


def allowed(rules: str, address: str) -> bool:
    """Tell what RFC 9309 says of an address: the longest rule that fits counts, of equals the one that allows."""
    found = [(0, True)]
    for kind, path in re.findall(r"^(Allow|Disallow): (\S+)$", rules, re.MULTILINE):
        pattern = ".*".join(map(re.escape, path.split("*")))
        if re.match(pattern, address):
            found.append((len(path), kind == "Allow"))
    return max(found)[1]


def test_the_map_lists_every_page_that_is_worth_finding_with_its_day(client: FlaskClient) -> None:
    assert mapped(client, "/sitemap.xml") == [
        (f"{ORIGIN}/", "2026-01-02"),
        (f"{ORIGIN}/help", None),
        (f"{ORIGIN}/resources/recruitment-guide", "2021-03-04"),
        (f"{ORIGIN}/resources/ete", "2022-05-06"),
        (f"{ORIGIN}/resources/evil", None),
    ]
    for address, _ in mapped(client, "/sitemap.xml"):
        page = html.fromstring(client.get(urlsplit(address).path).text)
        assert page.xpath("//link[@rel='canonical']/@href") == [address]
        assert page.xpath("//meta[@name='robots']") == []


def test_a_day_that_is_still_to_come_is_not_when_a_page_changed() -> None:
    client = of([Resource("r", "Conference", date=date(2026, 1, 3))])
    assert mapped(client, "/sitemap.xml")[-1] == (f"{ORIGIN}/resources/r", None)


def test_ids_of_any_letters_are_addresses_and_those_that_are_too_long_are_left_out() -> None:
    client = of([Resource("a&b/é <'>", "A"), Resource("x" * 3_000, "B")])
    assert [address for address, _ in mapped(client, "/sitemap.xml")][2:] == [
        f"{ORIGIN}/resources/a%26b/%C3%A9%20%3C%27%3E"
    ]


def test_a_large_library_has_an_index_of_maps_that_hold_every_page_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MOST_RESOURCES", 10)
    one = of(Resource(f"r{number}", "Title") for number in range(10))
    assert len(mapped(one, "/sitemap.xml")) == 12
    client = of(Resource(f"r{number}", "Title") for number in range(21))
    parts = mapped(client, "/sitemap.xml")
    assert parts == [(f"{ORIGIN}/sitemap-{number}.xml", "2026-01-02") for number in (1, 2, 3)]
    pages = [address for part, _ in parts for address, _ in mapped(client, urlsplit(part).path)]
    own = [f"{ORIGIN}/", f"{ORIGIN}/help"]
    assert sorted(pages) == sorted([*own, *(f"{ORIGIN}/resources/r{number}" for number in range(21))])
    assert client.get("/sitemap-4.xml").status_code == 404


@pytest.mark.parametrize("number", ["0", "2", "99999", "9" * 5_000, "-1", "x"])
def test_there_is_no_map_of_another_number(client: FlaskClient, number: str) -> None:
    assert client.get(f"/sitemap-{number}.xml").status_code == 404


def test_a_map_keeps_below_the_limits_of_the_protocol() -> None:
    longest = "x" * (sitemap.LONGEST_ADDRESS - len(f"{ORIGIN}/resources/"))
    client = of([Resource(longest, "Title", date=date(2026, 1, 2)), Resource(f"{longest}y", "Title")])
    assert [len(address) for address, _ in mapped(client, "/sitemap.xml")][2:] == [2_047]
    size = len(client.get("/sitemap.xml").data) * sitemap.MOST_RESOURCES
    assert size < 50 * 1024 * 1024
    assert sitemap.MOST_RESOURCES + 2 <= 50_000


def test_a_map_that_still_holds_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/sitemap.xml").headers["ETag"]
    assert client.get("/sitemap.xml", headers={"If-None-Match": tag}).status_code == 304


def test_crawlers_are_told_where_the_map_is(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    assert re.findall("^Sitemap: (.*)$", answer.text, re.MULTILINE) == [f"{ORIGIN}/sitemap.xml"]


@pytest.mark.parametrize(
    "address",
    [
        "/search?q=fees",
        "/search?tag=Asia",
        "/search?tag=Asia&type=News",
        "/search?page=2&tag=Asia",
        "/search?tag=Asia&page=2",
        "/facets/tag",
        "/api/v1/search",
        "/opensearch/suggestions?q=a",
        "/files/recruitment-guide/guide.pdf?download=1",
        "/coverage",
        "/coverage.csv",
    ],
)
def test_crawlers_are_kept_out_of_what_has_no_end(client: FlaskClient, address: str) -> None:
    assert not allowed(client.get("/robots.txt").text, address)


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/help",
        "/search",
        "/search?page=2",
        "/resources/api/v1",
        "/files/recruitment-guide/guide.pdf",
        "/static/style.css",
        "/sitemap.xml",
        "/opensearch.xml",
    ],
)
def test_crawlers_may_read_every_resource_and_the_ways_to_it(client: FlaskClient, address: str) -> None:
    assert allowed(client.get("/robots.txt").text, address)


def test_browsers_can_add_the_library_as_a_search_engine(client: FlaskClient) -> None:
    answer = client.get("/opensearch.xml")
    assert answer.mimetype == "application/opensearchdescription+xml"
    engine = etree.fromstring(answer.data)
    assert engine.findtext("o:ShortName", namespaces=SEARCH) == "Test library"
    assert engine.findtext("o:Description", namespaces=SEARCH) == "Everything about testing."
    templates = {each.get("type"): each.get("template") for each in engine.iterfind("o:Url", SEARCH)}
    assert templates == {
        "text/html": f"{ORIGIN}/search?q={{searchTerms}}",
        "application/x-suggestions+json": f"{ORIGIN}/opensearch/suggestions?q={{searchTerms}}",
        "application/opensearchdescription+xml": f"{ORIGIN}/opensearch.xml",
    }
    for template in templates.values():
        address = template.removeprefix(ORIGIN).replace("{searchTerms}", "fees")
        assert client.get(address).status_code == 200
    image = str(engine.findtext("o:Image", namespaces=SEARCH))
    assert client.get(image.removeprefix(ORIGIN), buffered=True).mimetype == "image/svg+xml"


@pytest.mark.parametrize("address", ["/", "/search?q=a", "/facets/tag", "/resources/ete", "/help", "/nothing"])
def test_every_page_tells_browsers_of_the_search_engine(client: FlaskClient, address: str) -> None:
    (link,) = html.fromstring(client.get(address).text).xpath("//head/link[@rel='search']")
    assert dict(link.attrib) == {
        "rel": "search",
        "type": "application/opensearchdescription+xml",
        "href": "/opensearch.xml",
        "title": "Test library",
    }


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Harbour Light Library", "Harbour Light"),
        ("Sixteen letters.", "Sixteen letters."),
        ("Weltwirtschaftsarchiv", "Weltwirtschaftsa"),
        ("<b>&\x01\ufffe</b>", "<b>&\ufffd\ufffd</b>"),
        ("A \u202eb and more of it", "A \u202eb and more of\u202c"),
    ],
)
def test_the_short_name_of_the_search_engine_is_text_of_at_most_sixteen_letters(title: str, short: str) -> None:
    client = web_sample.client_of(web_sample.engine(), title=title)
    engine = etree.fromstring(client.get("/opensearch.xml").data)
    assert engine.findtext("o:ShortName", namespaces=SEARCH) == short


def test_browsers_get_completions_beside_what_was_typed_to_the_letter(client: FlaskClient) -> None:
    answer = client.get("/opensearch/suggestions?q=%20A%20%20gui")
    assert answer.mimetype == "application/x-suggestions+json"
    assert json.loads(answer.data) == [" A  gui", ["A guide to responsible recruitment"]]


def test_completions_are_names_and_none_comes_twice() -> None:
    client = of([Resource(f"r{number}", "French lessons", facets={"language": ("fr",)}) for number in range(2)])
    assert json.loads(client.get("/opensearch/suggestions?q=fren").data) == ["fren", ["French lessons", "French"]]


def test_nothing_typed_is_completed_by_nothing(client: FlaskClient) -> None:
    assert json.loads(client.get("/opensearch/suggestions").data) == ["", []]


def test_errors_of_completions_are_json() -> None:
    client = web_sample.client_of(web_sample.engine())
    assert client.get("/opensearch/suggestions?q=" + "x" * 2_000).get_json()["error"]["status"] == 400
    missing = web_sample.client_of(IndexMissing("None."))
    assert missing.get("/opensearch/suggestions?q=a").get_json()["error"]["status"] == 503


def test_without_an_index_there_are_rules_and_a_search_engine_and_no_map() -> None:
    client = web_sample.client_of(IndexMissing("None."))
    assert client.get("/robots.txt").status_code == client.get("/opensearch.xml").status_code == 200
    assert client.get("/sitemap.xml").status_code == 503
