from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from indexer.index import open_index
from indexer.index.schema import Document, Resource
from tests import published, web_sample
from tests.memory_engine import MemoryEngine
from webapp.pages import marked

PAGES = (
    "/",
    "/search",
    "/search?q=fees",
    "/search?tag=Asia&q=migrants",
    "/search?q=nothingness",
    "/search?page=9",
    "/search?page=0",
    "/search?year=2021..&since=2020&until=2021-06",
    "/facets/tag",
    "/facets/tag?q=migrants&tag=Asia&find=as&order=name",
    "/facets/year?find=1999",
    "/facets/type?page=5",
    "/facets/mood",
    "/resources/recruitment-guide",
    "/resources/ete",
    "/resources/evil",
    "/resources/none",
    "/help",
    "/about",
)
ATTACKS = (
    "/",
    "/search?q=evil",
    "/search?q=%3Cscript%3Ealert(%221%22)%3C/script%3E",
    "/resources/evil",
    f"/search?tag={web_sample.EVIL}",
)


@pytest.fixture(scope="module", params=["memory", "whoosh"])
def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    if request.param == "memory":
        return web_sample.client_of(web_sample.engine())
    index = tmp_path_factory.mktemp("index")
    published.publish(index, web_sample.documents())
    return web_sample.client_of(open_index(index))


def soup(client: FlaskClient, address: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(address).text, "lxml")


