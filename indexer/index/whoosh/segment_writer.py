"""Writes the documents that are added to an index as a segment, together with older segments that it takes in."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.index import analysis
from indexer.index.languages import searched_text
from indexer.index.schema import TEXT_FIELDS, Document, Resource
from indexer.index.whoosh.array_file import ArrayFileWriter
from indexer.index.whoosh.columns import Columns, FacetRows, columns_of, merged_columns, put_columns
from indexer.index.whoosh.layout import FIELD_COUNT, GAP, arrays_name, texts_name
from indexer.index.whoosh.merging import GONE, Source, renumbered
from indexer.index.whoosh.postings import Numbers, postings_of
from indexer.index.whoosh.records import BODY, Passage, RecordReader, RecordWriter, passages_of
from indexer.index.whoosh.runs import Runs
from indexer.index.whoosh.segment import Segment
from indexer.index.whoosh.strings import Starts, encoded, starts_of

Ordinal = Callable[[str, bytes], int | None]
"""Gives the ordinal of a value of a facet in the index that is added to; None for a new value."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A segment that a new one takes in; `documents` maps its documents to their new numbers, or GONE."""

    segment: Segment
    documents: Numbers


class SegmentWriter:
    """Collects documents and writes them as one segment, which is the last of its index.

    `first_ordinals` says for each facet how many values the index has; `ordinal` looks one of them up. `words` counts
    the words that were added.
    """

    def __init__(self, folder: Path, name: str, first_ordinals: Mapping[str, int], ordinal: Ordinal) -> None:
        self.name = name
        self.words = 0
        self._folder = folder
        self._runs = Runs(folder, name)
        self._records = RecordWriter(folder / texts_name(name))
        self._lengths = array("I")
        self._dates = array("I")
        self._languages = array("I")
        self._language_names: dict[str, int] = {}
        self._ids: list[bytes] = []
        self._titles: list[bytes] = []
        self._facets = {facet: _FacetCollector(facet, first, ordinal) for facet, first in first_ordinals.items()}

    def __len__(self) -> int:
        """Return how many documents were added."""
        return len(self._ids)

    def add(self, document: Document) -> set[str]:
        """Add a document and return its words."""
        resource = document.resource
        texts = _Texts(self._runs, len(self) * FIELD_COUNT, resource.language)
        texts.add("title", resource.title)
        texts.add("summary", resource.summary)
        for value in resource.keywords:
            texts.add("keywords", value)
            texts.part("keywords")
        passages = texts.passages("body", BODY, 0, document.body) if document.body else []
        for number, pages in enumerate(document.pages):
            for page_number, page in enumerate(pages):
                passages += texts.passages("attachments", number, page_number, page.text)
            texts.part("attachments")
        self._records.add(resource, passages)
        self._lengths.extend(texts.lengths)
        self.words += sum(texts.lengths)
        self._add_columns(resource)
        self._runs.spill(len(self))
        return texts.words

    def finish(self, kept: Sequence[Kept] = ()) -> None:
        """Write the segment, with the documents that are kept of the last segments of its index in front of its own."""
        first = sum(int((each.documents != GONE).sum()) for each in kept)
        own = renumbered(len(self), first)
        columns = self._columns()
        if kept:
            parts = [*(columns_of(each.segment.file) for each in kept), columns]
            columns = merged_columns(parts, [*(each.documents for each in kept), own])
        record_starts = self._finish_records(kept)
        with ArrayFileWriter(self._folder / arrays_name(self.name)) as file:
            older = [Source(postings_of(each.segment.file), each.documents) for each in kept]
            self._runs.write(file, older, own)
            file.put("record_starts", record_starts)
            file.finish(put_columns(file, columns))
        self._runs.remove()

    def abandon(self) -> None:
        """Stop without a segment being written."""
        self._records.close()
        self._runs.remove()

    def _add_columns(self, resource: Resource) -> None:
        self._dates.append(resource.date.toordinal() if resource.date else 0)
        self._languages.append(self._language_names.setdefault(resource.language, len(self._language_names)))
        self._ids.append(encoded(resource.id))
        self._titles.append(_enclosed(resource.title))
        for name, collector in self._facets.items():
            collector.add(resource.facets.get(name, ()))

    def _columns(self) -> Columns:
        return Columns(
            lengths=np.frombuffer(self._lengths, dtype=np.uint32),
            dates=np.frombuffer(self._dates, dtype=np.uint32),
            languages=np.frombuffer(self._languages, dtype=np.uint32),
            language_names=list(self._language_names),
            ids=self._ids,
            titles=self._titles,
            facets={name: collector.rows() for name, collector in self._facets.items()},
        )

    def _finish_records(self, kept: Sequence[Kept]) -> Starts:
        """Finish the file of records, those of older segments in front, and return where each begins."""
        starts = self._records.close()
        if not kept:
            return starts
        path = self._folder / texts_name(self.name)
        own = path.rename(path.with_suffix(".own"))
        self._records = RecordWriter(path)
        for each in kept:
            each.segment.copy_records(each.documents != GONE, self._records)
        self._records.copy(RecordReader(own), starts)
        own.unlink()
        return self._records.close()


