"""The programs of this machine that read what we do not: Tesseract for pictures, LibreOffice for old Office files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

TESSERACT = "tesseract-ocr"
"""The Debian package of Tesseract."""

LIBREOFFICE = "libreoffice"
"""The Debian package of LibreOffice."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What was found on this machine: paths of programs, empty for what is not there.

    `ocr_languages` are the languages that Tesseract is asked to recognise, by its own names: "eng+fra".
    """

    tesseract: str = ""
    ocr_languages: str = ""
    soffice: str = ""

    @property
    def packages(self) -> frozenset[str]:
        """The Debian packages whose programs are there."""
        found: Iterable[tuple[str, str]] = ((TESSERACT, self.tesseract), (LIBREOFFICE, self.soffice))
        return frozenset(package for package, program in found if program)
