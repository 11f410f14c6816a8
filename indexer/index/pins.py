"""`pins.toml`: which resources a librarian wants first for a query, and which not at all.

Each `[[pin]]` lists queries, the ids of resources to `show` before all others, and of those to `hide`. A query is told
by the terms of its words, in any order, and words without a subject of their own do not count: "fees for recruitment"
is "recruitment fees". It has to be those words and no more. A query that asks otherwise, with OR, a minus or a field,
has no pins: it asks for less than the words bring, and what is shown nevertheless would be what somebody took out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from indexer.index import analysis
from indexer.index.curated import CuratedFileError, CuratedToml, Name, read_text, terms_in
from indexer.index.query import And, Node, Phrase, Word

FILE_NAME = "pins.toml"
MAX_PINS = 5_000
MAX_QUERIES = 100
MAX_IDS = 100
"""How many pins a file, how many queries a pin, and how many ids each of its lists may hold."""


@dataclass(frozen=True, slots=True)
class Pin:
    """Some queries, and the ids of the resources that are shown first and those that are hidden for each of them."""

    queries: tuple[Name, ...]
    show: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """What was decided about one query: ids of resources in the order in which they come first, and of hidden ones."""

    show: tuple[str, ...] = ()
    hide: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Pins:
    """All that was decided, in the order of the file."""

    pins: tuple[Pin, ...] = ()

    def choice(self, asked: Node | None, languages: tuple[str, ...]) -> Choice:
        """Return what was decided about a query as it was typed; of several pins all count, and what hides wins."""
        words = _words(asked)
        if not self.pins or not words:
            return Choice()
        table = _table(self, languages)
        pins = {number: None for key in _keys(words, languages) for number in table.get(key, ())}
        found = [self.pins[number] for number in sorted(pins)]
        hidden = frozenset(identifier for pin in found for identifier in pin.hide)
        shown = dict.fromkeys(identifier for pin in found for identifier in pin.show if identifier not in hidden)
        return Choice(tuple(shown), hidden)


def read_pins(path: Path) -> Pins:
    """Read a file of pins, which are none if it is not there; CuratedFileError if it cannot be used."""
    text = read_text(path)
    return Pins() if text is None else parse_pins(path, text)


def parse_pins(path: Path, text: str) -> Pins:
    """Return what stands in a file of pins, or raise CuratedFileError."""
    file = CuratedToml(path, text)
    file.refuse_unknown(file.values, (), ("pin",))
    listed = file.values.get("pin", [])
    if not isinstance(listed, list) or not all(isinstance(pin, dict) for pin in listed):
        raise file.error(("pin",), "A pin begins with a line [[pin]], in two brackets.")
    if len(listed) > MAX_PINS:
        raise file.error((), f"It holds {len(listed):,} pins; at most {MAX_PINS:,} are looked at.")
    return Pins(tuple(_pin(file, pin, number) for number, pin in enumerate(listed)))


def unknown_ids(path: Path, text: str, known: Callable[[Iterable[str]], set[str]]) -> Iterator[CuratedFileError]:
    """Yield where a good file of pins names resources that are not there; `known` returns those ids that are."""
    file = CuratedToml(path, text)
    pins = parse_pins(path, text).pins
    missing = {identifier for pin in pins for identifier in (*pin.show, *pin.hide)}
    missing -= known(missing)
    for number, pin in enumerate(pins):
        for key, listed in (("show", pin.show), ("hide", pin.hide)):
            for place, identifier in enumerate(listed):
                if identifier in missing:
                    reason = f"“{identifier}” is the id of no resource; ids stand at the end of the addresses of pages."
                    yield file.error(("pin", number, key, place), reason)


def _pin(file: CuratedToml, table: Mapping[str, object], number: int) -> Pin:
    place = ("pin", number)
    file.refuse_unknown(table, place, ("query", "show", "hide"))
    pin = Pin(
        file.names(table.get("query", []), (*place, "query"), MAX_QUERIES),
        _ids(file, table, (*place, "show")),
        _ids(file, table, (*place, "hide")),
    )
    if not pin.queries:
        raise file.error(place, 'This pin says for no query; add query = ["some words"].')
    if not pin.show and not pin.hide:
        raise file.error(place, 'This pin does nothing; add show = ["id-of-a-resource"] or hide.')
    for identifier in pin.show:
        if identifier in pin.hide:
            raise file.error(place, f"“{identifier}” cannot be shown first and hidden for the same query.")
    return pin


def _ids(file: CuratedToml, table: Mapping[str, object], place: tuple[str | int, ...]) -> tuple[str, ...]:
    ids = tuple(text.strip() for text in file.texts(table.get(str(place[-1]), []), place, MAX_IDS))
    if "" in ids:
        raise file.error((*place, ids.index("")), "Here is an empty text instead of the id of a resource.")
    return ids


def _words(node: Node | None) -> Name:
    """Return the words of a query that is nothing but words and phrases; empty for any other."""
    match node:
        case Word(text, ""):
            return (text,)
        case Phrase(words, ""):
            return words
        case And(children):
            parts = [_words(child) for child in children]
            return tuple(word for part in parts for word in part) if all(parts) else ()
        case _:
            return ()


_Key = tuple[str, frozenset[str]]


def _keys(words: Name, languages: tuple[str, ...]) -> set[_Key]:
    stop_words = analysis.stop_words(languages)
    counted = [word for word in words if word not in stop_words] or words
    return {(language, frozenset(terms)) for language, terms in terms_in(counted, languages)}


@lru_cache(maxsize=8)
def _table(pins: Pins, languages: tuple[str, ...]) -> dict[_Key, list[int]]:
    """Return the numbers of the pins by the words of their queries, made once for each file and set of languages."""
    found: dict[_Key, list[int]] = {}
    for number, pin in enumerate(pins.pins):
        for query in pin.queries:
            for key in _keys(query, languages):
                found.setdefault(key, []).append(number)
    return found
