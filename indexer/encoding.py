"""Bytes of a page or an attached text to clean text: the encoding found, controls dropped, accents in one form."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from io import BytesIO
from typing import BinaryIO

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # The UTF-32 marks begin with those of UTF-16 and therefore come first.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""The byte order marks by which a text names its encoding, in the order in which they have to be looked for."""

_WESTERN = "cp1252"
_SUPERSETS = (
    dict.fromkeys(("ascii", "us-ascii", "latin1", "iso8859-1"), _WESTERN)
    | {"iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874", "iso-8859-8-i": "iso8859-8"}
    | {"gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "x-sjis": "cp932", "euc_kr": "cp949"}
    | {"big5": "big5hkscs", "windows-874": "cp874", "x-gbk": "gb18030", "x-mac-roman": "mac_roman"}
)
"""Encodings that a page declares and the larger ones that it is in: what browsers read (WHATWG Encoding Standard)."""
_OF_THE_WEB = re.compile(r"cp\d+|iso8859-\d+|koi8-[rut]|mac-\w+|gb18030|big5hkscs|euc_jp|iso2022_jp|utf-8")
"""Python knows others that nobody writes pages in, some of which take long or fail in their own ways."""
_SEVEN_BIT = "iso2022_jp"
"""The one encoding of the web whose bytes are all ASCII; only its declaration tells."""
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]+)|^\s*<\?xml[^>]{0,200}\sencoding\s*=\s*[\"']([\w.:-]+)",
    re.IGNORECASE,
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Controls and lone surrogates cannot be shown or stored; soft hyphens, joiners and byte order marks hide words from a
# search.
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
# What Western European text never holds: other signs of cp1252, or three accented letters in a row.
_NOT_WESTERN = re.compile("[^\x00-\x7fÀ-ÖØ-öø-ÿŒœŸŠšŽž«»“”‘’‚„–—…•€£§°©®™·¿¡ªº´\xa0]|[À-ÖØ-öø-ÿ]{3}")
_HEAD = 4096
"""Bytes at the start of a page in which its encoding is looked for."""
_SAMPLE = 65536
"""Bytes that are enough to guess an encoding; guessing on a whole book takes minutes."""


def clean(text: str) -> str:
    """Return the text in Unicode form NFC, with line feeds as line ends and nothing in it that cannot be shown."""
    return unicodedata.normalize("NFC", _UNWANTED.sub("", _LINE_END.sub("\n", text)))


def one_line(text: str) -> str:
    """Return the cleaned text with every run of white space as one blank."""
    return " ".join(clean(text).split())


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding of a text by Python's name, and a sentence about it, empty when nothing was guessed.

    `is_doubtful` tells that letters may well be wrong: statistics named the encoding, or it does not fit all bytes.
    """

    name: str
    problem: str = ""
    is_doubtful: bool = False


def decode(content: bytes) -> tuple[str, str]:
    """Return a text, not yet cleaned, and a sentence about its encoding, empty when nothing was guessed.

    A text that was cut within a character ends in U+FFFD.
    """
    encoding = find_encoding(BytesIO(content))
    return content.decode(encoding.name, errors="replace"), encoding.problem


def find_encoding(stream: BinaryIO) -> Encoding:
    """Find the encoding of a text from a seekable stream, in memory that does not grow with it."""
    head = _from_start(stream).read(_SAMPLE)
    for mark, name in MARKS:
        if head.startswith(mark):
            return _checked(stream, name)
    name = unmarked_utf16(head)
    if name:
        return _checked(stream, name)
    declared = _declared(head)
    if declared == _SEVEN_BIT and b"\x1b$" in head:
        return _checked(stream, declared)
    fit = _fit(stream, "utf-8")
    # Other encodings hardly ever resemble UTF-8 up to their last letter, unless that is their only one ("café").
    if fit is _Fit.WHOLE or fit is _Fit.BUT_THE_LAST:
        return Encoding("utf-8", "" if fit is _Fit.WHOLE else _misfit("utf-8"))
    return _foreign(stream, head, declared)


def unmarked_utf16(head: bytes) -> str:
    """Return which UTF-16 a text without a mark begins in, or nothing: in Latin text every second byte is zero."""
    head = head[:_HEAD]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd * 5 >= len(head) and odd and even * 20 <= len(head):
        return _plausible(head, "utf-16-le")
    if even * 5 >= len(head) and even and odd * 20 <= len(head):
        return _plausible(head, "utf-16-be")
    return ""


class _Fit(Enum):
    """How much of a text is in an encoding; the end of the last character may be missing, if not all else is ASCII."""

    WHOLE = auto()
    BUT_THE_LAST = auto()
    NOT = auto()


def _fit(stream: BinaryIO, name: str) -> _Fit:
    """Try an encoding on a whole text, without keeping it."""
    decoder = codecs.getincrementaldecoder(name)()
    is_ascii = True
    try:
        for piece in iter(partial(_from_start(stream).read, _SAMPLE), b""):
            is_ascii = decoder.decode(piece).isascii() and is_ascii
        if not decoder.getstate()[0]:
            decoder.decode(b"", True)
            return _Fit.WHOLE
    except UnicodeError:
        return _Fit.NOT
    return _Fit.NOT if is_ascii else _Fit.BUT_THE_LAST


def _from_start(stream: BinaryIO) -> BinaryIO:
    stream.seek(0)
    return stream


def _checked(stream: BinaryIO, name: str) -> Encoding:
    """Take the encoding that the first bytes name, and say so when it does not fit all of the text."""
    fit = _fit(stream, name)
    return Encoding(name, "" if fit is _Fit.WHOLE else _misfit(name), is_doubtful=fit is _Fit.NOT)


def _misfit(name: str) -> str:
    return f"It begins as {name.upper()} but holds bytes that are not; save it as UTF-8."


def _plausible(head: bytes, name: str) -> str:
    """Return the encoding unless the text holds controls in it, as tables of small numbers do."""
    text = head[: len(head) & ~1].decode(name, errors="replace")
    return "" if _CONTROLS.search(text) else name


def _declared(head: bytes) -> str:
    """Return the encoding that an HTML page declares, as browsers take it; empty if none or none that is known."""
    found = _DECLARED.search(head[:_HEAD])
    if not found:
        return ""
    label = (found[1] or found[2]).decode("ascii").lower()
    try:
        name = codecs.lookup(_SUPERSETS.get(label, label)).name
    except LookupError:
        return ""
    name = _SUPERSETS.get(name, name)
    return name if _OF_THE_WEB.fullmatch(name) else ""


def _foreign(stream: BinaryIO, head: bytes, declared: str) -> Encoding:
    """Name the encoding of what is not UTF-8: the declared one, else what the statistics of its letters suggest."""
    # A false declaration is common: what follows guesses.
    if declared and declared != "utf-8" and _fit(stream, declared) is not _Fit.NOT:
        return Encoding(declared)
    name = _guess(head)
    problem = f"It is not UTF-8 and was read as {name}; if letters look wrong, save it as UTF-8."
    return Encoding(name, problem, is_doubtful=name != _WESTERN)


def _guess(sample: bytes) -> str:
    """Name the likeliest encoding; statistics need more letters than the accents of a short Western page."""
    if not _NOT_WESTERN.search(sample.decode(_WESTERN, errors="replace")):
        return _WESTERN
    # Imported where it is needed, as it takes longer to load than most texts to read, in each process that reads.
    from charset_normalizer import from_bytes

    guess = from_bytes(sample).best()
    return guess.encoding if guess else _WESTERN


def is_encodable(name: str) -> bool:
    """Tell whether a name or a path can be written as UTF-8; Linux allows any bytes."""
    return name.isascii() or not any("\ud800" <= character <= "\udfff" for character in name)
