"""How a library wants its pages to look: its logo, the colour of links and of the band at the top, its own style."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from indexer.index.colours import LEAST_CONTRAST, WHITE, contrast, read_colour, written
from indexer.library.settings_table import Table

LOGO_FORMATS = (".svg", ".png", ".webp", ".jpg", ".jpeg", ".gif")
"""The endings of pictures that all browsers show."""

STYLE_FORMATS = (".css",)


@dataclass(frozen=True, slots=True)
class Appearance:
    """The logo and the stylesheet as paths within the library, the accent as a colour; empty where it sets none."""

    logo: str = ""
    accent: str = ""
    style: str = ""


def read_appearance(table: Table, library: Path) -> Appearance:
    """Read the table [appearance]; SettingsError for what cannot be shown, and an accent that cannot be read."""
    appearance = Appearance(
        logo=_file(table, "logo", library, "a picture", LOGO_FORMATS),
        accent=_accent(table),
        style=_file(table, "style", library, "a stylesheet", STYLE_FORMATS),
    )
    table.refuse_unknown()
    return appearance


def _file(table: Table, key: str, library: Path, kind: str, formats: tuple[str, ...]) -> str:
    """Return the path of a file of the library that a key names."""
    name = table.text(key, "")
    if not name:
        return ""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\0" in name:
        raise table.error(key, f"is “{name}”, which leads outside; name {kind} inside the library")
    if path.suffix.lower() not in formats:
        raise table.error(key, f"is “{name}”; it has to be {kind} that browsers show: {', '.join(formats)}")
    if not (library / path).is_file():
        raise table.error(key, f"is “{name}”, and there is no such file in the library")
    return str(path)


def _accent(table: Table) -> str:
    text = table.text("accent", "")
    if not text:
        return ""
    colour = read_colour(text)
    if colour is None:
        raise table.error("accent", f"is “{text}”; it has to be a colour of six digits such as “#0b5a55”")
    found = contrast(colour, WHITE)
    if found < LEAST_CONTRAST:
        raise table.error(
            "accent",
            f"is “{text}”, which stands out from white by {found:.1f} and has to by {LEAST_CONTRAST} to be read; take "
            "a darker one",
        )
    return written(colour)
