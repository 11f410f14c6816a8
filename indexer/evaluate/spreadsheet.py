"""Judgments that a librarian keeps in a spreadsheet: a row for a query and a resource, with a grade from 0 to 3."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

from indexer.bench import BenchError
from indexer.evaluate.judgments import JudgedQuery, Judgments
from indexer.evaluate.metrics import has_relevant

GRADES = ("0", "1", "2", "3")
"""What a row may say of a resource: of no use, touches the matter, is useful, is what was looked for."""

_COLUMNS = ("query", "resource", "grade")
_MOST_NAMED = 50
_LAYOUT = (
    "Judgments are a spreadsheet saved as CSV in UTF-8, parted by commas or semicolons, with the columns query, "
    "resource, grade (0 to 3) and, if you like, note."
)


def read_spreadsheet(path: Path, is_known: Callable[[str], bool]) -> Judgments:
    """Return what was judged; `is_known` tells whether the library has a resource of that id.

    Rows that are empty, and columns of other names, count for nothing. BenchError names every mistake with its line and
    the reason.
    """
    queries: dict[str, JudgedQuery] = {}
    grades: dict[str, dict[str, float]] = {}
    mistakes = []
    for line, row in _rows(path):
        query, resource, grade = (" ".join(row[name].split()) for name in _COLUMNS)
        name = query.replace(" ", "_")
        judged = grades.setdefault(name, {})
        mistake = _mistake(query, resource, grade, judged, is_known)
        if mistake:
            mistakes.append(f"line {line:,}: {mistake}")
            continue
        judged[resource] = float(grade)
        queries.setdefault(name, JudgedQuery(name, query, judged))
    if mistakes:
        raise BenchError(_named(path, mistakes))
    relevant = tuple(query for query in queries.values() if has_relevant(query.grades))
    if not relevant:
        raise BenchError(f"No query of {path} has a resource of grade 1 or more, so there is nothing to measure.")
    left_out = len(queries) - len(relevant)
    remark = f"{left_out:,} of {len(queries):,} queries have no resource of grade 1 or more and do not count."
    return Judgments(relevant, (remark,) if left_out else ())


def _mistake(
    query: str, resource: str, grade: str, judged: dict[str, float], is_known: Callable[[str], bool]
) -> str | None:
    """Return what is wrong with a row, if anything is."""
    if not query:
        return "the query is empty"
    if grade not in GRADES:
        return f'the grade is "{grade}", which is none of {", ".join(GRADES)}'
    if not is_known(resource):
        return f'the library has no resource "{resource}"'
    if resource in judged:
        return f'"{resource}" is judged for "{query}" a second time'
    return None


def _named(path: Path, mistakes: list[str]) -> str:
    more = len(mistakes) - _MOST_NAMED
    shown = [f"{path} cannot be used as it is.", *mistakes[:_MOST_NAMED]]
    return "\n  ".join([*shown, f"and {more:,} more"] if more > 0 else shown)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows that are not empty, each with the number of its line and its cells by the names of columns."""
    text = _text(path)
    header = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";" if header.count(";") > header.count(",") else ",")
    try:
        names = [name.strip().lower() for name in next(rows, [])]
        missing = [name for name in _COLUMNS if name not in names]
        if missing:
            raise BenchError(f"{path} has no column {' and no column '.join(missing)} in its first line. {_LAYOUT}")
        for cells in rows:
            if any(cell.strip() for cell in cells):
                padded = [*cells, *[""] * len(names)]
                yield rows.line_num, dict(zip(names, padded, strict=False))
    except csv.Error as error:
        raise BenchError(f"Line {rows.line_num:,} of {path} cannot be read: {error}. {_LAYOUT}") from error


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BenchError(f"{path} cannot be read: {error.strerror or error}. {_LAYOUT}") from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise BenchError(f"Line {line:,} of {path} is not UTF-8. {_LAYOUT}") from error
