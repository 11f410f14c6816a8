"""Files of lines, plain or packed by gzip, and the objects of JSON that stand on them."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from indexer.bench import BenchError


def numbered_lines(path: Path, kind: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not empty, numbered from 1, of a file in UTF-8; one that ends in .gz is unpacked.

    BenchError when it cannot be read to its end; `kind` says in the plural what its lines should have been.
    """
    number = 0
    packed = path.suffix == ".gz"
    try:
        with gzip.open(path, "rt", encoding="utf-8-sig") if packed else path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, line
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        place = f" after line {number:,}" if number else ""
        raise BenchError(
            f"{path} cannot be read{place}: {reason}. Name a file of {kind}, plain or packed by gzip."
        ) from error


def json_object(line: str) -> dict[str, Any]:
    """Return the object that a line holds; ValueError or RecursionError when it holds none."""
    data: dict[str, Any] = json.loads(line)
    if not isinstance(data, dict):
        raise ValueError("it is not a JSON object")
    if "\\ud" in line.lower():
        # Half a surrogate pair is JSON, but no text, and engines fail on it each in its own way.
        data = json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))
    return data
