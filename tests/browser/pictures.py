"""The pictures of the README, taken anew from the sample library: `python -m tests.browser.pictures`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from indexer.build import build
from indexer.library.settings import load_settings
from indexer.progress import reporter
from tests.browser.conftest import CHROMIUM, MISSING, STARTED_WITH
from tests.browser.serving import foreign_site, served
from webapp import create_app
from webapp.config import Config

ROOT = Path(__file__).parent.parent.parent
PICTURES = ROOT / "webapp" / "pictures"
PHONE, WIDE = (360, 780), (1280, 860)


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture shows: an address in the sample library, in a window of this size; `typed` opens suggestions."""

    name: str
    address: str
    size: tuple[int, int] = WIDE
    scheme: Literal["light", "dark"] = "light"
    typed: str = ""


SHOWN = (
    Picture("home", "/"),
    Picture("results", "/search?q=recruitment+fees&type=Guidance"),
    Picture("suggestions", "/", typed="recruit"),
    Picture("resource", "/resources/responsible-recruitment-manual"),
    Picture("dark", "/search?q=recruitment+fees", scheme="dark"),
    Picture("phone", "/search?q=recruitment+fees", PHONE),
    Picture("arabic", "/ar/search?q=recruitment+fees&type=Guidance"),
)

WIDGET = "widget"
"""The picture of the box on a page of another site."""

HOST_PAGE = """
<meta name="viewport" content="width=device-width">
<style>
  body {{ margin: 0; font: 17px/1.6 Georgia, serif; color: #26211c; background: #fffdf8; }}
  header {{ padding: 1.1rem 3rem; background: #7a1f3d; color: #fff; font-weight: 700; }}
  main {{ max-width: 44rem; padding: 1.5rem 3rem; }}
  handlist-search {{ --handlist-accent: #7a1f3d; --handlist-soft: #f6eaef; }}
</style>
<header>Fair Work Coalition</header>
<main>
  <h1>Working abroad without debt</h1>
  <p>Nobody should pay for a job. What the law says, what employers can do and where to complain stands in the library
  of our partners; look for it here.</p>
  <handlist-search facets="type" limit="3"></handlist-search>
  <p>Our office answers on working days. In an emergency, call the hotline of the country that you are in.</p>
</main>
<script src="{library}/widget.js"></script>
"""


def main(names: Sequence[str]) -> int:
    """Take the pictures of these names, all without one; return the exit status."""
    unknown = set(names) - {WIDGET, *(picture.name for picture in SHOWN)}
    if unknown or not CHROMIUM.exists():
        print(f"There is no picture {', '.join(sorted(unknown))}." if unknown else MISSING, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        build(load_settings(ROOT / "corpus"), Path(folder), reporter())
        with served(create_app(Config(Path(folder)))) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=STARTED_WITH)
            for picture in SHOWN:
                if not names or picture.name in names:
                    _take(browser, address, picture)
            if not names or WIDGET in names:
                _take_widget(browser, address)
            browser.close()
    return 0


def _take(browser: Browser, address: str, picture: Picture) -> None:
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=picture.scheme, locale="en-GB"
    )
    page = context.new_page()
    page.goto(address + picture.address, wait_until="networkidle")
    if picture.typed:
        _suggest(page, picture.typed)
    page.screenshot(path=PICTURES / f"{picture.name}.png")
    context.close()


def _take_widget(browser: Browser, library: str) -> None:
    with foreign_site() as site:
        page = browser.new_page(viewport={"width": 1000, "height": 980}, locale="en-GB")
        page.goto(site.put(HOST_PAGE.format(library=library)))
        page.get_by_role("combobox").press_sequentially("recruitment fees")
        page.get_by_role("option").first.wait_for()
        page.get_by_role("combobox").press("ArrowDown")
        page.screenshot(path=PICTURES / f"{WIDGET}.png")
        page.close()


def _suggest(page: Page, typed: str) -> None:
    page.locator("#q").press_sequentially(typed)
    page.get_by_role("option").first.wait_for()
    page.locator("#q").press("ArrowDown")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
