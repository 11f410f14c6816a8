"""Writes a generation: what is new is added to what the generation before it shares."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from whoosh import index as whoosh_index

from indexer.index import analysis
from indexer.index.schema import Document
from indexer.index.whoosh import fields
from indexer.index.whoosh.texts import BODY, Address, PageText, TextWriter

_MEMORY_MB = 128
"""What Whoosh's writer may hold before it spills a run of postings to disk."""


class GenerationWriter:
    """Adds resources to a generation and removes them; nothing of it is seen before it is committed and published.

    `generation` is an empty folder. `previous`, when given, is a generation of the same schema whose files are shared.
    """

    def __init__(self, generation: Path, previous: Path | None, language: str, facets: Iterable[str]) -> None:
        schema = fields.make_schema(language, facets)
        if previous is None:
            index = whoosh_index.create_in(generation, schema)
        else:
            _share(previous, generation)
            index = whoosh_index.open_dir(generation, schema=schema)
        self._writer = index.writer(limitmb=_MEMORY_MB)
        self._texts = TextWriter(generation, int(generation.name))
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

    def add(self, document: Document) -> None:
        """Add a resource that is not in the index."""
        resource = document.resource
        pages, positions = _pages_with_positions(document)
        address = self._texts.add(resource, pages)
        row = _postings_with_lengths(document, positions)
        row |= {fields.facet_column(name): _facet_bytes(values) for name, values in resource.facets.items()}
        self._writer.add_document(
            **row,
            **_address_columns(address),
            **{
                fields.ID: resource.id,
                fields.LANGUAGE: resource.language,
                fields.DATE: _ordinal(resource.date),
                fields.TITLE: resource.title.encode("utf-8", "replace"),
                fields.SORT_TITLE: fields.SEPARATOR.join([*analysis.words(resource.title), resource.id]).encode(),
            },
        )

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


def _pages_with_positions(document: Document) -> tuple[list[PageText], dict[str, list[int]]]:
    """Return the pages to be stored and the positions of the terms of all attachments, counted through."""
    pages = [PageText(BODY, 0, 0, document.body)] if document.body else []
    positions: dict[str, list[int]] = defaultdict(list)
    start = 0
    for attachment, contents in enumerate(document.pages):
        for number, page in enumerate(contents):
            pages.append(PageText(attachment, number, start, page.text))
            start += _collect(positions, page.text, document.resource.language, start)
        start += fields.GAP
    return pages, positions


def _postings_with_lengths(document: Document, attachments: dict[str, list[int]]) -> dict[str, object]:
    resource = document.resource
    row: dict[str, object] = {"attachments": attachments}
    row[fields.length_column("attachments")] = sum(map(len, attachments.values()))
    keywords = [value for values in resource.facets.values() for value in values]
    texts = {
        "title": [resource.title],
        "summary": [resource.summary],
        "keywords": keywords,
        "body": [document.body],
    }
    for name, parts in texts.items():
        row[name], row[fields.length_column(name)] = _positions(parts, resource.language)
    return row


def _positions(parts: Iterable[str], language: str) -> tuple[dict[str, list[int]], int]:
    """Return the positions of the terms of texts that no phrase spans, and how many terms there are."""
    positions: dict[str, list[int]] = defaultdict(list)
    start = count = 0
    for part in parts:
        length = _collect(positions, part, language, start)
        count += length
        start += length + fields.GAP
    return positions, count


def _collect(positions: dict[str, list[int]], text: str, language: str, start: int) -> int:
    """Add the positions of a text's terms, the first at `start`, and return how many terms there are."""
    terms = analysis.terms(text, language)
    for position, term in enumerate(terms, start):
        positions[term].append(position)
    return len(terms)


def _facet_bytes(values: tuple[str, ...]) -> bytes:
    return fields.SEPARATOR.join(values).encode("utf-8", "replace")


def _address_columns(address: Address) -> dict[str, int]:
    return {fields.TEXT_FILE: address.file, fields.TEXT_OFFSET: address.offset}


def _ordinal(when: date | None) -> int:
    return when.toordinal() if when else 0
