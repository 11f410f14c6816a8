"""`synonyms.toml`: what else a word or a phrase is called, as a librarian writes it down.

`two_way` is a list of lists: whoever asks for one name of a list asks for all of them. The table `[one_way]` has a name
on the left and others on the right: whoever asks for the left one asks for the right ones, but not the other way round.

Names are told by their terms, so that case, accents and endings make no difference. What a name leads to is never
looked up in turn: chains would lead from a word to one that nobody takes for the same.
"""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from pathlib import Path

from indexer.index import analysis
from indexer.index.curated import CuratedToml, Name, Terms, read_text, terms_in

FILE_NAME = "synonyms.toml"
MAX_LISTED = 10_000
"""How many lists and names on the left one file may hold."""
MAX_NAMES = 30
"""How many names one list may hold, and how many one name may lead to."""


@dataclass(frozen=True, slots=True, eq=False)
class Synonyms:
    """What is called otherwise: lists of names for one thing, and names that lead to others."""

    two_way: tuple[tuple[Name, ...], ...] = ()
    one_way: Mapping[Name, tuple[Name, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.two_way or self.one_way)

    def without_one_way(self) -> Synonyms:
        """Return those names alone that mean the same in either direction."""
        return _without_one_way(self)

    def found_in(self, words: Sequence[str], languages: tuple[str, ...]) -> list[Found]:
        """Return all names among folded words that stand side by side, the longest first, and what else each is called.

        `languages` are those of the library; two names are one if they have the same terms in any of them.
        """
        table = _table(self, languages)
        found: dict[tuple[int, int], dict[Name, None]] = {}
        for language in languages:
            terms = analysis.terms_of(words, language)
            for begin, term in enumerate(terms):
                for length in table.lengths.get((language, term), ()):
                    name = tuple(terms[begin : begin + length])
                    for others in table.names.get((language, name), ()):
                        found.setdefault((begin, begin + len(name)), {}).update(dict.fromkeys(others))
        named = [Found(*span, _but_for(words[slice(*span)], others, languages)) for span, others in found.items()]
        return sorted(filter(attrgetter("others"), named), key=lambda one: (one.begin - one.end, one.begin))


@dataclass(frozen=True, slots=True)
class Found:
    """A name that begins at one word and ends before another, and its other names, those of two-way lists first."""

    begin: int
    end: int
    others: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """The lists of names to which each name leads, and how long the names are that begin with a term of a language."""

    names: Mapping[Terms, Sequence[tuple[Name, ...]]]
    lengths: Mapping[tuple[str, str], set[int]]


def read_synonyms(path: Path) -> Synonyms:
    """Read a file of synonyms, which is empty if it is not there; CuratedFileError if it cannot be used."""
    text = read_text(path)
    return Synonyms() if text is None else parse_synonyms(path, text)


def parse_synonyms(path: Path, text: str) -> Synonyms:
    """Return what stands in a file of synonyms, or raise CuratedFileError."""
    file = CuratedToml(path, text)
    file.refuse_unknown(file.values, (), ("two_way", "one_way"))
    two_way = _two_way(file)
    one_way = _one_way(file)
    if len(two_way) + len(one_way) > MAX_LISTED:
        count = f"{len(two_way) + len(one_way):,}"
        raise file.error((), f"It lists {count} things with other names; at most {MAX_LISTED:,} are looked for.")
    return Synonyms(two_way, one_way)


def _two_way(file: CuratedToml) -> tuple[tuple[Name, ...], ...]:
    listed = file.values.get("two_way", [])
    if not isinstance(listed, list):
        raise file.error(("two_way",), 'It has to be a list of lists: two_way = [["NGO", "charity"]].')
    return tuple(_names_for_one(file, names, number) for number, names in enumerate(listed))


def _names_for_one(file: CuratedToml, listed: object, number: int) -> tuple[Name, ...]:
    place = ("two_way", number)
    if not isinstance(listed, list):
        raise file.error(
            place, f'{reprlib.repr(listed)} stands here; it has to be a list of names: ["NGO", "charity"].'
        )
    names = file.names(listed, place, MAX_NAMES)
    if len(names) < 2:
        raise file.error(place, "A list needs two names or more that mean the same.")
    return names


def _one_way(file: CuratedToml) -> dict[Name, tuple[Name, ...]]:
    table = file.values.get("one_way", {})
    if not isinstance(table, dict):
        raise file.error(("one_way",), 'It has to be a table: [one_way], and below it "slavery" = ["forced labour"].')
    found: dict[Name, tuple[Name, ...]] = {}
    for written, others in table.items():
        place = ("one_way", written)
        if written == "two_way":
            raise file.error(place, "“two_way” stands below [one_way] and so would be one of its names; move it above.")
        name = file.name(written, place)
        names = file.names(others, place, MAX_NAMES)
        if not names:
            raise file.error(place, f"“{written:.80}” leads to no other name; list some, or remove it.")
        found[name] = found.get(name, ()) + names
    return found


@lru_cache(maxsize=8)
def _without_one_way(synonyms: Synonyms) -> Synonyms:
    return Synonyms(synonyms.two_way)


@lru_cache(maxsize=8)
def _table(synonyms: Synonyms, languages: tuple[str, ...]) -> _Table:
    """Return the names by their terms, made once for each file and set of languages."""
    names: dict[Terms, list[tuple[Name, ...]]] = {}
    lengths: dict[tuple[str, str], set[int]] = {}
    listed = [(name, group) for group in synonyms.two_way for name in group]
    for name, others in (*listed, *synonyms.one_way.items()):
        for language, terms in terms_in(name, languages):
            names.setdefault((language, terms), []).append(others)
            lengths.setdefault((language, terms[0]), set()).add(len(terms))
    return _Table(names, lengths)


def _but_for(name: Sequence[str], others: Iterable[Name], languages: tuple[str, ...]) -> tuple[Name, ...]:
    """Return the others that are not the name itself with another ending."""
    terms = terms_in(name, languages)
    return tuple(other for other in others if not terms & terms_in(other, languages))
