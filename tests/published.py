"""Publishes small indexes made of documents written in a test, without a corpus and without a build."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from unittest import mock

from indexer.index import analysis, directory
from indexer.index.manifest import FacetInfo, FacetKind, LibraryInfo, Manifest, sizes_of
from indexer.index.schema import SCHEMA_VERSION, Document
from indexer.index.whoosh import merge_policy
from indexer.index.whoosh.writer import GenerationWriter

FACETS = (
    FacetInfo("type", "Type"),
    FacetInfo("tag", "Tags"),
    FacetInfo("publisher", "Publisher"),
    FacetInfo("year", "Year", FacetKind.NUMBERS),
    FacetInfo("language", "Language"),
)


FACET_NAMES = tuple(facet.name for facet in FACETS)

Additions = tuple[Sequence[Document], Sequence[str]]
"""What a generation adds, and the ids of what it removes."""


def write_generations(
    folder: Path,
    *generations: Additions,
    growth: int = 4,
    facets: Sequence[str] = FACET_NAMES,
    hierarchies: Mapping[str, str] = MappingProxyType({}),
) -> Path:
    """Write one generation after the other, each adding documents and removing ids, and return the last.

    With `growth` 0 no segment takes another in, with a high one each takes in all.
    """
    previous = None
    with mock.patch.object(merge_policy, "_GROWTH", growth):
        for number, (added, removed) in enumerate(generations):
            generation = folder / f"{number:08d}"
            generation.mkdir()
            with GenerationWriter(generation, previous, "en", facets, hierarchies) as target:
                for identifier in removed:
                    target.remove(identifier)
                for document in added:
                    target.add(document)
                target.commit()
            previous = generation
    assert previous is not None
    return previous


def publish(
    index: Path,
    documents: Sequence[Document],
    *,
    removed: Iterable[str] = (),
    root: Path = Path("/nowhere"),
    title: str = "Test library",
    facets: tuple[FacetInfo, ...] = FACETS,
    schema_version: int = SCHEMA_VERSION,
) -> Path:
    """Publish a generation with these documents added to the one before, and return its folder."""
    directory.prepare(index)
    with directory.locked(index):
        previous = directory.current_generation(index)
        generation = directory.new_generation(index)
        names, hierarchies = [facet.name for facet in facets], {facet.name: facet.hierarchy for facet in facets}
        with GenerationWriter(generation, previous, "en", names, hierarchies) as writer:
            for identifier in removed:
                writer.remove(identifier)
            for document in documents:
                writer.add(document)
            writer.commit()
        manifest = Manifest(
            schema_version=schema_version,
            analysis=analysis.version(),
            generation=int(generation.name),
            built_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
            corpus="0" * 64,
            resources=len(documents),
            files=sum(len(document.resource.attachments) for document in documents),
            pages=sum(len(pages) for document in documents for pages in document.pages),
            library=LibraryInfo(title, str(root), facets=facets),
            sizes=sizes_of(generation),
        )
        manifest.write(generation)
        directory.publish(index, generation)
    return generation
