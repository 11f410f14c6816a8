"""Numbers of books, digital object identifiers and web addresses: one thing that is written in several ways."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ISBN_10, _ISBN_13 = 10, 13
_PREFIX = "978"
"""The prefix under which the older numbers of ten digits go on."""

# How many digits the first part of a number has behind 978: the group, a language or a country. Of the registration
# groups of the International ISBN Agency (www.isbn-international.org, "range message").
_GROUPS = re.compile(r"[0-57]|6[0-4][0-9]|65|8[0-9]|9[0-4]|9[5-8][0-9]|99[0-8][0-9]|999[0-9]{2}")
_PUBLISHER_DIGITS = range(1, 8)
_OLD_CHECKS = "0123456789X"

# Arguments that say where a reader came from, and nothing of what is shown.
_TRACKING = re.compile(r"(?:utm_\w{1,30}|fbclid|gclid|mc_cid|mc_eid|ref)=[^&]*&?")
_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*://)?(?:www\.)?([^/?#:]+)(?::[0-9]+)?", re.IGNORECASE)


def may_be_isbn(word: str) -> bool:
    """Tell whether a word may be a book's number, or the first part of one."""
    return word[:3] in ("978", "979") or (len(word) == _ISBN_10 and word[:9].isdecimal())


def isbn_forms(text: str) -> tuple[str, ...]:
    """Return the ways to write a book's number, of ten digits and of thirteen; none if it is no such number.

    Its check digit decides (ISO 2108). Where hyphens stand depends on publishers, so all places that they may have
    are among them.
    """
    digits = re.sub(r"[\s–-]", "", text).upper()
    if len(digits) == _ISBN_10 and re.fullmatch("[0-9]{9}[0-9X]", digits) and digits[-1] == _old_check(digits[:9]):
        core = digits[:9]
    elif len(digits) == _ISBN_13 and digits.isdecimal() and digits[-1] == _check(digits[:12]):
        core = digits[3:12]
    else:
        return ()
    prefix = digits[:3] if len(digits) == _ISBN_13 else _PREFIX
    forms = [f"{prefix}{core}{_check(prefix + core)}"]
    parted = list(_parted(core)) if prefix == _PREFIX else []
    forms += [f"{prefix}-{parts}-{_check(prefix + core)}" for parts in parted]
    if prefix == _PREFIX:
        forms += [f"{core}{_old_check(core)}", *(f"{parts}-{_old_check(core)}" for parts in parted)]
    return tuple(forms)


def _check(digits: str) -> str:
    """Return the last digit of a number of thirteen: weights 1 and 3, modulo 10."""
    return str(-sum(int(digit) * (1 + 2 * (place % 2)) for place, digit in enumerate(digits)) % 10)


def _old_check(digits: str) -> str:
    """Return the last sign of a number of ten: weights 10 to 2, modulo 11, with X for ten."""
    return _OLD_CHECKS[-sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11]


def _parted(core: str) -> Iterator[str]:
    """Yield group, publisher and title of nine digits, with hyphens between them in each place they may have."""
    found = _GROUPS.match(core)
    if not found:
        return
    group, rest = found[0], core[found.end() :]
    for length in _PUBLISHER_DIGITS:
        if length < len(rest):
            yield f"{group}-{rest[:length]}-{rest[length:]}"


def doi_core(text: str) -> str:
    """Return a digital object identifier without what may stand before it: "10.1000/182"."""
    return text[text.index("10.") :]


def address_core(text: str) -> str:
    """Return a web address without what differs between those of one page: scheme, www, port, tracking arguments."""
    host = _HOST.match(text)
    if not host:
        return text
    path, _, arguments = text[host.end() :].partition("#")[0].partition("?")
    return f"{host[1]} {path} {_TRACKING.sub('', arguments)}"
