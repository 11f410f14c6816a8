"""A segment as it is read: some documents of an index, never changed after they were written."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.index.whoosh.array_file import ArrayFile
from indexer.index.whoosh.checksums import check
from indexer.index.whoosh.layout import arrays_name, texts_name
from indexer.index.whoosh.postings import Numbers
from indexer.index.whoosh.records import Record, RecordReader, RecordWriter
from indexer.index.whoosh.strings import Starts, Strings


@dataclass(frozen=True, slots=True)
class FacetView:
    """The values of a facet in one segment, as `columns.FacetRows` explains them, without being decoded."""

    starts: Starts
    ordinals: Numbers
    first: int
    values: Strings
    folded: Strings

    def ordinal(self, value: bytes) -> int | None:
        """Return the ordinal of a value that is first met in this segment; None for others."""
        number = self.values.find(value)
        return None if number is None else self.first + number


class Segment:
    """The arrays and records of one segment. Documents are numbered from 0; which are deleted, the index knows."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.file = ArrayFile(folder / arrays_name(name))
        self._records = RecordReader(folder / texts_name(name))
        about = self.file.about
        check(folder / texts_name(name), about["texts_checksum"])
        self.size: int = about["documents"]
        self.language_names: list[tuple[str, ...]] = [tuple(names) for names in about["languages"]]
        self.terms = Strings(self.file, "terms")
        self.letters: Numbers = self.file["letters"]
        self.posting_starts: Starts = self.file["posting_starts"]
        self.slots: Numbers = self.file["slots"]
        self.position_starts: Starts = self.file["position_starts"]
        self.positions: Numbers = self.file["positions"]
        self.lengths: Numbers = self.file["lengths"]
        self.dates: Numbers = self.file["dates"]
        self.languages: Numbers = self.file["languages"]
        self.title_ranks: Numbers = self.file["title_ranks"]
        self.ids = Strings(self.file, "ids")
        self.titles = Strings(self.file, "titles")
        self.facets = {name: self._facet(number, first) for number, (name, first) in enumerate(about["facets"].items())}
        self.record_starts: Starts = self.file["record_starts"]
        # Views whose items are Python's own numbers.
        self._id_order = self.file["id_order"].data
        self._posting_starts = self.posting_starts.data

    def document(self, identifier: bytes) -> int | None:
        """Return the number of the document of that id, deleted or not."""
        place = bisect_left(self._id_order, identifier, key=self.ids.__getitem__)
        if place == self.size or self.ids[self._id_order[place]] != identifier:
            return None
        return self._id_order[place]

    def record(self, document: int) -> Record:
        """Return what is shown of a document."""
        return self._records.record(int(self.record_starts[document]), int(self.record_starts[document + 1]))

    def postings(self, term: bytes) -> tuple[int, int]:
        """Return the numbers of a term's first posting and of the first behind its last; equal when it has none."""
        number = self.terms.find(term)
        return (0, 0) if number is None else self.postings_of_terms(number, number + 1)

    def postings_of_terms(self, begin: int, end: int) -> tuple[int, int]:
        """Return where the postings of the terms from number `begin` to before `end` begin and end."""
        return self._posting_starts[begin], self._posting_starts[end]

    def copy_records(self, kept: NDArray[np.bool_], writer: RecordWriter) -> None:
        """Write the records of the documents that are kept behind those of another segment."""
        edges = np.flatnonzero(np.diff(kept, prepend=False, append=False))
        for begin, end in edges.reshape(-1, 2).tolist():
            writer.copy(self._records, self.record_starts[begin : end + 1].astype(np.uint64))

    def close(self) -> None:
        """Let go of the files; what others hold of them stays readable until they let go, too."""
        self._records.close()

    def _facet(self, number: int, first: int) -> FacetView:
        return FacetView(
            starts=self.file[f"facet{number}.starts"],
            ordinals=self.file[f"facet{number}.ordinals"],
            first=first,
            values=Strings(self.file, f"facet{number}.values"),
            folded=Strings(self.file, f"facet{number}.folded"),
        )