class Nesting(HTMLParser):
    """Checks that every element that is opened is closed, in order."""

    EMPTY = frozenset({"meta", "link", "input", "br", "wbr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # the parser's signature
        """Open an element."""
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the element that was opened last."""
        assert self.open.pop() == tag


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_well_formed_with_landmarks_one_heading_and_named_controls(
    client: FlaskClient, address: str
) -> None:
    nesting = Nesting()
    nesting.feed(client.get(address).text)
    assert nesting.open == []
    page = soup(client, address)
    assert page.html is not None
    assert page.html["lang"] == "en"
    assert len(page.find_all("h1")) == len(page.find_all("main")) == len(page.find_all("header")) == 1
    assert page.find("a", class_="skip", href="#content") is not None
    assert len(page.find_all("form", role="search")) == 1
    for control in page.select("input:not([type=hidden])"):
        assert page.find("label", attrs={"for": control["id"]})
    for nav in page.find_all("nav"):
        assert nav.get("aria-label") or page.find(id=nav["aria-labelledby"])
    identifiers = [element["id"] for element in page.find_all(id=True)]
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize("address", PAGES)
def test_no_page_skips_a_level_of_headings_or_needs_inline_code(client: FlaskClient, address: str) -> None:
    page = soup(client, address)
    levels = [int(heading.name[1]) for heading in page.find_all(re.compile(r"^h[1-6]$"))]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert page.find_all("style") == []
    # What is no code is only data: see `test_web_metadata`.
    scripts = [script for script in page.find_all("script") if script["type"] != "application/ld+json"]
    assert [(script["src"], script.get_text()) for script in scripts] == [("/static/search.js", "")]
    assert not [
        element for element in page.find_all(True) if any(name.startswith(("on", "style")) for name in element.attrs)
    ]


@pytest.mark.parametrize("address", PAGES)
def test_every_link_of_a_page_leads_to_an_answer(client: FlaskClient, address: str) -> None:
    links = {str(link["href"]) for link in soup(client, address).find_all(["a", "link"], href=True)}
    inside = {link for link in links if link.startswith("/") and not link.startswith("/files/")}
    assert inside
    for link in inside:
        assert client.get(link, buffered=True).status_code == 200, link


@pytest.mark.parametrize("address", ATTACKS)
def test_markup_in_texts_and_questions_stays_text(client: FlaskClient, address: str) -> None:
    html = client.get(address).text.replace('<script type="module" src="/static/search.js">', "")
    assert "<script>" not in html
    assert html.count("<script") == html.count('<script type="application/ld+json">') <= 1
    assert "<img" not in html
    assert "&lt;" in html


def test_an_excerpt_is_marked_where_it_matches_and_stays_text() -> None:
    assert marked((("1 < 2 ", False), ("<b>&", True), ("'\"", False))) == (
        "1 &lt; 2 <mark>&lt;b&gt;&amp;</mark>&#39;&#34;"
    )
    assert marked(()) == ""


def test_each_value_of_a_result_is_linked_once_its_type_above_the_title_and_its_tags_at_the_foot(
    client: FlaskClient,
) -> None:
    card = soup(client, "/search?q=fees").select_one("article")
    assert card is not None
    assert [link["href"] for link in card.select(".kinds a")] == ["/search?type=Guidance", "/search?type=Toolkit"]
    assert [link["href"] for link in card.select(".facts a")] == ["/search?year=2021", "/search?language=en"]
    assert [link["href"] for link in card.select(".tags a")] == ["/search?tag=Asia"]


def test_an_address_of_another_scheme_is_not_a_link(client: FlaskClient) -> None:
    assert "javascript:" not in client.get("/resources/evil").text
    assert soup(client, "/resources/recruitment-guide").find("a", href="https://example.org/guide")


def test_home_tells_the_size_of_the_library_and_opens_every_facet(client: FlaskClient) -> None:
    page = soup(client, "/")
    assert "3 resources with 4 files" in page.get_text(" ", strip=True)
    assert page.find("a", href="/search?type=Guidance") is not None
    newest = page.select_one("article h3")
    assert newest is not None
    assert newest.get_text() == "Un été sans frais"


def test_a_hit_in_a_pdf_leads_to_its_page_with_the_words_marked(client: FlaskClient) -> None:
    page = soup(client, "/search?q=fees")
    link = page.find("a", href="/files/recruitment-guide/guide.pdf#page=2&search=fees")
    assert link is not None
    assert link.get_text() == "PDF, p. 1 of guide.pdf"
    assert page.select_one(".places mark") is not None


def test_a_hit_in_the_keywords_alone_shows_them_and_links_to_no_file(client: FlaskClient) -> None:
    place = soup(client, "/search?q=toolkit").select_one(".places li")
    assert place is not None
    assert place.get_text(" ", strip=True) == "Keywords Toolkit"
    assert place.find("a") is None


def test_results_tell_the_age_of_the_index(client: FlaskClient) -> None:
    assert "index of 2 January 2026" in soup(client, "/search?q=nothingness").get_text()


def test_where_there_is_nothing_to_filter_no_filters_are_offered(client: FlaskClient) -> None:
    assert soup(client, "/search?q=nothingness").find(href="#filters") is None
    assert soup(client, "/search?q=nothingness").find(id="filters") is None
    assert soup(client, "/search?q=nothingness&tag=Asia").find(id="filters") is not None


def test_a_result_carries_its_language(client: FlaskClient) -> None:
    title = soup(client, "/search?q=frais").select_one("article h2")
    assert title is not None
    assert title["lang"] == "fr"


def test_the_search_box_keeps_words_filters_and_order(client: FlaskClient) -> None:
    form = soup(client, "/search?q=migrants&tag=Asia&tag=Europe&sort=title&page=2").find("form")
    assert form is not None
    fields = [(field["name"], field["value"]) for field in form.select("input")]
    assert fields == [("q", "migrants"), ("tag", "Asia"), ("tag", "Europe"), ("sort", "title")]


def test_ten_values_of_a_facet_are_shown_and_the_way_to_all_others() -> None:
    page = soup(web_sample.client_of(web_sample.many(120)), "/search")
    tags = page.select_one("#filters nav")
    assert tags is not None
    assert len(tags.select("nav > ul li")) == 10
    more = tags.select_one(".further a")
    assert more is not None
    assert (more.get_text(), more["href"]) == ("Show more of Tags (110)", "/facets/tag")


def test_pages_of_results_are_linked_for_readers_and_programs() -> None:
    page = soup(web_sample.client_of(web_sample.many(50), page_size=5), "/search?page=3")
    assert [link["href"] for link in page.select("link[rel=prev], link[rel=next]")] == [
        "/search?page=2",
        "/search?page=4",
    ]
    current = page.select_one("nav [aria-current=page]")
    assert current is not None
    assert current.get_text() == "Page 3"


def test_a_resource_shows_its_files_with_format_length_size_and_what_could_not_be_read(client: FlaskClient) -> None:
    text = soup(client, "/resources/recruitment-guide").get_text(" ", strip=True)
    assert "guide.pdf PDF · 3 pages · 1.0 kB" in text
    assert "lost.docx Word This file is missing from the library." in text
    page = soup(client, "/resources/recruitment-guide")
    assert page.find("a", href="/files/recruitment-guide/guide.pdf?download=1") is not None
    assert page.find("a", href=re.compile("lost")) is None
    assert [p.get_text() for p in page.select(".prose p")] == ["First paragraph.", "Second paragraph."]


def test_a_resource_names_those_like_it_with_what_they_are_and_none_where_there_are_none() -> None:
    facets = {"type": ("Guidance",), "tag": ("Water",), "publisher": ("Well House",), "year": ("2020",)}
    found = [
        Document(Resource("one", "Village wells", facets={"tag": ("Water",)}), "Digging wells"),
        Document(Resource("two", "Wells <b>", language="fr", facets=facets), "Digging wells"),
        Document(Resource("tax", "Income tax")),
    ]
    client = web_sample.client_of(MemoryEngine(found))
    section = soup(client, "/resources/one").find("section", attrs={"aria-labelledby": "alike"})
    assert section is not None
    heading = section.find("h2", id="alike")
    assert heading is not None
    assert heading.get_text() == "More like this"
    (item,) = section.select("ul.links > li")
    assert [(link.get_text(), link["href"], link["lang"]) for link in item.find_all("a")] == [
        ("Wells <b>", "/resources/two", "fr")
    ]
    assert "Guidance" in item.get_text()
    assert "More like this" not in client.get("/resources/tax").text


def test_arguments_of_campaigns_are_passed_over_and_limit_is_for_programs(client: FlaskClient) -> None:
    assert client.get("/search?q=fees&utm_source=mail&limit=100000").status_code == 200


@pytest.mark.parametrize(
    "address", ["/search?page=0", "/search?page=x", "/search?sort=price", "/search?q=" + "x" * 10_000]
)
def test_a_question_that_makes_no_sense_is_a_400_with_the_reason(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    name = urlsplit(address).query.split("=")[0]
    assert f"{name}: it has" in answer.text


def test_the_title_can_be_set(client: FlaskClient) -> None:
    assert "Test library" in client.get("/").text
    assert "<h1" in client.get("/").text
    own = web_sample.client_of(web_sample.engine(), title="Our & own").get("/").text
    assert "Our &amp; own" in own
    assert "Test library" not in own


def test_an_empty_library_still_has_pages() -> None:
    client = web_sample.client_of(MemoryEngine([], facets=()))
    for address in ("/", "/search", "/search?q=a"):
        assert client.get(address).status_code == 200


ASKED = ("/search", "/facets/tag", "/api/v1/search", "/api/v1/facets/year", "/api/v1/suggest")
WORDS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            *("AND", "OR", "((((", '"', "-", "title:", "tag:(", "0", "-1", "1000000000", "2019..", "2019-13"),
            *("9" * 5000, "\0\x1b", "x" * 10_000),
        ]
    ),
)
NAMES = st.one_of(
    st.sampled_from(
        ["q", "page", "sort", "limit", "tag", "type", "year", "year.from", "since", "until", "find", "order", "colour"]
    ),
    st.text(max_size=5),
)


@given(st.lists(st.tuples(NAMES, WORDS), max_size=6), st.sampled_from(ASKED))
def test_whatever_is_asked_the_answer_is_an_answer_or_a_reason(arguments: list[tuple[str, str]], address: str) -> None:
    client = web_sample.client_of(web_sample.engine())
    answer = client.get(address, query_string=MultiDict(arguments), follow_redirects=True)
    assert answer.status_code in (200, 400)
