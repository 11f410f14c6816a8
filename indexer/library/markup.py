"""Markdown and HTML to what a search needs of them: the text in paragraphs, the links, and what the head says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from markdown_it import MarkdownIt

from indexer.encoding import clean, one_line

_LINE, _PARAGRAPH = "\n", "\n\n"
_BREAKS = dict.fromkeys(("br", "dd", "dt", "figcaption", "li", "option", "summary", "tr"), _LINE) | dict.fromkeys(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "details", "div", "dl", "fieldset", "figure"),
        *("footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "ol", "p", "pre", "section"),
        *("table", "ul"),
    ),
    _PARAGRAPH,
)
_DROPPED = frozenset({"head", "nav", "script", "style", "template", "iframe", "object", "svg"})
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
        text=_text(main),
        links=tuple(_links(main)),
        heading=one_line(heading.get_text()) if heading else "",
        title=one_line(soup.title.get_text()) if soup.title else "",
        summary=_meta(soup, "description"),
        keywords=tuple(word for part in _meta(soup, "keywords").split(",") if (word := part.strip())),
        language=_attribute(soup.html, "lang") if soup.html else "",
    )


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])


def _text(root: Tag) -> str:
    """Join the pieces of text, each run of white space as one blank, with the widest break that lies between them."""
    parts: list[str] = []
    running: list[str] = []
    gap = ""
    for piece, is_break in _pieces(root):
        if not is_break:
            running.append(piece)
            continue
        line = one_line("".join(running))
        running.clear()
        if line:
            parts += (gap if parts else "", line)
            gap = ""
        gap = max(gap, piece, key=len)
    return "".join(parts)


def _pieces(root: Tag) -> Iterator[tuple[str, bool]]:
    """Yield texts and breaks in document order, without recursion: pages may be nested to any depth."""
    pending: list[object] = [(_PARAGRAPH, True), root]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            yield node
        elif isinstance(node, Tag):
            if node.name in _DROPPED:
                continue
            yield from _preformatted(node) if node.name == "pre" else ()
            around = (_BREAKS[node.name], True) if node.name in _BREAKS else (_cell(node), False)
            yield around
            pending.append(around)
            pending.extend(reversed(node.contents) if node.name != "pre" else ())
        elif type(node) is NavigableString:  # Comments and the like are its subclasses.
            yield str(node), False


def _cell(node: Tag) -> str:
    """Return what keeps the words of neighbouring table cells and images apart."""
    return " " if node.name in ("td", "th", "img") else ""


def _preformatted(node: Tag) -> Iterator[tuple[str, bool]]:
    """Yield the lines of preformatted text as lines."""
    yield _PARAGRAPH, True
    for line in node.get_text().splitlines():
        yield line, False
        yield _LINE, True


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
