"""The script of the widget as it is sent: its bytes, how heavy they are, and the checksum by which browsers hold it."""

from __future__ import annotations

import base64
import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from webapp.labels import size

_SOURCE = Path(__file__).with_name("static") / "widget" / "widget.js"


@dataclass(frozen=True, slots=True)
class WidgetScript:
    """The script in both forms in which it is sent.

    `integrity` is its checksum for the attribute of that name (Subresource Integrity), `version` a short one for
    addresses.
    """

    plain: bytes
    zipped: bytes
    integrity: str
    version: str

    @property
    def weight(self) -> str:
        """How much is sent to a browser that takes gzip, as people read it."""
        return size(len(self.zipped))


@cache
def widget_script() -> WidgetScript:
    """Return the script, which is read once."""
    plain = _SOURCE.read_bytes()
    digest = hashlib.sha384(plain).digest()
    return WidgetScript(
        plain=plain,
        # Without a time in it, so that all workers send the same.
        zipped=gzip.compress(plain, 9, mtime=0),
        integrity=f"sha384-{base64.b64encode(digest).decode()}",
        version=digest.hex()[:12],
    )
