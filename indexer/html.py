"""The text of an HTML document as people see it, be the document a page of the library or an attached file."""

from __future__ import annotations

from collections.abc import Iterator

from bs4.element import CData, NavigableString, Tag

from indexer.encoding import clean, one_line

_CELL, _LINE, _PARAGRAPH = "\t", "\n", "\n\n"
_GAPS = ("", _CELL, _LINE, _PARAGRAPH)
"""What parts two pieces of text, the weakest first."""
_AROUND = (
    dict.fromkeys(("td", "th"), _CELL)
    | dict.fromkeys(("br", "dd", "dt", "figcaption", "legend", "li", "option", "summary", "tr"), _LINE)
    | dict.fromkeys(("address", "article", "aside", "blockquote", "body", "caption", "details", "div"), _PARAGRAPH)
    | dict.fromkeys(("dl", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"), _PARAGRAPH)
    | dict.fromkeys(("header", "hr", "main", "ol", "p", "pre", "section", "table", "ul"), _PARAGRAPH)
)
"""The gap before and after an element; the others stand within a line."""
_DROPPED = frozenset({"head", "iframe", "nav", "noscript", "object", "script", "style", "svg", "template"})


def title_of(document: Tag) -> str:
    """Return the title of a document in one line, empty if it has none; that of a drawing in it does not count."""
    title = document.find(lambda tag: tag.name == "title" and not tag.find_parent("svg"))
    return one_line(title.get_text()) if title else ""


def text_of(root: Tag) -> str:
    """Return the clean text of an element: paragraphs parted by an empty line, cells of a table by a tab.

    Each run of white space is one blank, save that preformatted text keeps its lines.
    """
    parts: list[str] = []
    running: list[str] = []
    before = ""
    for piece, gap in _pieces(root):
        running.append(piece)
        if not gap:
            continue
        line = one_line("".join(running))
        running.clear()
        if line:
            parts += (before if parts else "", line)
            before = ""
        before = max(before, gap, key=_GAPS.index)
    return "".join(parts)


def _pieces(root: Tag) -> Iterator[tuple[str, str]]:
    """Yield texts, each with the gap behind it, without recursion: documents may be nested to any depth."""
    path = [(root, iter(root.contents))]
    preformatted = 0
    while path:
        tag, children = path[-1]
        child = next(children, None)
        if child is None:
            path.pop()
            preformatted -= tag.name == "pre"
            yield "", _AROUND.get(tag.name, "")
        elif isinstance(child, Tag) and child.name not in _DROPPED:
            path.append((child, iter(child.contents)))
            preformatted += child.name == "pre"
            # A picture parts words.
            yield " " if child.name == "img" else "", _AROUND.get(child.name, "")
        elif type(child) in (NavigableString, CData):  # Comments and the like are other subclasses.
            yield from _lines(str(child)) if preformatted else ((str(child), ""),)
    yield "", _PARAGRAPH


def _lines(text: str) -> Iterator[tuple[str, str]]:
    *lines, last = clean(text).split("\n")
    for line in lines:
        yield line, _LINE
    yield last, ""
