"""The colours of the stylesheet, held against the contrast that WCAG 2.2 asks of text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import webapp

STYLE = Path(webapp.__file__).with_name("static") / "style.css"

PAIRS = [
    *((text, ground) for text in ("ink", "quiet", "accent", "warn") for ground in ("paper", "card")),
    ("ink", "soft"),
    ("accent", "soft"),
    ("ink", "mark"),
    ("accent-ink", "accent"),
    ("band-ink", "band"),
    ("signal", "band"),
    ("signal-ink", "signal"),
]


def colours(scheme: str) -> dict[str, str]:
    """Return the colours of a scheme by name; the dark one changes what it names."""
    light, dark = STYLE.read_text(encoding="utf-8").split("(prefers-color-scheme: dark)", 1)
    found = dict(re.findall(r"--([a-z-]+): #([0-9a-f]{6});", light))
    if scheme == "dark":
        found |= dict(re.findall(r"--([a-z-]+): #([0-9a-f]{6});", dark))
    return found


def luminance(colour: str) -> float:
    """Return the relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(scheme: str, text: str, ground: str) -> None:
    found = colours(scheme)
    darker, lighter = sorted((luminance(found[text]), luminance(found[ground])))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_marked_text_takes_the_ink_that_was_checked_and_not_the_colour_of_a_link() -> None:
    assert re.search(r"^mark \{[^}]*color: var\(--ink\)", STYLE.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "card"])
def test_the_edges_of_fields_and_boxes_stand_out_from_their_ground(scheme: str, ground: str) -> None:
    found = colours(scheme)
    darker, lighter = sorted((luminance(found["edge"]), luminance(found[ground])))
    assert (lighter + 0.05) / (darker + 0.05) >= 3
