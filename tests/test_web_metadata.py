from __future__ import annotations

import json
from datetime import date
from typing import Any
from unicodedata import bidirectional

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from indexer.index.schema import Document, Resource
from tests import web_sample
from tests.memory_engine import MemoryEngine
from webapp.directions import contained
from webapp.metadata import LONGEST_DESCRIPTION, description
from webapp.structured_data import types_of

ORIGIN = "https://library.example"
RIGHT_TO_LEFT_OVERRIDE, POP, ISOLATE, POP_ISOLATE = "\u202e", "\u202c", "\u2066", "\u2069"


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return web_sample.client_of(web_sample.engine(), url=ORIGIN)


def head(client: FlaskClient, address: str) -> dict[str, list[str]]:
    """Return what the head of a page says by name: of links their addresses, of meta elements their contents."""
    page = html.fromstring(client.get(address, follow_redirects=True).text)
    said: dict[str, list[str]] = {}
    for link in page.xpath("//head/link"):
        said.setdefault(link.get("rel"), []).append(link.get("href"))
    for meta in page.xpath("//head/meta[@content]"):
        said.setdefault(meta.get("name") or meta.get("property"), []).append(meta.get("content"))
    return said


def structured(client: FlaskClient, address: str) -> Any:  # noqa: ANN401  # JSON
    """Return the data of a page, which has to be the only script element that holds anything."""
    (data,) = html.fromstring(client.get(address).text).xpath("//script[text()]")
    assert data.get("type") == "application/ld+json"
    return json.loads(data.text)


def of_one(resource: Resource, body: str = "") -> FlaskClient:
    return web_sample.client_of(MemoryEngine([Document(resource, body)]), url=ORIGIN)


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("/", "/"),
        ("/?utm_source=mail", "/"),
        ("/help", "/help"),
        ("/resources/recruitment%2Dguide?x=1", "/resources/recruitment-guide"),
        ("/search?tag=Europe&q=fees&tag=Asia&type=News", "/search?q=fees&type=News&tag=Asia&tag=Europe"),
        ("/search?q=+fees++paid&page=1&utm_source=mail&since=&limit=3", "/search?q=fees+paid"),
        ("/search?year.from=2019&year.to=2021&q=", "/search?year=2019..2021"),
        ("/search?page=2&q=fees", "/search?q=fees&page=2"),
        ("/facets/tag?order=name&tag=Asia&q=fees", "/facets/tag?q=fees&tag=Asia&order=name"),
    ],
)
def test_every_page_names_the_one_address_that_it_has(client: FlaskClient, asked: str, address: str) -> None:
    said = head(client, asked)
    assert said["canonical"] == said["og:url"] == [f"{ORIGIN}{address}"]
    assert head(client, address)["canonical"] == said["canonical"]


@pytest.mark.parametrize("address", ["/nothing", "/resources/none", "/search?page=0"])
def test_errors_have_no_address_of_their_own(client: FlaskClient, address: str) -> None:
    said = head(client, address)
    assert "canonical" not in said
    assert said["search"] == ["/opensearch.xml"]
    assert said["robots"] == ["noindex"]


def test_the_head_of_a_resource_says_what_previews_show(client: FlaskClient) -> None:
    said = head(client, "/resources/recruitment-guide")
    assert said["og:type"] == ["article"]
    assert said["og:title"] == ["A guide to responsible recruitment"]
    assert said["description"] == said["og:description"] == ["Steps for employers."]
    assert said["og:site_name"] == ["Test library"]
    assert said["article:published_time"] == ["2021-03-04"]
    assert said["article:tag"] == ["Asia"]
    assert said["twitter:card"] == ["summary"]


def test_a_resource_without_a_summary_is_described_by_its_first_paragraph() -> None:
    client = of_one(Resource("r", "Title"), "First\nparagraph.\n\nSecond.")
    assert head(client, "/resources/r")["description"] == ["First paragraph."]
    assert "description" not in head(of_one(Resource("r", "Title")), "/resources/r")


def test_a_resource_is_a_creative_work_with_the_files_that_can_be_had(client: FlaskClient) -> None:
    address = f"{ORIGIN}/resources/recruitment-guide"
    assert structured(client, "/resources/recruitment-guide") == {
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "@id": address,
        "url": address,
        "name": "A guide to responsible recruitment",
        "abstract": "Steps for employers.",
        "datePublished": "2021-03-04",
        "inLanguage": "en",
        "keywords": ["Asia"],
        "sameAs": "https://example.org/guide",
        "isPartOf": {"@type": "WebSite", "name": "Test library", "url": f"{ORIGIN}/"},
        "encoding": [
            {
                "@type": "MediaObject",
                "name": "guide.pdf",
                "contentUrl": f"{ORIGIN}/files/recruitment-guide/guide.pdf",
                "encodingFormat": "application/pdf",
                "contentSize": "1.0 kB",
                "inLanguage": "en",
            }
        ],
    }


def test_the_addresses_of_files_lead_to_them(client: FlaskClient) -> None:
    addresses = [each["contentUrl"] for each in structured(client, "/resources/ete")["encoding"]]
    assert addresses == [
        f"{ORIGIN}/files/ete/%C3%A9t%C3%A9%20100%25.html",
        f"{ORIGIN}/files/ete/notes.txt",
    ]


def test_publishers_are_organisations_and_what_is_not_known_is_left_out() -> None:
    client = of_one(Resource("r", "Title", facets={"publisher": ("ILO", "IOM")}))
    said = structured(client, "/resources/r")
    assert said["publisher"] == [{"@type": "Organization", "name": "ILO"}, {"@type": "Organization", "name": "IOM"}]
    assert not {"abstract", "datePublished", "keywords", "sameAs", "encoding", "author"} & set(said)


