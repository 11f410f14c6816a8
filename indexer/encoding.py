"""Bytes of a page or an attached text to clean text: the encoding found, controls dropped, accents in one form."""

from __future__ import annotations

import codecs
import re
import unicodedata

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # The UTF-32 marks begin with those of UTF-16 and therefore come first.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""The byte order marks by which a text names its encoding, in the order in which they have to be looked for."""

_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
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


def decode(content: bytes) -> tuple[str, str]:
    """Return a text, not yet cleaned, and a sentence about its encoding, empty when nothing was guessed.

    The sentence speaks of a page. A text that was cut within a character ends in U+FFFD.
    """
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _decode_as(content, encoding)
    encoding = _unmarked_utf16(content[:_HEAD])
    if encoding:
        return _decode_as(content, encoding)
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        # Other encodings hardly ever resemble UTF-8 up to their last letter, unless that is their only one ("café").
        is_cut = error.reason == "unexpected end of data" and not content[: error.start].isascii()
        return _decode_as(content, "utf-8") if is_cut else _decode_foreign(content)


def _decode_as(content: bytes, encoding: str) -> tuple[str, str]:
    """Decode by the encoding that the page's first bytes name, and say so when that does not fit all of it."""
    try:
        return content.decode(encoding), ""
    except UnicodeDecodeError:
        problem = f"The page begins as {encoding.upper()} but holds bytes that are not; save it as UTF-8."
        return content.decode(encoding, errors="replace"), problem


def _unmarked_utf16(head: bytes) -> str:
    """Recognise UTF-16 without a mark: in Latin text every second byte is zero."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd * 5 >= len(head) and even * 20 <= len(head):
        return "utf-16-le" if odd else ""
    if even * 5 >= len(head) and odd * 20 <= len(head):
        return "utf-16-be"
    return ""


def _decode_foreign(content: bytes) -> tuple[str, str]:
    """Decode what is not UTF-8: as its HTML declares, else as the statistics of its letters suggest."""
    declared = _DECLARED.search(content[:_HEAD])
    if declared:
        try:
            return content.decode(declared[1].decode("ascii")), ""
        except (LookupError, ValueError):
            pass  # The declaration is wrong, which is common: what follows guesses.
    encoding = _guess(content[:_SAMPLE])
    problem = f"The page is not UTF-8 and was read as {encoding}; if letters look wrong, save it as UTF-8."
    return content.decode(encoding, errors="replace"), problem


def _guess(sample: bytes) -> str:
    """Name the likeliest encoding; statistics need more letters than the accents of a short Western page."""
    if not _NOT_WESTERN.search(sample.decode("cp1252", errors="replace")):
        return "cp1252"
    # Imported where it is needed, as it takes longer to load than most texts to read, in each process that reads.
    from charset_normalizer import from_bytes

    guess = from_bytes(sample).best()
    return guess.encoding if guess else "cp1252"


def is_text(name: str) -> bool:
    """Tell whether a name or a path can be written as UTF-8; Linux allows any bytes."""
    return name.isascii() or not any("\ud800" <= character <= "\udfff" for character in name)
