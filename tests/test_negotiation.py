from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from lxml import html

from indexer.index.engine import IndexMissing
from tests import web_sample
from tests.memory_engine import MemoryEngine
from webapp.interface import LANGUAGES, Interface, interface
from webapp.negotiation import path_of

PAGES = ["/", "/search?q=fees", "/facets/tag", "/resources/ete", "/help", "/about", "/widget"]


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return web_sample.client_of(web_sample.engine(), url="https://library.example")


def language_of(client: FlaskClient, address: str, wanted: str = "") -> tuple[str, str]:
    """Return the language and the direction that a page states."""
    headers = {"Accept-Language": wanted} if wanted else {}
    answer = client.get(address, headers=headers)
    (page,) = html.fromstring(answer.text).xpath("/html")
    assert answer.headers["Content-Language"] == page.get("lang")
    return page.get("lang"), page.get("dir")


@pytest.mark.parametrize("address", PAGES)
def test_an_address_that_begins_with_a_language_is_in_that_language(client: FlaskClient, address: str) -> None:
    for language in LANGUAGES:
        direction = "rtl" if language == "ar" else "ltr"
        assert language_of(client, f"/{language}{address}", "es") == (language, direction)


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("fr-CA, en;q=0.5", "fr"),
        ("de, es;q=0.8, en;q=0.5", "es"),
        ("de", "en"),
        ("ar-EG", "ar"),
        ("*", "en"),
        ("fr;q=0, es", "es"),
        ("\x00;;q=x,,,", "en"),
    ],
)
def test_other_addresses_are_in_the_language_that_the_browser_prefers(
    client: FlaskClient, wanted: str, language: str
) -> None:
    answer = client.get("/help", headers={"Accept-Language": wanted})
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.vary


def test_a_library_that_speaks_a_language_of_ours_is_shown_in_it_to_those_who_ask_for_none() -> None:
    def shown_in(*languages: str) -> str:
        engine = MemoryEngine(web_sample.documents(), languages=languages)
        return language_of(web_sample.client_of(engine), "/help", "de")[0]

    assert [shown_in("fr", "en"), shown_in("de", "fr"), shown_in()] == ["fr", "en", "en"]


def test_the_setting_goes_before_the_browser_and_the_address_before_the_setting() -> None:
    client = web_sample.client_of(web_sample.engine(), language="es")
    assert language_of(client, "/help", "fr") == ("es", "ltr")
    assert language_of(client, "/fr/help") == ("fr", "ltr")
    assert "Accept-Language" not in client.get("/help").vary


@pytest.mark.parametrize("address", PAGES)
def test_links_keep_a_language_that_was_chosen_and_choose_none_themselves(client: FlaskClient, address: str) -> None:
    def pages(prefix: str) -> set[str]:
        page = BeautifulSoup(client.get(f"{prefix}{address}").text, "lxml")
        page.select_one(".tongues").decompose()  # type: ignore[union-attr]  # its links are for the other languages
        links = [str(each["href"]) for each in page.select("a[href^='/']")]
        forms = [str(each["action"]) for each in page.select("form[action^='/']")]
        return {each for each in links + forms if not each.startswith(("/files/", "/openapi.json"))}

    assert {link.removeprefix("/fr") for link in pages("/fr")} == pages("")
    assert all(link.startswith("/fr/") for link in pages("/fr"))


@pytest.mark.parametrize("address", ["/search?q=a%26b&tag=Asia&page=1", "/resources/ete", "/fr/help", "/"])
def test_every_page_leads_to_itself_in_the_other_languages(client: FlaskClient, address: str) -> None:
    page = html.fromstring(client.get(address).text)
    links = {each.get("lang"): each for each in page.xpath("//nav[@class='tongues']//a")}
    assert {language: link.text for language, link in links.items()} == LANGUAGES
    assert [link.get("href") for link in links.values()] == [
        f"/{language}{path_of(address)[1]}" for language in LANGUAGES
    ]
    assert [language for language, link in links.items() if link.get("aria-current")] == [path_of(address)[0] or "en"]


