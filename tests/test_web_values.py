"""All values of a facet: the page and the interface that list them within a search."""

from __future__ import annotations

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from indexer.index.manifest import FacetInfo, ValueOrder
from indexer.index.schema import Document, Resource
from tests import web_sample
from tests.memory_engine import MemoryEngine


def client(order: ValueOrder = ValueOrder.COUNT) -> FlaskClient:
    """Return a client of a library with 250 tags, which hold each other's number and stand in many resources."""
    documents = [
        Document(Resource(f"r{n}", "Even" if n % 2 == 0 else "Odd", facets={"tag": (f"tag {n}", "Été")}))
        for n in range(250)
    ]
    return web_sample.client_of(MemoryEngine(documents, facets=[FacetInfo("tag", "Tags", order=order)]))


def soup(address: str, asked: FlaskClient | None = None) -> BeautifulSoup:
    answer = (asked or client()).get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "lxml")


def listed(page: BeautifulSoup) -> list[str]:
    return [value.get_text() for value in page.select(".values .option bdi")]


def test_every_value_is_on_one_page_the_most_frequent_first() -> None:
    pages = [listed(soup(f"/facets/tag?page={number}")) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [100, 100, 51]
    assert pages[0][0] == "Été"
    assert len({value for page in pages for value in page}) == 251


def test_the_values_are_those_of_the_search_and_each_leads_to_it_with_the_value_chosen() -> None:
    page = soup("/facets/tag?q=odd&tag=tag+1&sort=title&find=tag+24")
    assert listed(page) == ["tag 241", "tag 243", "tag 245", "tag 247", "tag 249"]
    assert page.select(".values .option")[0]["href"] == "/search?q=odd&tag=tag+1&tag=tag+241&sort=title"
    assert page.select(".chip")[0]["href"] == "/search?q=odd&sort=title"
    assert page.find("a", href="/search?q=odd&tag=tag+1&sort=title", string="Back to the results") is not None


def test_a_chosen_value_is_marked_and_leads_to_the_search_without_it() -> None:
    chosen = soup("/facets/tag?tag=tag+1&find=tag+1").select_one(".option[aria-current]")
    assert chosen is not None
    assert chosen["href"] == "/search"


def test_values_are_looked_for_by_the_beginnings_of_words_without_accents() -> None:
    assert listed(soup("/facets/tag?find=ETE")) == ["Été"]
    page = soup("/facets/tag?find=te")
    assert listed(page) == []
    assert "No value holds words that begin so." in page.get_text()


def test_the_form_keeps_the_search_and_the_order() -> None:
    form = soup("/facets/tag?q=odd&tag=tag+1&since=2019&find=a&order=name&page=2").select_one("form.find")
    assert form is not None
    assert form["action"] == "/facets/tag"
    assert [(field["name"], field["value"]) for field in form.select("input")] == [
        ("q", "odd"), ("tag", "tag 1"), ("since", "2019"), ("order", "name"), ("find", "a"),
    ]  # fmt: skip


def test_the_order_of_the_library_needs_no_argument() -> None:
    by_name = client(ValueOrder.NAME)
    assert listed(soup("/facets/tag", by_name))[:3] == ["Été", "tag 0", "tag 1"]
    links = soup("/facets/tag?find=t", by_name).select(".sorts a")
    assert [(link.get_text(), link["href"], link.get("aria-current")) for link in links] == [
        ("Most frequent", "/facets/tag?find=t&order=count", None),
        ("By name", "/facets/tag?find=t", "true"),
    ]


def test_pages_of_values_lead_to_each_other() -> None:
    links = [link["href"] for link in soup("/facets/tag?order=name").select(".pages a[rel=next]")]
    assert links == ["/facets/tag?order=name&page=2"]


def test_programs_get_the_same_values() -> None:
    answer = client().get("/api/v1/facets/tag?q=odd&tag=tag+1&find=tag+1&limit=2&page=2&order=name").get_json()
    assert answer == {
        "facet": "tag",
        "label": "Tags",
        "total": 56,
        "generation": 1,
        "values": [
            {"value": "tag 103", "label": "tag 103", "count": 1, "selected": False},
            {"value": "tag 105", "label": "tag 105", "count": 1, "selected": False},
        ],
    }


def test_a_facet_that_is_none_is_a_404_that_names_those_there_are() -> None:
    answer = client().get("/api/v1/facets/mood")
    assert answer.status_code == 404
    assert "there are tag, language, format" in answer.get_json()["error"]["detail"]
    assert client().get("/facets/mood").status_code == 404


def test_a_facet_that_the_library_does_not_show_can_be_listed_too() -> None:
    assert client().get("/api/v1/facets/language").get_json()["total"] == 0
