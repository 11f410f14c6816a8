"""The command `handlist similar`: parses what was typed and calls the room that does it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from indexer.cli_options import INDEX, JSON


@click.command()
@click.argument("identifier", metavar="ID")
@INDEX
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1, 20), help="Resources at most.")
@JSON
def similar(identifier: str, index: Path, limit: int, as_json: bool) -> None:
    """Name the resources most like the one of this ID, which is the end of its address.

    They share what tells what it is about: the words of its title, summary, tags and beginning.
    """
    from indexer.index import open_index
    from indexer.index.engine import EngineError
    from webapp.answers import similar_answer
    from webapp.terminal import relative_lines

    # Bytes that are no text could not be shown.
    identifier = identifier.encode("utf-8", "replace").decode()
    try:
        engine = open_index(index)
        if engine.resource(identifier) is None:
            raise click.BadParameter(f'There is no resource with the id "{identifier}".', param_hint="ID")
        hits = engine.similar(identifier, limit)
    except EngineError as error:
        raise click.ClickException(str(error)) from error
    answer = json.dumps(similar_answer(hits), ensure_ascii=False, indent=2) if as_json else ""
    click.echo(answer or "\n".join(relative_lines(engine, hits)))
