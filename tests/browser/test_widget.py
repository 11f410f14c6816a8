"""The widget on pages of another origin, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Route, expect

from indexer.index.schema import Attachment, Document, Resource, Unit
from indexer.index.schema import Locator as Place
from indexer.index.schema import Page as FilePage
from tests import web_sample
from tests.browser.axe import violations
from tests.browser.serving import ForeignSite, served
from tests.library_folder import built, write_page
from tests.memory_engine import MemoryEngine
from webapp import create_app
from webapp.config import Config

ATTACKS = [
    "<img src=x onerror=alert(1)> fees",
    '"><script>alert(1)</script> fees',
    "fees \u202egnp.exe\u202c \u2067right\u2069",
    "fees ${alert(1)} {{7*7}}",
]

SOON = 3_000
"""In milliseconds: well before the widget gives up a request by itself."""


def library_documents() -> list[Document]:
    """Return the sample of the web tests, a resource in Arabic, and resources whose titles attack."""
    hostile = [
        Document(
            Resource(f"attack-{number}", title, title, date(2001, 1, 1), facets={"type": (title,), "tag": ("Attack",)}),
        )
        for number, title in enumerate(ATTACKS)
    ]
    locator = Place("12", Unit.PAGE, anchor="page=12")
    file = Attachment("دليل.pdf", "files/دليل.pdf", "pdf", 9, (locator,))
    arabic = Document(
        Resource(
            "arabic",
            "رسوم التوظيف",
            "من يدفع؟",
            date(2023, 1, 1),
            "ar",
            facets={"type": ("دليل",)},
            attachments=(file,),
        ),
        "",
        ((FilePage(locator, "رسوم التوظيف في البلاد"),),),
    )
    return [*web_sample.documents(), arabic, *hostile]


@pytest.fixture(scope="module")
def library() -> Iterator[str]:
    with served(create_app(Config(), web_sample.Held(MemoryEngine(library_documents())), web_sample.Undecided())) as at:
        yield at


@pytest.fixture
def site(foreign: ForeignSite, library: str) -> ForeignSite:
    """Give a foreign site that allows the library, its own stylesheets, and nothing else."""
    foreign.policy = (
        f"default-src 'none'; script-src {library}; connect-src {library}; style-src 'self'; form-action {library}; "
        f"frame-src {library}"
    )
    return foreign


def tag(library: str, attributes: str = "", inside: str = "") -> str:
    return (
        f"<main><h1>A foreign page</h1><handlist-search {attributes}>{inside}</handlist-search>"
        f"<p><a href=/elsewhere>Elsewhere</a></p></main><script src={library}/widget.js async></script>"
    )


def box(page: Page) -> Locator:
    return page.locator("handlist-search").get_by_role("combobox")


def options(page: Page) -> Locator:
    return page.locator("handlist-search").get_by_role("option")


def note(page: Page) -> Locator:
    return page.locator("handlist-search [part=note]")


def asked(page: Page) -> list[str]:
    """Return a list that fills with the addresses that the page asks for."""
    seen: list[str] = []

    def note_down(request: Request) -> None:
        seen.append(request.url)

    page.on("request", note_down)
    return seen


def held_back(page: Page, address: str) -> list[Route]:
    """Return a list that fills with the requests to these addresses, which wait until the test lets them go on."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route(address, hold)
    return waiting


def warnings(page: Page) -> list[str]:
    """Return a list that fills with the warnings on the console."""
    seen: list[str] = []

    def note_down(message: ConsoleMessage) -> None:
        if message.type == "warning":
            seen.append(message.text)

    page.on("console", note_down)
    return seen


def search_for(page: Page, text: str) -> None:
    box(page).fill(text)
    expect(options(page).first).to_be_visible()


def answered(page: Page, library: str, **changes: object) -> None:
    """Have the library answer with what it finds for "guide", with some of it changed."""
    found = page.request.get(f"{library}/api/v1/search?q=guide").json() | changes
    allowed = {"Access-Control-Allow-Origin": "*"}
    page.route("**/api/**", lambda route: route.fulfill(json=found, headers=allowed))


# What is found


def test_typing_shows_results_with_excerpts_and_pages_under_a_strict_policy(
    page: Page, site: ForeignSite, library: str
) -> None:
    page.add_init_script(
        "window.broken = []; addEventListener('securitypolicyviolation', (event) => broken.push(event.blockedURI))"
    )
    page.goto(site.put(tag(library)))
    box(page).press_sequentially('"fees paid"')
    expect(options(page)).to_have_count(3)
    result, first, _ = options(page).all()
    expect(result).to_contain_text("A guide to responsible recruitment")
    expect(result).to_contain_text("Guidance · Toolkit · 2021")
    expect(first).to_contain_text("PDF, p. 1")
    expect(first.locator("mark")).to_have_text(["fees", "paid"])
    assert page.evaluate("getComputedStyle(document.querySelector('handlist-search')).position") == "relative"
    assert page.evaluate("broken") == []


def test_a_click_opens_the_resource_and_a_page_opens_in_its_file(page: Page, site: ForeignSite, library: str) -> None:
    address = site.put(tag(library))
    page.goto(address)
    search_for(page, '"fees paid"')
    opened = f"{library}/files/recruitment-guide/guide.pdf#page=2&search=fees%20paid"
    assert options(page).nth(1).get_attribute("href") == opened
    options(page).first.click()
    expect(page).to_have_url(f"{library}/en/resources/recruitment-guide")


