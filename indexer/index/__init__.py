"""The index contract: all that the building and the answering half know of each other."""

from __future__ import annotations

import contextlib
import errno
from pathlib import Path

from indexer.index import analysis
from indexer.index.directory import current_generation
from indexer.index.engine import Engine, IndexMissing, IndexUnreadable
from indexer.index.manifest import Manifest
from indexer.index.schema import SCHEMA_VERSION

__all__ = ["current_generation", "open_generation", "open_index", "published_generation"]


def published_generation(directory: Path) -> Path:
    """Return the folder of what is published in an index directory, or raise IndexMissing."""
    generation = current_generation(directory)
    if generation is None:
        raise IndexMissing(
            f'There is no index in {directory}. Build one: "handlist build LIBRARY --index {directory}".'
        )
    return generation


def open_index(directory: Path) -> Engine:
    """Open what is published in an index directory; IndexMissing or IndexUnreadable when there is nothing to open."""
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


def open_generation(generation: Path) -> Engine:
    """Open one generation, published or not; IndexUnreadable when it cannot be used."""
    from indexer.index.whoosh.engine import WhooshEngine  # Whoosh is only loaded by those who search

    manifest = _read_manifest(generation)
    _check_versions(generation, manifest)
    _check_files(generation, manifest)
    try:
        return WhooshEngine(generation, manifest)
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE):
            raise  # This machine is short of open files: the index is sound.
        raise IndexUnreadable(f"{generation} cannot be read ({error.strerror}). Rebuild the index.") from error
    except Exception as error:  # a damaged Whoosh index fails in many ways, all of which mean "rebuild"
        raise IndexUnreadable(f"The index in {generation} is damaged ({error}). Rebuild the index.") from error


def _read_manifest(generation: Path) -> Manifest:
    with contextlib.suppress(ValueError, KeyError, TypeError):
        try:
            return Manifest.read(generation)
        except OSError as error:
            raise IndexUnreadable(f"{generation} cannot be read ({error.strerror}). Rebuild the index.") from error
    raise IndexUnreadable(f"The manifest of {generation} is damaged. Rebuild the index.")


def _check_versions(generation: Path, manifest: Manifest) -> None:
    written, readable = (manifest.schema_version, manifest.analysis), (SCHEMA_VERSION, analysis.version())
    if written != readable:
        raise IndexUnreadable(
            f"The index in {generation} was written by another version of Handlist "
            f"(schema {written[0]}, {written[1]}; this one reads schema {readable[0]}, {readable[1]}). "
            "Rebuild the index."
        )


def _check_files(generation: Path, manifest: Manifest) -> None:
    for name, size in manifest.sizes.items():
        try:
            found = (generation / name).stat().st_size
        except OSError as error:
            reason = error.strerror
            raise IndexUnreadable(f"{generation / name} cannot be read ({reason}). Rebuild the index.") from error
        if found != size:
            raise IndexUnreadable(f"{generation / name} has {found:,} instead of {size:,} bytes. Rebuild the index.")
