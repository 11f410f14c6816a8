"""OpenDocument spreadsheets: a page for each sheet, hidden ones too, with what its cells show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from zipfile import ZipFile

from indexer.extract.archive import open_archive, pieces_of
from indexer.extract.items import Incomplete, Item
from indexer.extract.ods_tables import TableNames, Tables
from indexer.extract.opendocument import refuse_encrypted
from indexer.extract.properties import odf_metadata
from indexer.extract.sheets import Budget, BudgetSpent, cut_reason
from indexer.extract.source import Context, Source
from indexer.extract.xml_stream import parse, read_part
from indexer.index.schema import Page, Status

_CONTENT = "content.xml"


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the sheets by their names: a line for each row, cells parted by tabs, notes and shapes behind the rows.

    Empty cells are left out. Where the file is damaged or a limit ends the reading, the sheet is kept up to there.
    """
    with open_archive(source, context.limits) as archive:
        refuse_encrypted(archive)
        yield odf_metadata(archive)
        tables = Tables(Budget.of(context.limits))
        try:
            for _ in parse(pieces_of(archive, _CONTENT), _CONTENT, tables):
                yield from _ready(tables)
        except BudgetSpent:
            yield from _stopped(tables)
            unread = _names(archive)[tables.count :]
            raise Incomplete(Status.CUT, cut_reason(tables.sheet.label, unread, context.limits)) from None
        except Incomplete as error:
            yield from _stopped(tables)
            where = (
                f" What follows in or after the sheet “{tables.sheet.label}” is not searched." if tables.count else ""
            )
            raise Incomplete(Status.DAMAGED, error.reason + where) from error


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
