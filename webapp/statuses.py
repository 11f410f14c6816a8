"""How the reading of a file ended, in words: for the visitors of the library and for those who keep it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from indexer.index.schema import Status


@dataclass(frozen=True, slots=True)
class Words:
    """A status as it is said: `name` and `meaning` to editors, `notice` to visitors, empty if all is as it should be.

    `name` follows a number ("7 cut"), `meaning` explains it and says what can be done.
    """

    name: str
    meaning: str
    notice: str


STATUS_WORDS: Mapping[Status, Words] = {
    Status.OK: Words("ok", "All text of the file can be found.", ""),
    Status.OCR: Words(
        "recognised (OCR)",
        "All or some of its pages are pictures. Their text was recognised: it can be found and may hold errors.",
        "Text recognised in a scan; may hold errors.",
    ),
    Status.CUT: Words(
        "cut",
        "It is longer than the limits allow. What was kept can be found, the rest cannot: raise the limit that the "
        "reason names, or divide the file.",
        "This file is very long; not all of its text can be searched.",
    ),
    Status.NO_TEXT: Words(
        "no text",
        "It was read and holds no text, as scans and photographs do.",
        "No text was found in this file; it may be a scan.",
    ),
    Status.ENCRYPTED: Words(
        "encrypted",
        "It is protected by a password. Save it without one.",
        "This file is protected by a password; its text cannot be searched.",
    ),
    Status.DAMAGED: Words(
        "damaged",
        "It is broken, in parts or as a whole. What could be read can be found: save it anew with the program that "
        "made it.",
        "This file is damaged; not all of its text can be searched.",
    ),
    Status.TIMED_OUT: Words(
        "timed out",
        "Reading it took longer than the limits allow. What was read until then can be found.",
        "This file could not be read to its end; not all of its text can be searched.",
    ),
    Status.TOO_LARGE: Words(
        "too large",
        "It is larger than the limits allow, on disk or once it is unpacked, and was not read to its end.",
        "This file is very large; not all of its text can be searched.",
    ),
    Status.UNSUPPORTED: Words(
        "not supported",
        "Its format is not read, or not on this machine. Save it as PDF, or install what the reason names.",
        "Files of this kind cannot be searched.",
    ),
    Status.UNREADABLE: Words(
        "not readable",
        "It is there and could not be opened or read: mostly its permissions, or the disk, are at fault.",
        "This file could not be opened when the library was read; its text cannot be searched.",
    ),
    Status.MISSING: Words(
        "missing",
        "A page names it, and it is not in the library. Add the file, or correct the page.",
        "This file is missing from the library.",
    ),
    Status.REFUSED: Words(
        "refused",
        "A page names it, and it lies outside the library's folder, so it is neither read nor handed out.",
        "This file is not part of the library.",
    ),
    Status.UNATTACHED: Words(
        "unattached",
        "It lies in the library, and no page names it, so nobody can find it.",
        "",
    ),
}

PACKAGE_GAINS: Mapping[str, tuple[str, str]] = {
    "tesseract-ocr": ("is a picture of text, or holds some", "are pictures of text, or hold some"),
    "libreoffice": ("is in an old format of Office", "are in old formats of Office"),
}
"""What files are that a Debian package would help to read: what is said of one, and of several."""


def gain(package: str, count: int) -> str:
    """Return why so many files would gain from a Debian package, as what follows their number: "14 files ..."."""
    one, many = PACKAGE_GAINS.get(package, ("could be read further", "could be read further"))
    return one if count == 1 else many
