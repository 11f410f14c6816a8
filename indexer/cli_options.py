"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

INDEX = click.option(
    "--index",
    type=click.Path(path_type=Path),
    default=Path(".handlist/index"),
    show_default=True,
    envvar="HANDLIST_INDEX",
    help="Folder of the index.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Answer with JSON, for programs.")
