"""What the browser tests share: Debian's Chromium, a library that is served, and pages of other origins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import web_sample
from tests.browser.serving import ForeignSite, foreign_site, served
from webapp import create_app
from webapp.config import Config

CHROMIUM = Path("/usr/bin/chromium")
MISSING = f"The browser tests need Chromium, and there is no {CHROMIUM}: apt-get install chromium."

STARTED_WITH = [
    # Containers give no browser the rights to make a sandbox, and these tests show it nothing but their own pages.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

NOTED: pytest.StashKey[bool] = pytest.StashKey()


@pytest.fixture(scope="package")
def browser(pytestconfig: pytest.Config) -> Iterator[Browser]:
    """Start Chromium once for all tests of this folder; where there is none, skip them.

    The plugin of Playwright for pytest would keep it running through all other tests, and brings a fixture with it that
    pytest warns of.
    """
    if not CHROMIUM.exists():
        pytestconfig.stash[NOTED] = True
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=STARTED_WITH)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Give a browser in which nothing was done yet; it gives up soon, as everything is on this machine."""
    context = browser.new_context(locale="en-GB")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """Give an empty tab."""
    return context.new_page()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was skipped and why, which a quiet run would keep to itself."""
    if config.stash.get(NOTED, False):
        terminalreporter.write_line(MISSING)


@pytest.fixture(scope="package")
def library() -> Iterator[str]:
    """Serve the small library of the web tests; give its address."""
    with served(create_app(Config(), web_sample.Held(web_sample.engine()), web_sample.Undecided())) as address:
        yield address


@pytest.fixture
def foreign() -> Iterator[ForeignSite]:
    """Serve a site of another origin, on which a test puts its pages."""
    with foreign_site() as site:
        yield site
