"""Markdown and HTML to what a search needs of them: the text in paragraphs, the links, and what the head says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from bs4.element import CData, NavigableString

from indexer.encoding import clean, one_line
from indexer.html import End, Event, Start, text_of
from indexer.markdown import to_html

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LINKS = {"a": "href", "area": "href", "embed": "src", "iframe": "src", "object": "data"}
_DECLARATION = re.compile(r"<\?.*?>", re.DOTALL)


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
    html = to_html(source)
    return read_html(html) if html is not None else Markup(clean(source).strip(), flattened=True)


def read_html(source: str) -> Markup:
    """Read an HTML page or a part of one. Of a page that marks its main part, only that is text."""
    # A declaration such as <?xml …?> says nothing here and makes Beautiful Soup warn of XML; the line break keeps it
    # from taking a short text for the name of a file.
    soup = BeautifulSoup("\n" + _DECLARATION.sub("", source), "lxml")
    main = soup.find("main") or soup.find("article") or soup.body or soup
    heading = main.find(_HEADINGS)
    return Markup(
        text=text_of(_events(main)),
        links=tuple(_links(main)),
        heading=one_line(heading.get_text()) if heading else "",
        title=_title(soup),
        summary=_meta(soup, "description"),
        keywords=tuple(word for part in _meta(soup, "keywords").split(",") if (word := part.strip())),
        language=_attribute(soup.html, "lang") if soup.html else "",
    )


def _events(root: Tag) -> Iterator[Event]:
    """Yield the events of a tree without recursion: documents may be nested to any depth."""
    path = [(root, iter(root.contents))]
    while path:
        tag, children = path[-1]
        child = next(children, None)
        if child is None:
            path.pop()
            yield End(tag.name)
        elif isinstance(child, Tag):
            path.append((child, iter(child.contents)))
            yield Start(
                child.name, {name: _attribute(child, name) for name in ("alt", "hidden") if child.has_attr(name)}
            )
        elif type(child) in (NavigableString, CData):  # Comments and the like are other subclasses.
            yield str(child)


def _title(document: Tag) -> str:
    """Return the title of a document in one line, empty if it has none; that of a drawing in it does not count."""
    title = document.find(lambda tag: tag.name == "title" and not tag.find_parent("svg"))
    return one_line(title.get_text()) if title else ""


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
