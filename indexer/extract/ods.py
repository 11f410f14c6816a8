"""OpenDocument spreadsheets: a page for each sheet, hidden ones too, with what is shown and printed around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from zipfile import ZipFile

from indexer.extract.archive import open_archive
from indexer.extract.flow import Flow, note_texts
from indexer.extract.items import Incomplete, Item
from indexer.extract.odf_text import OpenDocument, OpenDocumentText
from indexer.extract.ods_tables import TableNames, Tables
from indexer.extract.opendocument import refuse_encrypted
from indexer.extract.properties import odf_metadata
from indexer.extract.sheets import Budget, BudgetSpent, cut_reason
from indexer.extract.source import Context, Source
from indexer.extract.xml_stream import Attributes, parse_part, read_part
from indexer.extract.xml_text import value_of
from indexer.index.schema import Page, Status
from indexer.limits import Limits

_CONTENT = "content.xml"
_STYLES = "styles.xml"
_MARGINS = tuple(f"{kind}{pages}" for kind in ("header", "footer") for pages in ("", "-left", "-first"))
# Programs write something there that is replaced when the page is printed.
_FIELDS = ("sheet-name", "title", "date", "time", "file-name")
_NUMBERS = ("page-number", "page-count")
_NUMBER = "\ufffc"
"""Stands for a number while a header is read."""


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the sheets by their names: a line for each row, cells parted by tabs, notes and shapes behind the rows.

    Empty cells are left out. Where the file is damaged or a limit ends the reading, the sheet is kept up to there.
    """
    with open_archive(source, context.limits) as archive:
        refuse_encrypted(archive)
        yield odf_metadata(archive)
        document = OpenDocument(archive, context.limits.characters)
        yield from _sheets(document, context.limits)
        yield from document.embedded(document.objects, source, context)
    document.settle()


def _sheets(document: OpenDocument, limits: Limits) -> Iterator[Page]:
    tables = Tables(Budget.of(limits), _margins(document), document.object_text)
    try:
        for _ in parse_part(document.archive, _CONTENT, tables):
            yield from _ready(tables)
    except BudgetSpent:
        yield from _stopped(tables)
        unread = _names(document.archive)[tables.count :]
        document.note(Incomplete(Status.CUT, cut_reason(tables.sheet.label, unread, limits)))
    except Incomplete as error:
        yield from _stopped(tables)
        where = f" What follows in or after the sheet “{tables.sheet.label}” is not searched." if tables.count else ""
        document.note(Incomplete(Status.DAMAGED, error.reason + where))


def _ready(tables: Tables) -> Iterator[Page]:
    while tables.ready:
        yield tables.ready.popleft().page()


def _stopped(tables: Tables) -> Iterator[Page]:
    """Yield what there is of the sheets when the reading stops short."""
    tables.finish()
    yield from _ready(tables)


def _names(archive: ZipFile) -> list[str]:
    """Return the names of all sheets, as far as they can be read."""
    names = TableNames()
    # The names that stand before a damage are better than none.
    with suppress(Incomplete):
        read_part(archive, _CONTENT, names)
    return names.names


def _margins(document: OpenDocument) -> Mapping[str, Sequence[str]]:
    """Return what is printed above and below sheets, by the name of the kind of page that they are printed on."""
    margins = _Margins(document.flow())
    if _STYLES in document.archive.NameToInfo:
        for _ in document.pieces(_STYLES, margins):
            pass
    return margins.texts


class _Margins(OpenDocumentText):
    """Collects the headers and footers of each kind of page: `texts`, by its name, each once."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow, lambda _: "")
        self.texts: dict[str, list[str]] = {}
        self._name = ""
        self.starts |= {
            **dict.fromkeys(_FIELDS, self.skip),
            **dict.fromkeys(_NUMBERS, self._start_number),
            **dict.fromkeys(_MARGINS, self._start_margin),
            "master-page": self._start_page,
        }
        self.ends |= {
            **dict.fromkeys((*_FIELDS, *_NUMBERS), self.end_skipped),
            **dict.fromkeys(_MARGINS, self.end_left_out),
            "master-page": self._end_page,
        }

    def _start_number(self, attributes: Attributes) -> None:
        self.text(_NUMBER)
        self.skip(attributes)

    def _start_margin(self, attributes: Attributes) -> None:
        self.leave_out(value_of(attributes, "display") == "false")

    def _start_page(self, attributes: Attributes) -> None:
        self._name = value_of(attributes, "name")

    def _end_page(self) -> None:
        texts = note_texts(self.flow.take())
        said = (text.replace(_NUMBER, "").strip() for text in texts if not _only_numbers(text))
        self.texts[self._name] = list(dict.fromkeys(filter(None, said)))


def _only_numbers(text: str) -> bool:
    """Tell whether a text says nothing but the number of the page, as "Page 1", which every new file has."""
    words = [word for word in text.split() if any(map(str.isalnum, word))]
    return not words or (_NUMBER in text and len(words) == 1)
