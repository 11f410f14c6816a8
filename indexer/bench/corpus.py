"""What is indexed for a measurement: a file of documents, one JSON object on each line."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from indexer.bench import BenchError

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
    for number, line in _lines(path):
        try:
            document = _document(_object(line))
            if document.id in known:
                raise ValueError(f'another line has the "_id" {document.id} already')
        except (ValueError, RecursionError) as error:
            reason = "it is nested too deeply" if isinstance(error, RecursionError) else error
            raise BenchError(f"Line {number:,} of {path} is no document: {reason}. {_WANTED}") from error
        known.add(document.id)
        yield document
    if not known:
        raise BenchError(f"{path} holds no documents. {_WANTED}")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not empty, numbered from 1."""
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, line
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        place = f" after line {number:,}" if number else ""
        raise BenchError(
            f"{path} cannot be read{place}: {reason}. Name a file of JSON lines, plain or packed by gzip."
        ) from error


def _object(line: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(line)
    if not isinstance(data, dict):
        raise ValueError("it is not a JSON object")
    if "\\ud" in line.lower():
        # Half a surrogate pair is JSON, but no text, and engines fail on it each in its own way.
        data = json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))
    return data


def _document(data: dict[str, Any]) -> BenchDocument:
    tags = data.get("tags") or []
    if not isinstance(tags, list):
        raise ValueError('"tags" is not a list')
    if not data.get("_id"):
        raise ValueError('it has no "_id"')
    values = dict.fromkeys(filter(None, (_value(tag, "tags") for tag in tags)))
    return BenchDocument(
        id=_value(data["_id"], "_id"),
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
