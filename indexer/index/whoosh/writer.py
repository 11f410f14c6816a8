"""Writes a generation: what is new becomes a segment beside those that it shares with the generation before."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from indexer.index.schema import Document
from indexer.index.whoosh.codec import write_table_of_contents
from indexer.index.whoosh.generation import Generation
from indexer.index.whoosh.layout import arrays_name, texts_name
from indexer.index.whoosh.merge_policy import Size, first_taken_in
from indexer.index.whoosh.merging import GONE
from indexer.index.whoosh.postings import Numbers
from indexer.index.whoosh.segment import Segment
from indexer.index.whoosh.segment_writer import Kept, SegmentWriter
from indexer.index.whoosh.strings import encoded


class GenerationWriter:
    """Adds resources to a generation and removes them; nothing of it is seen before it is committed and published.

    `generation` is an empty folder. `previous`, when given, is a generation of the same schema whose files are shared;
    it may be `generation` itself, to change what was committed there and is not yet published. `hierarchies` names the
    facets whose values are paths, each with what parts their levels.
    """

    def __init__(
        self,
        generation: Path,
        previous: Path | None,
        language: str,
        facets: Iterable[str],
        hierarchies: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._folder = generation
        self._language = language
        self._facets = list(facets)
        self._hierarchies = hierarchies
        self._older = _older(previous) if previous else []
        if previous and previous != generation:
            _share(previous, generation, [each.segment.name for each in self._older])
        self._writer: SegmentWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writer is not None:
            self._writer.abandon()
        for each in self._older:
            each.segment.close()

    def remove(self, identifier: str) -> None:
        """Remove the resource of that id."""
        for each in self._older:
            each.remove(encoded(identifier))

    def add(self, document: Document) -> list[str]:
        """Add a resource that is not in the index, and return its words, some of them in lower case.

        A string holds thousands of words, each once, parted by spaces; there are several when the texts are long.
        """
        return self._new_segment().add(document)

    def commit(self) -> None:
        """Write everything out; the folder then holds a whole Whoosh index."""
        added = self._writer.words + len(self._writer) if self._writer else 0
        first = first_taken_in([each.size for each in self._older], added)
        kept, taken_in = self._older[:first], self._older[first:]
        segments = {each.segment.name: each.deleted for each in kept}
        if taken_in or self._writer is not None:
            name = self._write_segment(taken_in)
            segments |= {name: np.empty(0, dtype=np.uint32)} if name else {}
        Generation(segments, self._facets).write(self._folder)
        write_table_of_contents(self._folder, self._language, self._facets)
        for each in taken_in:
            (self._folder / arrays_name(each.segment.name)).unlink()
            (self._folder / texts_name(each.segment.name)).unlink()

    def _new_segment(self) -> SegmentWriter:
        """Return the segment that is being written, begun when it is first asked for."""
        if self._writer is None:
            names = {each.segment.name for each in self._older}
            name = next(name for n in range(len(names) + 1) if (name := f"{self._folder.name}-{n}") not in names)
            facets = {facet: sum(each.values(facet) for each in self._older) for facet in self._facets}
            self._writer = SegmentWriter(self._folder, name, facets, self._ordinal, self._hierarchies)
        return self._writer

    def _ordinal(self, facet: str, value: bytes) -> int | None:
        for each in self._older:
            ordinal = each.segment.facets[facet].ordinal(value)
            if ordinal is not None:
                return ordinal
        return None

    def _write_segment(self, taken_in: list[_Older]) -> str:
        """Write the new segment and return its name; empty when no document is left to be in it."""
        writer = self._new_segment()
        if not len(writer) and not any(each.live for each in taken_in):
            return ""
        first = 0
        kept = []
        for each in taken_in:
            kept.append(Kept(each.segment, each.renumbered(first)))
            first += each.live
        writer.finish(kept)
        self._writer = None
        return writer.name


@dataclass(slots=True)
class _Older:
    """A segment of the generation before; `is_deleted` tells of each document whether it was removed."""

    segment: Segment
    is_deleted: NDArray[np.bool_]

    @property
    def live(self) -> int:
        """The number of documents that are not removed."""
        return self.segment.size - int(self.is_deleted.sum())

    @property
    def size(self) -> Size:
        """Its size, as the merge policy looks at it."""
        words = len(self.segment.positions) * self.live // self.segment.size
        return Size(self.segment.size, self.live, words + self.live)

    @property
    def deleted(self) -> Numbers:
        """The numbers of the documents that were removed."""
        return np.flatnonzero(self.is_deleted).astype(np.uint32)

    def remove(self, identifier: bytes) -> None:
        """Remove the document of that id if there is one."""
        document = self.segment.document(identifier)
        if document is not None:
            self.is_deleted[document] = True

    def values(self, facet: str) -> int:
        """Return how many values of a facet are first met in it."""
        return len(self.segment.facets[facet].values)

    def renumbered(self, first: int) -> Numbers:
        """Return the numbers that its documents have when those left follow each other from `first` on."""
        numbers = np.cumsum(~self.is_deleted, dtype=np.uint32) + np.uint32(first) - np.uint32(1)
        numbers[self.is_deleted] = GONE
        return numbers


def _older(previous: Path) -> list[_Older]:
    found = []
    for name, deleted in Generation.read(previous).segments.items():
        segment = Segment(previous, name)
        is_deleted = np.zeros(segment.size, dtype=np.bool_)
        is_deleted[deleted] = True
        found.append(_Older(segment, is_deleted))
    return found


def _share(previous: Path, generation: Path, segments: Iterable[str]) -> None:
    """Give the files of segments a second name in the next generation: they are never changed."""
    for name in [name for segment in segments for name in (arrays_name(segment), texts_name(segment))]:
        try:
            os.link(previous / name, generation / name)
        except OSError:
            # A file system without hard links: the copy costs space and time, nothing else.
            shutil.copy2(previous / name, generation / name)
