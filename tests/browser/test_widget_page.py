"""The page on which the widget's tag is put together, and what becomes of the tag on another site."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.serving import ForeignSite, served
from tests.library_folder import built, write_page
from webapp import create_app
from webapp.config import Config
from webapp.widget_script import widget_script


def code(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


TAG = "For a page, where the box is to be"
FRAME = "For a site that allows no scripts"


def test_options_change_the_tag_and_the_box_at_once(page: Page, library: str) -> None:
    page.goto(f"{library}/widget")
    expect(page.get_by_role("button", name="Make the tag")).to_be_hidden()
    page.get_by_label("Type").first.check()
    expect(code(page, TAG)).to_contain_text('<handlist-search facets="type">')
    page.get_by_text("Tags", exact=True).last.click()
    page.get_by_label("Asia (2)").check()
    page.get_by_label("Text in the empty box").fill("Try fees")
    expect(code(page, TAG)).to_contain_text('<input type="hidden" name="tag" value="Asia">')
    expect(code(page, FRAME)).to_contain_text("/embed?tag=Asia&amp;facets=type&amp;placeholder=Try+fees")
    expect(page).to_have_url(f"{library}/widget?facets=type&limit=5&placeholder=Try+fees&tag=Asia")
    widget = page.locator("handlist-search")
    widget.get_by_placeholder("Try fees").fill("fees")
    expect(widget.get_by_role("option").first).to_contain_text("A guide to responsible recruitment")
    expect(widget.get_by_role("group", name="Type")).to_be_visible()


def test_what_is_chosen_stays_although_it_is_not_offered(page: Page, library: str) -> None:
    page.goto(f"{library}/widget?tag=Rare&tag=Asia&q=fees")
    page.get_by_label("Type").first.check()
    expect(page).to_have_url(f"{library}/widget?facets=type&limit=5&tag=Rare&tag=Asia&q=fees")
    page.get_by_label("Rare").uncheck()
    expect(code(page, FRAME)).to_contain_text("/embed?q=fees&amp;tag=Asia&amp;facets=type")


def test_letters_that_follow_each_other_are_asked_for_once(page: Page, library: str) -> None:
    page.clock.install(time=0)
    page.goto(f"{library}/widget")
    page.clock.pause_at(3_600)
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    for letter in "fees":
        page.get_by_label("Text in the empty box").press(letter)
        page.clock.run_for(50)
    assert seen == []
    with page.expect_request("**/widget?**"):
        page.clock.run_for(200)
    assert [url.split("placeholder=")[1] for url in seen] == ["fees"]


def test_a_number_that_cannot_be_is_said_where_it_is_typed(page: Page, library: str) -> None:
    page.goto(f"{library}/widget")
    page.evaluate("document.querySelector('[name=limit]').addEventListener('invalid', () => (document.title = 'Said'))")
    page.get_by_label("Results at once").fill("99")
    expect(page).to_have_title("Said")
    expect(page).to_have_url(f"{library}/widget")


def test_without_scripts_a_button_makes_the_tag(browser: Browser, library: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{library}/widget")
    page.get_by_label("Type").first.check()
    page.get_by_label("With the checksum").check()
    page.get_by_role("button", name="Make the tag").click()
    expect(code(page, TAG)).to_contain_text('<handlist-search facets="type">')
    expect(code(page, TAG)).to_contain_text(widget_script().integrity)
    expect(page.get_by_label("Type").first).to_be_checked()
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
    page.get_by_label("Test library").fill("fees")
    page.locator(".stage").get_by_role("button").click()
    expect(page).to_have_url(f"{library}/search?q=fees")
    context.close()


def test_a_tag_is_copied_whole(page: Page, library: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{library}/widget?facets=type")
    button = page.get_by_role("button", name="Copy").first
    expect(button).to_have_accessible_description(TAG)
    button.click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_attached()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == code(page, TAG).locator("code").text_content()
    assert copied.startswith('<handlist-search facets="type">')
    assert copied.endswith("async></script>")


def test_the_box_on_our_own_pages_sends_no_cookies_either(page: Page, library: str) -> None:
    page.context.add_cookies([{"name": "known", "value": "you", "url": library}])
    page.goto(f"{library}/widget")
    with page.expect_request("**/api/**") as request:
        page.locator("handlist-search").get_by_role("combobox").fill("fees")
    assert "cookie" not in request.value.all_headers()


def test_the_box_on_a_page_in_french_leads_to_pages_in_french(page: Page, library: str) -> None:
    page.goto(f"{library}/fr/widget")
    widget = page.locator("handlist-search")
    widget.get_by_role("combobox").fill("fees")
    assert "/fr/resources/" in (widget.get_by_role("option").first.get_attribute("href") or "")
    widget.get_by_role("combobox").press("Enter")
    expect(page).to_have_url(f"{library}/fr/search?q=fees")


def test_what_cannot_be_copied_is_selected(page: Page, library: str) -> None:
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject()")
    page.goto(f"{library}/widget")
    page.get_by_role("button", name="Copy").first.click()
    expect(page.get_by_role("status").filter(has_text="Selected")).to_be_attached()
    assert page.evaluate("getSelection().toString()").startswith("<handlist-search>")


def test_a_failing_server_gives_the_button_back(page: Page, library: str) -> None:
    page.goto(f"{library}/widget")
    page.route("**/widget?**", lambda route: route.abort())
    page.get_by_label("Type").first.check()
    expect(page.get_by_role("button", name="Make the tag")).to_be_visible()


@pytest.mark.parametrize("options", ["", "checksum=1&facets=type&lang=fr"])
def test_a_copied_tag_works_on_another_site(page: Page, foreign: ForeignSite, library: str, options: str) -> None:
    page.goto(f"{library}/widget?{options}")
    copied = code(page, TAG).locator("code").text_content() or ""
    foreign.policy = f"default-src 'none'; script-src {library}; connect-src {library}; form-action {library}"
    page.goto(foreign.put(f"<main>{copied}</main>"))
    widget = page.locator("handlist-search")
    widget.get_by_role("combobox").fill("fees")
    expect(widget.get_by_role("option").first).to_contain_text("A guide to responsible recruitment")


def test_a_script_with_another_checksum_leaves_the_form(page: Page, foreign: ForeignSite, library: str) -> None:
    page.goto(f"{library}/widget?checksum=1")
    copied = code(page, TAG).locator("code").text_content() or ""
    page.goto(foreign.put(f"<main>{copied.replace(widget_script().integrity, 'sha384-' + 'A' * 64)}</main>"))
    page.get_by_role("searchbox", name="Test library").fill("fees")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(f"{library}/search?q=fees")


def test_a_copied_frame_works_without_scripts(browser: Browser, page: Page, foreign: ForeignSite, library: str) -> None:
    page.goto(f"{library}/widget?tag=Asia")
    address = foreign.put(code(page, FRAME).locator("code").text_content() or "")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.frame_locator("iframe").get_by_label("Test library").fill("fees")
    page.frame_locator("iframe").get_by_role("button", name="Search").click()
    expect(page).to_have_url(f"{library}/search?q=fees&tag=Asia")
    context.close()


def test_a_frame_with_words_shows_what_they_find(page: Page, foreign: ForeignSite, library: str) -> None:
    page.goto(foreign.put(f"<main><input autofocus><iframe src='{library}/embed?q=fees'></iframe></main>"))
    expect(page.frame_locator("iframe").get_by_role("option").first).to_contain_text("A guide to responsible")
    expect(page.get_by_role("textbox")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/widget", "/embed"])
def test_the_box_on_our_own_pages_has_the_colour_of_the_library(
    page: Page, tmp_path: Path, path: str, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    write_page(tmp_path / "library", "fees.md", "title: Who pays the fees", "Nobody should pay fees.")
    (tmp_path / "library" / "library.toml").write_text('[appearance]\naccent = "#7a1f3d"')
    built(tmp_path / "library", tmp_path / "index")
    with served(create_app(Config(index=tmp_path / "index"))) as address:
        page.goto(address + path)
        button = page.locator("handlist-search [part=button]")
        colour = button.evaluate("(each) => getComputedStyle(each).backgroundColor")
        assert colour != {"light": "rgb(11, 90, 85)", "dark": "rgb(134, 211, 200)"}[scheme]
        assert violations(page) == []


def test_a_frame_with_words_leads_to_them_without_scripts(browser: Browser, foreign: ForeignSite, library: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(foreign.put(f"<iframe src='{library}/embed?q=fees&tag=Asia&lang=fr'></iframe>"))
    page.frame_locator("iframe").get_by_role("link").click()
    expect(page).to_have_url(f"{library}/fr/search?q=fees&tag=Asia")
    context.close()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/widget?facets=type", "/embed?facets=type", "/embed?lang=ar"])
def test_the_pages_of_the_widget_break_no_rule(page: Page, library: str, path: str, scheme: str, width: int) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 640})
    page.goto(library + path)
    assert violations(page) == []
    page.locator("handlist-search").get_by_role("combobox").fill("fees")
    expect(page.locator("handlist-search").get_by_role("option").first).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
