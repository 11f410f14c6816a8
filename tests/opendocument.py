"""OpenDocument files made by hand."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

_PREFIXES = ("office", "style", "text", "table", "drawing", "presentation", "svg-compatible")
_ALIASES = {"drawing": "draw", "svg-compatible": "svg"}
_NAMESPACES = " ".join(
    f'xmlns:{_ALIASES.get(name, name)}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in _PREFIXES
)


def xml(content: str, root: str = "office:document-content") -> str:
    """Return a part of that content, in which all usual prefixes are known."""
    others = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"<{root} {_NAMESPACES} {others}>{content}</{root}>"


def opendocument(
    path: Path, content: str, members: Mapping[str, str | bytes] | None = None, kind: str = "text"
) -> Path:
    """Write an OpenDocument file; `content` is what stands in content.xml, `members` are further parts by name."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", xml(content))
        for name, member in (members or {}).items():
            archive.writestr(name, member)
    return path
