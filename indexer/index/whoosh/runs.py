"""Postings of any number of words in bounded memory: what is sorted waits in files until all of it is merged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from indexer.index.whoosh.array_file import ArrayFile, ArrayFileWriter
from indexer.index.whoosh.layout import ARRAYS, FIELD_COUNT
from indexer.index.whoosh.merging import Source, merge, renumbered
from indexer.index.whoosh.postings import Numbers, Pool, Postings, postings_of, put_postings

_BYTES_AT_ONCE = 80_000_000
"""How much memory sorting may take: that of two million words, or of 170,000 different ones."""

_MOST_RUNS = 32
"""How many files of one size wait at the most; they are then merged into one of the next size."""


class Runs:
    """Collects the words of documents; a run is a file of the postings of some of them, sorted."""

    def __init__(self, folder: Path, name: str) -> None:
        self._stem = folder / f"run-{name}"
        self._pool = Pool()
        # Runs of pools, of runs of pools and so on; the words of those further back came earlier.
        self._files: list[list[Path]] = [[]]
        self._written = 0
        self._documents = 0

    def add(self, pieces: Sequence[int], words: Sequence[str], language: str) -> None:
        """Add words that stand in text fields, piece by piece, as to a pool.

        Slots never fall, and neither do the positions in one.
        """
        self._pool.add(pieces, words, language)
        self._documents = pieces[-3] // FIELD_COUNT + 1
        if self._pool.size > _BYTES_AT_ONCE:
            self._spill()

    def write(self, file: ArrayFileWriter, older: Sequence[Source], numbers: Numbers) -> None:
        """Write the postings of older documents and of those collected, which get these numbers, into a file."""
        pool = self._pool.emptied()
        files = self._in_order()
        if not older and not files:
            put_postings(file, pool)
            return
        own = [*map(_read, files), pool]
        merge([*older, *(Source(postings, numbers) for postings in own)], file)

    def close(self) -> None:
        """Remove the files and give back the memory."""
        _remove(self._in_order())
        self._files = [[]]
        self._pool = Pool()

    def _in_order(self) -> list[Path]:
        return [path for level in reversed(self._files) for path in level]

    def _spill(self) -> None:
        """Write the words so far to a file of their own."""
        path = self._next_file()
        with ArrayFileWriter(path) as file:
            put_postings(file, self._pool.emptied())
            file.finish({})
        self._keep(path, 0)

    def _keep(self, path: Path, level: int) -> None:
        """Keep a file; when there are many of its level, they become one of the next."""
        if level == len(self._files):
            self._files.append([])
        files = self._files[level]
        files.append(path)
        if len(files) == _MOST_RUNS:
            self._keep(self._merged(files), level + 1)
            _remove(files)
            files.clear()

    def _merged(self, files: Sequence[Path]) -> Path:
        """Return a new file with the postings of several."""
        path = self._next_file()
        numbers = renumbered(self._documents, 0)
        with ArrayFileWriter(path) as file:
            merge([Source(_read(each), numbers) for each in files], file)
            file.finish({})
        return path

    def _next_file(self) -> Path:
        self._written += 1
        return self._stem.with_name(f"{self._stem.name}-{self._written}{ARRAYS}")


def _read(path: Path) -> Postings:
    return postings_of(ArrayFile(path))


def _remove(files: Iterable[Path]) -> None:
    for path in files:
        path.unlink(missing_ok=True)
