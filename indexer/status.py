"""What is published and how it is: for a person on the terminal and for a monitor that reads JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from indexer.index import open_generation, published_generation
from indexer.index.curation import problems_of
from indexer.index.ledger import FileReport, newest_problems_first, read_ledger
from indexer.index.manifest import Manifest


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """A published index: its manifest, the files in it with how their reading ended, and its size in bytes.

    `problems` say why `synonyms.toml` or `pins.toml` cannot be used.
    """

    manifest: Manifest
    files: tuple[FileReport, ...]
    size: int
    problems: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the status as plain data."""
        manifest = asdict(self.manifest) | {"built_at": self.manifest.built_at.isoformat()}
        files = [file.to_json() for file in self.files]
        return manifest | {"bytes": self.size, "files": files, "problems": list(self.problems)}

    def lines(self, now: datetime) -> Iterator[str]:
        """Yield the status in words."""
        manifest = self.manifest
        yield f"{manifest.library.title} ({manifest.library.root})"
        yield (
            f"Generation {manifest.generation}, built {manifest.built_at:%Y-%m-%d %H:%M} UTC "
            f"({_age(now - manifest.built_at)}), {self.size / 1e6:,.1f} MB"
        )
        yield f"{manifest.resources:,} resources, {manifest.files:,} files, {manifest.pages:,} pages"
        for status, count in Counter(file.status for file in self.files).most_common():
            yield f"  {count:,} {status}"
        yield from (f"  {file.line()}" for file in self.files if file.is_problem)
        yield from (f"{problem} Until it is mended, the last good one is used." for problem in self.problems)


def index_status(index: Path) -> IndexStatus:
    """Return what is published in an index folder; IndexMissing or IndexUnreadable when nothing good is."""
    generation = published_generation(index)
    engine = open_generation(generation)
    manifest = engine.manifest
    engine.close()
    files = tuple(newest_problems_first(read_ledger(generation)))
    size = sum(path.stat().st_size for path in generation.iterdir())
    problems = tuple(map(str, problems_of(manifest.library, index)))
    return IndexStatus(manifest, files, size, problems)


def _age(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    if minutes < 0:
        return "in the future, by this machine's clock"
    if minutes < 120:
        return f"{minutes} min ago"
    return f"{minutes // 60} hours ago" if minutes < 48 * 60 else f"{minutes // 1440} days ago"
