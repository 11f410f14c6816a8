"""What a build does for the files that apply without one: it keeps copies of good ones, and says what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from indexer.index.curated import CuratedFileError
from indexer.index.curation import keep_all, problems_of, unknown_pins
from indexer.library.corpus import Problem
from indexer.library.settings import LibrarySettings
from indexer.record import library_info
from indexer.state import State


def curated(settings: LibrarySettings, index: Path, generation: Path) -> tuple[Problem, ...]:
    """Keep copies of `synonyms.toml` and `pins.toml` as far as they are good, and return what is wrong with them.

    `generation` is the one that is published, whose resources pins may name.
    """
    keep_all(library_info(settings), index)
    return tuple(_problems(settings, index, generation))


def _problems(settings: LibrarySettings, index: Path, generation: Path) -> Iterator[Problem]:
    library = library_info(settings)
    for problem in problems_of(library, index):
        yield Problem(_shown(problem, settings), f"{problem.sentence} Until it is mended, the last good one is used.")
    with closing(State(generation)) as state:
        for problem in unknown_pins(library, index, state.ids_among):
            yield Problem(_shown(problem, settings), problem.sentence)


def _shown(problem: CuratedFileError, settings: LibrarySettings) -> str:
    """Return the path of a file as a report shows it: relative to the library if it lies there."""
    path = problem.path
    return str(path.relative_to(settings.library) if path.is_relative_to(settings.library) else path)
