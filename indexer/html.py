"""The text of an HTML document as people see it, be the document a page of the library or an attached file.

The rules work on a stream of events, so that a document need never be held as a whole: pages of the library, which are
asked for their links too, send the events of their tree, and `parse` makes them while it reads an attachment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, NamedTuple, cast

from lxml import etree

from indexer.encoding import clean, one_line


class Start(NamedTuple):
    """An element begins; names are in lower case."""

    name: str
    attributes: Mapping[str, str] = {}


class End(NamedTuple):
    """An element ends."""

    name: str


Event = Start | End | str
"""What a document consists of, in its order; text may come in several pieces."""


class Paragraph(NamedTuple):
    """A paragraph in clean text, or a heading when `level` is 1 (the highest) to 6.

    `anchor` is the id of a heading, or of what stands in it or right before it, as the document writes it.
    """

    text: str
    level: int = 0
    anchor: str = ""


_CELL, _LINE, _PARAGRAPH = "\t", "\n", "\n\n"
_STRENGTH = {"": 0, _CELL: 1, _LINE: 2, _PARAGRAPH: 3}
"""What parts two pieces of text, and which goes before the other."""
_AROUND = (
    dict.fromkeys(("td", "th"), _CELL)
    | dict.fromkeys(("br", "dd", "dt", "figcaption", "legend", "li", "option", "summary", "tr"), _LINE)
    | dict.fromkeys(("address", "article", "aside", "blockquote", "body", "caption", "details", "div"), _PARAGRAPH)
    | dict.fromkeys(("dl", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"), _PARAGRAPH)
    | dict.fromkeys(("header", "hr", "main", "ol", "p", "pre", "section", "table", "ul"), _PARAGRAPH)
)
"""The gap before and after an element; the others stand within a line."""
_DROPPED = frozenset({"head", "iframe", "object", "script", "style", "svg", "template"})
_ASIDES = frozenset({"nav", "noscript"})
_PROSE = frozenset(
    {"article", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "main", "p", "pre", "section", "table"}
)
"""What menus and the like are seldom made of: behind one that is not closed stands the text of the document."""
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_PIECE = 1 << 16
"""Characters that are parsed at a time."""


def parse(pieces: Iterable[str]) -> Iterator[Event]:
    """Yield the events of an HTML document given in pieces. Nothing is refused; memory is that of one piece."""
    target = _Target()
    # Some versions end a document at a long comment or attribute if it may not be huge. The stubs expect bytes as well,
    # which a parser that is told its encoding never sends.
    parser = etree.HTMLParser(target=cast(Any, target), encoding="utf-8", huge_tree=True)
    for piece in pieces:
        for start in range(0, len(piece), _PIECE):
            parser.feed(piece[start : start + _PIECE].encode("utf-8", "replace"))
            yield from target.taken()
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        if getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
        # It holds nothing at all.
    yield from target.taken()


class _Target:
    """Collects what the parser reports; no tree is built."""

    def __init__(self) -> None:
        self._events: list[Event] = []

    def taken(self) -> list[Event]:
        """Return what was collected since the last call."""
        events, self._events = self._events, []
        return events

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        self._events.append(Start(name, attributes))

    def end(self, name: str) -> None:
        """Take the end of an element."""
        self._events.append(End(name))

    def data(self, text: str) -> None:
        """Take a piece of text."""
        self._events.append(text)

    def close(self) -> None:
        """End; the parser asks for this method."""


@dataclass(slots=True)
class Head:
    """What a document says of itself, known when all its events have been watched.

    `metas` maps the names of its meta elements, in lower case, to the first content of each.
    """

    title: str = ""
    language: str = ""
    metas: dict[str, str] = field(default_factory=dict)

    def watch(self, events: Iterable[Event]) -> Iterator[Event]:
        """Yield the events as they come and note what they say; the title of a drawing does not count."""
        title: list[str] | None = None
        drawings = 0
        for event in events:
            if isinstance(event, str):
                if title is not None:
                    title.append(event)
            elif event.name == "svg":
                drawings += 1 if isinstance(event, Start) else -1
            elif event.name == "title" and not drawings and not self.title:
                title = self._title(event, title)
            elif isinstance(event, Start):
                self._note(event)
            yield event

    def _title(self, event: Start | End, collected: list[str] | None) -> list[str] | None:
        if isinstance(event, Start):
            return []
        self.title = one_line("".join(collected or ()))
        return None

    def _note(self, element: Start) -> None:
        attributes = element.attributes
        if element.name == "meta":
            name = attributes.get("name") or attributes.get("property") or ""
            self.metas.setdefault(name.strip().lower(), one_line(attributes.get("content") or ""))
        elif element.name == "html":
            self.language = attributes.get("lang") or attributes.get("xml:lang") or ""


def text_of(events: Iterable[Event]) -> str:
    """Return the clean text of a document: paragraphs parted by an empty line, cells of a table by a tab."""
    return "\n\n".join(paragraph.text for paragraph in paragraphs(events))


def paragraphs(events: Iterable[Event]) -> Iterator[Paragraph]:
    """Yield the paragraphs of a document that people see, its lines parted by line feeds and its cells by tabs.

    Each run of white space is one blank, save that preformatted text keeps its lines.
    """
    assembly = _Assembly()
    for event in _with_notes_apart(_shown(events)):
        done = assembly.take(event)
        if done:
            yield done
    last = assembly.part(_PARAGRAPH)
    if last:
        yield last


def _with_notes_apart(events: Iterable[Event]) -> Iterator[Event]:
    """Part the raised number of a note from the word that it stands behind."""
    is_raised = False
    for event in events:
        if isinstance(event, str):
            if is_raised and event[:1].isdigit():
                yield " "
            is_raised = False
        elif event.name == "sup":
            is_raised = isinstance(event, Start)
        yield event


class _Sight(Enum):
    """Whether a reader sees what stands in an element; of asides only the prose, for one that is never closed."""

    SHOWN = auto()
    HIDDEN = auto()
    ASIDE = auto()


def _sight(element: Start, around: _Sight) -> _Sight:
    # What is hidden until it is found is what a search is for.
    hidden = element.attributes.get("hidden")
    is_hidden = hidden is not None and hidden.strip().lower() != "until-found"
    if around is _Sight.HIDDEN or element.name in _DROPPED or is_hidden:
        return _Sight.HIDDEN
    if element.name in _ASIDES:
        return _Sight.ASIDE
    return _Sight.SHOWN if element.name in _PROSE else around


def _shown(events: Iterable[Event]) -> Iterator[Event]:
    """Leave out the elements that are not shown, with all that is in them."""
    path = [_Sight.SHOWN]
    for event in events:
        if isinstance(event, Start):
            path.append(_sight(event, path[-1]))
        if path[-1] is _Sight.SHOWN:
            yield event
        if isinstance(event, End) and len(path) > 1:
            path.pop()


@dataclass(slots=True)
class _Assembly:
    """Puts pieces of text together to lines, and lines to paragraphs.

    `gap` is the strongest one since the last line. `level` and `anchor` are those of the heading that is open, and
    `before` is the last id since any text.
    """

    running: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    gap: str = ""
    preformatted: int = 0
    level: int = 0
    anchor: str = ""
    before: str = ""

    def take(self, event: Event) -> Paragraph | None:
        """Take the next event; return the paragraph that it ends, if it does."""
        if isinstance(event, str):
            self._add(event)
            return None
        return self._enter(event) if isinstance(event, Start) else self._leave(event.name)

    def part(self, gap: str) -> Paragraph | None:
        """End the line, and return the paragraph if the gap is wide enough to end it too."""
        line = one_line("".join(self.running))
        self.running.clear()
        if line:
            self.parts += (self.gap, line) if self.parts else (line,)
            self.gap = ""
        if _STRENGTH[gap] > _STRENGTH[self.gap]:
            self.gap = gap
        if gap != _PARAGRAPH or not self.parts:
            return None
        text = "".join(self.parts)
        self.parts.clear()
        return Paragraph(text, self.level, (self.anchor or self.before) if self.level else "")

    def _add(self, text: str) -> None:
        if not self.level and self.before and not text.isspace():
            self.before = ""
        if not self.preformatted:
            self.running.append(text)
            return
        *lines, last = clean(text).split("\n")
        for line in lines:
            self.running.append(line)
            self.part(_LINE)
        self.running.append(last)

    def _enter(self, element: Start) -> Paragraph | None:
        name = element.name
        gap = _AROUND.get(name)
        done = self.part(gap) if gap else None
        if name == "img":
            # A picture parts words, and its description stands for it.
            self.running.append(f" {element.attributes.get('alt') or ''} ")
        self.preformatted += name == "pre"
        if element.attributes or name in _LEVELS:
            self._note_anchor(element)
        return done

    def _note_anchor(self, element: Start) -> None:
        anchor = element.attributes.get("id") or (element.attributes.get("name") if element.name == "a" else "") or ""
        if element.name in _LEVELS:
            self.level, self.anchor = _LEVELS[element.name], anchor
        elif self.level:
            self.anchor = self.anchor or anchor
        elif anchor:
            self.before = anchor

    def _leave(self, name: str) -> Paragraph | None:
        self.preformatted -= name == "pre"
        gap = _AROUND.get(name)
        done = self.part(gap) if gap else None
        if name in _LEVELS:
            self.level, self.anchor, self.before = 0, "", ""
        return done
