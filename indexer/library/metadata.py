"""Front matter by meaning: the first key that is filled, as text, as values, as a date, as yes or no."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from datetime import date

from indexer.encoding import clean, one_line
from indexer.library.dates import is_ambiguous, read_date

_ABSENT = frozenset({"", "~", "null", "none"})
_YES = frozenset({"true", "yes", "on", "1", "y"})
_NO = frozenset({"false", "no", "off", "0", "n"})
_FILE_KEYS = ("path", "file", "src", "href", "url", "filename")
"""Where the name of a file stands in an attachment that is a table of its own."""
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|br|cite|code|em|i|mark|p|q|s|small|span|strong|sub|sup|u)(?:\s[^<>]*)?/?>", re.IGNORECASE
)


class Metadata:
    """The values of one page. Wrong types end in `problems`, a sentence each, and never in an exception."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values
        self.problems: list[str] = []

    def text(self, keys: Iterable[str]) -> str:
        """Return a value as text, cleaned; empty when no key is filled."""
        key, value = self._first(keys)
        if isinstance(value, str):
            return clean(value).strip()
        if not isinstance(value, list):
            self._wrong(key, "text")
            return ""
        self.problems.append(f"“{key}” is a list where text was expected; its parts were put together.")
        return ", ".join(self._items(key, value))

    def values(self, keys: Iterable[str], separator: str) -> tuple[str, ...]:
        """Return the values of a list, or of a text split at `separator`; each once, whatever its capitals."""
        key, value = self._first(keys)
        if isinstance(value, str):
            items = value.split(separator) if separator else [value]
        elif isinstance(value, list):
            items = self._items(key, value)
        else:
            self._wrong(key, "a list of words")
            return ()
        found: dict[str, str] = {}
        for item in filter(None, map(plain, items)):
            found.setdefault(item.casefold(), item)
        return tuple(found.values())

    def day(self, keys: Iterable[str]) -> date | None:
        """Return a date. A key that says yes or no is passed over: `published` may mean either."""
        key, value = self._first(key for key in keys if not self._is_switch(key))
        if not isinstance(value, str):
            self._wrong(key, "a date")
            return None
        if not value:
            return None
        day = read_date(value)
        if day is None:
            self.problems.append(f"“{key}” is “{one_line(value):.60}”, which is no date; write it as 2024-03-31.")
        elif is_ambiguous(value):
            self.problems.append(f"“{key}” is “{one_line(value)}”, read as {day:%Y-%m-%d}; write dates like that.")
        return day

    def is_set(self, keys: Iterable[str]) -> bool:
        """Tell whether a switch is on. What is neither yes nor no counts as yes: somebody meant to hold a page back."""
        key, value = self._first(keys)
        if isinstance(value, str) and value.lower() in _YES | _NO | _ABSENT:
            return value.lower() in _YES
        self.problems.append(f"“{key}” is neither true nor false and was taken as true.")
        return True

    def is_unset(self, keys: Iterable[str]) -> bool:
        """Tell whether a switch is expressly off."""
        _, value = self._first(keys)
        return isinstance(value, str) and value.lower() in _NO

    def files(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Return the names of files under all of the keys: texts, and tables that hold a name among other things."""
        names: list[str] = []
        for key in keys:
            value = self._values.get(key, "")
            for item in value if isinstance(value, list) else [value]:
                name = _file_name(item)
                if name is None:
                    self._wrong(key, "the name of a file or a list of such names")
                elif name:
                    names.append(name)
        return tuple(dict.fromkeys(names))

    def has(self, keys: Iterable[str]) -> bool:
        """Tell whether one of the keys is filled."""
        return self._first(keys)[1] != ""

    def _first(self, keys: Iterable[str]) -> tuple[str, object]:
        """Return the first key that is filled and its value; two empty texts when none is."""
        for key in keys:
            value = self._values.get(key)
            value = value.strip() if isinstance(value, str) else value
            if value and not (isinstance(value, str) and value.lower() in _ABSENT):
                return key, value
        return "", ""

    def _items(self, key: str, value: list[object]) -> list[str]:
        """Return the texts in a list; lists and tables in it are reported."""
        texts = [one_line(item) for item in value if isinstance(item, str)]
        if len(texts) < len(value):
            self.problems.append(f"“{key}” holds lists or tables where only words were expected; they were left out.")
        return [text for text in texts if text.lower() not in _ABSENT]

    def _is_switch(self, key: str) -> bool:
        value = self._values.get(key)
        return isinstance(value, str) and value.strip().lower() in (_YES | _NO) - {"0", "1"}

    def _wrong(self, key: str, wanted: str) -> None:
        self.problems.append(f"“{key}” has to be {wanted} and was left out.")


def plain(text: str) -> str:
    """Return text on one line, without the HTML that front matter holds for its site: `&#58;`, `<sup>`."""
    return one_line(html.unescape(_INLINE_TAG.sub("", text)))


def _file_name(item: object) -> str | None:
    """Return the file that an item names, empty if none; None when it is no name at all."""
    if isinstance(item, dict):
        item = next((item[key] for key in _FILE_KEYS if item.get(key)), None)
    if not isinstance(item, str):
        return None
    name = clean(item).strip()
    return "" if name.lower() in _ABSENT else name
