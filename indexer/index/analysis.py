"""Text to terms, the same when a page is indexed and when a query is typed."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import cache

import Stemmer

from indexer.index.characters import CHARACTER, CHARACTERS, RUN, may_hold_characters, pairs
from indexer.index.endings import arabic, french, portuguese
from indexer.index.english_spelling import american, american_beginnings
from indexer.index.stop_words import STOP_WORDS

ANALYSIS_VERSION = 3
"""Raised by one whenever the same text may give other terms than before."""

# What belongs to the letter before it: Latin accents, Hebrew and Arabic vowels, the signs of Indian and Thai scripts,
# and the joiners that shape letters without being seen.
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0b82\u0bbe-\u0bcd"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u200c\u200d"
)
# Letters and digits with their marks; an English possessive belongs to its word, so that "worker's" and "worker" are
# one term. Written without alternatives, which take half as long again. The group is the word without a possessive.
_WORD = re.compile(rf"([^\W_]+(?:[{_MARKS}]+[^\W_]*)*)(?:['’][sS]\b)?")

# The same beside characters that are words of their own; the first group is a run of them.
_LETTER = rf"[^\W_{CHARACTERS}]"
_OTHER_WORD = rf"({_LETTER}+(?:[{_MARKS}]+{_LETTER}*)*)(?:['’][sS](?![^\W{CHARACTERS}]))?"
_RUN_OR_WORD = re.compile(rf"({RUN})|{_OTHER_WORD}")
_CHARACTER_OR_WORD = re.compile(rf"{CHARACTER}|{_OTHER_WORD}")

# The possessive alone, where no marks are about. An apostrophe behind it begins no second one: "a's's" is "a" and "s".
_POSSESSIVE = re.compile(r"'(?<=[^\W_]')[sS]\b(?:'(?=[sS]\b))?")

# The punctuation of printed texts, which are ASCII but for it.
_PUNCTUATION = "“”‘–—…•\u00a0"


def _blanking(kept: str) -> bytes:
    """Return a table for `bytes.translate`: ASCII letters become small, all but digits and what is kept blank."""
    return bytes(
        byte if byte > 127 or chr(byte) in kept else ord(chr(byte).lower()) if chr(byte).isalnum() else ord(" ")
        for byte in range(256)
    )


_BLANKED = _blanking("")
# An apostrophe may begin a possessive, and an underscore behind it tells that it does not.
_SPACED = _blanking("'_")

# Signs that are not seen but shape letters or choose among glyphs.
_UNSEEN = dict.fromkeys([0x200C, 0x200D, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])

# The marks that make another letter of one: が is not か.
_VOICING = "\u3099\u309a"

# Letters that Unicode does not decompose, but that people type without their stroke or ligature.
_LATIN = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
# Arabic letters that are written either way, as Persian keyboards do or at the end of a word; the line that only makes
# a word longer; and the digits of both scripts.
_ARABIC = str.maketrans("ىیکہەٱ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "ييكهها" + "0123456789" * 2, "ـ")
_LETTERS: dict[int, int | str | None] = {**_LATIN, **_ARABIC, **_UNSEEN}

_SNOWBALL = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}


STOP_LANGUAGES = tuple(STOP_WORDS)
"""The languages whose stop words are known."""


def fold(word: str) -> str:
    """Return a word without case, accents and possessive: "Côte's" -> "cote"."""
    folded = word.casefold()
    if folded.isascii():
        return folded.removesuffix("'s")
    folded = folded.removesuffix("'s").removesuffix("’s").translate(_LETTERS)
    # A letter of its own, on which the endings of Russian words depend.
    marked = unicodedata.normalize("NFKD", folded).replace("и\u0306", "й")
    return unicodedata.normalize("NFC", "".join([c for c in marked if c in _VOICING or not unicodedata.combining(c)]))


def words(text: str) -> list[str]:
    """Return the folded words of a text in order, without stemming.

    What folds to nothing, as a tatweel that stands alone, is no word.
    """
    return tokens(text) if text.isascii() else list(filter(None, map(fold, tokens(text))))


def tokens(text: str) -> list[str]:
    """Return the words of a text in order, without possessive and with their ASCII letters small.

    They have the terms of the words as they are written, and are several times faster to find than with an expression.
    """
    if not text.isascii():
        for char in _PUNCTUATION:
            text = text.replace(char, " ")
        text = text.replace("’", "'")
        if not text.isascii():
            return _tokens_of_any(text)
    if "'" in text:
        text = _POSSESSIVE.sub(" ", text)
    return text.encode().translate(_BLANKED).decode().split()


def _tokens_of_any(text: str) -> list[str]:
    """Return the words of a text with other than ASCII letters: what stands between two spaces is mostly one word."""
    written = text.encode("utf-8", "surrogatepass")
    if may_hold_characters(written):
        return _tokens_with_characters(text)
    spaced = written.translate(_SPACED).decode("utf-8", "surrogatepass")
    if "'s" not in spaced:
        spaced = spaced.replace("'", " ")
    found: list[str] = []
    for part in spaced.split():
        if part.isalnum():
            found.append(part)
        else:
            found += _WORD.findall(part)
    return found


def _tokens_with_characters(text: str) -> list[str]:
    found: list[str] = []
    for run, word in _RUN_OR_WORD.findall(text):
        if run:
            found += pairs(run)
        else:
            found.append(word.lower() if word.isascii() else word)
    return found


def spans(text: str, begin: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return where each word of a text begins and ends; the n-th span is the word at position n.

    Of a pair of characters it is the first. `begin` and `end` narrow the text down to a part, the words of which are
    those of the whole text there; neither may lie inside a word.
    """
    if text.isascii() and "'" not in text:
        return _spans_of_plain(text[begin:end], begin)
    if end is None:
        end = len(text)
    elif text.startswith("_", end):
        end += 1  # It is no word and tells that there is no possessive before it.
    is_plain = text.isascii() or not may_hold_characters(text.encode("utf-8", "surrogatepass"))
    word = _WORD if is_plain else _CHARACTER_OR_WORD
    return [match.span() for match in word.finditer(text, begin, end)]


