from __future__ import annotations

from datetime import UTC, datetime

from bs4 import BeautifulSoup

from indexer.index.ledger import FileReport
from indexer.index.schema import Status
from tests import web_sample
from tests.memory_engine import MemoryEngine
from webapp.about import about
from webapp.resource_page import resource_page

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def test_languages_are_counted_and_lead_to_their_resources() -> None:
    languages, *_ = about(web_sample.engine(), (), NOW).shares
    assert [(each.label, each.count, each.url) for each in languages.values] == [
        ("English", 2, "/search?language=en"),
        ("French", 1, "/search?language=fr"),
    ]


def test_readings_are_numbers_without_the_names_of_files_and_without_what_no_page_names() -> None:
    reports = [
        FileReport("a.pdf", Status.OK),
        FileReport("b.pdf", Status.OK),
        FileReport("secret.pdf", Status.DAMAGED, reason="secret.pdf is broken."),
        FileReport("lonely.pdf", Status.UNATTACHED),
    ]
    page = about(web_sample.engine(), reports, NOW)
    assert [(each.name, each.count) for each in page.readings] == [("ok", 2), ("damaged", 1)]
    assert "secret" not in repr(page.readings)


def test_an_empty_library_without_a_ledger_still_tells_its_age() -> None:
    text = BeautifulSoup(web_sample.client_of(MemoryEngine([], facets=())).get("/about").text, "lxml").get_text(" ")
    assert "2 January 2026" in text
    assert "could be read" not in text


def test_the_page_of_a_resource_names_others_like_it() -> None:
    engine = web_sample.many(6)
    resource = engine.resource("r0")
    assert resource is not None
    similar = resource_page(engine, resource).similar
    assert [(each.url, each.title) for each in similar] == [
        (f"/resources/{hit.resource.id}", hit.resource.title) for hit in engine.similar("r0", 4)
    ]
