"""The programs of this machine that read what we do not: Tesseract for pictures, LibreOffice for old Office files."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

TESSERACT = "tesseract-ocr"
"""The Debian package of Tesseract."""

LIBREOFFICE = "libreoffice"
"""The Debian package of LibreOffice."""

CANNOT_RUN = frozenset({126, 127})
"""The exit status of a program that is there and cannot be run, as when a library of it is missing."""

_ENGLISH = "eng"
_NO_LANGUAGES = frozenset({"osd", "equ", "snum"})
"""What Tesseract lists beside languages: data about scripts, equations and serial numbers."""

_ANSWER_SECONDS = 10.0
_LANGUAGES = """
af:afr am:amh ar:ara as:asm az:aze be:bel bg:bul bn:ben bo:bod br:bre bs:bos ca:cat co:cos cs:ces cy:cym
da:dan de:deu dv:div dz:dzo el:ell en:eng eo:epo es:spa et:est eu:eus fa:fas fi:fin fo:fao fr:fra fy:fry
ga:gle gd:gla gl:glg gu:guj he:heb hi:hin hr:hrv ht:hat hu:hun hy:hye id:ind is:isl it:ita iu:iku ja:jpn
jv:jav ka:kat kk:kaz km:khm kn:kan ko:kor ku:kmr ky:kir la:lat lb:ltz lo:lao lt:lit lv:lav mi:mri mk:mkd
ml:mal mn:mon mr:mar ms:msa mt:mlt my:mya nb:nor ne:nep nl:nld nn:nor no:nor oc:oci or:ori pa:pan pl:pol
ps:pus pt:por qu:que ro:ron ru:rus sa:san sd:snd si:sin sk:slk sl:slv sq:sqi sr:srp su:sun sv:swe sw:swa
ta:tam te:tel tg:tgk th:tha ti:tir to:ton tr:tur tt:tat ug:uig uk:ukr ur:urd uz:uzb vi:vie yi:yid yo:yor
zh:chi_sim
"""
_TESSERACT_NAMES: Mapping[str, str] = {pair[:2]: pair[3:] for pair in _LANGUAGES.split()}
"""The names that Tesseract has for the languages of ISO 639-1, where it knows them."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What was found on this machine: paths of programs, empty for what is not there.

    `ocr_languages` are the languages that Tesseract is asked to recognise, by its own names: "eng+fra";
    `ocr_languages_missing` those that the library is written in too, and for which it has no data.
    """

    tesseract: str = ""
    ocr_languages: str = ""
    ocr_languages_missing: str = ""
    soffice: str = ""

    @property
    def packages(self) -> frozenset[str]:
        """The Debian packages whose programs or data are there."""
        found: Iterable[tuple[str, str]] = ((TESSERACT, self.tesseract), (LIBREOFFICE, self.soffice))
        languages = map(language_package, _split(self.ocr_languages))
        return frozenset((*(package for package, program in found if program), *languages))

    @property
    def missing_languages(self) -> tuple[str, ...]:
        """The Debian packages with which the pictures of the library would be recognised in its languages."""
        return tuple(map(language_package, _split(self.ocr_languages_missing)))


def language_package(name: str) -> str:
    """Return the Debian package of the data for a language, by the name that Tesseract has for it."""
    return f"{TESSERACT}-{name.replace('_', '-')}"


def find_tools(languages: Iterable[str]) -> Tools:
    """Look for the programs, and for the data that Tesseract needs for the languages (ISO 639-1) of a library.

    A program that fails or hangs is as good as missing. One process is started, for some 35 ms, if Tesseract is there.
    """
    soffice = shutil.which("soffice") or shutil.which("libreoffice") or ""
    tesseract = shutil.which("tesseract") or ""
    installed = _installed_languages(tesseract) if tesseract else ()
    if not installed:
        return Tools(soffice=soffice)
    wanted = dict.fromkeys(_TESSERACT_NAMES[code] for code in languages if code in _TESSERACT_NAMES)
    missing = [name for name in wanted if name not in installed]
    usable = [name for name in wanted if name in installed] or [_fallback(installed)]
    return Tools(tesseract, "+".join(usable), "+".join(missing), soffice)


def _installed_languages(tesseract: str) -> tuple[str, ...]:
    try:
        listed = subprocess.run(  # noqa: S603 - the program that the path names
            [tesseract, "--list-langs"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_ANSWER_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    if listed.returncode:
        return ()
    # A sentence, and a language on each further line; older versions say it on the other channel.
    lines = (listed.stdout or listed.stderr).decode("utf-8", "replace").splitlines()[1:]
    names = (line.strip() for line in lines)
    return tuple(name for name in names if name and name not in _NO_LANGUAGES and "/" not in name)


def _fallback(installed: tuple[str, ...]) -> str:
    return _ENGLISH if _ENGLISH in installed else installed[0]


def _split(names: str) -> list[str]:
    return names.split("+") if names else []