class _Texts:
    """Adds the texts of one document, whose first slot is given, field by field.

    `lengths` counts the terms of each field and `words` holds them as the analysis parts them.
    """

    def __init__(self, runs: Runs, slot: int, language: str) -> None:
        self.lengths = [0] * FIELD_COUNT
        self.words: set[str] = set()
        self._runs = runs
        self._slot = slot
        self._language = language
        # The first free position of each field.
        self._ends = [0] * FIELD_COUNT

    def add(self, field_name: str, text: str) -> int:
        """Add a text behind what the field has, and return the position of its first word."""
        field = TEXT_FIELDS.index(field_name)
        begin = self._ends[field]
        words = analysis.tokens(text)
        if words:
            self.words.update(words)
            self._runs.add(self._slot + field, begin, words, self._language)
            self.lengths[field] += len(words)
            self._ends[field] += len(words)
        return begin

    def part(self, field_name: str) -> None:
        """Leave a gap that no phrase spans."""
        self._ends[TEXT_FIELDS.index(field_name)] += GAP

    def passages(self, field_name: str, attachment: int, page: int, text: str) -> list[Passage]:
        """Add a text passage by passage."""
        return [Passage(attachment, page, self.add(field_name, part), part) for part in passages_of(text)]


class _FacetCollector:
    """Collects the values of one facet, document by document."""

    def __init__(self, name: str, first: int, ordinal: Ordinal) -> None:
        self._name = name
        self._first = first
        self._ordinal = ordinal
        self._known: dict[str, int] = {}
        # New values as they are written, each with its ordinal and the value itself.
        self._new: dict[bytes, tuple[int, str]] = {}
        self._counts = array("I")
        self._ordinals = array("I")

    def add(self, values: Iterable[str]) -> None:
        """Add the values of the next document."""
        ordinals = {self._known[value] if value in self._known else self._number(value) for value in values}
        self._counts.append(len(ordinals))
        self._ordinals.extend(ordinals)

    def rows(self) -> FacetRows:
        """Return what was collected, the new values sorted."""
        values = list(self._new)
        order = sorted(range(len(values)), key=values.__getitem__)
        ordinals = np.arange(self._first + len(values), dtype=np.uint32)
        ordinals[np.array(order, dtype=np.intp) + self._first] = np.arange(len(values), dtype=np.uint32) + self._first
        return FacetRows(
            starts=starts_of(self._counts),
            ordinals=ordinals[np.frombuffer(self._ordinals, dtype=np.uint32)],
            first=self._first,
            values=[values[number] for number in order],
            folded=[_enclosed(searched_text(self._name, self._new[values[number]][1])) for number in order],
        )

    def _number(self, value: str) -> int:
        written = encoded(value)
        ordinal = self._ordinal(self._name, written)
        if ordinal is None:
            ordinal, _ = self._new.setdefault(written, (self._first + len(self._new), value))
        self._known[value] = ordinal
        return ordinal


def _enclosed(text: str) -> bytes:
    """Return the folded words of a text, parted and enclosed by spaces, so that whole words can be looked for."""
    return encoded(f" {' '.join(analysis.words(text))} ")