@pytest.mark.parametrize(
    ("names", "types"),
    [
        ((), ["CreativeWork"]),
        (("Guidance",), ["CreativeWork"]),
        (("News & Analysis",), ["NewsArticle"]),
        (("Case study", "REPORTS", "Training"), ["Report", "LearningResource"]),
        (("Étude",), ["Report"]),
        (("Reportage",), ["CreativeWork"]),
    ],
)
def test_types_of_the_library_are_told_by_their_words(names: tuple[str, ...], types: list[str]) -> None:
    assert types_of(names) == types


def test_the_first_page_is_a_web_site_that_can_be_searched(client: FlaskClient) -> None:
    said = structured(client, "/")
    assert (said["@type"], said["name"], said["url"]) == ("WebSite", "Test library", f"{ORIGIN}/")
    assert (said["description"], said["inLanguage"]) == ("Everything about testing.", "en")
    template = said["potentialAction"]["target"]["urlTemplate"]
    assert template == f"{ORIGIN}/search?q={{search_term_string}}"
    found = client.get(template.removeprefix(ORIGIN).replace("{search_term_string}", "fees"))
    assert "A guide to responsible recruitment" in html.fromstring(found.text).text_content()


@pytest.mark.parametrize(
    "attack",
    [
        web_sample.EVIL,
        "</script><script>steal()</script>",
        "<!--<script>",
        "]]>\u2028\u2029 & ' \" \\",
        '"><img src=x onerror=steal()>',
    ],
)
def test_hostile_text_is_the_same_text_in_every_part_of_the_head(attack: str) -> None:
    facets = {"tag": (attack,), "publisher": (attack,), "type": (attack,)}
    client = of_one(Resource("r", attack, attack, date(2020, 1, 1), facets=facets))
    said, data = head(client, "/resources/r"), structured(client, "/resources/r")
    assert said["og:title"] == said["article:tag"] == [attack]
    assert said["description"] == [" ".join(attack.split())]
    assert (data["name"], data["abstract"], data["keywords"]) == (attack, attack, [attack])
    assert data["publisher"] == [{"@type": "Organization", "name": attack}]
    page = html.fromstring(client.get("/resources/r").text)
    assert page.xpath("//head//img | //@onerror") == []


def test_hostile_titles_of_the_library_are_the_same_text() -> None:
    client = web_sample.client_of(web_sample.engine(), title=web_sample.EVIL)
    assert structured(client, "/")["name"] == web_sample.EVIL
    assert head(client, "/")["og:title"] == [web_sample.EVIL]


def test_a_title_changes_the_direction_of_nothing_beside_it() -> None:
    client = of_one(Resource("r", f"Annual {RIGHT_TO_LEFT_OVERRIDE}fdp.exe"))
    assert head(client, "/resources/r")["og:title"] == [f"Annual {RIGHT_TO_LEFT_OVERRIDE}fdp.exe{POP}"]
    title = html.fromstring(client.get("/resources/r").text).findtext(".//title")
    assert title == f"Annual {RIGHT_TO_LEFT_OVERRIDE}fdp.exe{POP} · Test library"
    asked = html.fromstring(client.get("/search", query_string={"q": f"a {ISOLATE}b"}).text).findtext(".//title")
    assert asked.startswith(f"a {ISOLATE}b{POP_ISOLATE} · ")


BIDI = "ab\u05d0\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def depths(text: str) -> list[str]:
    """Walk through a text as rules X1 to X8 of UAX 9 do, without their limit; return what is begun at its end.

    Fails on an end that ends nothing.
    """
    stack: list[str] = []
    for char in text:
        kind = bidirectional(char)
        if kind in ("LRE", "RLE", "LRO", "RLO", "LRI", "RLI", "FSI"):
            stack.append("isolate" if kind.endswith("I") else "embedding")
        elif kind == "PDI":
            while stack.pop() != "isolate":
                pass
        elif kind == "PDF":
            assert stack.pop() == "embedding"
    return stack


@given(st.text(BIDI))
def test_a_contained_text_ends_all_it_begins_and_no_more(text: str) -> None:
    found = contained(text)
    assert depths(found) == []
    assert [char for char in found if char not in "\u202c\u2069"] == [
        char for char in text if char not in "\u202c\u2069"
    ]
    assert contained(found) == found


@given(st.text("ab \n\u00e9\u202e", max_size=1_000))
def test_a_description_is_one_line_of_bounded_length(text: str) -> None:
    line = description(text)
    assert "\n" not in line
    assert "  " not in line
    # Each of the characters may be one that has to be ended.
    assert len(line) <= 2 * LONGEST_DESCRIPTION


def test_a_long_description_is_cut_between_words() -> None:
    assert description("word " * 60) == ("word " * 60).strip()
    assert description("word " * 100) == ("word " * 60).strip() + "…"
    assert description("x" * 1_000) == "x" * 299 + "…"


@pytest.mark.parametrize("address", ["/search?q=fees", "/facets/tag", "/nothing", "/widget", "/embed"])
def test_pages_that_are_no_answer_for_a_search_engine_say_so(address: str) -> None:
    page = html.fromstring(web_sample.client_of(web_sample.engine()).get(address).text)
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]


def test_the_title_of_the_library_leaves_alone_what_browsers_put_it_between() -> None:
    client = web_sample.client_of(web_sample.engine(), title=f"Ours {RIGHT_TO_LEFT_OVERRIDE}sruo")
    page = html.fromstring(client.get("/help").text)
    assert page.xpath("//link[@rel='search']/@title") == [f"Ours {RIGHT_TO_LEFT_OVERRIDE}sruo{POP}"]
