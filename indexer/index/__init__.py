"""The index contract: all that the building and the answering half know of each other."""

from __future__ import annotations

import contextlib
from pathlib import Path

from indexer.index import analysis
from indexer.index.directory import current_generation, older_generations
from indexer.index.engine import SHORTAGES, Engine, IndexMissing, IndexUnreadable
from indexer.index.manifest import FILE_NAME, Manifest, WrittenBy
from indexer.index.schema import SCHEMA_VERSION

__all__ = ["current_generation", "open_generation", "open_index", "open_last_good", "published_generation"]


def published_generation(directory: Path) -> Path:
    """Return the folder of what is published in an index directory, or raise IndexMissing."""
    generation = current_generation(directory)
    if generation is None:
        raise IndexMissing(
            f'There is no index in {directory}. Build one: "handlist build LIBRARY --index {directory}".'
        )
    return generation


def open_index(directory: Path) -> Engine:
    """Open what is published in an index directory; IndexMissing or IndexUnreadable when there is nothing to open.

    OSError or MemoryError when the machine is short of open files or memory; the index is sound then.
    """
    generation = published_generation(directory)
    while True:
        try:
            return open_generation(generation)
        except IndexUnreadable:
            # Builds that follow each other fast may have removed it while it was being opened.
            newer = published_generation(directory)
            if newer == generation:
                raise
            generation = newer


def open_last_good(directory: Path) -> Engine | None:
    """Open the newest generation before the published one that can be opened; None when there is none."""
    for generation in older_generations(directory):
        with contextlib.suppress(IndexUnreadable, OSError, MemoryError):
            return open_generation(generation)
    return None


def open_generation(generation: Path) -> Engine:
    """Open one generation, published or not; IndexUnreadable when it cannot be used.

    OSError or MemoryError when the machine is short of open files or memory; the index is sound then.
    """
    from indexer.index.whoosh.engine import WhooshEngine  # it loads NumPy, which only those who search need

    try:
        manifest = _read_manifest(generation)
        _check_files(generation, manifest)
        return WhooshEngine(generation, manifest)
    except (IndexUnreadable, MemoryError):
        raise
    except OSError as error:
        if error.errno in SHORTAGES:
            raise
        file = error.filename or generation
        raise IndexUnreadable(f"{file} cannot be read ({error.strerror}). Rebuild the index.") from error
    except Exception as error:  # what is damaged fails in many ways, all of which mean "rebuild"
        raise IndexUnreadable(f"The index in {generation} is damaged ({error}). Rebuild the index.") from error


def _read_manifest(generation: Path) -> Manifest:
    try:
        _check_versions(generation, WrittenBy.read(generation))
        return Manifest.read(generation)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise IndexUnreadable(f"{generation / FILE_NAME} is damaged ({error}). Rebuild the index.") from error


def _check_versions(generation: Path, written: WrittenBy) -> None:
    readable = WrittenBy(SCHEMA_VERSION, analysis.version())
    if written != readable:
        raise IndexUnreadable(
            f"The index in {generation} was written by another version of Handlist "
            f"(schema {written.schema_version}, {written.analysis}; "
            f"this one reads schema {readable.schema_version}, {readable.analysis}). Rebuild the index."
        )


def _check_files(generation: Path, manifest: Manifest) -> None:
    for name, size in manifest.sizes.items():
        found = (generation / name).stat().st_size
        if found != size:
            raise IndexUnreadable(f"{generation / name} has {found:,} instead of {size:,} bytes. Rebuild the index.")