def test_results_open_where_the_page_wants_them(page: Page, site: ForeignSite, library: str) -> None:
    page.goto(site.put(tag(library, "target=_blank")))
    search_for(page, '"fees paid"')
    with page.expect_popup() as opened:
        options(page).first.click()
    expect(opened.value).to_have_url(f"{library}/en/resources/recruitment-guide")
    box(page).click()
    with page.expect_popup() as opened:
        page.locator("handlist-search [part=all]").click()
    expect(opened.value).to_have_url(f"{library}/en/search?q=%22fees+paid%22")
    box(page).press("Escape")
    with page.expect_popup() as opened:
        box(page).press("Enter")
    expect(opened.value).to_have_url(f"{library}/en/search?q=%22fees+paid%22")


def test_a_result_opens_beside_the_page_when_the_keys_say_so(page: Page, site: ForeignSite, library: str) -> None:
    address = site.put(tag(library))
    page.goto(address)
    for keys in ("Control+Enter", "Meta+Enter", "Shift+Enter"):
        search_for(page, '"fees paid"')
        box(page).press("ArrowDown")
        held = "(link) => link.addEventListener('click', (event) => { event.preventDefault(); link.title = [%s] })"
        modifiers = "event.ctrlKey, event.metaKey, event.shiftKey"
        options(page).first.evaluate(held % modifiers)
        box(page).press(keys)
        pressed = ",".join(str(keys.startswith(name)).lower() for name in ("Control", "Meta", "Shift"))
        expect(page.locator("handlist-search [role=option]").first).to_have_attribute("title", pressed)
        box(page).fill("")
    expect(page).to_have_url(address)


def test_the_search_is_narrowed_by_attributes_and_by_all_of_the_form(
    page: Page, site: ForeignSite, library: str
) -> None:
    fields = (
        "<input name=q value=b><input type=hidden name=tag value=Europe><input type=hidden name=tag value=Asia>"
        "<input type=hidden name=limit value=9><input type=hidden name=lang value=ar>"
        "<input type=radio name=type value=News checked><input type=radio name=type value=Guidance>"
        "<select name=year><option>2021<option selected>2022</select>"
    )
    inside = f'<form action="{library}/search">{fields}</form>'
    page.goto(site.put(tag(library, 'tag="Asia | Nowhere" limit=2', inside)))
    with page.expect_request("**/api/**") as request:
        box(page).fill("a")
    assert request.value.url.split("?")[1] == "q=a&tag=Asia&tag=Nowhere&tag=Europe&type=News&year=2022&limit=2&lang=en"


def test_facets_are_chosen_with_buttons_and_lead_to_the_results_page(
    page: Page, site: ForeignSite, library: str
) -> None:
    page.goto(site.put(tag(library, 'facets="language, type"')))
    search_for(page, "migrants OR recruitment")
    group = page.get_by_role("group", name="Language")
    expect(group.get_by_role("button", name="English 1")).to_have_attribute("aria-pressed", "false")
    group.get_by_role("button", name="French 1").focus()
    page.keyboard.press("Enter")
    expect(group.get_by_role("button", name="French 1")).to_have_attribute("aria-pressed", "true")
    expect(group.get_by_role("button", name="French 1")).to_be_focused()
    expect(options(page).first).to_contain_text("Un été sans frais")
    page.locator("handlist-search [part=all]").click()
    expect(page).to_have_url(f"{library}/en/search?q=migrants+OR+recruitment&language=fr")


def test_the_mouse_chooses_while_the_box_keeps_the_focus(page: Page, site: ForeignSite, library: str) -> None:
    page.goto(site.put(tag(library, "facets=type")))
    search_for(page, "fees")
    page.get_by_role("group", name="Type").get_by_role("button", name="Guidance 1").click()
    expect(page.get_by_role("button", name="Guidance 1", pressed=True)).to_be_visible()
    expect(box(page)).to_be_focused()
    page.get_by_role("button", name="Guidance 1", pressed=True).click()
    expect(page.get_by_role("button", name="Guidance 1", pressed=False)).to_be_visible()


def test_what_was_chosen_stays_in_sight_while_the_server_fails(page: Page, site: ForeignSite, library: str) -> None:
    page.goto(site.put(tag(library, 'facets="type language"')))
    search_for(page, "fees")
    page.route("**/api/**", lambda route: route.abort())
    page.get_by_role("button", name="Guidance 1").click()
    expect(note(page)).to_be_visible()
    expect(page.locator("handlist-search [part=facets]").get_by_role("button")).to_have_count(1)
    expect(page.locator("handlist-search [part=all]")).to_be_hidden()
    page.unroute("**/api/**")
    with page.expect_request(lambda request: "type=" not in request.url):
        page.get_by_role("button", name="Guidance 1", pressed=True).click()
    expect(options(page).nth(1)).to_be_visible()


def test_an_emptied_box_forgets_what_visitors_chose_and_not_what_the_page_did(
    page: Page, site: ForeignSite, library: str
) -> None:
    page.goto(site.put(tag(library, 'facets="q type" tag=Asia')))
    search_for(page, "fees")
    page.get_by_role("button", name="Guidance 1").click()
    expect(page.get_by_role("button", name="Guidance 1", pressed=True)).to_be_visible()
    box(page).fill("")
    with page.expect_request("**/api/**") as request:
        box(page).fill("fee")
    assert request.value.url.split("?")[1] == "q=fee&tag=Asia&limit=5&lang=en"


def test_few_values_of_a_facet_are_offered_and_the_chosen_ones_always(
    page: Page, site: ForeignSite, library: str
) -> None:
    values = [{"value": f"{each}", "label": f"v{each}", "count": 9, "selected": each == 8} for each in range(9)]
    answered(page, library, facets={"type": values})
    page.goto(site.put(tag(library, "facets=type")))
    search_for(page, "guide")
    names = [f"v{each} 9" for each in (8, 0, 1, 2, 3, 4)]
    expect(page.get_by_role("group", name="Type").get_by_role("button")).to_have_text(names)


