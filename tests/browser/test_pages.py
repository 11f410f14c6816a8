"""The pages in a real browser: with the script and without it, by keyboard, small and dark, and without a shift."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests import web_sample
from tests.browser.axe import violations
from tests.browser.serving import served
from tests.browser.stocked import EDITOR, STATES, stocked_library
from tests.library_folder import built, write_page
from webapp import create_app
from webapp.config import Config

HEAVIEST = 60_000
"""How many bytes a page may weigh once they are packed by gzip, without pictures."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a library with something in every place."""
    with stocked_library(tmp_path_factory.mktemp("stocked")) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Give an empty tab of an editor."""
    context = browser.new_context(
        locale="en-GB",
        http_credentials=EDITOR,
        viewport={"width": 1280, "height": 900},
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def box(page: Page) -> Locator:
    return page.locator("#q")


def announced(page: Page) -> Locator:
    return page.locator("#announcer")


def visits(page: Page) -> list[str]:
    """Return a list that fills with the pages that the browser visits anew."""
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url) if request.is_navigation_request() else None)
    return seen


def options(page: Page) -> Locator:
    return page.get_by_role("option")


def suggested(page: Page, text: str) -> None:
    box(page).press_sequentially(text)
    expect(options(page).first).to_be_visible()


# Results in place


def test_a_facet_narrows_in_place_and_keeps_the_focus_and_says_the_count(page: Page, library: str) -> None:
    page.goto(f"{library}/search?q=common")
    seen = visits(page)
    filters = page.get_by_role("navigation", name="Type")
    filters.get_by_role("link", name="Guidance").click()
    expect(page).to_have_url(f"{library}/search?q=common&type=Guidance")
    expect(page.get_by_role("heading", level=1)).to_contain_text("15 resources")
    expect(announced(page)).to_contain_text("15 resources for common")
    expect(filters.get_by_role("link", name="Guidance")).to_be_focused()
    expect(page).to_have_title("common · Search · Test library")
    assert seen == []


def test_a_chip_gives_up_what_was_chosen_and_the_heading_has_the_focus(page: Page, library: str) -> None:
    page.goto(f"{library}/search?q=common&type=Guidance")
    page.get_by_role("list", name="Chosen filters").get_by_role("link").click()
    expect(page).to_have_url(f"{library}/search?q=common")
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_the_order_and_the_pages_change_in_place(page: Page, library: str) -> None:
    page.goto(f"{library}/search?q=common")
    seen = visits(page)
    page.get_by_role("navigation", name="Order").get_by_role("link", name="Oldest").click()
    expect(page).to_have_url(f"{library}/search?q=common&sort=oldest")
    expect(page.locator(".card .title").first).to_have_text("Common matters, number 0")
    expect(page.get_by_role("navigation", name="Order").get_by_role("link", name="Oldest")).to_be_focused()
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(f"{library}/search?q=common&sort=oldest&page=2")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert page.evaluate("scrollY") == 0
    assert seen == []


def test_back_and_forward_lead_through_the_searches_and_to_where_one_was(page: Page, library: str) -> None:
    page.goto(f"{library}/search?q=common")
    page.get_by_role("link", name="Next").scroll_into_view_if_needed()
    place = page.evaluate("scrollY")
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(f"{library}/search?q=common&page=2")
    page.go_back()
    expect(page.locator(".heading")).to_contain_text("1 to 10")
    page.wait_for_function(f"Math.abs(scrollY - {place}) < 2")
    page.go_forward()
    expect(page.locator(".heading")).to_contain_text("11 to 20")


def test_back_from_a_question_that_was_typed_the_box_says_what_is_shown(page: Page, library: str) -> None:
    page.goto(f"{library}/search?q=common")
    box(page).fill("fees")
    box(page).press("Enter")
    expect(page).to_have_url(f"{library}/search?q=fees")
    page.go_back()
    expect(page).to_have_url(f"{library}/search?q=common")
    expect(box(page)).to_have_value("common")


def test_what_is_typed_while_results_come_is_kept(page: Page, library: str) -> None:
    page.goto(f"{library}/search?q=common")

    def typing_on(route: Route) -> None:
        page.locator("#q").evaluate("box => (box.value = 'fees and more')")
        route.continue_()

    page.route("**/search?q=fees", typing_on)
    box(page).fill("fees")
    box(page).press("Enter")
    expect(announced(page)).to_contain_text("for fees")
    expect(box(page)).to_have_value("fees and more")


def test_the_same_question_again_is_no_further_step_to_go_back(page: Page, library: str) -> None:
    page.goto(f"{library}/search?q=common")
    before = page.evaluate("history.length")
    for _ in range(2):
        with page.expect_response("**/search?q=fees"):
            box(page).fill("fees")
            box(page).press("Enter")
        expect(announced(page)).to_contain_text("for fees")
        page.clock.install()
        page.clock.fast_forward(61_000)
    assert page.evaluate("history.length") == before + 1


def test_forward_leads_to_where_one_was_as_well(page: Page, library: str) -> None:
    page.goto(f"{library}/search?q=common")
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(f"{library}/search?q=common&page=2")
    page.evaluate("scrollTo(0, 900)")
    page.wait_for_function("history.state.scroll === 900")
    page.go_back()
    expect(page.locator(".heading")).to_contain_text("1 to 10")
    page.go_forward()
    expect(page.locator(".heading")).to_contain_text("11 to 20")
    page.wait_for_function("scrollY > 0")
    assert page.evaluate("scrollY") == 900


def test_who_comes_back_before_other_results_are_there_keeps_what_is_shown(page: Page, library: str) -> None:
    page.goto(f"{library}/search?q=common")
    page.get_by_role("link", name="Next").click()
    expect(page.locator(".heading")).to_contain_text("11 to 20")
    waiting: list[Route] = []
    page.route("**/search?q=common", lambda route: waiting.append(route))  # noqa: PLW0108  # Playwright marks what it calls
    page.evaluate("history.back()")
    expect(page.locator("main")).to_have_attribute("aria-busy", "true")
    page.evaluate("history.forward()")
    expect(page.locator("main")).not_to_have_attribute("aria-busy", "true")
    (route,) = waiting
    with page.expect_response("**/search?q=common") as answered:
        route.continue_()
    answered.value.finished()
    # What was waited for is read by now, in a task of its own.
    page.evaluate("() => new Promise((done) => setTimeout(done))")
    expect(page.locator(".heading")).to_contain_text("11 to 20")


def test_back_from_the_filters_leads_to_where_one_was(page: Page, library: str) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto(f"{library}/search?q=common")
    page.evaluate("scrollTo(0, 120)")
    page.wait_for_function("history.state?.scroll === 120")
    page.get_by_role("link", name="Filters").click()
    page.wait_for_function("scrollY > 1000")
    page.go_back()
    page.wait_for_function("scrollY < 1000")
    assert page.evaluate("scrollY") == 120
    expect(page).to_have_url(f"{library}/search?q=common")


def test_the_head_goes_with_the_results(page: Page, library: str) -> None:
    page.goto(f"{library}/search?q=common")
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(f"{library}/search?q=common&page=2")
    expect(page.locator("link[rel=canonical]")).to_have_attribute("href", f"{library}/search?q=common&page=2")
    expect(page.locator("link[rel=prev]")).to_have_count(1)
    expect(page.locator("meta[property='og:url']")).to_have_count(1)


def test_another_question_is_answered_in_place_and_keeps_what_is_chosen(page: Page, library: str) -> None:
    page.goto(f"{library}/search?q=common&type=Guidance")
    seen = visits(page)
    box(page).fill("summary")
    box(page).press("Enter")
    expect(page).to_have_url(f"{library}/search?q=summary&type=Guidance")
    expect(announced(page)).to_contain_text("resources for summary")
    expect(box(page)).to_be_focused()
    assert seen == []


def test_a_range_and_days_are_asked_for_in_place(page: Page, library: str) -> None:
    page.goto(f"{library}/search?q=common")
    seen = visits(page)
    page.get_by_label("From").fill("2001")
    page.get_by_label("From").press("Enter")
    expect(page.get_by_role("list", name="Chosen filters")).to_contain_text("from 2001")
    expect(page).to_have_url(f"{library}/search?q=common&year=2001..")
    page.get_by_label("Until").fill("2005")
    page.get_by_role("button", name="Show these days").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("5 resources")
    assert seen == []


def test_results_are_fetched_when_a_pointer_rests_on_their_link(page: Page, library: str) -> None:
    page.goto(f"{library}/search?q=common")
    link = page.get_by_role("navigation", name="Type").get_by_role("link", name="Guidance")
    with page.expect_response("**/search?q=common&type=Guidance"):
        link.hover()
    again: list[str] = []
    page.on("request", lambda request: again.append(request.url) if "type=Guidance" in request.url else None)
    link.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("15 resources")
    assert again == []


@pytest.mark.parametrize("failure", ["no network", "an error", "another page"])
def test_what_fails_in_place_becomes_an_ordinary_visit(page: Page, library: str, failure: str) -> None:
    page.goto(f"{library}/search?q=common")

    def fail(route: Route) -> None:
        if route.request.is_navigation_request():
            route.continue_()
        elif failure == "no network":
            route.abort()
        elif failure == "an error":
            route.fulfill(status=503, body="Nothing")
        else:
            route.fulfill(body="<!doctype html><main id=content><h1>A login</h1></main>", content_type="text/html")

    page.route("**/search?**", fail)
    seen = visits(page)
    page.get_by_role("navigation", name="Type").get_by_role("link", name="Guidance").click()
    expect(page).to_have_url(f"{library}/search?q=common&type=Guidance")
    expect(page.get_by_role("heading", level=1)).to_contain_text("15 resources")
    assert seen == [f"{library}/search?q=common&type=Guidance"]


def test_only_the_last_of_two_quick_choices_is_shown(page: Page, library: str) -> None:
    held: list[Route] = []
    page.goto(f"{library}/search?q=common")

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/search?q=common&type=Guidance", hold)
    filters = page.get_by_role("navigation", name="Type")
    filters.get_by_role("link", name="Guidance").click()
    filters.get_by_role("link", name="Report").click()
    expect(page).to_have_url(f"{library}/search?q=common&type=Report")
    with page.expect_response("**/search?q=common&type=Guidance"):
        held[0].continue_()
    expect(page).to_have_url(f"{library}/search?q=common&type=Report")


def test_a_click_with_a_key_opens_another_tab(page: Page, library: str) -> None:
    page.goto(f"{library}/search?q=common")
    with page.context.expect_page() as opened:
        page.get_by_role("navigation", name="Type").get_by_role("link", name="Guidance").click(modifiers=["Control"])
    expect(opened.value).to_have_url(f"{library}/search?q=common&type=Guidance")
    expect(page).to_have_url(f"{library}/search?q=common")


# Suggestions


def test_suggestions_open_while_typing_and_are_announced(page: Page, library: str) -> None:
    page.goto(library)
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    suggested(page, "gui")
    expect(page.get_by_role("combobox")).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("listbox", name="Suggestions")).to_be_visible()
    expect(options(page).filter(has_text="A guide to responsible recruitment")).to_contain_text("Resource")
    expect(announced(page)).to_have_text("Suggestions: 3")


def test_the_arrows_lead_through_the_suggestions_and_enter_takes_one(page: Page, library: str) -> None:
    page.goto(library)
    suggested(page, "gui")
    box(page).press("ArrowDown")
    chosen = box(page).get_attribute("aria-activedescendant")
    expect(page.locator(f"#{chosen}")).to_have_attribute("aria-selected", "true")
    box(page).press("ArrowUp")
    assert box(page).get_attribute("aria-activedescendant") is None
    box(page).press("ArrowUp")
    box(page).press("ArrowDown")
    box(page).press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_count(1)
    address = page.get_by_role("option", selected=True).get_attribute("data-url")
    box(page).press("Enter")
    expect(page).to_have_url(f"{library}{address}")


def test_a_suggestion_is_taken_with_a_click(page: Page, library: str) -> None:
    page.goto(library)
    suggested(page, "a guide")
    options(page).filter(has_text="A guide to responsible recruitment").click()
    expect(page).to_have_url(f"{library}/resources/recruitment-guide")


def test_escape_closes_the_suggestions_and_keeps_what_was_typed(page: Page, library: str) -> None:
    page.goto(library)
    suggested(page, "gui")
    box(page).press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box(page)).to_have_value("gui")
    box(page).press("ArrowDown")
    expect(options(page).first).to_be_visible()


def test_enter_without_a_suggestion_searches_for_what_was_typed(page: Page, library: str) -> None:
    page.goto(library)
    suggested(page, "gui")
    box(page).press("Enter")
    expect(page).to_have_url(f"{library}/search?q=gui")


def test_markup_in_suggestions_is_text(page: Page, library: str) -> None:
    page.goto(library)
    suggested(page, "evil")
    expect(options(page).first).to_contain_text(web_sample.EVIL)
    assert page.locator(".suggestions script, .suggestions img").count() == 0


def test_without_an_answer_the_box_works_on(page: Page, library: str) -> None:
    page.route("**/api/v1/suggest**", lambda route: route.abort())
    page.goto(library)
    with page.expect_event("requestfailed"):
        box(page).press_sequentially("fees")
    box(page).press("Enter")
    expect(page).to_have_url(f"{library}/search?q=fees")


# With the keyboard


def test_the_slash_leads_to_the_box_and_is_an_ordinary_sign_in_it(page: Page, library: str) -> None:
    page.goto(f"{library}/search?q=common")
    page.keyboard.press("/")
    expect(box(page)).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("/")
    expect(box(page)).to_have_value("common/")


def test_the_slash_can_be_turned_off(page: Page, library: str) -> None:
    page.goto(f"{library}/help")
    page.get_by_label("Let / lead to the search box").uncheck()
    page.goto(f"{library}/help")
    expect(page.get_by_label("Let / lead to the search box")).not_to_be_checked()
    page.keyboard.press("/")
    expect(box(page)).not_to_be_focused()


def test_a_search_from_the_first_key_to_the_resource_needs_no_pointer(page: Page, library: str) -> None:
    page.goto(library)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("responsible")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{library}/search?q=responsible")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href')") == "/resources/recruitment-guide":
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{library}/resources/recruitment-guide")
    assert outline == "solid"


# Files


def test_a_match_on_the_page_of_a_resource_is_scrolled_to(page: Page, library: str) -> None:
    page.goto(f'{library}/search?q="rarely+said"')
    page.locator("a.place").first.click()
    expect(page.get_by_role("heading", name="Text")).to_be_attached()
    page.wait_for_function("scrollY > 0")


@pytest.mark.parametrize("name", ["long.html", "long.txt"])
def test_an_attached_text_opens_at_the_passage(page: Page, tmp_path: Path, name: str) -> None:
    line = "<p>Nothing to see.</p>\n" if name.endswith("html") else "Nothing to see.\n"
    write_page(tmp_path / "library", "page.md", f"title: A page\nattachments: [{name}]")
    (tmp_path / "library" / "library.toml").write_text('[pages]\ninclude = ["*.md"]')
    (tmp_path / "library" / name).write_text(f"{line * 300}Nobody pays the recruitment fees here.\n{line * 300}")
    built(tmp_path / "library", tmp_path / "index")
    with served(create_app(Config(tmp_path / "index"))) as address:
        page.goto(f"{address}/search?q=recruitment+fees")
        page.locator("a.place").click()
        page.wait_for_url("**/files/**")
        page.wait_for_function("scrollY > 0")


# Without the script, small, and light


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """Give an empty tab in which no script runs."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_without_scripts_searching_choosing_and_paging_work(plain: Page, library: str) -> None:
    plain.goto(library)
    plain.locator("#q").fill("common")
    plain.get_by_role("button", name="Search").click()
    plain.get_by_role("navigation", name="Type").get_by_role("link", name="Guidance").click()
    assert plain.url == f"{library}/search?q=common&type=Guidance"
    plain.get_by_role("link", name="Next").click()
    assert plain.url == f"{library}/search?q=common&type=Guidance&page=2"
    plain.get_by_role("list", name="Chosen filters").get_by_role("link").click()
    assert plain.url == f"{library}/search?q=common"
    plain.get_by_label("From").fill("2015")
    plain.get_by_role("button", name="Show this range of Year").click()
    expect(plain.get_by_role("heading", level=1)).to_contain_text("5 resources")
    assert plain.url == f"{library}/search?q=common&year=2015.."
    plain.goto(f"{library}/help")
    expect(plain.locator("#slash")).to_be_hidden()


