"""On which line of a TOML file each value stands: the parser of the standard library tells it of syntax errors only."""

from __future__ import annotations

import re
import tomllib
from typing import NamedTuple

Place = tuple[str | int, ...]
"""The way to a value: keys of tables, and numbers of list items from 0."""

_TOKEN = re.compile(
    r'''
      (?P<comment>\#[^\n]*)
    | (?P<text>"""(?:\\[\s\S]|(?!""")[^\\])*"{3,5}|\'\'\'(?:(?!\'\'\')[\s\S])*'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
    | (?P<mark>[\[\]{},=])
    | (?P<bare>[0-9]{4}-[0-9]{2}-[0-9]{2}[ ][0-9]{2}:[^\s,\]}#]*|[^\s\#"'\[\]{},=]+)   # a date may hold a space
    ''',
    re.VERBOSE,
)


class _Token(NamedTuple):
    text: str
    line: int


_END = _Token("", 0)


def lines_of(text: str) -> dict[Place, int]:
    """Return the line, from 1, on which each value and each table of a valid TOML file begins; () is the whole."""
    return _Scanner(text).scan()


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    line, counted = 1, 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        if match.lastgroup != "comment":
            found.append(_Token(match[0], line))
    return found


def _key(written: str) -> Place:
    """Return the parts of a key as it is written: bare, quoted or with dots."""
    value: object = tomllib.loads(f"{written} = 0")
    parts: list[str] = []
    while isinstance(value, dict):
        ((part, value),) = value.items()
        parts.append(part)
    return tuple(parts)


class _Scanner:
    """Goes through the tokens of a file once; that it is valid was found before."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._next = 0
        self._lines: dict[Place, int] = {(): 1}
        self._tables: dict[Place, int] = {}

    def scan(self) -> dict[Place, int]:
        """Return the line of each place."""
        table: Place = ()
        while self._next < len(self._tokens):
            if self._peek().text == "[":
                table = self._header()
            else:
                self._pair(table)
        return self._lines

    def _peek(self) -> _Token:
        return self._tokens[self._next] if self._next < len(self._tokens) else _END

    def _take(self, *texts: str) -> bool:
        """Go past one of these tokens if it stands here."""
        is_here = self._peek().text in texts
        self._next += is_here
        return is_here

    def _header(self) -> Place:
        """Read `[table]` or `[[table]]`, which begins the next of several, and return its place."""
        line = self._peek().line
        self._take("[")
        is_one_of_many = self._take("[")
        table = self._placed(self._read_key("]"))
        self._take("]")
        if is_one_of_many:
            self._take("]")
            self._tables[table] = self._tables.get(table, -1) + 1
            table += (self._tables[table],)
        self._lines.setdefault(table, line)
        return table

    def _placed(self, key: Place) -> Place:
        """Return the place that a header names: of tables of which there are many, the last one is meant."""
        place: Place = ()
        for part in key[:-1]:
            place += (part,)
            if place in self._tables:
                place += (self._tables[place],)
        return place + key[-1:]

    def _pair(self, table: Place) -> None:
        line = self._peek().line
        place = table + self._read_key("=")
        self._take("=")
        self._value(place)
        self._lines[place] = line

    def _read_key(self, end: str) -> Place:
        begin = self._next
        while self._peek().text not in (end, ""):
            self._next += 1
        return _key(" ".join(token.text for token in self._tokens[begin : self._next]))

    def _value(self, place: Place) -> None:
        self._lines[place] = self._peek().line
        if self._take("["):
            number = 0
            while not self._take("]", ""):
                self._value((*place, number))
                self._take(",")
                number += 1
        elif self._take("{"):
            while not self._take("}", ""):
                self._pair(place)
                self._take(",")
        else:
            self._next += 1