def test_a_click_opens_what_was_said_again(page: Page, site: ForeignSite, library: str) -> None:
    page.goto(site.put(tag(library)))
    box(page).fill("zebra")
    expect(note(page)).to_be_visible()
    page.get_by_role("heading", name="A foreign page").click()
    expect(note(page)).to_be_hidden()
    box(page).click()
    expect(note(page)).to_be_visible()


def test_a_facet_that_is_narrowed_by_the_page_is_not_for_visitors_to_widen(
    page: Page, site: ForeignSite, library: str
) -> None:
    page.goto(site.put(tag(library, 'facets="tag language" tag=Asia')))
    search_for(page, "fees")
    expect(page.get_by_role("group", name="Language")).to_be_visible()
    expect(page.get_by_role("group", name="Tags")).to_have_count(0)


def test_nothing_found_is_said(page: Page, site: ForeignSite, library: str) -> None:
    page.goto(site.put(tag(library)))
    box(page).fill("zebra")
    expect(note(page)).to_have_text("Nothing was found.")
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    expect(page.locator("handlist-search [part=all]")).to_be_hidden()


def test_what_was_meant_is_offered_where_the_library_knows(page: Page, site: ForeignSite, library: str) -> None:
    found = page.request.get(f"{library}/api/v1/search?q=feees").json()
    proposals = [{"text": "fees <b>paid</b>", "total": 3}]

    def answer(route: Route) -> None:
        allowed = {"Access-Control-Allow-Origin": "*"}
        route.fulfill(json=found | {"corrected": None, "did_you_mean": proposals}, headers=allowed)

    page.route("**/api/**", answer)
    page.goto(site.put(tag(library)))
    box(page).fill("feees")
    with page.expect_response("**/api/v1/search?q=fees+%3Cb*"):
        page.get_by_role("button", name="Did you mean “fees <b>paid</b>”?").click()
    expect(box(page)).to_have_value("fees <b>paid</b>")
    expect(box(page)).to_be_focused()


def test_a_title_is_shown_whole_even_if_its_excerpt_is_not(page: Page, site: ForeignSite, library: str) -> None:
    found = page.request.get(f"{library}/api/v1/search?q=guide&limit=1").json()
    match = found["results"][0]["matches"][0]
    found["results"][0]["matches"] = [match | {"where": "title", "excerpt": [["A ", False], ["guide", True]]}]
    allowed = {"Access-Control-Allow-Origin": "*"}
    page.route("**/api/**", lambda route: route.fulfill(json=found, headers=allowed))
    page.goto(site.put(tag(library)))
    search_for(page, "guide")
    expect(page.locator("handlist-search [part=title]")).to_have_text("A guide to responsible recruitment")


# Hostile texts


def test_hostile_texts_stay_texts(page: Page, site: ForeignSite, library: str) -> None:
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto(site.put(tag(library, 'facets="type" limit=20')))
    search_for(page, "fees OR evil")
    titles = page.locator("handlist-search [part=title]").all_text_contents()
    assert {*ATTACKS, f"Evil {web_sample.EVIL}"} <= set(titles)
    widget = page.locator("handlist-search")
    assert widget.locator("img, script, iframe, b").count() == 0
    expect(page.get_by_role("group", name="Type").locator("bdi").filter(has_text="onerror")).to_have_count(1)
    kinds = page.locator("handlist-search [part=title]").evaluate_all(
        "(all) => all.map((each) => getComputedStyle(each).unicodeBidi)"
    )
    assert set(kinds) <= {"isolate", "plaintext"}


# The keyboard and screen readers


def test_arrow_keys_go_round_and_enter_opens_what_is_reached(page: Page, site: ForeignSite, library: str) -> None:
    page.goto(site.put(tag(library)))
    search_for(page, '"fees paid"')
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    steps = [
        ("ArrowDown", 0),
        ("ArrowDown", 1),
        ("ArrowDown", 2),
        ("ArrowDown", None),
        ("ArrowUp", 2),
        ("ArrowDown", None),
    ]
    for key, reached in [*steps, ("ArrowDown", 0)]:
        box(page).press(key)
        selected = [each.get_attribute("aria-selected") for each in options(page).all()]
        assert selected == ["true" if number == reached else "false" for number in range(3)]
        active = box(page).get_attribute("aria-activedescendant")
        assert active == (None if reached is None else options(page).nth(reached).get_attribute("id"))
    box(page).press("Enter")
    expect(page).to_have_url(f"{library}/en/resources/recruitment-guide")


@pytest.mark.parametrize("key", ["ArrowLeft", "ArrowRight", "Home", "End"])
def test_whoever_goes_through_the_words_is_back_in_the_box(
    page: Page, site: ForeignSite, library: str, key: str
) -> None:
    page.goto(site.put(tag(library)))
    search_for(page, '"fees paid"')
    box(page).press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    box(page).press(key)
    expect(options(page).first).to_have_attribute("aria-selected", "false")
    assert box(page).get_attribute("aria-activedescendant") is None


def test_enter_without_a_choice_goes_to_the_results_page(page: Page, site: ForeignSite, library: str) -> None:
    page.goto(site.put(tag(library, "tag=Asia")))
    box(page).fill("fees")
    box(page).press("Enter")
    expect(page).to_have_url(f"{library}/en/search?q=fees&tag=Asia")


def test_escape_closes_then_empties_and_an_arrow_opens_again(page: Page, site: ForeignSite, library: str) -> None:
    page.goto(site.put(tag(library)))
    search_for(page, "fees")
    box(page).press("Escape")
    expect(options(page).first).to_be_hidden()
    expect(box(page)).to_have_value("fees")
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    box(page).press("Alt+ArrowDown")
    expect(options(page).first).to_be_visible()
    assert box(page).get_attribute("aria-activedescendant") is None
    box(page).press("Alt+ArrowUp")
    expect(options(page).first).to_be_hidden()
    box(page).press("Escape")
    expect(box(page)).to_have_value("")
    box(page).press("ArrowDown")
    expect(options(page)).to_have_count(0)


