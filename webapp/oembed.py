"""The search box for sites that embed by address: oEmbed 1.0 (oembed.com), as the type `rich` with a frame."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Annotated, TypedDict
from urllib.parse import parse_qs, urlsplit

from webapp.arguments import LANGUAGE, Values
from webapp.negotiation import path_of
from webapp.origin import read_origin

WIDTH = 640
HEIGHT = 480
"""In pixels."""

CACHE_SECONDS = 86_400

PATHS = frozenset({"/", "/search", "/embed", "/widget"})
"""The addresses that stand for the search and can be embedded."""


class OembedAnswer(TypedDict):
    """What oEmbed says of an address, in the specification's own names."""

    version: str
    type: str
    title: str
    provider_name: str
    provider_url: str
    cache_age: Annotated[int, "In seconds."]
    html: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame that is handed out: the address in it, its title for screen readers, and its size in pixels."""

    url: str
    title: str
    width: int
    height: int


def arguments_of(address: str, origins: Iterable[str]) -> Values | None:
    """Return the arguments of an address of the search at one of these origins; None when it is of something else.

    It may be http or https: a proxy in front may have turned the one into the other.
    """
    try:
        parts = urlsplit(address)
        host = _host(read_origin(f"{parts.scheme}://{parts.netloc}"))
    except ValueError:
        return None
    language, path = path_of(parts.path or "/")
    if host not in map(_host, origins) or path not in PATHS:
        return None
    try:
        values = parse_qs(parts.query, max_num_fields=500)
    except ValueError:
        return None
    # A frame has one address, and its language is an argument.
    return {LANGUAGE.name: [language], **values} if language else values


def _host(origin: str) -> str:
    return origin.partition("://")[2]


def within(most: str, usual: int) -> int:
    """Return a length of the frame that fits into the most that a site has room for, as it was given."""
    # What has ten digits is more than the usual, and Python refuses to read numbers of thousands of digits.
    is_number = most.isascii() and most.isdigit() and len(most) < 10
    return min(usual, int(most) or usual) if is_number else usual


def oembed_answer(frame: Frame, library: str, home: str) -> OembedAnswer:
    """Return what oEmbed says of the search; `library` is its name and `home` its address."""
    return {
        "version": "1.0",
        "type": "rich",
        "title": frame.title,
        "provider_name": library,
        "provider_url": home,
        "cache_age": CACHE_SECONDS,
        "html": (
            f'<iframe src="{escape(frame.url)}" title="{escape(frame.title)}" width="{frame.width}" '
            f'height="{frame.height}" loading="lazy" style="border:0;max-width:100%"></iframe>'
        ),
        "width": frame.width,
        "height": frame.height,
    }
