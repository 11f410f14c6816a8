"""The ground that the browser tests stand on: the served library, the foreign site, axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.serving import ForeignSite


def test_a_search_works_in_a_browser_and_leads_to_the_resource(page: Page, library: str) -> None:
    page.goto(library)
    page.get_by_role("combobox").fill("fees migrants")
    page.get_by_role("combobox").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("fees migrants")
    page.get_by_role("link", name="A guide to responsible recruitment").first.click()
    expect(page).to_have_url(f"{library}/resources/recruitment-guide")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/search?q=fees", "/resources/recruitment-guide", "/help", "/nowhere"])
def test_a_page_breaks_no_rule_of_accessibility(page: Page, library: str, path: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(library + path)
    assert violations(page) == []


def test_axe_finds_what_is_wrong(page: Page, foreign: ForeignSite) -> None:
    page.goto(foreign.put("<main><h1>Pictures</h1><img src=/none.png></main>"))
    assert [each.split(":")[0] for each in violations(page)] == ["image-alt"]


def test_a_foreign_page_is_held_to_its_policy(page: Page, foreign: ForeignSite, library: str) -> None:
    foreign.policy = "default-src 'none'"
    page.goto(foreign.put(f"<script src={library}/static/icon.svg></script><style>body {{ color: red }}</style>"))
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
