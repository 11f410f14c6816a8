"""Files that a librarian edits while people search: read with great care, and what is wrong is told with its line."""

from __future__ import annotations

import os
import re
import reprlib
import stat
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from indexer.index import analysis
from indexer.index.toml_lines import Place, lines_of

MAX_BYTES = 1_000_000
"""A larger file is refused: it is read while people wait. Some 20,000 names fit in."""
MAX_WORDS = 12
"""How many words a name or a query may have that such a file lists."""

Name = tuple[str, ...]
"""One or several folded words that stand side by side."""

Terms = tuple[str, tuple[str, ...]]
"""A language, and the terms of a name in it."""

_PARSER_LINE = re.compile(r"\s*\(at (?:line (?P<line>[0-9]+), column [0-9]+|end of document)\)\Z")


class CuratedFileError(Exception):
    """A file that a librarian edits cannot be used, or not all of it.

    `line` counts from 1 and is 0 where there is none to name; `reason` is a sentence that says what to do.
    """

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(path, line, reason)
        self.path = path
        self.line = line
        self.reason = reason

    def __str__(self) -> str:
        place = f"{self.path}, line {self.line}" if self.line else self.path
        return f"{place}: {self.reason}"

    @property
    def sentence(self) -> str:
        """What is wrong, without the name of the file."""
        return f"Line {self.line}: {self.reason}" if self.line else self.reason


def read_text(path: Path) -> str | None:
    """Return what stands in a file, None if there is none; CuratedFileError for whatever is no text of bounded size."""
    try:
        content = _read_bytes(path)
    except FileNotFoundError:
        # A link that leads nowhere is there, and what it was made for is not.
        if path.is_symlink():
            raise CuratedFileError(path, 0, "The link leads to nothing; mend or remove it.") from None
        return None
    except OSError as error:
        raise CuratedFileError(path, 0, f"It cannot be read: {error.strerror}.") from error
    if len(content) > MAX_BYTES:
        raise CuratedFileError(path, 0, f"It is larger than {MAX_BYTES:,} bytes; take out what nobody searches for.")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        reason = "Here is a character that is not UTF-8; save the file with that encoding."
        raise CuratedFileError(path, line, reason) from None


def _read_bytes(path: Path) -> bytes:
    # A pipe would otherwise keep whoever opens it waiting.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise CuratedFileError(path, 0, "It is not a regular file; put the file itself there.")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(MAX_BYTES + 1)
    finally:
        os.close(descriptor)


class CuratedToml:
    """The values of such a file, each of which is checked by whoever asks for it."""

    def __init__(self, path: Path, text: str) -> None:
        """Parse a text that was read from `path`, or raise CuratedFileError."""
        self.path = path
        self._text = text
        try:
            self.values: dict[str, object] = tomllib.loads(text)
        except RecursionError as error:
            raise CuratedFileError(path, 0, "Its lists are nested too deeply.") from error
        except ValueError as error:
            raise self._syntax_error(str(error)) from error

    def error(self, place: Place, reason: str) -> CuratedFileError:
        """Return the error that a value deserves, with the line on which it stands."""
        lines = self._lines
        # The first text of a list may stand there without a list around it.
        return CuratedFileError(self.path, lines.get(place, lines.get(place[:-1], 0)), reason)

    def refuse_unknown(self, table: Mapping[str, object], place: Place, known: Sequence[str]) -> None:
        """Raise CuratedFileError for a key that means nothing here, with the known one that it resembles."""
        for key in table:
            if key not in known:
                close = get_close_matches(key, known, n=1)
                hint = f"did you mean “{close[0]}”?" if close else f"known here: {', '.join(known)}."
                raise self.error((*place, key), f"“{key:.80}” means nothing here; {hint}")

    def texts(self, value: object, place: Place, most: int) -> list[str]:
        """Return a list of at most so many texts; a single text is a list of one."""
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list):
            raise self.error(place, f"{reprlib.repr(value)} stands here; it has to be a list of texts in quotes.")
        if len(listed) > most:
            raise self.error(place, f"Here are {len(listed):,} texts; at most {most:,} may be listed.")
        for number, item in enumerate(listed):
            if not isinstance(item, str):
                raise self.error((*place, number), f"{reprlib.repr(item)} stands here; it has to be a text in quotes.")
        return listed

    def name(self, text: str, place: Place) -> Name:
        """Return the folded words of a text, of which there have to be some and not too many."""
        words = tuple(analysis.words(text))
        if not words:
            raise self.error(place, f"“{text:.80}” holds no word.")
        if len(words) > MAX_WORDS:
            raise self.error(place, f"“{text:.80}…” has {len(words):,} words; at most {MAX_WORDS} are looked for.")
        return words

    def names(self, value: object, place: Place, most: int) -> tuple[Name, ...]:
        """Return the words of each of a list of texts."""
        return tuple(self.name(text, (*place, number)) for number, text in enumerate(self.texts(value, place, most)))

    @cached_property
    def _lines(self) -> dict[Place, int]:
        return lines_of(self._text)

    def _syntax_error(self, reason: str) -> CuratedFileError:
        found = _PARSER_LINE.search(reason)
        lines = self._text.rstrip().split("\n")
        if not found:
            # A number of thousands of digits, for which the parser has no line.
            return CuratedFileError(self.path, 0, f"It is not valid TOML: {reason}.")
        line = int(found["line"] or len(lines))
        quotes = "“" in lines[min(line, len(lines)) - 1] and " Use straight quotes, not curly ones."
        return CuratedFileError(self.path, line, f"It is not valid TOML: {reason[: found.start()]}.{quotes or ''}")


def terms_in(name: Sequence[str], languages: Sequence[str]) -> set[Terms]:
    """Return the terms of a name in each language; two names are one if they agree in any of them."""
    return {(language, tuple(analysis.terms_of(name, language))) for language in languages}
