"""The Markdown sources of the sample library's attachments, read into chapters and blocks.

A source has front matter (`title`, `language`, `publisher`) and a body of which every construct has its place in each
format: `# Heading` starts a chapter and `## Heading` a section; below stand paragraphs, lists of one level, tables and
quotations. Anything else is an error and not lost in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import frontmatter
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

Rows = tuple[tuple[str, ...], ...]


class SourceError(Exception):
    """A source cannot be rendered; the text names file, line and way out."""


@dataclass(frozen=True, slots=True)
class Section:
    """The heading of a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text without line breaks."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A quoted paragraph; on a slide, what the speaker says."""

    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list, with its bullet or its number ("3.")."""

    marker: str
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first row is the header, and all rows are of its length."""

    rows: Rows


Block = Section | Paragraph | Quote | Item | Table


@dataclass(frozen=True, slots=True)
class Chapter:
    """A first-level heading and all that follows up to the next."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One source as read: its front matter, its Markdown and the chapters in it."""

    title: str
    language: str
    publisher: str
    markdown: str
    chapters: tuple[Chapter, ...]


def markdown_parser() -> MarkdownIt:
    """Return the parser of all sources: CommonMark and tables."""
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def read_source(path: Path) -> Source:
    """Read one source; SourceError if it lacks a title or holds what has no place in the formats."""
    post = frontmatter.loads(path.read_text(encoding="utf-8"))
    if not post.get("title"):
        raise SourceError(f"{path.name}: there is no title; the front matter needs a line “title: …”")
    try:
        chapters = tuple(split_chapters(SyntaxTreeNode(markdown_parser().parse(post.content))))
    except SourceError as error:
        raise SourceError(f"{path.name}: {error}") from None
    language, publisher = str(post.get("language", "en")), str(post.get("publisher", ""))
    return Source(str(post["title"]), language, publisher, post.content, chapters)


def split_chapters(root: SyntaxTreeNode) -> Iterator[Chapter]:
    """Yield the chapters of a parsed source in order."""
    title, blocks = "", list[Block]()
    for node in root.children:
        if node.type == "heading" and node.tag == "h1":
            if title:
                yield Chapter(title, tuple(blocks))
            title, blocks = plain_text(node), []
        elif title:
            blocks.extend(read_blocks(node))
        else:
            raise SourceError("there is text before the first “# Heading”; every text belongs to a chapter")
    if not title:
        raise SourceError("there is no chapter; begin the text with a line “# Heading”")
    yield Chapter(title, tuple(blocks))


def read_blocks(node: SyntaxTreeNode) -> Iterator[Block]:
    """Yield what one node of the parsed source holds."""
    match node.type:
        case "heading" if node.tag == "h2":
            yield Section(plain_text(node))
        case "paragraph":
            yield Paragraph(plain_text(node))
        case "blockquote":
            yield from (Quote(paragraph_text(child)) for child in node.children)
        case "bullet_list":
            yield from (Item("•", item_text(item)) for item in node.children)
        case "ordered_list":
            first = int(node.attrs.get("start", 1))
            yield from (Item(f"{number}.", item_text(item)) for number, item in enumerate(node.children, first))
        case "table":
            rows = (row for part in node.children for row in part.children)
            yield Table(tuple(tuple(plain_text(cell) for cell in row.children) for row in rows))
        case _:
            raise unsupported(node)


def item_text(item: SyntaxTreeNode) -> str:
    """Return the text of a list item; a second paragraph in it follows in the same line."""
    return " ".join(paragraph_text(child) for child in item.children)


def paragraph_text(node: SyntaxTreeNode) -> str:
    """Return the text of a paragraph; SourceError if it is anything else."""
    if node.type != "paragraph":
        raise unsupported(node)
    return plain_text(node)


def plain_text(node: SyntaxTreeNode) -> str:
    """Return the text below a node, without its markup and in one line."""
    parts = []
    for inner in node.walk():
        if inner.type == "image":
            raise unsupported(node)
        if inner.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        elif not inner.children:
            parts.append(inner.content)
    return "".join(parts).strip()


def unsupported(node: SyntaxTreeNode) -> SourceError:
    """Return the error for something that Markdown knows and the formats do not."""
    line = node.map[0] + 1 if node.map else 0
    allowed = "headings of two levels, paragraphs, lists of one level, tables and quotations"
    return SourceError(f"line {line} of the body: a {node.type.replace('_', ' ')} has no place here; use {allowed}")