def test_escape_is_the_page_s_only_when_the_box_has_no_use_for_it(page: Page, site: ForeignSite, library: str) -> None:
    page.goto(site.put(tag(library)))
    page.evaluate("window.seen = 0; document.addEventListener('keydown', () => (seen += 1))")
    box(page).fill("fees")
    expect(options(page).first).to_be_visible()
    for seen in (0, 0, 1):
        box(page).press("Escape")
        assert page.evaluate("seen") == seen


def test_tab_goes_through_the_panel_and_leaving_closes_it(page: Page, site: ForeignSite, library: str) -> None:
    page.goto(site.put(tag(library, "facets=language")))
    search_for(page, "recruitment")
    widget = page.locator("handlist-search")
    for stop in (
        widget.get_by_role("button", name="Search"),
        widget.get_by_role("button", name="English 1"),
        widget.get_by_role("link", name="See all results (1)"),
    ):
        page.keyboard.press("Tab")
        expect(stop).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Elsewhere")).to_be_focused()
    expect(options(page).first).to_be_hidden()


def test_a_press_elsewhere_closes_the_panel(page: Page, site: ForeignSite, library: str) -> None:
    page.goto(site.put(tag(library)))
    search_for(page, "fees")
    page.get_by_role("heading", name="A foreign page").click()
    expect(options(page).first).to_be_hidden()
    box(page).click()
    expect(options(page).first).to_be_visible()
    # As on a telephone, where a tap on text takes the focus from nothing.
    page.get_by_role("heading", name="A foreign page").dispatch_event("pointerdown")
    expect(options(page).first).to_be_hidden()
    expect(box(page)).to_be_focused()


def test_screen_readers_are_told_how_much_was_found(page: Page, site: ForeignSite, library: str) -> None:
    page.goto(site.put(tag(library)))
    status = page.locator("handlist-search").get_by_role("status")
    expect(status).to_have_text("")
    search_for(page, '"fees paid"')
    expect(status).to_have_text("Results: 1")
    box(page).fill("zebra")
    expect(status).to_have_text("Nothing was found.")
    box(page).fill("")
    expect(status).to_have_text("")


def test_readers_are_shown_and_told_what_was_done_with_their_words(page: Page, site: ForeignSite, library: str) -> None:
    correction = {"text": "guide <b>", "changes": []}
    proposals = [{"text": "guise", "total": 1}]
    left_out = "Some of this was left out."
    answered(page, library, corrected=correction, did_you_mean=proposals, complete=0, bounded=[left_out])
    page.goto(site.put(tag(library)))
    search_for(page, "giude")
    said = ["Results for “guide <b>”.", "No result has all the words.", left_out, "Did you mean “guise”?"]
    expect(note(page).locator("> *")).to_have_text(said)
    status = page.locator("handlist-search").get_by_role("status")
    expect(status).to_have_text(" ".join([*said, "Results: 1"]))


def test_a_result_tells_that_it_is_recommended_and_what_it_lacks(page: Page, site: ForeignSite, library: str) -> None:
    found = page.request.get(f"{library}/api/v1/search?q=guide").json()["results"]
    found[0] |= {"pinned": True, "missing": ["free", "<b>"]}
    answered(page, library, results=found)
    page.goto(site.put(tag(library)))
    search_for(page, "guide")
    expect(page.locator("handlist-search [part=pinned]")).to_have_text("Recommended")
    expect(page.locator("handlist-search [part=without]")).to_have_text("Without: free, <b>")


