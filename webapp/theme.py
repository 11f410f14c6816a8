"""The colours of a library that sets an accent: those of the stylesheet that follow from it, light and dark."""

from __future__ import annotations

from indexer.index.colours import BLACK, LEAST_CONTRAST, WHITE, Colour, contrast, mixed, read_colour, written

_STEP = 0.02
_CARD: Colour = (0x1C, 0x20, 0x1F)
"""The ground of the dark scheme on which an accent stands out least, see static/style.css."""

_PAPER: Colour = (0xFA, 0xF8, 0xF3)
"""That of the light scheme."""

_OF_THE_WIDGET = (
    "handlist-search { --handlist-accent: var(--accent); --handlist-on-accent: var(--accent-ink); "
    "--handlist-soft: var(--soft); }"
)
"""The search box on our own pages follows; on another site it has the colours of that site."""


def theme_css(accent: str) -> str:
    """Return the style rules that put an accent in the place of the usual one; empty for what is no colour.

    Whatever it is, what is written in it or on it can be read: it is changed until it stands out enough.
    """
    colour = read_colour(accent)
    if colour is None:
        return ""
    light, dark = _light(colour), _dark(colour)
    in_the_dark = f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {_rules(dark)} }} }}"
    return f":root {{ {_rules(light)} }}\n{in_the_dark}\n{_OF_THE_WIDGET}\n"


def _light(accent: Colour) -> dict[str, Colour]:
    soft = mixed(_PAPER, accent, 0.08)
    own = _towards(accent, BLACK, (soft, _PAPER, WHITE))
    return {"accent": own, "accent-ink": WHITE, "soft": soft, "band": mixed(own, BLACK, 0.35)}


def _dark(accent: Colour) -> dict[str, Colour]:
    soft = mixed(_CARD, accent, 0.15)
    own = _towards(accent, WHITE, (soft, _CARD))
    return {"accent": own, "accent-ink": BLACK, "soft": soft, "band": mixed(accent, BLACK, 0.65)}


def _towards(colour: Colour, end: Colour, grounds: tuple[Colour, ...]) -> Colour:
    """Return the colour with as much of black or white as it needs to be read on all of these grounds."""
    share = 0.0
    while min(contrast(mixed(colour, end, share), ground) for ground in grounds) < LEAST_CONTRAST and share < 1:
        share += _STEP
    return mixed(colour, end, min(share, 1))


def _rules(colours: dict[str, Colour]) -> str:
    return " ".join(f"--{name}: {written(colour)};" for name, colour in colours.items())
