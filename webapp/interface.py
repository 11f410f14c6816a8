"""The language of the interface: which one an answer is given in, and how things are said and written in it.

Texts stand in English where they are shown, as in every program that uses GNU gettext; `webapp/locale` has the
catalogues of the other languages. Dates, numbers and names of languages are those of the Unicode CLDR.
"""

from __future__ import annotations

import gettext as catalogues
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from babel import Locale, dates, lists, numbers
from markupsafe import Markup

from indexer.index import languages
from webapp.directions import contained

LANGUAGES = {"en": "English", "fr": "Français", "es": "Español", "ar": "العربية"}
"""The languages of the interface, each as it calls itself."""

SOURCE = "en"
"""The language in which the texts stand in the program."""

DOMAIN = "handlist"
FOLDER = Path(__file__).parent / "locale"

_LOCALES = {code: Locale.parse("en_GB" if code == SOURCE else code) for code in LANGUAGES}
"""How each language writes dates and numbers. English puts the day first, as most of the world does."""

_AGES: tuple[tuple[Literal["day", "hour", "minute"], int], ...] = (("day", 86_400), ("hour", 3_600), ("minute", 60))


@dataclass(frozen=True, slots=True)
class Interface:
    """The language of an answer; `prefix` begins the addresses of pages, so that links keep a language once chosen."""

    language: str = SOURCE
    prefix: str = ""

    @property
    def direction(self) -> str:
        """The direction of the writing, as HTML names it: "ltr" or "rtl"."""
        return "rtl" if _LOCALES[self.language].text_direction == "rtl" else "ltr"


_current: ContextVar[Interface] = ContextVar("interface", default=Interface())  # noqa: B039  # it is frozen


def interface() -> Interface:
    """Return the interface of the answer that is being given; English where nobody chose, as in a terminal."""
    return _current.get()


def choose(chosen: Interface) -> None:
    """Answer in this interface from now on, in this thread or task."""
    _current.set(chosen)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything in a language inside of a block, with addresses as they are."""
    token = _current.set(Interface(language, interface().prefix))
    try:
        yield
    finally:
        _current.reset(token)


def _(message: str, **values: object) -> str:
    """Return a text in the language of the interface, its %(name)s filled in."""
    return _catalogue(interface().language).gettext(message) % _filled_in(values)


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """Return the form of a text that goes with a number; %(count)s is the number as the language writes it."""
    text = _catalogue(interface().language).ngettext(one, many, count)
    return text % {"count": number(count), **_filled_in(values)}


def _filled_in(values: Mapping[str, object]) -> Mapping[str, object]:
    """Return what is filled into a text, none of which turns the direction of what stands around it."""
    return {name: contained(value) if type(value) is str else value for name, value in values.items()}


def N_(message: str) -> str:  # noqa: N802  # as gettext's tools know it
    """Mark a text that stands where no language is known yet; it is translated where it is shown."""
    return message


def NP_(_context: str, message: str) -> str:  # noqa: N802  # as gettext's tools know it
    """Mark a text for `pgettext`."""
    return message


def pgettext(context: str, message: str) -> str:
    """Return a text that means something else than the same text elsewhere: a "File" may be a heading, or a format."""
    return _catalogue(interface().language).pgettext(context, message)


def html(message: str, **values: object) -> Markup:
    """Return a text whose own tags are HTML, while those in what is filled in are text."""
    text = _as_html(message, interface().language)
    # A page asks a hundred times for texts with nothing to fill in.
    return text % _filled_in(values) if values else text


def html_of_number(one: str, many: str, count: int) -> Markup:
    """Return the form of a text with tags that goes with a number, as `ngettext` does."""
    return _of_number(one, many, count, interface().language)


@lru_cache(maxsize=1024)
def _as_html(message: str, language: str) -> Markup:
    return Markup(_catalogue(language).gettext(message))  # noqa: S704  # our own texts


@lru_cache(maxsize=4096)
def _of_number(one: str, many: str, count: int, language: str) -> Markup:
    text = _catalogue(language).ngettext(one, many, count)
    return Markup(text) % {"count": _written(count, language)}  # noqa: S704  # our own texts


@lru_cache(maxsize=4096)
def _written(count: int, language: str) -> str:
    return numbers.format_decimal(count, locale=_LOCALES[language])


def number(count: int) -> str:
    """Return a whole number as it is written: "1,204", "1 204"."""
    return _written(count, interface().language)


def decimal(amount: float) -> str:
    """Return a number with one decimal: "1.3", "1,3"."""
    return numbers.format_decimal(amount, format="#,##0.0", locale=_LOCALES[interface().language])


def long_date(day: date) -> str:
    """Return a day as it is written in running text: "4 March 2019", "4 mars 2019"."""
    return dates.format_date(day, "long", locale=_LOCALES[interface().language])


def ago(then: datetime, now: datetime) -> str:
    """Return how long ago something was, in the largest unit that is full: "3 hours ago", "moments ago"."""
    seconds = (now - then).total_seconds()
    for unit, length in _AGES:
        if seconds >= length:
            whole = timedelta(seconds=seconds // length * length)
            locale = _LOCALES[interface().language]
            # A threshold beyond all lengths keeps the unit: 36 hours are one day, and not two.
            return dates.format_timedelta(-whole, granularity=unit, threshold=10**9, add_direction=True, locale=locale)
    return _("moments ago")


def language_name(code: str) -> str:
    """Return what a language is called: "French", "français"; the code itself when nobody knows it."""
    if interface().language == SOURCE:
        # As it is called where it is looked for.
        return languages.language_name(code)
    return str(_LOCALES[interface().language].languages.get(code.lower(), code))


def listed(parts: list[str]) -> str:
    """Return texts as a list in a sentence: "a, b and c"."""
    return lists.format_list(parts, locale=_LOCALES[interface().language])


@cache
def _catalogue(language: str) -> catalogues.NullTranslations:
    """Return the texts of a language; they are compiled when it is first asked for, and never lie there compiled."""
    if language == SOURCE:
        return catalogues.NullTranslations()
    # The terminal speaks English and does not wait for what it never needs.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with (FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language, domain=DOMAIN))
    compiled.seek(0)
    return catalogues.GNUTranslations(compiled)
