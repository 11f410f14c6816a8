"""The settings of the answering half, each declared once: its name, its default, what it does."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from webapp.interface import LANGUAGES
from webapp.origin import read_origin

PREFIX = "HANDLIST_"
LARGEST_PAGE = 100
"""The largest number of results that one answer holds."""
ANY_ORIGIN = ("*",)
"""Pages of all sites."""


class ConfigError(ValueError):
    """A setting has a value that cannot be used; the text names the setting, the value and what is wanted."""


def _directory(text: str) -> Path:
    if not text or "\0" in text:
        raise ValueError("it has to name a directory")
    return Path(text)


def _page_size(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= LARGEST_PAGE):
        raise ValueError(f"it has to be a whole number from 1 to {LARGEST_PAGE}")
    return int(text)


def _language(text: str) -> str:
    if text and text not in LANGUAGES:
        raise ValueError(f"it has to be one of {', '.join(LANGUAGES)}, or empty")
    return text


def _origins(text: str) -> tuple[str, ...]:
    """Read which sites may embed the search; each as browsers name it, or the star for all."""
    given = tuple(text.replace(",", " ").split())
    try:
        return given if given == ANY_ORIGIN else tuple(dict.fromkeys(map(read_origin, given)))
    except ValueError:
        raise ValueError(
            "it has to be * or the addresses of sites, as in https://www.example.org, parted by spaces; a name with "
            "other letters than those of English as it stands in the DNS, beginning with xn--"
        ) from None


def _about(read: Callable[[str], object], explanation: str) -> dict[str, Any]:
    return {"read": read, "help": explanation}


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be set; each setting is read from the environment as HANDLIST_ and its name in capitals."""

    index: Path = field(
        default=Path(".handlist/index"), metadata=_about(_directory, "The directory of the index that is served.")
    )
    title: str = field(
        default="", metadata=_about(str.strip, "The library's name on every page; empty takes the one in the index.")
    )
    page_size: int = field(
        default=10, metadata=_about(_page_size, f"The number of results on a page, 1 to {LARGEST_PAGE}.")
    )
    language: str = field(
        default="",
        metadata=_about(
            _language,
            "The language of pages whose address names none: en, fr, es or ar; empty goes by the visitor's browser.",
        ),
    )
    url: str = field(
        default="",
        metadata=_about(
            read_origin, "Where the site is reached, as in https://library.example; empty takes it from each request."
        ),
    )
    editor_password: str = field(
        default="",
        # Out of tracebacks and logs.
        repr=False,
        metadata=_about(str.strip, "The password of /coverage, the list of all files for editors; empty turns it off."),
    )

    origins: tuple[str, ...] = field(
        default=ANY_ORIGIN,
        metadata=_about(
            _origins, "The sites that may embed the search, as in https://www.example.org; * for all, empty for none."
        ),
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Config:
        """Read the settings; ConfigError when one of them cannot be used."""
        values: dict[str, Any] = {}
        for setting in fields(cls):
            name = PREFIX + setting.name.upper()
            if name not in environment:
                continue
            try:
                values[setting.name] = setting.metadata["read"](environment[name])
            except ValueError as reason:
                raise ConfigError(f"{name} is {environment[name]!r}: {reason}.") from None
        return cls(**values)


def described() -> tuple[tuple[str, str, str], ...]:
    """Return every setting as its environment variable, its default and what it does."""
    return tuple((PREFIX + each.name.upper(), _written(each.default), each.metadata["help"]) for each in fields(Config))


def _written(default: object) -> str:
    return " ".join(default) if isinstance(default, tuple) else str(default)
