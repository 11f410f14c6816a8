"""Postings of any number of words in bounded memory: what is sorted waits in files until all of it is merged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from indexer.index.whoosh.array_file import ArrayFile, ArrayFileWriter
from indexer.index.whoosh.layout import ARRAYS
from indexer.index.whoosh.merging import Source, merge, renumbered
from indexer.index.whoosh.postings import Numbers, Pool, Postings, postings_of, put_postings

_WORDS_AT_ONCE = 3_000_000
"""How many words are sorted at a time; each takes some 50 bytes meanwhile."""

_MOST_RUNS = 16
"""How many files of sorted postings wait at the most; they are then merged into one."""


class Runs:
    """Collects the words of documents; a run is a file of the postings of some of them, sorted."""

    def __init__(self, folder: Path, name: str) -> None:
        self._stem = folder / f"run-{name}"
        self._pool = Pool()
        self._files: list[Path] = []
        self._written = 0

    def add(self, slot: int, begin: int, words: Sequence[str], language: str) -> None:
        """Add words that stand in a text field from position `begin` on; slots never fall."""
        self._pool.add(slot, begin, words, language)

    def spill(self, documents: int) -> None:
        """Write the words of the documents so far, of which there are so many, to disk if they are many."""
        if len(self._pool) < _WORDS_AT_ONCE:
            return
        with ArrayFileWriter(self._next_file()) as file:
            put_postings(file, self._pool.postings())
            file.finish({})
        self._pool = Pool()
        if len(self._files) > _MOST_RUNS:
            self._merge_files(documents)

    def write(self, file: ArrayFileWriter, older: Sequence[Source], numbers: Numbers) -> None:
        """Write the postings of older documents and of those collected, which get these numbers, into a file."""
        pool = self._pool.postings()
        if not older and not self._files:
            put_postings(file, pool)
            return
        merge([*older, *(Source(postings, numbers) for postings in [*self._postings(), pool])], file)

    def remove(self) -> None:
        """Remove the files."""
        for path in self._files:
            path.unlink(missing_ok=True)
        self._files = []

    def _postings(self) -> list[Postings]:
        return [postings_of(ArrayFile(path)) for path in self._files]

    def _next_file(self) -> Path:
        self._written += 1
        self._files.append(self._stem.with_name(f"{self._stem.name}-{self._written}{ARRAYS}"))
        return self._files[-1]

    def _merge_files(self, documents: int) -> None:
        merged = self._files
        sources = [Source(postings, renumbered(documents, 0)) for postings in self._postings()]
        self._files = []
        with ArrayFileWriter(self._next_file()) as file:
            merge(sources, file)
            file.finish({})
        for path in merged:
            path.unlink()
