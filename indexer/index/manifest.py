"""What the index says of itself: versions, counts, when it was built and which library it holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from indexer.index.ranking import DEFAULT, Ranking
from indexer.index.values import ALWAYS_INDEXED, indexed_facets

FILE_NAME = "manifest.json"

_NEEDED = {".arrays", ".texts", ".toc"}


class FacetKind(StrEnum):
    """What the values of a facet are: names, or whole numbers, of which ranges can be chosen."""

    NAMES = "names"
    NUMBERS = "numbers"


class ValueOrder(StrEnum):
    """The orders in which the values of a facet are shown: the most frequent first, or by name."""

    COUNT = "count"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class FacetInfo:
    """A facet as its readers know it: `name` in addresses and queries, `label` on the page.

    `hierarchy` is what parts the levels of its values, which are then paths (see `hierarchy.py`); empty if they are
    none. Numbers are shown as such, whatever the `order` of the values says.
    """

    name: str
    label: str
    kind: FacetKind = FacetKind.NAMES
    hierarchy: str = ""
    order: ValueOrder = ValueOrder.COUNT


@dataclass(frozen=True, slots=True)
class LibraryInfo:
    """What the answering half has to know of the library: its title, where its files lie, its facets in order.

    `root` is the library's folder as an absolute path, `config` that of its settings when they lie elsewhere.
    `languages` are ISO 639-1 codes, the first is the default. `recency` and `half_life` are weights of its ranking (see
    `ranking.Ranking`). `logo` and `style` are paths of a picture and a stylesheet within the folder,
    and `accent` is a colour as CSS writes it; all may be empty.
    """

    title: str
    root: str
    description: str = ""
    languages: tuple[str, ...] = ("en",)
    facets: tuple[FacetInfo, ...] = ()
    config: str = ""
    recency: float = DEFAULT.recency
    half_life: float = DEFAULT.half_life
    logo: str = ""
    accent: str = ""
    style: str = ""

    def ranking(self, base: Ranking) -> Ranking:
        """Return a ranking with the weights that the library sets itself."""
        return replace(base, recency=self.recency, half_life=self.half_life)

    @property
    def indexed_facets(self) -> tuple[FacetInfo, ...]:
        """All facets that may be asked for: those that the library shows, then those that every index has."""
        shown = {facet.name: facet for facet in self.facets}
        others = {name: FacetInfo(name, label) for name, label in ALWAYS_INDEXED.items()}
        return tuple((others | shown)[name] for name in indexed_facets(shown))


@dataclass(frozen=True, slots=True)
class WrittenBy:
    """What has to be known of an index before anything in it is understood: its schema, and how words were analyzed."""

    schema_version: int
    analysis: str

    @classmethod
    def read(cls, folder: Path) -> WrittenBy:
        """Read it from the manifest of any version; OSError, ValueError, KeyError or TypeError when it is none."""
        data = _read(folder)
        _check(data, {"schema_version": int, "analysis": str})
        return cls(data["schema_version"], data["analysis"])


def sizes_of(folder: Path) -> dict[str, int]:
    """Return the size in bytes of every file that readers of a generation need."""
    return {path.name: path.stat().st_size for path in sorted(folder.iterdir()) if path.suffix in _NEEDED}


@dataclass(frozen=True, slots=True)
class Manifest:
    """The index's own description, written beside it as JSON and read before anything else.

    `analysis` names the analyzer and the version of its stemmers: terms of another analysis cannot be looked up.
    `corpus` is a fingerprint of everything that was read. `built_at` is in UTC. `sizes` holds the size in bytes of
    every file that readers need, so that one cut short is noticed before it is read.
    """

    schema_version: int
    analysis: str
    generation: int
    built_at: datetime
    corpus: str
    resources: int
    files: int
    pages: int
    library: LibraryInfo
    sizes: Mapping[str, int] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Write the manifest into the folder of its generation."""
        data = asdict(self) | {"built_at": self.built_at.isoformat()}
        (folder / FILE_NAME).write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read the manifest of a generation; OSError, ValueError, KeyError or TypeError when it is none."""
        data = _read(folder)
        _check(data, _MANIFEST)
        _check_all(data["sizes"].values(), int)
        built_at = datetime.fromisoformat(data.pop("built_at"))
        if built_at.tzinfo is None:
            raise ValueError(f"The time {built_at} has no zone")
        return cls(built_at=built_at, library=_library(data.pop("library")), **data)


_MANIFEST: Mapping[str, type] = {
    "schema_version": int,
    "analysis": str,
    "generation": int,
    "built_at": str,
    "corpus": str,
    "resources": int,
    "files": int,
    "pages": int,
    "library": dict,
    "sizes": dict,
}
_LIBRARY: Mapping[str, type] = {
    "title": str,
    "root": str,
    "description": str,
    "languages": list,
    "facets": list,
    "config": str,
    "recency": float,
    "half_life": float,
    "logo": str,
    "accent": str,
    "style": str,
}
_FACET: Mapping[str, type] = {"name": str, "label": str, "kind": str, "hierarchy": str, "order": str}


def _read(folder: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
    _check_all([data], dict)
    return data


def _library(data: dict[str, Any]) -> LibraryInfo:
    _check(data, _LIBRARY)
    languages, facets = data.pop("languages"), data.pop("facets")
    _check_all(languages, str)
    _check_all(facets, dict)
    for facet in facets:
        _check(facet, _FACET)
    return LibraryInfo(languages=tuple(languages), facets=tuple(map(_facet, facets)), **data)


def _facet(data: dict[str, Any]) -> FacetInfo:
    return FacetInfo(kind=FacetKind(data.pop("kind")), order=ValueOrder(data.pop("order")), **data)


def _check(data: Mapping[str, Any], kinds: Mapping[str, type]) -> None:
    """Raise KeyError for a value that is missing, TypeError for one of another kind."""
    for name, kind in kinds.items():
        _check_all([data[name]], kind)


def _check_all(values: Iterable[Any], kind: type) -> None:
    for value in values:
        # Of exactly this type: a truth value would pass for a number.
        if type(value) is not kind:
            raise TypeError(f"{value!r} stands where {kind.__name__} is expected")
