"""Parts of XML of any size, read element by element, so that memory does not grow with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol, TypeVar
from xml.parsers import expat
from zipfile import ZipFile

from indexer.extract.archive import pieces_of
from indexer.extract.items import Incomplete
from indexer.index.schema import Status

_CHUNK = 1 << 16
_LONGEST_TAG = 2_000_000
"""Bytes; the parser begins a tag again with every chunk, so that a long one takes it hours."""
_OUT_OF_MEMORY = 1
"""Expat's number for it."""
_ENCODINGS = frozenset({"utf-8", "utf-16", "us-ascii", "iso-8859-1", "windows-1252"})
_Action = TypeVar("_Action")

Attributes = Mapping[str, str]
"""The attributes of an element; one that has a namespace is named "namespace}name"."""


class Handler(Protocol):
    """What is done at the start and at the end of elements, by their local names, and with text between any two tags.

    Namespaces do not count: the strict and the transitional form of a standard differ only in them.
    """

    @property
    def starts(self) -> Mapping[str, Callable[[Attributes], None]]:
        """What is done at the start of elements."""

    @property
    def ends(self) -> Mapping[str, Callable[[], None]]:
        """What is done at the end of elements."""

    def text(self, data: str) -> None:
        """Take a piece of the text that lies between two tags."""


def parse(pieces: Iterable[bytes], name: str, handler: Handler) -> Iterator[None]:
    """Have the handler read a part, and yield after each piece of it, so that the caller can take what is ready.

    Raises Incomplete if the part is not well-formed or declares a document type, which is where entities are defined,
    and whatever the handler raises.
    """
    parser = _parser(name, handler)
    fed = 0
    try:
        for piece in pieces:
            parser.Parse(piece, False)
            fed += len(piece)
            if fed - parser.CurrentByteIndex > _LONGEST_TAG:
                raise _damaged(name, f"holds a tag of more than {_LONGEST_TAG:,} bytes")
            yield
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        if error.code == _OUT_OF_MEMORY:
            raise MemoryError from error
        # Hands over the text that stands before the error.
        parser.buffer_text = False
        raise malformed(name, error) from error
    yield


def parse_part(archive: ZipFile, name: str, handler: Handler) -> Iterator[None]:
    """Have the handler read a member like `parse`; raises Incomplete where the member is missing or damaged, too."""
    return parse(pieces_of(archive, name), name, handler)


def read_part(archive: ZipFile, name: str, handler: Handler) -> None:
    """Have the handler read a member to its end; raises Incomplete where it is missing or damaged."""
    for _ in parse_part(archive, name, handler):
        pass


def _parser(name: str, handler: Handler) -> expat.XMLParserType:
    # Expat and not a tree of lxml that is cut down as it grows: twice as fast, and nothing is left that could grow.
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.buffer_size = _CHUNK
    starts, ends = _ByLocalName(handler.starts), _ByLocalName(handler.ends)

    def start(tag: str, attributes: Attributes) -> None:
        action = starts[tag]
        if action:
            action(attributes)

    def end(tag: str) -> None:
        action = ends[tag]
        if action:
            action()

    def declare(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in _ENCODINGS:
            raise _damaged(name, f"is written in {encoding}, and not in Unicode")

    def refuse(*_: object) -> None:
        raise doctype_refused(name)

    parser.XmlDeclHandler, parser.StartDoctypeDeclHandler = declare, refuse
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = handler.text
    return parser


def malformed(name: str, error: Exception) -> Incomplete:
    """Return what is to be raised for a part that is no XML, by what its parser says."""
    return _damaged(name, f"is not well-formed XML ({error})")


def doctype_refused(name: str) -> Incomplete:
    """Return what is to be raised for a part that declares a document type."""
    return _damaged(name, "declares a document type, which files of its kind never do")


def _damaged(name: str, what: str) -> Incomplete:
    return Incomplete(Status.DAMAGED, f"Its part {name} {what}.")


class _ByLocalName(dict[str, _Action | None]):
    """Actions by the full names of elements, each found once by its local name."""

    def __init__(self, actions: Mapping[str, _Action]) -> None:
        super().__init__()
        self._actions = actions

    def __missing__(self, tag: str) -> _Action | None:
        self[tag] = action = self._actions.get(tag.rpartition("}")[2])
        return action
