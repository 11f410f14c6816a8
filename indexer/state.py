"""What the last build saw: kept with its generation, so that the next build does only what changed."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from indexer.library.entry import Entry

FILE_NAME = "state.json"


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page as it was last read: the hash of its content and its entry, without the texts."""

    digest: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class State:
    """Everything a build has to know of the one before.

    `recipe` names what every document depends on: settings, schema, analysis, readers. `pages` is by source,
    `resources` maps ids to the fingerprints of what they were made of.
    """

    recipe: str = ""
    pages: Mapping[str, KnownPage] = field(default_factory=dict)
    resources: Mapping[str, str] = field(default_factory=dict)

    def write(self, generation: Path) -> None:
        """Write the state into the folder of its generation."""
        data = {
            "recipe": self.recipe,
            "pages": {source: _page_to_json(page) for source, page in self.pages.items()},
            "resources": dict(self.resources),
        }
        (generation / FILE_NAME).write_text(
            json.dumps(data, ensure_ascii=False, default=date.isoformat), encoding="utf-8"
        )


def read_state(generation: Path | None) -> State:
    """Read the state of a generation; an empty one when there is none or it cannot be read."""
    if generation is None:
        return State()
    try:
        data: dict[str, Any] = json.loads((generation / FILE_NAME).read_text(encoding="utf-8"))
        return State(
            recipe=data["recipe"],
            pages={source: _page_from_json(page) for source, page in data["pages"].items()},
            resources=dict(data["resources"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return State()


def _page_to_json(page: KnownPage) -> dict[str, Any]:
    return {"digest": page.digest, "entry": asdict(page.entry)}


_DATES = ("date", "publish_from", "expires")


def _page_from_json(data: dict[str, Any]) -> KnownPage:
    values: dict[str, Any] = data["entry"]
    values |= {name: date.fromisoformat(values[name]) if values[name] else None for name in _DATES}
    values["facets"] = {name: tuple(facet) for name, facet in values["facets"].items()}
    values |= {name: tuple(values[name]) for name in ("references", "problems", "unstated")}
    return KnownPage(data["digest"], Entry(**values))


def without_texts(entry: Entry) -> Entry:
    """Return the entry without its summary and body, which are only needed when its resource is indexed."""
    return dataclasses.replace(entry, summary="", body="")
