"""RTF as a stream of tokens, found in one pass whatever the bytes are, and the code pages that its fonts imply."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    rb"(?P<word>\\(?P<name>[A-Za-z]{1,32})(?P<value>-?[0-9]{1,10})? ?)"
    rb"|(?P<hex>(?:\\'[0-9A-Fa-f]{2}){1,9999})"
    rb"|(?P<brace>[{}])"
    rb"|(?P<plain>[^\\{}\r\n]+)"
    rb"|(?P<symbol>\\.?)"
    rb"|[\r\n]+",
    re.DOTALL,
)
"""The control words, characters and braces of the RTF Specification 1.9.1; line ends in the file say nothing."""


class Word(NamedTuple):
    """A control word, or a control symbol such as "~"; `value` is None where none is written."""

    name: str
    value: int | None = None


class Text(NamedTuple):
    """Characters as bytes of the code page that is in force there."""

    content: bytes


class Open(NamedTuple):
    """A group begins."""


class Close(NamedTuple):
    """A group ends."""


Token = Word | Text | Open | Close


def tokens(data: bytes) -> Iterator[Token]:
    r"""Yield the tokens of a file; the bytes behind \bin are passed over."""
    position = 0
    while position < len(data):
        for match in _TOKEN.finditer(data, position):
            position = match.end()
            token = _token(match)
            if token is None:
                continue
            yield token
            if isinstance(token, Word) and token.name == "bin":
                position += max(token.value or 0, 0)
                break


def _token(match: re.Match[bytes]) -> Token | None:
    kind = match.lastgroup
    if kind == "plain":
        return Text(match[0])
    if kind == "word":
        value = match["value"]
        return Word(match["name"].decode("ascii"), None if value is None else int(value))
    if kind == "hex":
        return Text(bytes.fromhex(match[0].replace(b"\\'", b"").decode("ascii")))
    if kind == "brace":
        return Open() if match[0] == b"{" else Close()
    return Word(match[0][1:].decode("latin-1")) if kind == "symbol" else None


_CHARSETS = (
    {0: 1252, 2: 1252, 77: 10000, 78: 932, 79: 949, 80: 936, 81: 950, 83: 1255, 84: 1256, 85: 1253, 86: 1254, 87: 874}
    | {88: 1250, 89: 1251, 128: 932, 129: 949, 130: 1361, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258}
    | {177: 1255, 178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250, 254: 437, 255: 850}
)
r"""The Windows code pages of fonts by their \fcharset, from the table in the specification."""
_CODECS = {10000: "mac-roman", 10007: "mac-cyrillic", 1361: "johab", 65001: "utf-8", 936: "gb18030", 950: "big5hkscs"}


def codec_of_charset(charset: int, otherwise: str) -> str:
    """Return the codec of a font's charset."""
    return codec_of_page(_CHARSETS[charset], otherwise) if charset in _CHARSETS else otherwise


def codec_of_page(number: int, otherwise: str) -> str:
    """Return the codec of a Windows code page, or another one if there is none."""
    try:
        return codecs.lookup(_CODECS.get(number, f"cp{number}")).name
    except LookupError:
        return otherwise
