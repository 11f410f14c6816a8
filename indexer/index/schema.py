"""What is indexed and what comes back: the data types that both halves of Handlist share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from indexer.index.values import is_code

SCHEMA_VERSION = 4
"""Raised by one whenever an index written before can no longer be read."""

TEXT_FIELDS = ("title", "summary", "keywords", "body", "attachments")
"""The fields that words are looked up in; `keywords` holds the values of facets."""


class Status(StrEnum):
    """How the reading of one file ended."""

    OK = "ok"
    OCR = "ocr"
    CUT = "cut"
    NO_TEXT = "no text"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TIMED_OUT = "timed out"
    TOO_LARGE = "too large"
    UNSUPPORTED = "unsupported"
    UNREADABLE = "unreadable"
    MISSING = "missing"
    REFUSED = "refused"
    UNATTACHED = "unattached"


class Unit(StrEnum):
    """What one page of a file is called by the people who read it."""

    PAGE = "page"
    SLIDE = "slide"
    SHEET = "sheet"
    CHAPTER = "chapter"
    SECTION = "section"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Locator:
    """Where in a file a page is, as its readers say it: `unit` and `label` make "page iv", "sheet Costs".

    `label` may be empty, which names nothing. `within` is the name of the file inside the file that the page belongs
    to: a member of an archive, a file attached to a PDF. `anchor` is what stands behind "#" in an address that opens
    the file there, percent-encoded; empty where the format allows none. `recognised` tells text read off a picture.
    """

    label: str = ""
    unit: Unit = Unit.PART
    within: str = ""
    anchor: str = ""
    recognised: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a file: where it is, and its text."""

    locator: Locator
    text: str


@dataclass(frozen=True, slots=True)
class FileMetadata:
    """What a file says of itself; empty where it says nothing. `language` is an ISO 639-1 code: that of its text.

    `pages` is the number of pages that the file has, be they read or not; 0 when the format knows no pages.
    """

    title: str = ""
    author: str = ""
    language: str = ""
    date: date | None = None
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was read from one file: a status, its pages in order, and the reason when anything is missing.

    `reason` is a sentence for the person who keeps the library; it is empty when there is nothing to say. `lacks` is
    the name of the Debian package with which more of the file could be read. `characters_left_out` is how much text is
    known to be missing from the pages, and `seconds` how long the reading took.
    """

    status: Status
    format: str
    pages: tuple[Page, ...] = ()
    reason: str = ""
    lacks: str = ""
    metadata: FileMetadata = FileMetadata()
    characters_left_out: int = 0
    seconds: float = field(default=0.0, compare=False)

    @property
    def characters(self) -> int:
        """The number of characters of text in all pages."""
        return sum(len(page.text) for page in self.pages)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a resource, as it is shown: everything but its text.

    `name` is unique within its resource and is the last part of the file's address; `path` is relative to the
    library's folder, with forward slashes; `size` is in bytes. `locators` never change and equal a tuple of the same.
    """

    name: str
    path: str
    format: str
    size: int
    locators: Sequence[Locator]
    status: Status = Status.OK
    reason: str = ""
    metadata: FileMetadata = FileMetadata()


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of the library as it is shown: its page's metadata and its list of files.

    `id` and the values of facets hold no control characters, and `language` is never empty. `facets` maps a facet's
    name to this resource's values in it, in the order of the page: of a hierarchical one the most specific paths, whose
    ancestors count as values, too. `url` is where the resource lives outside the library, or empty. `year` facets hold
    the year as text.
    """

    id: str
    title: str
    summary: str = ""
    date: date | None = None
    language: str = "en"
    url: str = ""
    source: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its texts: its own, then the others of its files in alphabetical order."""
        if not self.attachments:
            return (self.language,)
        others = {self.language_of(file) for file in self.attachments if file.locators} - {self.language}
        return (self.language, *sorted(others))

    def language_of(self, attachment: Attachment) -> str:
        """Return the language of the text of one of its files: its own if that is known, else the resource's."""
        return attachment.metadata.language or self.language

    @property
    def keywords(self) -> tuple[str, ...]:
        """The facet values whose words are looked up; the code of a language or a format is no word of its resource."""
        return tuple(value for name, values in self.facets.items() for value in values if not is_code(name, value))


@dataclass(frozen=True, slots=True)
class Document:
    """What an engine indexes: a resource, the text of its page and the pages of each of its attachments.

    `pages[i]` holds the pages of `resource.attachments[i]`.
    """

    resource: Resource
    body: str = ""
    pages: tuple[tuple[Page, ...], ...] = ()
