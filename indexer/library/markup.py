"""Markdown and HTML to what a search needs of them: the text in paragraphs, the links, and what the head says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bs4 import BeautifulSoup, Tag
from markdown_it import MarkdownIt

from indexer.encoding import clean, one_line
from indexer.html import text_of, title_of

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LINKS = {"a": "href", "area": "href", "embed": "src", "iframe": "src", "object": "data"}
_DECLARATION = re.compile(r"<\?.*?>", re.DOTALL)
_DEEPEST = 60
"""Levels of nested blocks that the Markdown parser follows; each costs it several frames of Python's stack."""


@dataclass(frozen=True, slots=True)
class Markup:
    """What was read: text with paragraphs parted by empty lines, links in their order, the first heading.

    The rest is what the head of an HTML page says of it. `flattened` tells that Markdown was nested too deeply for its
    parser and is shown as it was written.
    """

    text: str
    links: tuple[str, ...] = ()
    heading: str = ""
    title: str = ""
    summary: str = ""
    keywords: tuple[str, ...] = ()
    language: str = ""
    flattened: bool = False


def read_markdown(source: str) -> Markup:
    """Read CommonMark with tables, and the HTML in it."""
    parser = _parser()
    tokens = parser.parse(source)
    if max((token.level for token in tokens), default=0) >= _DEEPEST - 1:
        # The parser drops what lies deeper, without a word.
        return Markup(clean(source).strip(), flattened=True)
    return read_html(parser.renderer.render(tokens, parser.options, {}))


def read_html(source: str) -> Markup:
    """Read an HTML page or a part of one. Of a page that marks its main part, only that is text."""
    # A declaration such as <?xml …?> says nothing here and makes Beautiful Soup warn of XML; the line break keeps it
    # from taking a short text for the name of a file.
    soup = BeautifulSoup("\n" + _DECLARATION.sub("", source), "lxml")
    main = soup.find("main") or soup.find("article") or soup.body or soup
    heading = main.find(_HEADINGS)
    return Markup(
        text=text_of(main),
        links=tuple(_links(main)),
        heading=one_line(heading.get_text()) if heading else "",
        title=title_of(soup),
        summary=_meta(soup, "description"),
        keywords=tuple(word for part in _meta(soup, "keywords").split(",") if (word := part.strip())),
        language=_attribute(soup.html, "lang") if soup.html else "",
    )


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])


def _links(root: Tag) -> Iterator[str]:
    for tag in root.find_all(list(_LINKS)):
        target = clean(_attribute(tag, _LINKS[tag.name])).strip()
        if target:
            yield target


def _meta(soup: BeautifulSoup, name: str) -> str:
    tag = soup.find("meta", attrs={"name": re.compile(f"^{name}$", re.IGNORECASE)})
    return one_line(_attribute(tag, "content")) if tag else ""


def _attribute(tag: Tag, name: str) -> str:
    """Return an attribute as text; Beautiful Soup gives some as lists."""
    value = tag.get(name) or ""
    return value if isinstance(value, str) else " ".join(value)
