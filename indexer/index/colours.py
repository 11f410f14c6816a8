"""Colours as CSS writes them, "#0b5a55": how they are read and mixed, and how far one stands out from another."""

from __future__ import annotations

import re

Colour = tuple[int, int, int]
"""Red, green and blue, each 0 to 255."""

WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
LEAST_CONTRAST = 4.5
"""What WCAG 2.2 asks of text (1.4.3)."""

_WRITTEN = re.compile(r"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", re.ASCII | re.IGNORECASE)


def read_colour(text: str) -> Colour | None:
    """Read a colour of six hexadecimal digits; None for what is none."""
    found = _WRITTEN.fullmatch(text)
    if not found:
        return None
    red, green, blue = (int(part, 16) for part in found.groups())
    return red, green, blue


def written(colour: Colour) -> str:
    """Write a colour as CSS reads it."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def mixed(colour: Colour, other: Colour, share: float) -> Colour:
    """Return a colour with a share of another one in it, from 0 to 1."""
    red, green, blue = (round(own + (its - own) * share) for own, its in zip(colour, other, strict=True))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """Return how far two colours stand out from each other, 1 to 21, as WCAG 2.2 defines the contrast ratio."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
