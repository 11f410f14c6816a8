"""Faults as people make them when they type or paste what they remember of a page.

A fault is a function of a passage that returns what is typed instead, or None if this passage gives no occasion for it.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Collection, Mapping

from indexer.evaluate import typos
from indexer.evaluate.passages import LibraryWords, Passage

Fault = Callable[[Passage, LibraryWords, random.Random], str | None]

_LONG = 5
_KEY_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SPELLINGS = {
    "ageing": "aging",
    "analys": "analyz",
    "behaviour": "behavior",
    "catalogue": "catalog",
    "centre": "center",
    "colour": "color",
    "counsell": "counsel",
    "criminalis": "criminaliz",
    "defence": "defense",
    "dialogue": "dialog",
    "endeavour": "endeavor",
    "enrol": "enroll",
    "favour": "favor",
    "fulfil": "fulfill",
    "grey": "gray",
    "harbour": "harbor",
    "honour": "honor",
    "judgement": "judgment",
    "labour": "labor",
    "licence": "license",
    "minimis": "minimiz",
    "neighbour": "neighbor",
    "offence": "offense",
    "organis": "organiz",
    "prioritis": "prioritiz",
    "programme": "program",
    "realis": "realiz",
    "recognis": "recogniz",
    "summaris": "summariz",
    "theatre": "theater",
    "travell": "travel",
}
"""How British words begin, and the same in American spelling."""

_ACCENTED = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")
_CITATIONS = (
    "{publisher} ({year}). {title}.",
    '{publisher}, "{title}", {year}, p. 12',
    "{title} / {publisher}. - {year}. - 48 pp.",
    "“{title}” [{publisher}, {year}], accessed 3 May 2024",
)
_STRAY = (
    "{}?",
    "({}",
    "{})",
    '"{}',
    "“{}”.",
    "{},",
    "{} -",
    "- {}",
    "{}:",
    "{}…",
    "{}'",
    "¿{}?",
    "{} /",
    "{};",
    "•\t{}",
)


def _on_a_word(change: Callable[[str, random.Random], str]) -> Fault:
    """Return the fault of changing one word of five letters or more, hyphens and apostrophes apart."""

    def fault(passage: Passage, _: LibraryWords, chance: random.Random) -> str | None:
        return _changed(
            passage, [word for word in passage.words if len(word) >= _LONG and word.isalpha()], change, chance
        )

    return fault


def _changed(
    passage: Passage, words: Collection[str], change: Callable[[str, random.Random], str], chance: random.Random
) -> str | None:
    """Return a passage in which one of these words is changed; None when there is none of them."""
    if not words:
        return None
    word = chance.choice(sorted(words))
    return " ".join(change(other, chance) if other == word else other for other in passage.words)


def neighbouring_key(word: str, chance: random.Random) -> str:
    """Return a word with a letter replaced by one beside it on the keyboard; the same word if it has none there."""
    places = [place for place, letter in enumerate(word.lower()) if any(letter in row for row in _KEY_ROWS)]
    if not places:
        return word
    place = chance.choice(places)
    (row,) = (row for row in _KEY_ROWS if word[place].lower() in row)
    key = row.index(word[place].lower())
    beside = [row[other] for other in (key - 1, key + 1) if 0 <= other < len(row)]
    return word[:place] + chance.choice(beside) + word[place + 1 :]


def other_number(word: str, language: str) -> str:
    """Return the plural of what looks like a singular, and the other way round, by the usual ending."""
    if word.endswith("ies") and language == "en":
        return f"{word[:-3]}y"
    if word.endswith("s"):
        return word if word.endswith(("ss", "us", "is")) else word[:-1]
    if language == "en" and word.endswith("y") and word[-2] not in "aeiou":
        return f"{word[:-1]}ies"
    sibilant = language == "en" and word.endswith(("ch", "sh", "x", "z"))
    return f"{word}es" if sibilant or (language == "es" and word[-1] not in "aeiouáéíóú") else f"{word}s"


def other_spelling(word: str) -> str:
    """Return a word in American spelling if it is in British, and the other way round; itself if both are the same."""
    for british, american in _SPELLINGS.items():
        # The longer one first: "programme" begins with "program", too.
        for one, other in sorted(((british, american), (american, british)), key=lambda pair: -len(pair[0])):
            if word.lower().startswith(one):
                return _capitalised_like(word, other) + word[len(one) :]
    return word


def _capitalised_like(word: str, other: str) -> str:
    return other.capitalize() if word[0].isupper() else other


def _number(passage: Passage, _: LibraryWords, chance: random.Random) -> str | None:
    language = passage.resource.language
    words = [word for word in passage.words if word.isalpha() and other_number(word, language) != word]
    return _changed(passage, words, lambda word, _: other_number(word, language), chance)


def _spelling(passage: Passage, _: LibraryWords, chance: random.Random) -> str | None:
    if passage.resource.language != "en":
        return None
    words = [word for word in passage.words if other_spelling(word) != word]
    return _changed(passage, words, lambda word, _: other_spelling(word), chance)


def _without_accents(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


def _accents_missing(passage: Passage, _: LibraryWords, chance: random.Random) -> str | None:  # noqa: ARG001
    text = _without_accents(passage.text)
    return None if text == passage.text else text


def _accent_added(word: str, chance: random.Random) -> str:
    places = [place for place, letter in enumerate(word) if letter in "aeiouAEIOU"]
    if not places:
        return word
    place = chance.choice(places)
    return word[:place] + word[place].translate(_ACCENTED) + word[place + 1 :]


def _joined(passage: Passage, _: LibraryWords, chance: random.Random) -> str | None:
    """Return a passage in which the space between two words is lost."""
    gaps = [
        place for place in range(1, len(passage.words)) if (passage.words[place - 1] + passage.words[place]).isalpha()
    ]
    return _with_gap(passage, gaps, "", chance)


def _with_gap(passage: Passage, gaps: Collection[int], sign: str, chance: random.Random) -> str | None:
    """Return a passage with this sign instead of the space before one of these words."""
    if not gaps:
        return None
    place = chance.choice(sorted(gaps))
    return sign.join((" ".join(passage.words[:place]), " ".join(passage.words[place:])))


def _split(passage: Passage, library: LibraryWords, chance: random.Random) -> str | None:
    """Return a passage in which a word that is made of two words of the library is written as these two."""
    words = [word for word in passage.words if _parts(word, library.vocabulary)]
    return _changed(passage, words, lambda word, _: chance.choice(_parts(word, library.vocabulary)), chance)


def _parts(word: str, vocabulary: frozenset[str]) -> list[str]:
    """Return the ways to write a word as two words of the library, both of four letters or more."""
    places = [
        place for place in range(4, len(word) - 3) if {word[:place].lower(), word[place:].lower()} <= {*vocabulary}
    ]
    return [f"{word[:place]} {word[place:]}" for place in places if word.isalpha()]


def _hyphen(passage: Passage, _: LibraryWords, chance: random.Random) -> str | None:
    """Return a passage with a hyphen more or less: "pre departure" or "predeparture", "human-trafficking"."""
    hyphenated = [word for word in passage.words if "-" in word]
    if hyphenated:
        return _changed(passage, hyphenated, lambda word, chance: word.replace("-", chance.choice((" ", ""))), chance)
    return _with_gap(passage, range(1, len(passage.words)), "-", chance)


def _citation(passage: Passage, library: LibraryWords, chance: random.Random) -> str | None:
    """Return the resource as a list of references has it."""
    resource = passage.resource
    publisher = next(iter(resource.facets.get("publisher", ())), library.engine.manifest.library.title)
    year = next(iter(resource.facets.get("year", ())), f"{resource.date.year}" if resource.date else "n.d.")
    return chance.choice(_CITATIONS).format(publisher=publisher, title=resource.title, year=year)


def _capitals(passage: Passage, _: LibraryWords, chance: random.Random) -> str | None:  # noqa: ARG001
    return passage.text.upper()


def _stray_punctuation(passage: Passage, _: LibraryWords, chance: random.Random) -> str | None:
    return chance.choice(_STRAY).format(passage.text)


FAULTS: Mapping[str, Fault] = {
    "letter too many": _on_a_word(typos.inserted),
    "letter missing": _on_a_word(typos.deleted),
    "neighbouring key": _on_a_word(neighbouring_key),
    "letters swapped": _on_a_word(typos.transposed),
    "plural or singular": _number,
    "British or American": _spelling,
    "accents missing": _accents_missing,
    "accent added": _on_a_word(_accent_added),
    "words joined": _joined,
    "compound split": _split,
    "hyphen": _hyphen,
    "pasted citation": _citation,
    "capitals": _capitals,
    "stray punctuation": _stray_punctuation,
}
"""Every kind of fault by its name."""
