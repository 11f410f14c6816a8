"""What forms send without scripts, and the addresses that it leads to."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from tests import web_sample
from tests.test_web_facets import SOME
from tests.test_web_facets import engine as faceted
from tests.web_sample import client_of

PASSWORD = "known to editors"  # noqa: S105  # not a secret


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return client_of(SOME)


def sent(form: Tag, **typed: str) -> str:
    """Return the address to which a browser without scripts sends a form, with this typed into its fields."""
    usual = {str(field["name"]): str(field["value"]) for field in form.select("input[name]")}
    fields = usual | typed
    return f"{form['action']}?{urlencode(fields)}"


def form_of(client: FlaskClient, address: str, selector: str) -> Tag:
    form = BeautifulSoup(client.get(address).text, "lxml").select_one(selector)
    assert form is not None
    return form


@pytest.mark.parametrize(
    ("page", "form", "typed", "address"),
    [
        ("/", "form.search", {}, "/search"),
        ("/fr/", "form.search", {"q": "  "}, "/fr/search"),
        ("/search?region=Sea", "form.search", {"q": ""}, "/search?region=Sea"),
        ("/search?q=title", "form.days", {"since": "2020"}, "/search?q=title&since=2020"),
        ("/search?q=title&since=2020", "form.days", {"since": ""}, "/search?q=title"),
        ("/search?q=title", "form.range", {"year.from": "2020"}, "/search?q=title&year=2020.."),
        ("/search?q=title", "form.range", {"year.from": "2021", "year.to": "2019"}, "/search?q=title&year=2019..2021"),
        ("/search?year=2019..2020", "form.range", {"year.from": "", "year.to": ""}, "/search"),
        ("/facets/region?q=title&order=name", "form.find", {}, "/facets/region?q=title&order=name"),
    ],
)
def test_a_form_leads_to_the_one_address_of_its_question(
    client: FlaskClient, page: str, form: str, typed: dict[str, str], address: str
) -> None:
    answer = client.get(sent(form_of(client, page, form), **typed))
    assert (answer.status_code, answer.headers["Location"]) == (302, address)
    assert client.get(address).status_code == 200


def test_a_form_that_is_filled_in_leads_there_at_once(client: FlaskClient) -> None:
    page = "/search?q=title&region=Sea"
    assert client.get(sent(form_of(client, page, "form.days"), since="2020", until="2021")).status_code == 200
    assert client.get(sent(form_of(client, page, "form.search"), q="other")).status_code == 200
    assert client.get(sent(form_of(client, "/facets/region", "form.find"), find="a")).status_code == 200


def test_what_campaigns_add_stays_and_alone_leads_nowhere_else(client: FlaskClient) -> None:
    answer = client.get("/search?utm_source=a+b&q=&utm_term=&page=1&utm_source=%26")
    assert answer.headers["Location"] == "/search?utm_source=a+b&utm_source=%26&utm_term="
    assert client.get("/search?utm_term=&q=title").status_code == 200
    assert client.get("/search?q=&x=1&since=2020").headers["Location"] == "/search?since=2020&x=1"


def test_nothing_is_kept_of_where_a_form_led_to(client: FlaskClient) -> None:
    answer = client.get("/search?q=")
    assert answer.status_code == 302
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_form_with_what_makes_no_sense_is_answered_where_it_was_sent_to(client: FlaskClient) -> None:
    answer = client.get("/search?q=&since=soon&until=")
    assert answer.status_code == 400
    assert "since" in answer.text


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["q", "region", "year", "year.from", "year.to", "since", "sort", "limit", "other"]),
            st.sampled_from(["", " ", "2019", "2020"]),
        ),
        max_size=5,
    )
)
def test_where_a_form_leads_to_nothing_leads_further(arguments: list[tuple[str, str]]) -> None:
    client = client_of(SOME)
    answer = client.get(f"/search?{urlencode(arguments)}")
    if answer.status_code == 302:
        assert client.get(answer.headers["Location"]).status_code == 200


def test_a_library_without_numbers_has_no_ranges() -> None:
    client = client_of(faceted(facets=()))
    assert client.get("/search?year.from=2019").status_code == 200


def test_the_list_of_files_for_editors_has_one_address_as_well(tmp_path: Path) -> None:
    client = client_of(web_sample.engine(), index=tmp_path, editor_password=PASSWORD)
    answer = client.get("/coverage?text=&status=missing&x=1", auth=("", PASSWORD))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/coverage?status=missing&x=1")
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/coverage?text=").status_code == 401
