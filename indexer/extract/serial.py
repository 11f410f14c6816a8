"""Our data types as plain data, as it goes over the line between processes and into the cache, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from indexer.extract.source import Context
from indexer.extract.tools import Tools
from indexer.index.schema import FileMetadata, Locator, Unit
from indexer.limits import Limits


def context_to_json(context: Context) -> str:
    """Return a context as text."""
    return json.dumps(asdict(context))


def context_from_json(text: str) -> Context:
    """Return the context that a text holds."""
    data = json.loads(text)
    return Context(Limits(**data["limits"]), Tools(**data["tools"]))


def metadata_to_json(metadata: FileMetadata) -> dict[str, Any]:
    """Return what a file says of itself as plain data."""
    return asdict(metadata) | {"date": metadata.date.isoformat() if metadata.date else None}


def metadata_from_json(data: dict[str, Any]) -> FileMetadata:
    """Return what a file says of itself; raises KeyError, TypeError or ValueError for other data."""
    day = data["date"]
    return FileMetadata(
        title=text_from_json(data["title"]),
        author=text_from_json(data["author"]),
        language=text_from_json(data["language"]),
        date=date.fromisoformat(day) if day else None,
        pages=int(data["pages"]),
    )


def locator_from_json(values: Sequence[Any]) -> Locator:
    """Return a locator from its fields in their order; raises TypeError or ValueError for other data."""
    label, unit, within, anchor, recognised = values
    return Locator(text_from_json(label), Unit(unit), text_from_json(within), text_from_json(anchor), bool(recognised))


def text_from_json(value: object) -> str:
    """Return a text; raises TypeError for anything else."""
    if not isinstance(value, str):
        raise TypeError("no text where text belongs")
    return value
