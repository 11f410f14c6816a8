"""What `handlist bench` does: it measures and prints, and a run that ends early has printed what was known by then."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing

from indexer.bench import tables
from indexer.bench.comparison import Plan, compare
from indexer.bench.engines import chosen
from indexer.bench.growth import GrowthPlan, grow
from indexer.bench.measures import AnyRow
from indexer.progress import PlainReporter


def print_comparison(plan: Plan, peers: Sequence[str], as_json: bool) -> None:
    """Print how Handlist and these peers do; BenchError when that cannot be measured."""
    _print(compare(plan, chosen(peers), _reporter()), tables.comparison_lines, as_json)


def print_growth(plan: GrowthPlan, as_json: bool) -> None:
    """Print how Handlist does with libraries of rising size; BenchError when that cannot be measured."""
    with closing(grow(plan, _reporter())) as rows:
        _print(rows, tables.growth_lines, as_json)


def _reporter() -> PlainReporter:
    return PlainReporter(sys.stderr)  # A moving bar would take time from what is measured.


def _print(rows: Iterable[AnyRow], table: Callable[[Sequence[AnyRow]], Iterable[str]], as_json: bool) -> None:
    """Print every row as JSON as soon as it is known, or at last a table of all those that became known."""
    known: list[AnyRow] = []
    try:
        for row in rows:
            known.append(row)
            if as_json:
                print(json.dumps(row.to_json()), flush=True)
    finally:
        if known and not as_json:
            print("\n".join(table(known)), flush=True)
