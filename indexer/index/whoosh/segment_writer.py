"""Writes the documents that are added to an index as a segment, together with older segments that it takes in."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from indexer.index import analysis
from indexer.index.schema import TEXT_FIELDS, Document
from indexer.index.whoosh.array_file import ArrayFileWriter
from indexer.index.whoosh.checksums import checksum_of
from indexer.index.whoosh.column_collector import ColumnCollector, Ordinal
from indexer.index.whoosh.columns import columns_of, merged_columns, put_columns
from indexer.index.whoosh.layout import FIELD_COUNT, GAP, arrays_name, texts_name
from indexer.index.whoosh.merging import GONE, Source, renumbered
from indexer.index.whoosh.postings import Numbers, postings_of
from indexer.index.whoosh.records import BODY, Passage, RecordReader, RecordWriter, passages_of
from indexer.index.whoosh.runs import Runs
from indexer.index.whoosh.segment import Segment
from indexer.index.whoosh.strings import Starts

_TITLE, _SUMMARY, _KEYWORDS, _BODY, _ATTACHMENTS = map(
    TEXT_FIELDS.index, ("title", "summary", "keywords", "body", "attachments")
)

_WORDS_AT_ONCE = 10_000
"""About how many words of a document are handed over to be sorted at a time."""

_VALUES_KNOWN = 10_000
"""How many values of facets are remembered with their words: most stand in many documents."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A segment that a new one takes in; `documents` maps its documents to their new numbers, or GONE."""

    segment: Segment
    documents: Numbers


class SegmentWriter:
    """Collects documents and writes them as one segment, which is the last of its index.

    `first_ordinals` says for each facet how many values the index has; `ordinal` looks one of them up. `hierarchies`
    says what parts the levels of those whose values are paths. `words` counts the words that were added.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        first_ordinals: Mapping[str, int],
        ordinal: Ordinal,
        hierarchies: Mapping[str, str],
    ) -> None:
        self.name = name
        self.words = 0
        self._arrays = folder / arrays_name(name)
        self._texts = folder / texts_name(name)
        # The records of the documents that were added, while those of older segments are put in front.
        self._own_texts = self._texts.with_suffix(".own")
        self._tokens_of_value = lru_cache(_VALUES_KNOWN)(analysis.tokens)
        self._runs = Runs(folder, name)
        self._records = RecordWriter(self._texts)
        self._columns = ColumnCollector(first_ordinals, ordinal, self._tokens_of_value, hierarchies)

    def __len__(self) -> int:
        """Return how many documents were added."""
        return len(self._columns)

    def add(self, document: Document) -> list[str]:
        """Add a document and return its words, thousands to a string, parted by spaces and each once in it."""
        resource = document.resource
        fields = _Fields(self._runs, len(self) * FIELD_COUNT, resource.language)
        title_words = analysis.tokens(resource.title)
        fields.add(_TITLE, title_words)
        fields.add(_SUMMARY, analysis.tokens(resource.summary))
        for value in resource.keywords:
            fields.add(_KEYWORDS, self._tokens_of_value(value))
            fields.part(_KEYWORDS)
        passages = fields.passages(_BODY, BODY, 0, document.body) if document.body else []
        for number, pages in enumerate(document.pages):
            fields.speak(resource.language_of(resource.attachments[number]))
            for page_number, page in enumerate(pages):
                passages += fields.passages(_ATTACHMENTS, number, page_number, page.text)
            fields.part(_ATTACHMENTS)
        fields.finish()
        self._records.add(resource, passages)
        self._columns.add(resource, title_words, fields.lengths)
        self.words += sum(fields.lengths)
        return fields.words

    def finish(self, kept: Sequence[Kept] = ()) -> None:
        """Write the segment, with the documents that are kept of the last segments of its index in front of its own."""
        first = sum(int((each.documents != GONE).sum()) for each in kept)
        own = renumbered(len(self), first)
        record_starts = self._finish_records(kept)
        with ArrayFileWriter(self._arrays) as file:
            older = [Source(postings_of(each.segment.file), each.documents) for each in kept]
            self._runs.write(file, older, own)
            self._runs.close()
            file.put("record_starts", record_starts)
            columns = self._columns.columns()
            if kept:
                parts = [*(columns_of(each.segment.file) for each in kept), columns]
                columns = merged_columns(parts, [*(each.documents for each in kept), own])
            file.finish(put_columns(file, columns) | {"texts_checksum": checksum_of(self._texts)})

    def abandon(self) -> None:
        """Stop, and remove what was written of the segment."""
        # Nothing of it is wanted any more, so it does not matter why the last of it cannot be written.
        with contextlib.suppress(OSError):
            self._records.close()
        self._runs.close()
        for path in (self._arrays, self._texts, self._own_texts):
            path.unlink(missing_ok=True)

    def _finish_records(self, kept: Sequence[Kept]) -> Starts:
        """Finish the file of records, those of older segments in front, and return where each begins."""
        starts = self._records.close()
        if not kept:
            return starts
        self._texts.rename(self._own_texts)
        self._records = RecordWriter(self._texts)
        for each in kept:
            each.segment.copy_records(each.documents != GONE, self._records)
        self._records.copy(RecordReader(self._own_texts), starts)
        self._own_texts.unlink()
        return self._records.close()


class _Fields:
    """Adds the texts of one document, whose first slot is given, field by field; they begin in its own language.

    `lengths` counts the terms of each field. `words` holds them as the analysis parts them, in strings of many: as
    strings of their own, those of one long text take a hundred megabytes.
    """

    __slots__ = ("_ends", "_language", "_pieces", "_runs", "_slot", "_waiting", "lengths", "words")

    def __init__(self, runs: Runs, slot: int, language: str) -> None:
        self.lengths = [0] * FIELD_COUNT
        self.words: list[str] = []
        self._runs = runs
        self._slot = slot
        self._language = language
        # The first free position of each field.
        self._ends = [0] * FIELD_COUNT
        # Short texts are handed over together.
        self._pieces: list[int] = []
        self._waiting: list[str] = []

    def add(self, field: int, words: Sequence[str]) -> int:
        """Add words behind what the field has, and return the position of the first."""
        begin = self._ends[field]
        if words:
            count = len(words)
            self._pieces += (self._slot + field, begin, count)
            self._waiting += words
            self.lengths[field] += count
            self._ends[field] = begin + count
            if len(self._waiting) > _WORDS_AT_ONCE:
                self.finish()
        return begin

    def finish(self) -> None:
        """Hand over what was added so far."""
        if self._waiting:
            self._runs.add(self._pieces, self._waiting, self._language)
            self.words.append(" ".join(set(self._waiting)))
            self._pieces, self._waiting = [], []

    def speak(self, language: str) -> None:
        """Take what is added from now on as words of a language."""
        if language != self._language:
            self.finish()
            self._language = language

    def part(self, field: int) -> None:
        """Leave a gap that no phrase spans."""
        self._ends[field] += GAP

    def passages(self, field: int, attachment: int, page: int, text: str) -> list[Passage]:
        """Add a text passage by passage."""
        return [Passage(attachment, page, self.add(field, analysis.tokens(part)), part) for part in passages_of(text)]
