"""What is indexed for a measurement: a file of documents, one JSON object on each line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from indexer.bench import BenchError
from indexer.bench.json_lines import json_object, numbered_lines

_MOST_TAGS = 20
_NO_VALUE = "none"
_WANTED = 'Every line has to be an object of JSON such as {"_id": "1", "title": "Fees", "text": "Who pays."}.'


@dataclass(frozen=True, slots=True)
class BenchDocument:
    """One document as every engine gets it: `tags` and `category` are its values in two facets and never empty."""

    id: str
    title: str
    text: str
    tags: tuple[str, ...]
    category: str


def read_corpus(path: Path, most: int | None = None) -> Iterator[BenchDocument]:
    """Yield the documents of a .jsonl or .jsonl.gz file in their order, only the first `most` of them if that is given.

    A line is an object with "_id" and, as far as there are any, "title", "text", "tags" and "category". Of the tags,
    the first 20 count, with spaces for commas, which part tags in Whoosh. BenchError names the line that is none, or
    the file if it holds no documents at all.
    """
    return islice(_documents(path), most)


def _documents(path: Path) -> Iterator[BenchDocument]:
    known: set[str] = set()
    for number, line in numbered_lines(path, "JSON lines"):
        try:
            document = _document(json_object(line))
            if document.id in known:
                raise ValueError(f'another line has the "_id" {document.id} already')
        except (ValueError, RecursionError) as error:
            reason = "it is nested too deeply" if isinstance(error, RecursionError) else error
            raise BenchError(f"Line {number:,} of {path} is no document: {reason}. {_WANTED}") from error
        known.add(document.id)
        yield document
    if not known:
        raise BenchError(f"{path} holds no documents. {_WANTED}")


def _document(data: dict[str, Any]) -> BenchDocument:
    tags = data.get("tags") or []
    if not isinstance(tags, list):
        raise ValueError('"tags" is not a list')
    if not data.get("_id"):
        raise ValueError('it has no "_id"')
    values = dict.fromkeys(filter(None, (_value(tag, "tags") for tag in tags)))
    return BenchDocument(
        id=" ".join(_text(data["_id"], "_id").split()),
        title=_text(data.get("title"), "title"),
        text=_text(data.get("text"), "text"),
        tags=tuple(values)[:_MOST_TAGS] or (_NO_VALUE,),
        category=_value(data.get("category"), "category") or _NO_VALUE,
    )


def _text(value: object, key: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f'"{key}" holds {json.dumps(value)[:50]}, which is not a text')
    return value


def _value(value: object, key: str) -> str:
    return " ".join(_text(value, key).replace(",", " ").split())
