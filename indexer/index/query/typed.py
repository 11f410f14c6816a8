"""What people mean by what they type between two blanks, without knowing a query language.

Most of it is words that stand side by side in a text, as those of "due-diligence" or "3.2.1" do. What can be written in
several ways is looked up in all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from indexer.index import analysis
from indexer.index.characters import is_character
from indexer.index.query.facet_values import between
from indexer.index.query.identifiers import address_core, doi_core, isbn_forms
from indexer.index.query.tree import Alternatives, Fuzzy, Node, Phrase, Prefix, Word, all_of, any_of, one_of

YEAR = "year"
"""The facet that a span of years is looked up in, too."""

_MAX_EDITS = 2
_AROUND = ".,;:!?…\"'’“”[]{}<>¿¡"
"""Punctuation that stands around a word and does not belong to it."""

_LETTER = r"[^\W\d_]"

# An article without its vowel is a word of its own; the s behind an English apostrophe is none.
_ELISION = re.compile(
    rf"(?<!\w)({_LETTER}{{1,2}}|(?:d|n|qu|c)ell|all|dall|sull|coll|quest|sant|jusqu|lorsqu|puisqu|quoiqu)['’]"
    r"(?![sS]\b)",
    re.IGNORECASE,
)

# Behind what is looked up, up to a space: a star, a tilde, the punctuation of the sentence.
_SUFFIX = re.compile(r"(?:\*|~(?P<edits>[0-9]?))[.,;:!?]*\Z")

# What parts words, where a hyphen or a dot joins them; the commas and hyphens of numbers do not.
_SEPARATOR = re.compile(r"(?<![0-9]),|,(?![0-9])|--+|[;!…—―•·→。、，؟،؛]|\?(?=\S)")
_LABEL = re.compile(rf"({_LETTER}+):(?!//)")
_YEARS = re.compile(r"((?:19|20)[0-9]{2})(?:[-–—]|\.\.+|…)((?:19|20)[0-9]{2})")


def read(text: str, field: str) -> Node | None:
    """Return what is asked for by a text without blanks in one text field, or in all; None when it holds no word."""
    if text.isascii() and text.isalpha():
        return _look_up(text, field)  # nothing but a word, as most of what is typed
    if whole := _first_reading(_WHOLE, text, field):
        return whole
    return any_of(_listed(part, field) for part in text.split("|"))


def years(text: str, facets: Collection[str]) -> Node | None:
    """Return what a span of years asks for: a resource of one of them, or a text that holds the span; else None."""
    found = _YEARS.fullmatch(text.strip(_AROUND))
    if not found or YEAR not in facets:
        return None
    return Alternatives(Phrase(found.groups()), (between(YEAR, found[1], found[2]),))


def isbn(text: str, field: str) -> Node | None:
    """Return what finds a book's number however it is written; None for what is no such number."""
    forms = isbn_forms(text)
    return _either(text, field, *forms) if forms else None


def _listed(text: str, field: str) -> Node | None:
    return all_of(_labelled(part, field) for part in _SEPARATOR.split(text))


def _labelled(text: str, field: str) -> Node | None:
    """Look up what stands behind a colon besides what stands before it: "note:draft", "Trafficking:what"."""
    found: list[Node | None] = []
    while label := _LABEL.match(text):
        found.append(_look_up(label[1], field))
        text = text[label.end() :]
    return all_of([*found, *(_part(part, field) for part in _ELISION.sub(r"\1 ", text).split())])


def _part(text: str, field: str) -> Node | None:
    suffix = _SUFFIX.search(text)
    if not suffix:
        return _first_reading(_PARTS, text, field) or _look_up(text, field)
    before = text[: suffix.start()]
    begin, end = (analysis.spans(before) or [(0, -1)])[-1]
    # Characters are found wherever they begin something, and none of them can be left out of a few.
    is_meant = end == len(before) and not is_character(before[begin:])
    meant = _prefix_or_fuzzy(before[begin:], suffix["edits"], field) if is_meant else None
    return all_of((_look_up(before[:begin], field), meant)) if meant else _look_up(text, field)


def _prefix_or_fuzzy(written: str, edits: str | None, field: str) -> Node | None:
    """Return what a word with a star (no `edits`) or a tilde asks for; None when that makes no sense."""
    word = analysis.fold(written)
    if edits is None:
        return Prefix(word, field) if word else None
    if word.isdecimal() or len(word) < 2:
        return None if edits else Word(word, field)
    allowed = min(int(edits), _MAX_EDITS, len(word) - 1) if edits else analysis.usual_edits(word)
    return Fuzzy(word, field, allowed) if allowed else Word(word, field)