@pytest.mark.parametrize("address", STATES.values(), ids=STATES)
@pytest.mark.parametrize("width", [320, 640, 1280, 2560])
def test_no_page_is_wider_than_its_window(page: Page, library: str, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(library + address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("address", STATES.values(), ids=STATES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_state_of_a_page_breaks_a_rule_of_accessibility(
    page: Page, library: str, address: str, scheme: str, width: int
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(library + address)
    assert violations(page) == []


def test_results_that_changed_in_place_break_no_rule_of_accessibility(page: Page, library: str) -> None:
    page.goto(f"{library}/search?q=common")
    page.get_by_role("navigation", name="Type").get_by_role("link", name="Guidance").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("15 resources")
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_open_suggestions_break_no_rule_of_accessibility(page: Page, library: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(library)
    suggested(page, "gui")
    box(page).press("ArrowDown")
    assert violations(page) == []


TARGETS = """() => [...document.querySelectorAll("a[href], button, input:not([type=hidden])")]
  .filter((each) => !each.closest(".skip, p:not(.tags, .further, .kinds, .also), q, .message, .ways-on, dd"))
  .map((each) => [each.textContent.trim() || each.name, each.getBoundingClientRect()])
  .filter(([, { width, height }]) => width && height < 23.9)
  .map(([name, { height }]) => `${name}: ${height}`)"""


@pytest.mark.parametrize("address", STATES.values(), ids=STATES)
def test_what_can_be_pressed_is_24_pixels_high(page: Page, library: str, address: str) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(library + address)
    assert page.evaluate(TARGETS) == []


def test_dark_is_dark(page: Page, library: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(library)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 22)"


def test_what_is_chosen_shows_in_forced_colours(page: Page, library: str) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(f"{library}/search?q=common&type=Guidance")
    colour = "getComputedStyle(document.querySelector('.option[aria-current] .box')).backgroundColor"
    assert page.evaluate(colour) != page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_on_paper_there_is_what_is_read_and_nothing_to_press(page: Page, library: str) -> None:
    page.emulate_media(media="print")
    page.goto(f"{library}/search?q=common")
    expect(page.locator(".filters")).to_be_hidden()
    expect(page.get_by_role("button", name="Search")).to_be_hidden()
    expect(page.locator(".card").first).to_be_visible()


def test_twice_as_large_text_loses_nothing(page: Page, library: str) -> None:
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => (document.documentElement.style.fontSize = '200%'))"
    )
    page.goto(f"{library}/search?q=common")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    expect(page.get_by_role("button", name="Search")).to_be_in_viewport()


SHIFTS = """window.shifts = 0;
new PerformanceObserver((list) => list.getEntries().forEach((each) => (shifts += each.hadRecentInput ? 0 : each.value)))
  .observe({ type: "layout-shift", buffered: true });"""


@pytest.mark.parametrize("address", ["/", "/search?q=common", "/resources/recruitment-guide", "/help"])
def test_nothing_moves_while_a_page_loads(page: Page, library: str, address: str) -> None:
    page.add_init_script(SHIFTS)
    page.goto(library + address, wait_until="networkidle")
    assert page.evaluate("shifts") == 0


def test_results_weigh_little(page: Page, library: str) -> None:
    weights: dict[str, int] = {}

    page.on("response", lambda response: weights.update({response.url: len(gzip.compress(response.body()))}))
    page.goto(f"{library}/search?q=common", wait_until="networkidle")
    assert len(weights) >= 4
    assert sum(weights.values()) <= HEAVIEST, weights


def test_pages_keep_to_their_policy(page: Page, library: str) -> None:
    page.add_init_script(
        "window.broken = []; addEventListener('securitypolicyviolation', (event) => broken.push(event.blockedURI))"
    )
    page.goto(f"{library}/search?q=common", wait_until="networkidle")
    box(page).fill("")
    suggested(page, "gui")
    assert page.evaluate("broken") == []