def test_the_box_is_a_landmark_by_itself(page: Page, site: ForeignSite, library: str) -> None:
    script = f"<script src={library}/widget.js async></script>"
    page.goto(site.put(f"<main><h1>A page</h1></main><handlist-search facets=type></handlist-search>{script}"))
    search_for(page, "fees")
    assert violations(page) == []
    expect(page.get_by_role("search", name="Search the library")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", ["closed", "open", "reached", "nothing", "failed", "arabic"])
def test_no_state_breaks_a_rule_of_accessibility(
    page: Page, site: ForeignSite, library: str, state: str, scheme: str
) -> None:
    language = "lang=ar" if state == "arabic" else ""
    link = site.put_style(f":root {{ color-scheme: {scheme}; background: Canvas; color: CanvasText }}")
    if state == "failed":
        page.route("**/api/**", lambda route: route.abort())
    page.goto(site.put(link + tag(library, f'facets="type language" {language}')))
    typed = {"closed": "", "nothing": "zebra", "arabic": "رسوم"}.get(state, "fees")
    box(page).fill(typed)
    if state in ("nothing", "failed"):
        expect(note(page)).to_be_visible()
    elif typed:
        expect(options(page).first).to_be_visible()
    if state == "reached":
        box(page).press("ArrowDown")
    assert violations(page) == []


# Looks


def panel_colour(page: Page) -> str:
    colour: str = page.locator("handlist-search [part=panel]").evaluate(
        "(each) => getComputedStyle(each).backgroundColor"
    )
    return colour


def test_the_box_is_dark_where_the_page_is_and_not_where_the_system_is(
    page: Page, site: ForeignSite, library: str
) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(site.put(tag(library)))
    search_for(page, "fees")
    assert panel_colour(page) == "rgb(255, 255, 255)"
    page.goto(site.put(site.put_style(":root { color-scheme: light dark }") + tag(library)))
    search_for(page, "fees")
    assert panel_colour(page) == "rgb(28, 31, 30)"


def test_pages_set_colours_and_parts(page: Page, site: ForeignSite, library: str) -> None:
    style = "handlist-search { --handlist-paper: rgb(1, 2, 3) } handlist-search::part(panel) { position: static }"
    page.goto(site.put(site.put_style(style) + tag(library)))
    search_for(page, "fees")
    assert panel_colour(page) == "rgb(1, 2, 3)"
    panel = page.locator("handlist-search [part=panel]")
    assert panel.evaluate("(each) => getComputedStyle(each).position") == "static"


def test_pages_change_nothing_of_the_text_by_inheritance(page: Page, site: ForeignSite, library: str) -> None:
    odd = {
        "white-space-collapse": "preserve",
        "text-wrap-mode": "nowrap",
        "text-indent": "40px",
        "font-style": "italic",
        "font-variant-caps": "small-caps",
        "word-spacing": "9px",
        "text-shadow": "rgb(255, 0, 0) 1px 1px 0px",
        "cursor": "help",
    }
    style = site.put_style("".join(f"body {{ {name}: {value} }}" for name, value in odd.items()))
    page.goto(site.put(style + tag(library)))
    search_for(page, "fees")
    panel = page.locator("handlist-search [part=panel]")
    for name, value in odd.items():
        expect(page.locator("body")).to_have_css(name, value)
        expect(panel).not_to_have_css(name, value)


def corners(place: Locator) -> tuple[float, float, float, float]:
    """Return the left, top, right and bottom of an element, in pixels of the window."""
    found = place.bounding_box()
    assert found is not None
    return found["x"], found["y"], found["x"] + found["width"], found["y"] + found["height"]


def reaches(page: Page, x: float, y: float) -> bool:
    """Tell whether the widget is what lies on top at a point of the window."""
    found: bool = page.evaluate("([x, y]) => document.elementFromPoint(x, y)?.localName === 'handlist-search'", [x, y])
    return found


def test_nothing_of_the_page_cuts_the_panel_off_or_covers_it(page: Page, site: ForeignSite, library: str) -> None:
    style = site.put_style(
        "main { overflow: hidden; height: 9rem; transform: scale(1) } footer { position: relative; z-index: 9999; "
        "height: 40rem; background: red }"
    )
    page.goto(site.put(f"{style}{tag(library)}<footer></footer>"))
    search_for(page, "fees")
    panel = page.locator("handlist-search [part=panel]")
    left, top, right, bottom = corners(panel)
    assert bottom > 300
    assert reaches(page, (left + right) / 2, bottom - 5)
    assert corners(box(page))[3] <= top <= corners(box(page))[3] + 12
    page.evaluate("scrollTo(0, 50)")
    expect(panel).to_have_css("top", f"{top - 50:g}px")


def test_at_the_foot_of_the_window_the_panel_stands_above_the_box(page: Page, site: ForeignSite, library: str) -> None:
    page.set_viewport_size({"width": 640, "height": 480})
    style = site.put_style("handlist-search { position: fixed; bottom: 8px; left: 8px; right: 8px }")
    page.goto(site.put(style + tag(library, "limit=20")))
    search_for(page, "fees OR evil")
    _, top, _, bottom = corners(page.locator("handlist-search [part=panel]"))
    assert 0 <= top < bottom <= corners(box(page))[1]


def test_filters_leave_room_for_results_on_a_telephone(page: Page, site: ForeignSite, library: str) -> None:
    page.set_viewport_size({"width": 320, "height": 480})
    page.goto(site.put(tag(library, 'facets="type tag publisher year language format"')))
    search_for(page, "fees OR evil OR migrants")
    expect(page.get_by_role("group")).not_to_have_count(0)
    first, panel = corners(options(page).first), corners(page.locator("handlist-search [part=panel]"))
    assert first[1] + 40 <= min(panel[3], 480)
    assert page.locator("handlist-search [part=facet]").first.evaluate("(row) => row.clientHeight") < 60


def test_an_empty_box_reads_as_its_language_and_a_full_one_as_its_words(
    page: Page, site: ForeignSite, library: str
) -> None:
    page.goto(site.put(tag(library, "lang=ar")))
    for typed, direction in (("", "rtl"), ("fees", "ltr"), ("رسوم", "rtl"), ("fees", "ltr"), ("", "rtl")):
        box(page).fill(typed)
        expect(box(page)).to_have_css("direction", direction)


def test_arabic_reads_from_right_to_left(page: Page, site: ForeignSite, library: str) -> None:
    page.goto(site.put(tag(library, "lang=ar")))
    search_for(page, "رسوم")
    button = page.locator("handlist-search [part=button]")
    expect(button).to_have_text("بحث")
    place, edge = button.bounding_box(), box(page).bounding_box()
    assert place is not None
    assert edge is not None
    assert place["x"] < edge["x"]
    expect(options(page).first).to_have_attribute("dir", "rtl")
    expect(options(page).nth(1)).to_contain_text("PDF، ص 12")
    expect(options(page).nth(1).locator("[part=place]")).to_have_css("direction", "rtl")
    box(page).fill("fees")
    expect(options(page).filter(has_text="A guide")).to_have_attribute("dir", "ltr")


@pytest.mark.parametrize(("html", "word"), [("lang=fr", "Rechercher"), ("lang=es-MX", "Buscar"), ("lang=de", "Search")])
def test_the_box_speaks_the_language_of_the_page(
    page: Page, site: ForeignSite, library: str, html: str, word: str
) -> None:
    said = warnings(page)
    page.goto(site.put(f"<section {html}>{tag(library)}</section>"))
    expect(page.locator("handlist-search [part=button]")).to_have_text(word)
    assert said == []


@pytest.mark.parametrize("side", ["", "dir=rtl"])
def test_a_narrow_window_and_a_narrow_place_hold_the_panel(
    page: Page, site: ForeignSite, library: str, side: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    link = site.put_style("aside { width: 10rem; margin-inline-start: auto }")
    html = f"{link}<div {side}><aside>{tag(library, 'facets=type')}</aside></div>"
    page.goto(site.put(html))
    search_for(page, "fees")
    place = page.locator("handlist-search [part=panel]").bounding_box()
    assert place is not None
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= 320
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_what_is_reached_shows_in_forced_colours(page: Page, site: ForeignSite, library: str) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(site.put(tag(library)))
    search_for(page, "fees")
    box(page).press("ArrowDown")
    assert options(page).first.evaluate("(each) => getComputedStyle(each).outlineStyle") == "solid"


# What is asked, and what is not


def test_nothing_is_asked_before_a_keystroke_and_nothing_is_kept(
    browser: Browser, site: ForeignSite, library: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    seen = asked(page)
    address = site.put(tag(library, "facets=type"))
    page.goto(address)
    box(page).focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_load_state("networkidle")
    assert set(seen) - {f"{site.address}/favicon.ico"} == {address, f"{library}/widget.js"}
    with page.expect_request("**/api/**") as request:
        box(page).fill("fees")
    expect(options(page).first).to_be_visible()
    assert "cookie" not in request.value.all_headers()
    assert "referer" not in request.value.all_headers()
    assert {url.split("/")[2] for url in seen} == {site.address.split("/")[2], library.split("/")[2]}
    assert context.cookies() == []
    kept = "[document.cookie, localStorage.length, sessionStorage.length, indexedDB.databases()]"
    assert page.evaluate(f"Promise.all({kept}).then((all) => all.map(String))") == ["", "0", "0", ""]
    context.close()


def test_keystrokes_that_follow_each_other_are_asked_once(page: Page, site: ForeignSite, library: str) -> None:
    page.clock.install(time=0)
    page.goto(site.put(tag(library)))
    page.clock.pause_at(3_600)
    seen = asked(page)
    for letter in "fees":
        box(page).press(letter)
        page.clock.run_for(50)
    assert seen == []
    with page.expect_request("**/api/**"):
        page.clock.run_for(200)
    assert [url.split("?")[1] for url in seen] == ["q=fees&limit=5&lang=en"]


def test_half_a_word_of_an_input_method_is_not_asked_for(page: Page, site: ForeignSite, library: str) -> None:
    page.clock.install(time=0)
    page.goto(site.put(tag(library)))
    page.clock.pause_at(3_600)
    seen = asked(page)
    compose = "(box) => { box.value += '%s'; box.dispatchEvent(new InputEvent('input', { isComposing: true })) }"
    box(page).evaluate(compose % "fe")
    page.clock.run_for(1_000)
    assert seen == []
    box(page).evaluate(compose % "es")
    with page.expect_request("**/api/**"):
        box(page).evaluate("(box) => box.dispatchEvent(new CompositionEvent('compositionend'))")
        page.clock.run_for(1_000)
    assert [url.split("?")[1] for url in seen] == ["q=fees&limit=5&lang=en"]


def test_a_request_is_given_up_when_typing_goes_on(page: Page, site: ForeignSite, library: str) -> None:
    page.route("**/api/v1/search?q=fee&*", lambda _route: None)
    page.goto(site.put(tag(library)))
    with page.expect_request("**/api/v1/search?q=fee&*"):
        box(page).fill("fee")
    with page.expect_event("requestfailed", lambda request: "q=fee&" in request.url, timeout=SOON) as failed:
        box(page).fill("fees")
    assert failed.value.failure == "net::ERR_ABORTED"
    expect(options(page).first).to_be_visible()
    expect(note(page)).to_be_hidden()


def test_old_results_open_nothing_while_new_ones_are_awaited(page: Page, site: ForeignSite, library: str) -> None:
    page.goto(site.put(tag(library)))
    search_for(page, "fees")
    held = held_back(page, "**/api/**")
    with page.expect_request("**/api/**"):
        box(page).fill("migrants")
    panel = page.locator("handlist-search [part=panel]")
    expect(panel).to_have_attribute("aria-busy", "true")
    expect(options(page).first).to_have_css("pointer-events", "none")
    everything = page.locator("handlist-search [part=all]")
    expect(everything).to_have_text("See all results")
    assert (everything.get_attribute("href") or "").endswith("/search?q=migrants")
    for _ in range(2):
        box(page).press("ArrowDown")
    assert box(page).get_attribute("aria-activedescendant") is None
    assert len(held) == 1
    held[0].continue_()
    expect(panel).not_to_have_attribute("aria-busy", "true")
    expect(everything).to_have_text("See all results (2)")
    box(page).press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")


def test_an_answer_that_comes_when_somebody_went_on_opens_nothing(page: Page, site: ForeignSite, library: str) -> None:
    held = held_back(page, "**/api/**")
    page.goto(site.put(tag(library)))
    with page.expect_request("**/api/**"):
        box(page).fill("fees")
    page.get_by_role("link", name="Elsewhere").focus()
    with page.expect_response("**/api/**"):
        held[0].continue_()
    expect(page.locator("handlist-search [role=option]").first).to_be_attached()
    expect(page.locator("handlist-search [part=panel]")).to_be_hidden()
    expect(page.locator("handlist-search").get_by_role("status")).to_have_text("")


def test_an_answer_is_asked_again_only_if_it_changed(page: Page, site: ForeignSite, library: str) -> None:
    page.goto(site.put(tag(library)))
    search_for(page, "fees")
    box(page).fill("")
    with page.expect_response("**/api/**") as response:
        box(page).fill("fees")
    expect(options(page).first).to_be_visible()
    # The browser gives scripts the answer that it kept; what went over the wire was a 304 of headers alone.
    assert response.value.request.sizes()["responseBodySize"] == 0


# When something is missing


@pytest.mark.parametrize("failure", ["no network", "an error", "no JSON", "another shape"])
def test_a_failing_server_leaves_the_form_and_one_quiet_line(
    page: Page, site: ForeignSite, library: str, failure: str
) -> None:
    allowed = {"Access-Control-Allow-Origin": "*"}

    def fail(route: Route) -> None:
        if failure == "no network":
            route.abort("internetdisconnected")
        elif failure == "an error":
            route.fulfill(status=503, json={"error": {"detail": "There is no index."}}, headers=allowed)
        elif failure == "no JSON":
            route.fulfill(body="<html>", headers=allowed)
        else:
            route.fulfill(json={"results": [{}], "total": 1}, headers=allowed)

    page.route("**/api/**", fail)
    page.goto(site.put(tag(library)))
    box(page).fill("fees")
    expect(note(page)).to_have_text("No instant results at the moment. Press Enter to search.")
    expect(options(page)).to_have_count(0)
    box(page).press("Enter")
    expect(page).to_have_url(f"{library}/en/search?q=fees")


def test_a_server_that_says_nothing_is_not_waited_for(page: Page, site: ForeignSite, library: str) -> None:
    page.clock.install()
    page.route("**/api/**", lambda _route: None)
    page.goto(site.put(tag(library)))
    box(page).fill("fees")
    with page.expect_request("**/api/**"):
        page.clock.run_for(200)
    page.clock.run_for(10_000)
    expect(note(page)).to_have_text("No instant results at the moment. Press Enter to search.")


def test_a_server_that_is_back_is_asked_again(page: Page, site: ForeignSite, library: str) -> None:
    page.route("**/api/**", lambda route: route.abort(), times=1)
    page.goto(site.put(tag(library)))
    box(page).fill("fee")
    expect(note(page)).to_be_visible()
    search_for(page, "fees")
    expect(note(page)).to_be_hidden()


FORM = '<form action="{library}/search"><label>Our library <input name=q></label><button>Go</button></form>'


def test_without_scripts_the_form_inside_works(browser: Browser, site: ForeignSite, library: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.put(tag(library, inside=FORM.format(library=library))))
    page.get_by_label("Our library").fill("fees")
    page.get_by_role("button", name="Go").click()
    expect(page).to_have_url(f"{library}/search?q=fees")
    context.close()


def test_what_was_typed_before_the_script_came_is_kept_with_the_focus(
    page: Page, site: ForeignSite, library: str
) -> None:
    held = held_back(page, "**/widget.js")
    page.goto(site.put(tag(library, inside=FORM.format(library=library))), wait_until="commit")
    page.get_by_label("Our library").fill("fee")
    page.get_by_label("Our library").press("ArrowLeft")
    held[0].continue_()
    expect(box(page)).to_have_value("fee")
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_accessible_name("Our library")
    page.keyboard.press("End")
    page.keyboard.type("s")
    expect(options(page).first).to_be_visible()


def test_a_script_that_is_there_twice_is_no_mistake(page: Page, site: ForeignSite, library: str) -> None:
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto(site.put(f"<script src={library}/widget.js></script>{tag(library)}"))
    search_for(page, "fees")
    assert failed == []


def test_the_label_of_the_attribute_goes_before_that_of_the_form(page: Page, site: ForeignSite, library: str) -> None:
    page.goto(site.put(tag(library, 'label="All we know"', FORM.format(library=library))))
    expect(box(page)).to_have_accessible_name("All we know")
    expect(page.get_by_role("search", name="All we know")).to_have_count(1)


def test_no_more_is_typed_than_the_library_reads(page: Page, site: ForeignSite, library: str) -> None:
    page.goto(site.put(tag(library)))
    box(page).focus()
    page.keyboard.insert_text("fees " * 300)
    assert len(box(page).input_value()) == 1_000
    expect(options(page).first).to_be_visible()


def test_a_script_that_comes_before_its_tag_finds_the_form(page: Page, site: ForeignSite, library: str) -> None:
    early = f"<script src={library}/widget.js></script>"
    page.goto(site.put(early + tag(library, inside=FORM.format(library=library))))
    expect(box(page)).to_have_accessible_name("Our library")


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_nonsense_falls_back_and_is_named_once(page: Page, site: ForeignSite, library: str, language: str) -> None:
    said, seen = warnings(page), asked(page)
    nonsense = (
        f'limit="many" lang={language} target="javascript:alert(1)" facets="colour" hue="red" size=1 tag="Asia" '
        'data-x="1" @click=x role=manager prefix=a q=word page=2'
    )
    inside = f"<handlist-search {nonsense}></handlist-search>"
    page.goto(site.put(f"{inside}{tag(library, nonsense)}"))
    widget = page.locator("handlist-search").last
    widget.get_by_role("combobox").fill("fees")
    expect(widget.get_by_role("option").first).to_be_visible()
    assert widget.get_by_role("option").first.get_attribute("target") is None
    page.locator("handlist-search").first.get_by_role("combobox").fill("fees")
    expect(page.locator("handlist-search").first.get_by_role("option").first).to_be_visible()
    assert sorted(text.removeprefix("<handlist-search> ")[:14] for text in said) == [
        "facets: there ",
        'hue="red": the',
        'limit="many": ',
        "page: this att",
        "prefix: this a",
        "q: this attrib",
        "role: this att",
        'size="1": the ',
        'target="javasc',
    ]
    # Whatever the library does not know is left out at once, and not one by one.
    assert len([url for url in seen if "/api/" in url]) == 4


def test_a_language_that_there_is_not_is_named(page: Page, site: ForeignSite, library: str) -> None:
    said = warnings(page)
    page.goto(site.put(tag(library, "lang=tlh")))
    expect(page.locator("handlist-search [part=button]")).to_have_text("Search")
    assert said == ['<handlist-search> lang="tlh": there are en, fr, es, ar. Used is en.']


@pytest.mark.parametrize("action", ["http://[", "javascript:alert(1)", "mailto:us@library.example", ""])
def test_a_form_without_an_address_of_the_web_gets_that_of_the_script(
    page: Page, site: ForeignSite, library: str, action: str
) -> None:
    said = warnings(page)
    page.goto(site.put(tag(library, inside=f'<form action="{action}"><input name=q></form>')))
    box(page).fill("fees")
    box(page).press("Enter")
    expect(page).to_have_url(f"{library}/en/search?q=fees")
    assert [text[:24] for text in said] == ["<handlist-search> action"] * bool(action)


def prefix(address: str | None, library: str) -> str:
    """Return what the path of an address begins with when that is a language."""
    assert address is not None
    first = address.removeprefix(library).split("/")[1].split("?")[0]
    return first if first in ("en", "fr", "es", "ar") else ""


@pytest.mark.parametrize(
    ("page_language", "attributes", "action", "language"),
    [
        ("en", "", None, "en"),
        ("fr-CA", "", None, "fr"),
        ("de", "", None, ""),
        ("de", "lang=es", None, "es"),
        ("de", "lang=tlh", None, ""),
        ("fr", "", "/search", "fr"),
        ("de", "", "/search", ""),
        ("de", "", "/fr/search", "fr"),
        ("fr", "lang=fr", "/es/search", "es"),
    ],
)
def test_results_and_the_page_of_all_are_in_one_language(
    page: Page, site: ForeignSite, library: str, page_language: str, attributes: str, action: str | None, language: str
) -> None:
    inside = "" if action is None else f'<form action="{library}{action}"><input name=q></form>'
    page.goto(site.put(f"<section lang={page_language}>{tag(library, attributes, inside)}</section>"))
    search_for(page, "fees")
    widget = page.locator("handlist-search")
    assert prefix(widget.locator("[part=all]").get_attribute("href"), library) == language
    assert prefix(widget.locator("[part=form]").get_attribute("action"), library) == language
    assert prefix(options(page).first.get_attribute("href"), library) == language


def test_the_label_and_the_target_of_the_form_are_kept(page: Page, site: ForeignSite, library: str) -> None:
    inside = (
        f'<form action="{library}/search" target=_blank><label for=kind>Kind</label><select id=kind name=type></select>'
        "<label for=words>Our\n   <b>library</b></label><input id=words name=q></form>"
    )
    page.goto(site.put(tag(library, inside=inside)))
    expect(box(page)).to_have_accessible_name("Our library")
    box(page).fill("fees")
    with page.expect_popup() as opened:
        box(page).press("Enter")
    expect(opened.value).to_have_url(f"{library}/en/search?q=fees")


def test_sites_that_are_not_listed_get_the_form_and_no_frame(page: Page, foreign: ForeignSite) -> None:
    config = Config(origins=("https://www.example.org",))
    with served(create_app(config, web_sample.Held(web_sample.engine()), web_sample.Undecided())) as closed:
        page.goto(foreign.put(f"{tag(closed)}<iframe src={closed}/embed></iframe>"))
        box(page).fill("fees")
        expect(note(page)).to_have_text("No instant results at the moment. Press Enter to search.")
        expect(page.frame_locator("iframe").get_by_role("combobox")).to_have_count(0)
        box(page).press("Enter")
        expect(page).to_have_url(f"{closed}/en/search?q=fees")
    with served(
        create_app(Config(origins=(foreign.address,)), web_sample.Held(web_sample.engine()), web_sample.Undecided())
    ) as opened:
        page.goto(foreign.put(f"{tag(opened)}<iframe src={opened}/embed></iframe>"))
        search_for(page, "fees")
        expect(page.frame_locator("iframe").get_by_role("combobox")).to_have_count(1)


def test_a_frame_searches_and_opens_results_in_the_whole_window(page: Page, site: ForeignSite, library: str) -> None:
    answer = page.request.get(f"{library}/oembed", params={"url": f"{library}/search?tag=Asia", "format": "json"})
    page.goto(site.put(f"<main><h1>Framed</h1>{answer.json()['html']}</main>"))
    frame = page.frame_locator("iframe")
    frame.get_by_role("combobox").fill("fees")
    expect(frame.get_by_role("option").first).to_contain_text("A guide to responsible recruitment")
    frame.get_by_role("option").first.click()
    expect(page).to_have_url(f"{library}/en/resources/recruitment-guide")


def test_removing_the_box_gives_up_what_it_asked(page: Page, site: ForeignSite, library: str) -> None:
    page.route("**/api/**", lambda _route: None)
    page.goto(site.put(tag(library)))
    with page.expect_request("**/api/**"):
        box(page).fill("fees")
    with page.expect_event("requestfailed", timeout=SOON):
        page.evaluate("document.querySelector('handlist-search').remove()")


def test_the_sample_library_answers_in_the_widget(
    page: Page, foreign: ForeignSite, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The widget and a real index agree, not only the widget and the engine of the tests."""
    folder: Path = tmp_path_factory.mktemp("real")
    write_page(folder / "library", "fees.md", "title: Who pays the fees", "Nobody should pay fees.")
    built(folder / "library", folder / "index")
    with served(create_app(Config(index=folder / "index"))) as real:
        page.goto(foreign.put(tag(real)))
        search_for(page, "fee")
        expect(page.locator("handlist-search [part=title]")).to_have_text("Who pays the fees")
        expect(options(page).first.locator("[part=excerpt] mark").first).to_have_text("fees")
