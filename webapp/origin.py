"""Under which address the site is reached: the beginning that all its addresses share where they leave the site."""

from __future__ import annotations

import re

_ORIGIN = re.compile(
    r"(?P<scheme>https?)://(?P<host>(?:[a-z0-9_-]+\.)*[a-z0-9_-]+\.?|\[[0-9a-f:.]{2,45}\])(?::(?P<port>[0-9]{1,5}))?",
    re.ASCII,
)
_USUAL_PORTS = {"http": 80, "https": 443}
_LARGEST_PORT = 65_535
_LONGEST = 300
"""In characters: a name in the DNS has at most 253."""


def read_origin(text: str) -> str:
    """Return an origin such as "https://library.example" in the one way to write it; empty stays empty.

    ValueError says what is wanted. Paths are refused: the links of the pages begin at the root of their server.
    """
    plain = text.strip().lower().removesuffix("/")
    if not plain:
        return ""
    parts = _ORIGIN.fullmatch(plain) if len(plain) <= _LONGEST else None
    port = int(parts["port"] or 0) if parts else 0
    if parts is None or port > _LARGEST_PORT:
        raise ValueError("it has to be the address of the site's first page without a path: https://library.example")
    origin = f"{parts['scheme']}://{parts['host']}"
    return origin if port in (0, _USUAL_PORTS[parts["scheme"]]) else f"{origin}:{port}"


def origin_of(scheme: str, host: str) -> str:
    """Return the origin that a request was sent to; empty when its Host header is missing or names no host.

    Whoever asks chooses that header. What comes back is made of letters, digits and a few signs, so that it is no more
    than an address wherever it is written.
    """
    try:
        return read_origin(f"{scheme}://{host}") if host else ""
    except ValueError:
        return ""
