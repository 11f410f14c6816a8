"""What is evaluated: an index that can be asked, with what was judged of its resources."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from indexer.bench.corpus import read_corpus
from indexer.bench.engines.handlist import publish
from indexer.bench.workspace import workspace
from indexer.evaluate.beir import find_files, read_judgments
from indexer.evaluate.judgments import Judgments
from indexer.evaluate.spreadsheet import read_spreadsheet
from indexer.index import open_index
from indexer.index.engine import Engine
from indexer.index.schema import Document, Resource
from indexer.progress import Reporter


@dataclass(frozen=True, slots=True)
class Subject:
    """An index that is open, and what was judged of its resources."""

    engine: Engine
    judgments: Judgments


@contextmanager
def collection(folder: Path, language: str, reporter: Reporter) -> Iterator[Subject]:
    """Index a judged collection in the layout of BEIR; the index is gone after the block.

    Documents have a title and a text, as in BEIR, and are read as texts in `language`. BenchError when a file is
    missing or cannot be understood.
    """
    files = find_files(folder)
    documents = {
        one.id: Document(Resource(one.id, one.title, language=language), one.text) for one in read_corpus(files.corpus)
    }
    judgments = read_judgments(files, documents)
    with workspace(None, "TMPDIR") as place:
        with reporter.step("Indexing documents", len(documents)):
            publish(documents.values(), place, language)
        with closing(open_index(place)) as engine:
            yield Subject(engine, judgments)


@contextmanager
def library(spreadsheet: Path, index: Path) -> Iterator[Subject]:
    """Open a published index with the judgments of a spreadsheet; BenchError names what is wrong in it."""
    with closing(open_index(index)) as engine:
        yield Subject(engine, read_spreadsheet(spreadsheet, lambda name: engine.resource(name) is not None))
