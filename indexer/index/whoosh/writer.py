"""Writes a generation: what is new is added to what the generation before it shares."""

from __future__ import annotations

import os
import shutil
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from whoosh import index as whoosh_index

from indexer.index import analysis
from indexer.index.schema import TEXT_FIELDS, Document
from indexer.index.whoosh import fields
from indexer.index.whoosh.texts import BODY, FILE_PATTERN, Address, Passage, TextWriter, passages_of

_MEMORY_MB = 128
"""What Whoosh's writer may hold before it spills a run of postings to disk."""


_MOST_TEXT_FILES = 100
"""Every reader keeps all files of texts open, and a process may have a thousand."""


def is_scattered(generation: Path) -> bool:
    """Tell whether a generation has so many files that the next one should be written anew instead of adding to it."""
    return sum(1 for _ in generation.glob(FILE_PATTERN)) >= _MOST_TEXT_FILES


class GenerationWriter:
    """Adds resources to a generation and removes them; nothing of it is seen before it is committed and published.

    `generation` is an empty folder. `previous`, when given, is a generation of the same schema whose files are shared;
    it may be `generation` itself, to change what was committed there and is not yet published.
    """

    def __init__(self, generation: Path, previous: Path | None, language: str, facets: Iterable[str]) -> None:
        schema = fields.make_schema(language, facets)
        if previous is None:
            index = whoosh_index.create_in(generation, schema)
        else:
            if previous != generation:
                _share(previous, generation)
            index = whoosh_index.open_dir(generation, schema=schema)
        self._writer = index.writer(limitmb=_MEMORY_MB)
        self._texts = TextWriter(generation)
        self._done = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._done:
            self._texts.close()
            self._writer.cancel()

    def remove(self, identifier: str) -> None:
        """Remove the resource of that id."""
        self._writer.delete_by_term(fields.ID, identifier)

    def add(self, document: Document) -> set[str]:
        """Add a resource that is not in the index, and return its words as they are written."""
        resource = document.resource
        written: set[str] = set()
        fields_of_texts, passages = _analysed(document, written)
        address = self._texts.add(resource, passages)
        row: dict[str, object] = {name: field.positions for name, field in fields_of_texts.items()}
        row |= {fields.length_column(name): field.length for name, field in fields_of_texts.items()}
        row |= {fields.facet_column(name): fields.joined(values) for name, values in resource.facets.items()}
        self._writer.add_document(
            **row,
            **_address_columns(address),
            **{
                fields.ID: resource.id,
                fields.LANGUAGE: resource.language,
                fields.DATE: _ordinal(resource.date),
                fields.TITLE: resource.title.encode("utf-8", "replace"),
                fields.SORT_TITLE: fields.joined([*analysis.words(resource.title), resource.id]),
            },
        )
        return written

    def commit(self) -> None:
        """Write everything out; the folder then holds a whole Whoosh index."""
        self._texts.close()
        self._writer.commit()
        self._done = True


def _share(previous: Path, generation: Path) -> None:
    """Give the files of a generation a second name in the next: they are never changed, only replaced."""
    for path in previous.iterdir():
        if path.suffix in (".seg", ".toc", ".bin"):
            try:
                os.link(path, generation / path.name)
            except OSError:
                # A file system without hard links: the copy costs space and time, nothing else.
                shutil.copy2(path, generation / path.name)


class _Field:
    """The terms of one text field with their positions; `length` counts them, `end` is the first free position.

    Every word is added to `written`, as it stands in the text.
    """

    def __init__(self, language: str, written: set[str]) -> None:
        # Arrays and not lists: of a long text a tenth of the memory.
        self.positions: dict[str, array[int]] = defaultdict(partial(array, "I"))
        self.length = 0
        self.end = 0
        self._language = language
        self._written = written

    def add(self, text: str) -> int:
        """Add the terms of a text behind what is there, and return the position of the first."""
        begin = self.end
        tokens = analysis.tokens(text)
        self._written.update(tokens)
        terms = analysis.terms_of(tokens, self._language)
        for position, term in enumerate(terms, begin):
            self.positions[term].append(position)
        self.length += len(terms)
        self.end += len(terms)
        return begin

    def part(self) -> None:
        """Leave a gap that no phrase spans."""
        self.end += fields.GAP


def _analysed(document: Document, written: set[str]) -> tuple[dict[str, _Field], list[Passage]]:
    """Return the fields of a document with their terms, and the passages that excerpts are made of; fill `written`."""
    resource = document.resource
    found = {name: _Field(resource.language, written) for name in TEXT_FIELDS}
    found["title"].add(resource.title)
    found["summary"].add(resource.summary)
    for value in resource.keywords:
        found["keywords"].add(value)
        found["keywords"].part()
    passages = list(_passages(found["body"], BODY, 0, document.body)) if document.body else []
    for attachment, pages in enumerate(document.pages):
        for number, page in enumerate(pages):
            passages += _passages(found["attachments"], attachment, number, page.text)
        found["attachments"].part()
    return found, passages


def _passages(field: _Field, attachment: int, page: int, text: str) -> Iterator[Passage]:
    for passage in passages_of(text):
        yield Passage(attachment, page, field.add(passage), passage)


def _address_columns(address: Address) -> dict[str, int]:
    return {fields.TEXT_FILE: address.file, fields.TEXT_OFFSET: address.offset}


def _ordinal(when: date | None) -> int:
    return when.toordinal() if when else 0