def test_an_error_is_told_in_the_language_of_its_address_and_leads_to_the_first_page(client: FlaskClient) -> None:
    for address in ("/fr/nothing", "/fr/resources/none", "/fr/search?page=0"):
        answer = client.get(address)
        assert answer.status_code in (400, 404)
        page = html.fromstring(answer.text)
        assert page.get("lang") == "fr"
        assert {each.get("href") for each in page.xpath("//nav[@class='tongues']//a")} == {
            "/en/",
            "/fr/",
            "/es/",
            "/ar/",
        }


def test_without_an_index_the_language_of_the_browser_holds() -> None:
    client = web_sample.client_of(IndexMissing("There is none."))
    assert language_of(client, "/", "fr") == ("fr", "ltr")
    assert language_of(client, "/") == ("en", "ltr")


def test_what_is_the_same_in_all_languages_has_no_other_address(client: FlaskClient) -> None:
    for path in ("static/style.css", "widget.js", "api/v1/search", "files/ete/x", "robots.txt", "embed", "oembed"):
        assert client.get(f"/fr/{path}").status_code == 404


def test_programs_get_english_whatever_they_accept_unless_they_ask_for_another_language(client: FlaskClient) -> None:
    french = {"Accept-Language": "fr"}
    answer = client.get("/api/v1/search?q=fees", headers=french)
    assert answer.get_json()["facet_labels"]["year"] == "Year"
    assert "Content-Language" not in answer.headers
    asked = client.get("/api/v1/search?q=fees&lang=fr").get_json()
    assert asked["facet_labels"]["year"] == "Année"
    assert [each["label"] for each in asked["facets"]["language"]] == ["anglais"]
    assert asked["results"][0]["url"] == "/fr/resources/recruitment-guide"
    assert client.get("/api/v1/suggest?q=guide&lang=fr").get_json()["suggestions"][0]["url"].startswith("/fr/")


def test_a_language_that_there_is_not_is_refused_and_named(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?lang=tlh")
    assert answer.status_code == 400
    assert answer.get_json()["error"]["detail"] == "lang: it has to be one of en, fr, es, ar."


def test_pages_that_say_the_same_in_every_language_name_each_other(client: FlaskClient) -> None:
    for address in ("/", "/help", "/about"):
        page = html.fromstring(client.get(f"/fr{address}").text)
        assert page.xpath("//link[@rel='canonical']/@href") == [f"https://library.example/fr{address}"]
        links = {each.get("hreflang"): each.get("href") for each in page.xpath("//link[@rel='alternate'][@hreflang]")}
        assert links == {
            **{language: f"https://library.example/{language}{address}" for language in LANGUAGES},
            "x-default": f"https://library.example{address}",
        }


def test_a_resource_has_one_canonical_address_in_all_languages(client: FlaskClient) -> None:
    page = html.fromstring(client.get("/fr/resources/ete").text)
    assert page.xpath("//link[@rel='canonical']/@href") == ["https://library.example/resources/ete"]
    assert page.xpath("//link[@hreflang]") == []


def test_files_and_redirects_are_in_no_language_of_ours(tmp_path: Path) -> None:
    web_sample.write_files(tmp_path)
    client = web_sample.client_of(web_sample.engine(tmp_path))
    page = client.get("/files/ete/%C3%A9t%C3%A9%20100%25.html", headers={"Accept-Language": "ar"}, buffered=True)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert "Content-Language" not in page.headers
    assert "Content-Language" not in client.get("/fr").headers
    assert client.get("/files/ete/none", headers={"Accept-Language": "ar"}).headers["Content-Language"] == "ar"


def test_a_request_leaves_no_language_behind(client: FlaskClient) -> None:
    client.get("/ar/")
    assert interface() == Interface()


@pytest.mark.parametrize("path", ["/fr", "/frames/", "/", "", "//fr/", "/FR/help", "/xx/"])
def test_only_a_code_of_ours_before_a_slash_is_a_language(path: str) -> None:
    assert path_of(path) == ("", path)
