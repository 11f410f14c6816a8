"""Path patterns of `library.toml`: `*` within a folder, `**` across folders, `?` and `[a-z]` as in a shell."""

from __future__ import annotations

import re
from functools import lru_cache

_TOKEN = re.compile(
    r"(?P<deep>\*\*/)|(?P<rest>\*\*)|(?P<star>\*)|(?P<one>\?)|\[(?P<not>!?)(?P<set>[^\]/]+)\]|(?P<text>.)", re.S
)


def matches(path: str, patterns: tuple[str, ...]) -> bool:
    """Tell whether a path relative to the library, with forward slashes, fits one of the patterns.

    Upper and lower case are the same, since `README.MD` and `readme.md` name the same kind of file.
    """
    return _compile(patterns).fullmatch(path) is not None


@lru_cache(maxsize=64)
def _compile(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Turn the patterns into one expression; without any pattern it fits nothing."""
    alternatives = "|".join(_translate(pattern.strip("/")) for pattern in patterns)
    return re.compile(alternatives or r"(?!)", re.IGNORECASE | re.DOTALL)


def _translate(pattern: str) -> str:
    return "".join(_expression(token) for token in _TOKEN.finditer(pattern))


def _expression(token: re.Match[str]) -> str:
    """Return the expression of one token; what is no wildcard stands for itself."""
    match token.lastgroup:
        case "deep":
            return "(?:[^/]+/)*"
        case "rest":
            return ".*"
        case "star":
            return "[^/]*"
        case "one":
            return "[^/]"
        case "set":
            return f"[{'^/' if token['not'] else ''}{_characters(token['set'])}]"
        case _:
            return re.escape(token["text"])


def _characters(text: str) -> str:
    """Escape what an expression would read inside brackets, but leave ranges such as `a-z` that run upwards."""
    if any(low > high for low, high in re.findall(r"(.)-(.)", text, re.S)):
        return re.escape(text)
    return re.sub(r"([\\\[\]^&~|])", r"\\\1", text)
