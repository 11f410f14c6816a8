"""How a library wants its pages to look: its logo, and the colour of its links and of the band at the top."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from indexer.index.colours import LEAST_CONTRAST, WHITE, contrast, read_colour, written
from indexer.library.settings_table import Table

LOGO_FORMATS = (".svg", ".png", ".webp", ".jpg", ".jpeg", ".gif")
"""The endings of pictures that all browsers show."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """The logo as a path within the library, and the accent as a colour; both empty where the library sets none."""

    logo: str = ""
    accent: str = ""


def read_appearance(table: Table, library: Path) -> Appearance:
    """Read the table [appearance]; SettingsError for a logo that cannot be shown, or an accent that cannot be read."""
    appearance = Appearance(_logo(table, library), _accent(table))
    table.refuse_unknown()
    return appearance


def _logo(table: Table, library: Path) -> str:
    logo = table.text("logo", "")
    if not logo:
        return ""
    path = PurePosixPath(logo)
    if path.is_absolute() or ".." in path.parts or "\0" in logo:
        raise table.error("logo", f"is “{logo}”, which leads outside; name a picture inside the library")
    if path.suffix.lower() not in LOGO_FORMATS:
        raise table.error("logo", f"is “{logo}”; it has to be a picture that browsers show: {', '.join(LOGO_FORMATS)}")
    if not (library / path).is_file():
        raise table.error("logo", f"is “{logo}”, and there is no such file in the library")
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
