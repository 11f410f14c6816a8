"""Checked reading of TOML tables: every value has the type that is asked for, and no key goes unasked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path


class SettingsError(Exception):
    """The settings of a library cannot be used; the text is a sentence that says why and what to do."""


class Table:
    """One table of a settings file. Each method reads one key or returns the default when it is missing."""

    def __init__(self, values: Mapping[str, object], file: Path, name: str = "") -> None:
        self._values = values
        self._file = file
        self._name = name
        self._asked: list[str] = []

    def text(self, key: str, default: str) -> str:
        """Read text."""
        value = self._take(key, default)
        if not isinstance(value, str):
            raise self._wrong(key, value, "text in quotes")
        return value

    def texts(self, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """Read a list of texts; a single text is a list of one."""
        value = self._take(key, default)
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            raise self._wrong(key, value, "a list of texts in quotes")
        return tuple(value)

    def choice(self, key: str, default: str, choices: Iterable[str]) -> str:
        """Read one of some texts."""
        value = self._take(key, default)
        known = tuple(choices)
        if value not in known:
            raise self._wrong(key, value, " or ".join(f'"{choice}"' for choice in known))
        return str(value)

    def flag(self, key: str, default: bool) -> bool:
        """Read true or false."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self._wrong(key, value, "true or false")
        return value

    def number(self, key: str, default: float, low: float, high: float) -> float:
        """Read a number from `low` to `high`."""
        value = self._take(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self._wrong(key, value, f"a number from {low} to {high}")
        return value

    def table(self, key: str) -> Table:
        """Read a table; a missing one is empty."""
        value = self._take(key, {})
        if not isinstance(value, dict):
            raise self._wrong(key, value, f"a table that begins with [{key}]")
        return Table(value, self._file, self._path(key))

    def tables(self, key: str) -> list[Table] | None:
        """Read a list of tables; None when it is missing."""
        value = self._take(key, None)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self._wrong(key, value, f"tables that each begin with [[{key}]]")
        return [Table(item, self._file, f"{self._path(key)}[{number}]") for number, item in enumerate(value, 1)]

    def refuse_unknown(self) -> None:
        """Raise SettingsError for a key that nothing has asked for, with the known key that it resembles."""
        for key in self._values:
            if key not in self._asked:
                close = get_close_matches(key, self._asked, n=1)
                hint = f"did you mean “{close[0]}”?" if close else f"known here: {', '.join(sorted(self._asked))}."
                raise SettingsError(f"{self._file}: “{self._path(key)}” is not a setting; {hint}")

    def error(self, key: str, reason: str) -> SettingsError:
        """Return the error that the value of a key deserves; `reason` goes on where “key” leaves off."""
        return SettingsError(f"{self._file}: “{self._path(key)}” {reason}.")

    def _wrong(self, key: str, value: object, wanted: str) -> SettingsError:
        return self.error(key, f"is {value!r:.80}; it has to be {wanted}")

    def _take(self, key: str, default: object) -> object:
        self._asked.append(key)
        return self._values.get(key, default)

    def _path(self, key: str) -> str:
        return f"{self._name}.{key}" if self._name else key
