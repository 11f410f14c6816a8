"""The command `handlist evaluate`: parses what was typed and calls the room that does it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from click.core import ParameterSource

from indexer.cli_options import INDEX, JSON


@click.command()
@click.argument("judged", required=False, type=click.Path(path_type=Path))
@INDEX
@click.option("--language", default="en", show_default=True, metavar="CODE", help="Language of a folder's documents.")
@click.option("--ranking", default="default", show_default=True, metavar="NAME", help="The ranking that is measured.")
@click.option("--compare", "other", metavar="OTHER", help="Show what changed from another ranking, or from a TREC run.")
@click.option("--typos", is_flag=True, help="Ask again with one wrong letter in every word of five letters or more.")
@click.option("--faults", type=click.IntRange(1), metavar="N", help="Ask N faulty queries of the library's own words.")
@click.option("--run", type=click.Path(path_type=Path), help="Write what was found to this file, as a TREC run.")
@JSON
def evaluate(
    judged: Path | None,
    index: Path,
    language: str,
    ranking: str,
    other: str | None,
    typos: bool,
    faults: int | None,
    run: Path | None,
    as_json: bool,
) -> None:
    """Measure how good the answers are, by queries whose answers somebody has judged.

    JUDGED is a spreadsheet saved as CSV with the columns query, resource and grade (0 to 3), which judges a library
    whose index is published. Or it is a folder in the layout of BEIR, which is indexed in a temporary folder:
    corpus.jsonl, queries.jsonl and qrels/test.tsv, plain or as .gz.

    Every query that has a relevant document is asked as in the search box. A grade above 0 is relevant; for nDCG it is
    the gain, as in trec_eval.

    With --faults instead of JUDGED, queries are made of the published library's own words, with typos, other spellings,
    lost spaces, pasted citations and the like. How many of them find nothing is told for each kind.
    """
    from indexer.evaluate.printing import Task, print_comparison, print_robustness, print_scores, print_typos

    if bool(judged) == bool(faults):
        raise click.UsageError("Name a folder or spreadsheet that is JUDGED, or ask for --faults, and not for both.")
    _check_evaluation(judged, ranking, other, typos)
    with _measurable():
        if judged is None:
            print_robustness(index, faults or 0, as_json)
            return
        task = Task(judged, index, language, ranking, run)
        if other:
            print_comparison(task, other, as_json)
        elif typos:
            print_typos(task, as_json)
        else:
            print_scores(task, as_json)


def _check_evaluation(judged: Path | None, ranking: str, other: str | None, typos: bool) -> None:
    """Refuse what is not known or does not go together, and options that were typed and mean nothing here."""
    from indexer.index.ranking import RANKINGS

    if ranking not in RANKINGS:
        raise click.UsageError(f'There is no ranking "{ranking}". Known are {", ".join(RANKINGS)}.')
    if other and typos:
        raise click.UsageError("Choose one of --compare and --typos.")
    if judged is None:
        unused, kind = ["language", "ranking", "other", "typos", "run"], "--faults"
    elif judged.is_dir():
        unused, kind = ["index"], "a folder"
    else:
        unused, kind = ["language"], "a spreadsheet"
    context = click.get_current_context()
    for option in context.command.params:
        if option.name in unused and context.get_parameter_source(option.name) == ParameterSource.COMMANDLINE:
            raise click.UsageError(f"{option.opts[0]} means nothing with {kind}.")


@contextmanager
def _measurable() -> Iterator[None]:
    """Show what cannot be measured as a sentence, with exit status 1."""
    from indexer.bench import BenchError
    from indexer.index.engine import EngineError

    try:
        yield
    except (BenchError, EngineError) as error:
        raise click.ClickException(str(error)) from error
