"""The pages in other languages: from right to left as well, chosen and kept, and held to the same rules."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import violations
from tests.browser.stocked import EDITOR, STATES, stocked_library


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a library with something in every place."""
    with stocked_library(tmp_path_factory.mktemp("stocked")) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Give an empty tab of an editor who prefers French."""
    context = browser.new_context(locale="fr-CA", http_credentials=EDITOR, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def edges(page: Page, selector: str) -> tuple[float, float]:
    """Return where an element begins and ends, from the left."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["x"], box["x"] + box["width"]


def test_pages_are_in_the_language_of_the_browser_and_another_can_be_chosen(page: Page, library: str) -> None:
    page.goto(f"{library}/search?q=common")
    expect(page.get_by_role("button", name="Rechercher")).to_be_visible()
    page.get_by_role("link", name="Español").click()
    expect(page).to_have_url(f"{library}/es/search?q=common")
    expect(page.get_by_role("button", name="Buscar")).to_be_visible()
    page.locator("article h2 a").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "es")


def test_a_language_that_was_chosen_is_kept_while_results_change_in_place(page: Page, library: str) -> None:
    page.goto(f"{library}/ar/search?q=common")
    page.evaluate("window.stays = true")
    page.locator(".filters").get_by_role("link", name="Guidance").click()
    expect(page).to_have_url(f"{library}/ar/search?q=common&type=Guidance")
    assert page.evaluate("window.stays")
    # What leads to the other languages leads to what is shown by now.
    expect(page.get_by_role("link", name="Français")).to_have_attribute("href", "/fr/search?q=common&type=Guidance")


def test_suggestions_lead_to_pages_in_the_language_that_was_chosen(page: Page, library: str) -> None:
    page.goto(f"{library}/ar/")
    page.locator("#q").press_sequentially("guide to")
    page.get_by_role("option", name="A guide to responsible recruitment").click()
    expect(page).to_have_url(f"{library}/ar/resources/recruitment-guide")
    page.goto(f"{library}/help")
    page.locator("#q").press_sequentially("guide to")
    page.get_by_role("option", name="A guide to responsible recruitment").click()
    expect(page).to_have_url(f"{library}/resources/recruitment-guide")


def test_suggestions_are_labelled_in_the_language_of_the_page_however_it_was_chosen(page: Page, library: str) -> None:
    page.goto(library)
    page.locator("#q").press_sequentially("asi")
    page.get_by_role("option", name="Asia Étiquettes").click()
    expect(page).to_have_url(f"{library}/search?tag=Asia")


def test_from_right_to_left_everything_stands_on_the_other_side(page: Page, library: str) -> None:
    def sides(address: str) -> tuple[bool, bool, bool]:
        page.goto(library + address)
        results, filters = edges(page, ".results"), edges(page, ".filters")
        typed, button = edges(page, "#q"), edges(page, ".search button")
        name, count = edges(page, ".option bdi"), edges(page, ".option .count")
        return results < filters, typed < button, name < count

    assert sides("/en/search?q=common") == (True, True, True)
    assert sides("/ar/search?q=common") == (False, False, False)


def test_the_box_is_round_on_the_side_where_it_begins_whatever_is_typed(page: Page, library: str) -> None:
    def corners() -> tuple[str, str]:
        found: list[str] = page.locator("#q").evaluate(
            "box => [getComputedStyle(box).borderTopLeftRadius, getComputedStyle(box).borderTopRightRadius]"
        )
        return found[0], found[1]

    for typed in ("words", "كلمات"):
        page.goto(f"{library}/ar/search?q={typed}")
        assert corners() == ("0px", "8px")
        page.goto(f"{library}/en/search?q={typed}")
        assert corners() == ("8px", "0px")


def test_a_title_in_another_script_begins_where_the_page_begins(page: Page, library: str) -> None:
    page.goto(f"{library}/ar/search?q=common")
    assert page.locator("article h2").first.evaluate("each => getComputedStyle(each).textAlign") == "right"
    assert page.locator("article h2").first.evaluate("each => getComputedStyle(each).direction") == "ltr"


def test_what_is_typed_as_an_example_reads_as_it_is_typed(page: Page, library: str) -> None:
    page.goto(f"{library}/ar/help")
    assert page.locator("kbd", has_text="fees -covid").evaluate("each => getComputedStyle(each).direction") == "ltr"


@pytest.mark.parametrize("address", STATES.values(), ids=STATES)
@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_from_right_to_left_is_wider_than_its_window(
    page: Page, library: str, address: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{library}/ar{address}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("address", STATES.values(), ids=STATES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_state_of_a_page_in_arabic_breaks_a_rule_of_accessibility(
    page: Page, library: str, address: str, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{library}/ar{address}")
    assert violations(page) == []


@pytest.mark.parametrize("language", ["fr", "es"])
@pytest.mark.parametrize("address", STATES.values(), ids=STATES)
def test_longer_words_fit_on_a_phone_and_break_no_rule(page: Page, library: str, language: str, address: str) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{library}/{language}{address}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert violations(page) == []


def test_open_suggestions_in_arabic_break_no_rule_of_accessibility(page: Page, library: str) -> None:
    page.goto(f"{library}/ar/")
    page.locator("#q").press_sequentially("gui")
    expect(page.get_by_role("option").first).to_be_visible()
    page.locator("#q").press("ArrowDown")
    assert violations(page) == []
