"""Holds a page against the rules of axe-core."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# What WCAG 2.2 AA asks for, and what axe's authors hold for good practice beyond it.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

RUN = """async (rules) => {
  const { violations } = await axe.run({ runOnly: rules });
  return violations.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.html} ${node.failureSummary}`));
}"""


def violations(page: Page) -> list[str]:
    """Return what of a page, its shadow trees included, breaks a rule; each as the rule, the element and the reason."""
    page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(RUN, list(RULES))
    return found
