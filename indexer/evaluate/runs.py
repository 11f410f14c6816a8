"""Rankings as files in the format of TREC, which other programs of the field read and write.

A line holds the id of a query, Q0, the id of a document, its place, its score and the name of the run.
"""

from __future__ import annotations

import math
from pathlib import Path

from indexer.bench import BenchError
from indexer.bench.json_lines import numbered_lines
from indexer.evaluate.asking import Rankings

_NAME = "handlist"
_LINE = 'Every line has to hold a query, Q0, a document, its place, its score and a name: "q1 Q0 d7 1 12.5 mine".'


def write_run(path: Path, rankings: Rankings) -> None:
    """Write rankings as a run; BenchError when that cannot be done.

    Programs sort a run by its scores and break ties each in its own way. So the score is how many documents there are
    from its line on: the order stays the same for all of them.
    """
    spaced = [name for query, found in rankings.items() for name in (query, *found) if len(name.split()) != 1]
    if spaced:
        raise BenchError(f'The ranking cannot be written as a run: the id "{spaced[0]}" holds a space.')
    lines = [
        f"{query} Q0 {document} {place} {len(found) - place + 1} {_NAME}\n"
        for query, found in rankings.items()
        for place, document in enumerate(found, 1)
    ]
    try:
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise BenchError(f"{path} cannot be written: {error.strerror or error}. Name another file.") from error


def read_run(path: Path) -> Rankings:
    """Return the rankings of a run, sorted as trec_eval does: by score, and ties by the greater id first.

    BenchError names the line that cannot be understood or that repeats a document.
    """
    scores: dict[str, dict[str, float]] = {}
    for number, line in numbered_lines(path, "a TREC run"):
        try:
            query, document, score = _line(line)
            found = scores.setdefault(query, {})
            if document in found:
                raise ValueError(f"another line has {document} for {query} already")
        except ValueError as error:
            raise BenchError(f"Line {number:,} of {path} is not one of a TREC run: {error}. {_LINE}") from error
        found[document] = score
    if not scores:
        raise BenchError(f"{path} holds no ranking. {_LINE}")
    return {query: _sorted(found) for query, found in scores.items()}


def _line(line: str) -> tuple[str, str, float]:
    cells = line.split()
    if len(cells) != 6:
        raise ValueError(f"it has {len(cells)} instead of 6 parts")
    score = float(cells[4])
    if math.isnan(score):
        raise ValueError("its score is no number")
    return cells[0], cells[2], score


def _sorted(scores: dict[str, float]) -> tuple[str, ...]:
    return tuple(sorted(scores, key=lambda document: (scores[document], document), reverse=True))
