"""Files inside files: members of an archive, files attached to a PDF, documents embedded in a document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from indexer.extract.formats import format_of, read
from indexer.extract.items import Incomplete, Item, Remark, listed
from indexer.extract.source import Context, Source
from indexer.index.schema import FileMetadata, Page, Status

_REMARKED = frozenset({Status.NO_TEXT, Status.UNSUPPORTED})
"""How the reading of an inner file may end without anything being wrong with the file around it."""


class InnerFiles:
    """Reads the files inside one file; what cannot be read of one is said when all are read, and costs only it."""

    def __init__(self, outer: Source, context: Context) -> None:
        self.failed: list[Incomplete] = []
        self._outer = outer
        self._context = context
        self._unread: list[str] = []
        self._lacking: dict[str, list[str]] = {}

    def read(self, name: str, content: bytes) -> Iterator[Item]:
        """Yield the pages of a file with its name; nothing is read of a file inside a file inside a file."""
        if self._outer.is_inside:
            self._unread.append(name)
            return
        try:
            yield from _read_inside(Source.inside(name, content), self._context)
        except Incomplete as problem:
            self._end(name, problem)
        except MemoryError:
            # What it took is free again, and those behind it may be small.
            self.fail(name, Incomplete(Status.TOO_LARGE, "Reading it takes too much memory."))

    def fail(self, name: str, problem: Incomplete) -> None:
        """Say of a file why it cannot be read as a whole."""
        self.failed.append(Incomplete(problem.status, f"{name}: {problem.reason}", problem.lacks, problem.left_out))

    def remarks(self) -> Iterator[Remark]:
        """Yield sentences about the files that hold no text or are of a format that is not read."""
        if self._unread:
            yield Remark(f"It holds files that are not searched: {listed(self._unread)}.")
        for lacks, names in self._lacking.items():
            yield Remark(
                f"It holds files in which more could be searched with the package {lacks}: {listed(names)}.", lacks
            )

    def _end(self, name: str, problem: Incomplete) -> None:
        if problem.status not in _REMARKED:
            self.fail(name, problem)
        elif problem.lacks:
            self._lacking.setdefault(problem.lacks, []).append(name)
        else:
            self._unread.append(name)


def _read_inside(source: Source, context: Context) -> Iterator[Item]:
    name = format_of(source)
    if name == "zip":
        raise Incomplete(Status.UNSUPPORTED, "Archives inside other files are not read.")
    try:
        for item in read(name, source, context):
            match item:
                case Page():
                    yield Page(replace(item.locator, within=source.name, anchor=""), item.text)
                case FileMetadata():
                    # It is the outer file that pages name, and whose title and date are asked for.
                    pass
                case Remark():
                    yield replace(item, reason=f"{source.name}: {item.reason}")
                case _:
                    yield item
    except (Incomplete, MemoryError):
        raise
    except Exception as error:
        # The libraries fail on damaged files in more ways than they document; the file around it is still readable.
        raise Incomplete(Status.DAMAGED, f"It cannot be read ({type(error).__name__}: {error}).") from error
