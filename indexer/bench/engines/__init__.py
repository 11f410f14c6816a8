"""The engines that are measured: what each has to do, and which there are."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, TypeVar

from indexer.bench import BenchError
from indexer.bench.corpus import BenchDocument

TOP = 10
"""How many documents an answer shows."""

FACET_VALUES = 50
"""How many values of a facet an answer counts."""

TITLE_WEIGHT = 3.0
"""How much more a word in the title weighs, in engines that do not choose that themselves."""

PEERS = ("tantivy", "fts5", "whoosh")
"""The engines that Handlist can be compared with."""


class PeerUnavailable(BenchError):
    """An engine that was asked for is not known or not installed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine answered: how many documents match, title and excerpt of the best, and the counts of each facet.

    Excerpts are in each engine's own form: marked with tags or cut into segments.
    """

    total: int
    hits: tuple[tuple[str, object], ...]
    facets: Mapping[str, Mapping[str, int]]


_Native = TypeVar("_Native")


class OpenIndex(Protocol[_Native]):
    """An index that can be asked.

    Only `ask` is measured. It does the whole work and gives back what this engine's callers get; `read` puts that into
    words for whoever compares engines.
    """

    def ask(self, words: str) -> _Native:
        """Find the documents with at least one of the words, count their facets and cut excerpts for the best."""
        ...

    def read(self, answer: _Native) -> Answer:
        """Return what was answered, in the words of all engines."""
        ...

    def close(self) -> None:
        """Give back files and memory."""
        ...


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine: its name and version, and how its index is built in an empty folder and opened.

    An engine that is slow is asked only the first `most_questions` of each length.
    """

    name: str
    version: str
    build: Callable[[Iterable[BenchDocument], Path], None]
    open: Callable[[Path], OpenIndex[Any]]
    most_questions: int = sys.maxsize


def chosen(peers: Sequence[str]) -> list[Engine]:
    """Return Handlist and these peers, each once; PeerUnavailable names the first that cannot be asked."""
    return [_engine(name) for name in dict.fromkeys(("handlist", *map(_known, peers)))]


def _known(peer: str) -> str:
    if peer not in PEERS:
        raise PeerUnavailable(f'There is no peer "{peer}" to compare with. Known are {", ".join(PEERS)}.')
    return peer


def _engine(name: str) -> Engine:
    try:
        engine: Engine = import_module(f"{__name__}.{name}").ENGINE
    except ImportError as error:
        raise PeerUnavailable(
            f'The peer "{name}" cannot be asked: {error}. Install it with "pip install \'handlist[bench]\'", '
            "or leave it out of --peers."
        ) from error
    return engine