def _look_up(text: str, field: str) -> Node | None:
    words = tuple(analysis.words(text))
    if not words:
        return None
    return Word(words[0], field) if len(words) == 1 else Phrase(words, field)


def _either(text: str, field: str, *others: str) -> Node | None:
    """Return what finds a text, or it as it is written otherwise."""
    return one_of(_look_up(text, field), (_look_up(form, field) for form in others))


Reading = Callable[[re.Match[str], str], Node | None]
"""Gives what a text of one form asks for in a field; None when that form has no meaning of its own after all."""


def _first_reading(readings: dict[re.Pattern[str], Reading], text: str, field: str) -> Node | None:
    core = text.strip(_AROUND)
    for pattern, reading in readings.items():
        found = pattern.fullmatch(core)
        if found and (node := reading(found, field)):
            return node
    return None


def _address(found: re.Match[str], field: str) -> Node | None:
    return _either(found[0], field, address_core(found[0]))


def _doi(found: re.Match[str], field: str) -> Node | None:
    return _either(found[0], field, doi_core(found[0]))


def _isbn(found: re.Match[str], field: str) -> Node | None:
    forms = isbn_forms(found[1])
    return _either(found[0], field, *forms) if forms else None


def _grouped_number(found: re.Match[str], field: str) -> Node | None:
    whole = found[1]
    return _either(found[0], field, whole, re.sub("[^0-9]", "", whole))


def _letters_of_acronym(found: re.Match[str], field: str) -> Node | None:
    return _either(found[0], field, found[0].replace(".", ""))


def _hashtag(found: re.Match[str], field: str) -> Node | None:
    return _either(found[0], field, " ".join(_humps(found[1])))


def _humps(text: str) -> Iterator[str]:
    """Yield the words of "ForcedLabourUK"."""
    return (found[0] for found in re.finditer(r"[A-Z]+(?![a-z])|[A-Z]?[^A-Z]+", text))


def _optional_ending(found: re.Match[str], field: str) -> Node | None:
    """Read "worker(s)" and "child(ren)" as the word with and without its ending."""
    return _either(found[0], field, found[1], found[1] + found[2])


def _either_word(found: re.Match[str], field: str) -> Node | None:
    parts = found[0].split("/")
    if {part.lower() for part in parts} <= {"and", "or"}:
        return all_of(_look_up(part, field) for part in parts)
    return any_of(_look_up(part, field) for part in parts)


def _star_within(found: re.Match[str], field: str) -> Node | None:
    return one_of(_look_up(found[0], field), [Prefix(analysis.fold(found[1]), field)])


def _letter_left_open(found: re.Match[str], field: str) -> Node | None:
    """Read "wom?n" and "labo?r" as the word with a letter missing."""
    return one_of(_look_up(found[0], field), [Fuzzy(analysis.fold(found[1] + found[2]), field, 1)])


_WHOLE: dict[re.Pattern[str], Reading] = {
    re.compile(r"(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:)?10\.[0-9]{4,9}/\S+", re.IGNORECASE): _doi,
    re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.)\S+|(?:[\w-]+\.)+[a-z]{2,}(?::[0-9]+)?/\S*", re.IGNORECASE): _address,
    re.compile(r"(?:isbn(?:-?1[03])?:?)?([0-9][0-9–-]{8,15}[0-9x])", re.IGNORECASE): _isbn,
    re.compile(r"[$€£¥₹]?([0-9]{1,3}(?:[.,'’][0-9]{3})+)(?:[.,][0-9]{1,2})?[$€£¥₹%]?"): _grouped_number,
    re.compile(rf"({_LETTER}{{2,}})\?([a-z]+)"): _letter_left_open,
}
"""Texts that are one thing, whatever signs are in them."""

_PARTS: dict[re.Pattern[str], Reading] = {
    re.compile(rf"{_LETTER}(?:\.{_LETTER})+"): _letters_of_acronym,
    re.compile(r"#([^\W_]+)"): _hashtag,
    re.compile(rf"({_LETTER}{{2,}})\(({_LETTER}{{1,4}})\)"): _optional_ending,
    re.compile(rf"{_LETTER}{{2,}}(?:/{_LETTER}{{2,}}){{1,3}}"): _either_word,
    re.compile(rf"({_LETTER}{{3,}})\*{_LETTER}+"): _star_within,
}
"""Words that are written in a way of their own."""
