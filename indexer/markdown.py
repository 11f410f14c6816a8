"""Markdown to HTML, be it a page of the library or an attached file: CommonMark with tables and struck-out text."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from functools import cache
from typing import Any

from markdown_it import MarkdownIt

_DEEPEST = 60
"""Levels of nested blocks that the parser follows; each costs it several frames of Python's stack."""
_DEFINITION = re.compile(r"^ {0,3}\[[^\[\]\n]{1,200}\]:[^\n]{1,2000}$", re.MULTILINE)

Definitions = MutableMapping[str, Any]
"""The targets that links name, as the parser collects them."""


def to_html(text: str, definitions: Definitions | None = None) -> str | None:
    """Return Markdown as HTML, or None if it is nested too deeply: the parser would drop what lies deeper."""
    parser = _parser()
    found: Definitions = {} if definitions is None else definitions
    tokens = parser.parse(text, found)
    if max((token.level for token in tokens), default=0) >= _DEEPEST - 1:
        return None
    return str(parser.renderer.render(tokens, parser.options, found))


def definitions_in(text: str) -> Definitions:
    """Return what a long text defines anywhere ("[1]: report.pdf"), for the reading of its parts."""
    found: Definitions = {}
    _parser().parse("\n".join(_DEFINITION.findall(text)), found)
    return found


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