def _spans_of_plain(text: str, shift: int) -> list[tuple[int, int]]:
    """Return what `spans` does for ASCII without apostrophes, half as fast again as an expression finds it."""
    blanked = text.encode().translate(_BLANKED)
    found: list[tuple[int, int]] = []
    end = 0
    for word in blanked.split():
        begin = blanked.find(word, end)
        end = begin + len(word)
        found.append((shift + begin, shift + end))
    return found


@cache
def stop_words(languages: tuple[str, ...]) -> frozenset[str]:
    """Return the folded words without a subject of their own in any of these languages."""
    return frozenset(word for language in languages for word in STOP_WORDS.get(language, "").split())


def version() -> str:
    """Name the analysis and the stemmers under it; terms of another version cannot be looked up."""
    return f"handlist-{ANALYSIS_VERSION}+snowball-{Stemmer.version()}"


_PREPARED = {"ar": arabic, "en": american, "fr": french, "pt": portuguese}
"""What makes of folded words those that the stemmer of a language knows."""


class _Memo(dict[str, str]):
    """Words already stemmed: a library repeats its vocabulary, so nearly every look-up is a hit."""

    _LIMIT = 50_000

    def __init__(self, language: str) -> None:
        super().__init__()
        name = _SNOWBALL.get(language)
        # Without the stemmer's own cache, which is slower than stemming.
        self._stem = Stemmer.Stemmer(name, 0).stemWord if name else str
        self._prepare = _PREPARED.get(language, str)

    def __missing__(self, word: str) -> str:
        if len(self) >= self._LIMIT:
            self.clear()
        term: str = self._stem(self._prepare(fold(word)))
        # What was prepared may have its accents again.
        term = self[word] = term if term.isascii() else fold(term)
        return term


class _Memos(dict[str, _Memo]):
    """The memo of each language, made when it is first needed."""

    def __missing__(self, language: str) -> _Memo:
        self[language] = memo = _Memo(language)
        return memo


class _Local(threading.local):
    """What each thread has for itself, for a stemmer keeps state while it works."""

    def __init__(self) -> None:
        self.memos = _Memos()


_local = _Local()


def terms(text: str, language: str) -> list[str]:
    """Return the terms of a text in order: its words, folded and stemmed as its language does.

    `language` is an ISO 639-1 code; a language without a stemmer keeps whole words.
    """
    return terms_of(tokens(text), language)


def terms_of(written: Iterable[str], language: str) -> list[str]:
    """Return the terms of words in their order, as `terms` does for a text."""
    return list(map(_local.memos[language].__getitem__, written))


def variants(word: str, languages: Sequence[str]) -> tuple[str, ...]:
    """Return the terms that one word of a query may stand for in a library of these languages, without repeats."""
    memos = _local.memos
    if len(languages) == 1:
        return (memos[languages[0]][word],)
    return tuple({memos[language][word]: None for language in languages})


def beginnings(text: str, languages: Collection[str]) -> tuple[str, ...]:
    """Return how the terms begin of words that begin with a folded text: as it does, or as they are spelled otherwise.

    None begins with another, so that no term is meant twice.
    """
    if "en" not in languages:
        return (text,)
    found = sorted((text, *american_beginnings(text)))
    return tuple(one for number, one in enumerate(found) if not one.startswith(tuple(found[:number])))


def usual_edits(word: str) -> int:
    """Return how many letters of a word may be wrong: none of two, one of five, two of more.

    The steps of the fuzziness "AUTO" of Elasticsearch and OpenSearch.
    """
    return (len(word) > 2) + (len(word) > 5)
