"""Files inside files: a member of an archive, a file attached to a PDF."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from indexer.extract.formats import format_of, read
from indexer.extract.items import Incomplete, Item, Remark
from indexer.extract.source import Context, Source
from indexer.index.schema import FileMetadata, Page, Status


def read_inside(source: Source, context: Context) -> Iterator[Item]:
    """Yield the pages of a file inside another one, each with its name; what it says of itself is left out.

    Raises Incomplete like any reader, with the name of the file in the reason.
    """
    name = format_of(source)
    try:
        if name == "zip":
            raise Incomplete(Status.UNSUPPORTED, "Archives inside archives are not read.")
        for item in read(name, source, context):
            match item:
                case Page():
                    yield Page(replace(item.locator, within=source.name, anchor=""), item.text)
                case FileMetadata():
                    pass
                case Remark():
                    yield replace(item, reason=f"{source.name}: {item.reason}")
                case _:
                    yield item
    except Incomplete as error:
        raise Incomplete(error.status, f"{source.name}: {error.reason}", error.lacks) from error
    except MemoryError:
        raise
    except Exception as error:
        # The libraries fail on damaged files in more ways than they document; the file around it is still readable.
        reason = f"{source.name}: It cannot be read ({type(error).__name__}: {error})."
        raise Incomplete(Status.DAMAGED, reason) from error
