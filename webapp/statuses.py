"""How the reading of a file ended, in words: for the visitors of the library and for those who keep it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from indexer.index.schema import Status
from webapp.interface import N_, _, ngettext


@dataclass(frozen=True, slots=True)
class Words:
    """A status as it is said: `name` and `meaning` to editors, `notice` to visitors, empty if all is as it should be.

    `name` follows a number ("7 cut"), `meaning` explains it and says what can be done.
    """

    name: str
    meaning: str
    notice: str


STATUS_WORDS: Mapping[Status, Words] = {
    Status.OK: Words(N_("ok"), N_("All text of the file can be found."), ""),
    Status.OCR: Words(
        N_("recognised (OCR)"),
        N_("All or some of its pages are pictures. Their text was recognised: it can be found and may hold errors."),
        N_("Text recognised in a scan; may hold errors."),
    ),
    Status.CUT: Words(
        N_("cut"),
        N_(
            "It is longer than the limits allow. What was kept can be found, the rest cannot: raise the limit that the "
            "reason names, or divide the file."
        ),
        N_("This file is very long; not all of its text can be searched."),
    ),
    Status.NO_TEXT: Words(
        N_("no text"),
        N_("It was read and holds no text, as scans and photographs do."),
        N_("No text was found in this file; it may be a scan."),
    ),
    Status.ENCRYPTED: Words(
        N_("encrypted"),
        N_("It is protected by a password. Save it without one."),
        N_("This file is protected by a password; its text cannot be searched."),
    ),
    Status.DAMAGED: Words(
        N_("damaged"),
        N_(
            "It is broken, in parts or as a whole. What could be read can be found: save it anew with the program that "
            "made it."
        ),
        N_("This file is damaged; not all of its text can be searched."),
    ),
    Status.TIMED_OUT: Words(
        N_("timed out"),
        N_("Reading it took longer than the limits allow. What was read until then can be found."),
        N_("This file could not be read to its end; not all of its text can be searched."),
    ),
    Status.TOO_LARGE: Words(
        N_("too large"),
        N_("It is larger than the limits allow, on disk or once it is unpacked, and was not read to its end."),
        N_("This file is very large; not all of its text can be searched."),
    ),
    Status.UNSUPPORTED: Words(
        N_("not supported"),
        N_("Its format is not read, or not on this machine. Save it as PDF, or install what the reason names."),
        N_("Files of this kind cannot be searched."),
    ),
    Status.UNREADABLE: Words(
        N_("not readable"),
        N_("It is there and could not be opened or read: mostly its permissions, or the disk, are at fault."),
        N_("This file could not be opened when the library was read; its text cannot be searched."),
    ),
    Status.MISSING: Words(
        N_("missing"),
        N_("A page names it, and it is not in the library. Add the file, or correct the page."),
        N_("This file is missing from the library."),
    ),
    Status.REFUSED: Words(
        N_("refused"),
        N_("A page names it, and it lies outside the library's folder, so it is neither read nor handed out."),
        N_("This file is not part of the library."),
    ),
    Status.UNATTACHED: Words(
        N_("unattached"), N_("It lies in the library, and no page names it, so nobody can find it."), ""
    ),
}


def notice(status: Status) -> str:
    """Return what visitors are told of a file of a status, in the language of the interface; empty if nothing."""
    text = STATUS_WORDS[status].notice
    return _(text) if text else ""


def gain(package: str, count: int) -> str:
    """Return why so many files would gain from a Debian package: "14 files are pictures of text, or hold some"."""
    match package:
        case "tesseract-ocr":
            return ngettext(
                "%(count)s file is a picture of text, or holds some",
                "%(count)s files are pictures of text, or hold some",
                count,
            )
        case "libreoffice":
            return ngettext(
                "%(count)s file is in an old format of Office", "%(count)s files are in old formats of Office", count
            )
        case _:
            return ngettext("%(count)s file could be read further", "%(count)s files could be read further", count)
