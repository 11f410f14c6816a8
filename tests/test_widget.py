from __future__ import annotations

import base64
import gzip
import hashlib
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import webapp
from indexer.index.engine import IndexMissing
from tests import web_sample
from webapp.interface import LANGUAGES
from webapp.widget import THEME
from webapp.widget_options import LARGEST_LIMIT, USUAL_LIMIT
from webapp.widget_script import widget_script

SOURCE = (Path(webapp.__file__).parent / "static" / "widget" / "widget.js").read_text(encoding="utf-8")
README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
MOST_BYTES = 10_240


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return web_sample.client_of(web_sample.engine())


def test_the_widget_with_its_style_weighs_ten_kilobytes_at_most() -> None:
    # As we send it, and as proxies compress.
    assert len(widget_script().zipped) <= MOST_BYTES
    assert len(gzip.compress(SOURCE.encode(), 6)) <= MOST_BYTES


def test_the_widget_can_be_read_by_those_who_put_it_on_their_site() -> None:
    assert [line for line in SOURCE.splitlines() if len(line) > 120] == []


def test_the_widget_never_makes_markup_of_text_and_keeps_nothing() -> None:
    for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("):
        assert forbidden not in SOURCE
    for forbidden in ("cookie", "localStorage", "sessionStorage", "indexedDB", "http://", "https://", "import("):
        assert forbidden not in SOURCE.replace("no cookies are sent", "")


def test_the_script_is_sent_compressed_to_those_who_take_it(client: FlaskClient) -> None:
    zipped = client.get("/widget.js", headers={"Accept-Encoding": "gzip, br"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data).decode() == SOURCE
    plain = client.get("/widget.js", headers={"Accept-Encoding": "identity"})
    assert plain.data.decode() == SOURCE
    assert "Content-Encoding" not in plain.headers
    for answer in (zipped, plain):
        assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert zipped.headers["ETag"] != plain.headers["ETag"]


def test_the_script_is_kept_for_a_day_and_under_its_version_for_good(client: FlaskClient) -> None:
    current = widget_script().version
    for address in ("/widget.js", "/widget.js?v=0000"):
        lasting = client.get(address).headers["Cache-Control"]
        assert lasting == "public, max-age=86400, stale-while-revalidate=86400"
    assert client.get(f"/widget.js?v={current}").headers["Cache-Control"] == "public, max-age=31536000, immutable"
    tag = client.get("/widget.js").headers["ETag"]
    assert not tag.startswith("W/")
    assert client.get("/widget.js", headers={"If-None-Match": tag}).status_code == 304


def test_the_checksum_is_that_of_the_script() -> None:
    digest = base64.b64encode(hashlib.sha384(SOURCE.encode()).digest()).decode()
    assert widget_script().integrity == f"sha384-{digest}"


def test_only_sites_that_are_listed_may_show_the_frame(client: FlaskClient) -> None:
    policy = client.get("/embed").headers["Content-Security-Policy"]
    assert policy.endswith("; frame-ancestors *")
    assert "unsafe" not in policy
    listed = web_sample.client_of(web_sample.engine(), origins=("https://a.example", "https://b.example"))
    policy = listed.get("/embed").headers["Content-Security-Policy"]
    assert policy.endswith("; frame-ancestors 'self' https://a.example https://b.example")
    nobody = web_sample.client_of(web_sample.engine(), origins=())
    assert nobody.get("/embed").headers["Content-Security-Policy"].endswith("; frame-ancestors 'self'")
    assert client.get("/search").headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")


def test_the_frame_holds_a_form_that_works_without_the_script(client: FlaskClient) -> None:
    html = client.get("/embed?lang=ar&tag=Asia&q=fees&limit=3").text
    assert '<html lang="ar" dir="rtl">' in html
    assert '<handlist-search data-ask="1" lang="ar" limit="3" target="_top">' in html
    assert '<form action="http://localhost/ar/search" role="search" target="_top">' in html
    assert '<input type="search" name="q" value="fees">' in html
    assert '<input type="hidden" name="tag" value="Asia">' in html
    assert "<button>بحث</button>" in html
    assert '<a href="http://localhost/ar/search?q=fees&amp;tag=Asia" target="_top">عرض كل النتائج</a>' in html


def test_only_a_frame_with_words_asks_at_once(client: FlaskClient) -> None:
    assert 'target="_blank"' in client.get("/embed?target=_blank").text
    for address in ("/embed?tag=Asia", "/widget?q=fees"):
        assert "data-ask" not in client.get(address).text


def test_without_an_index_the_frame_still_holds_the_form() -> None:
    client = web_sample.client_of(IndexMissing("There is none."))
    assert '<form action="http://localhost/search"' in client.get("/embed?tag=Asia").text
    assert client.get("/widget").status_code == 503


def test_the_generator_works_without_a_script(client: FlaskClient) -> None:
    html = client.get("/widget?facets=type&tag=Europe&limit=7&lang=fr&target=_blank&checksum=1").text
    assert '<handlist-search lang="fr" facets="type" limit="7" target="_blank">' in html
    shown = html.replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">")
    assert shown.count('<input type="hidden" name="tag" value="Europe">') == 2
    script = widget_script()
    assert f'src="http://localhost/widget.js?v={script.version}" integrity="{script.integrity}" crossorigin' in shown
    assert "embed?tag=Europe&amp;amp;facets=type&amp;amp;lang=fr&amp;amp;limit=7&amp;amp;target=_blank" in html
    assert script.weight in html
    assert 'value="type" checked' in html
    assert 'name="tag" value="Europe" checked' in html


def test_the_generator_offers_all_values_and_keeps_what_is_chosen_of_others() -> None:
    many = web_sample.client_of(web_sample.many(40))
    html = many.get("/widget?tag=tag+039&tag=elsewhere&q=fees&since=2020").text
    assert [f'name="tag" value="tag {number:03}"' in html for number in range(40)] == [True] * 40
    assert re.findall(r'value="([^"]+)" checked', html) == ["tag 039", "elsewhere"]
    assert html.count('<input type="hidden" name="q" value="fees">') == 1
    # In the form of the options, the box that is shown, and not in the tag that is escaped text.
    assert html.count('<input type="hidden" name="since" value="2020">') == 2
    assert "/embed?q=fees&amp;amp;tag=tag+039&amp;amp;tag=elsewhere&amp;amp;since=2020" in html


def test_the_generator_tells_how_many_values_it_does_not_offer() -> None:
    html = web_sample.client_of(web_sample.many(503)).get("/widget").text
    assert html.count('name="tag"') == 500
    assert "and 3 more" in html


def test_markup_in_options_stays_text(client: FlaskClient) -> None:
    attack = '"><script>alert(1)</script>'
    for address in ("/widget", "/embed"):
        html = client.get(address, query_string={"placeholder": attack, "q": attack, "tag": attack}).text
        assert "<script>alert" not in html


def test_pages_with_a_script_run_no_other_than_ours(client: FlaskClient) -> None:
    policy = client.get("/widget").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    html = client.get("/widget").text
    assert not re.search(r"<script(?![^>]* src=)", html)
    assert not re.search(r"<[^>]+ (style|on\w+)=", html.replace("&lt;", ""))


def test_script_and_server_agree_on_what_can_be_chosen() -> None:
    assert f"const LIMIT = {{ usual: {USUAL_LIMIT}, most: {LARGEST_LIMIT} }};" in SOURCE
    words = SOURCE[SOURCE.index("const WORDS") : SOURCE.index("const STYLE")]
    assert re.findall(r"^    (\w\w): \{$", words, re.MULTILINE) == list(LANGUAGES)
    keys = [
        re.findall(r"^      (\w+):", part, re.MULTILINE) for part in re.split(r"^    \w\w: \{$", words, flags=re.M)[1:]
    ]
    assert len(keys) == len(LANGUAGES)
    assert all(each == keys[0] for each in keys)


def test_every_colour_and_part_that_can_be_set_is_named_where_people_look(client: FlaskClient) -> None:
    properties = set(re.findall(r"--handlist-[\w-]+", SOURCE))
    assert set(re.findall(r"--handlist-[\w-]+", THEME)) == properties
    section = README[README.index("## Put the search box on another site") :]
    section = section[: section.index("\n## ", 5)]
    assert set(re.findall(r"--handlist-[\w-]+", section)) == properties
    parts = set(re.findall(r'part\("\w+", "(\w+)"', SOURCE)) | {"choice", "chosen", "option", "page"}
    shown = client.get("/widget").text
    listed = re.search(r"::part\(panel\)</code>: ([^.]+)\.", shown)
    assert listed
    assert set(re.split(r", | and ", listed[1])) == parts
    for name in re.findall(r'"(\w+)"', re.search(r"const OWN = \[(.*?)\]", SOURCE)[1]):  # type: ignore[index]  # it is there
        assert f"`{name}`" in section
