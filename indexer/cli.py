"""The `handlist` command: parses what was typed and calls the room that does it."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from indexer import __version__
from indexer.cli_evaluate import evaluate
from indexer.cli_options import INDEX, JSON
from indexer.cli_similar import similar

if TYPE_CHECKING:
    from webapp.server import RebuildPlan

NOT_PUBLISHED = 1
"""Exit status of a build that published nothing because something went wrong."""


class _ServeCommand(click.Command):
    """Ends its help with the settings of the server, which are read from the environment."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from webapp.config import described  # the web is only loaded by those who ask for it

        super().format_epilog(ctx, formatter)
        with formatter.section("Environment"):
            formatter.write_dl(
                [(name, f"{text}  [default: {default}]" if default else text) for name, default, text in described()]
            )


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="handlist")
def main() -> None:
    """Full-text search for a resource library: its pages and what is inside their files."""
    encoding = sys.getfilesystemencoding()
    if encoding != "utf-8":
        raise click.UsageError(
            f"File names are read as {encoding} here, and those with accents would be lost. "
            "Set PYTHONUTF8=1 or a UTF-8 locale such as LC_ALL=C.UTF-8, and try again."
        )


@main.command()
@click.argument("library", type=click.Path(path_type=Path))
@INDEX
@click.option("--config", type=click.Path(path_type=Path), help="Settings to use instead of LIBRARY/library.toml.")
@click.option("--may-lose-most", is_flag=True, help="Publish even if most resources are gone since the last build.")
@JSON
def build(library: Path, index: Path, config: Path | None, may_lose_most: bool, as_json: bool) -> None:
    """Bring the index of LIBRARY, a folder of pages and files, up to date.

    Only what changed is read. Readers see the old index until the new one is complete and checked. Exit status: 0
    published or nothing to do, 1 not published, 2 wrong use.
    """
    from indexer.build import BuildFailed
    from indexer.build import build as build_index
    from indexer.index.engine import EngineError
    from indexer.library.settings import SettingsError, load_settings
    from indexer.progress import reporter

    with _ended_cleanly(index):
        try:
            report = build_index(load_settings(library, config), index, reporter(), may_lose_most=may_lose_most)
        except SettingsError as error:
            raise click.UsageError(str(error)) from error
        except (BuildFailed, EngineError) as error:
            raise click.ClickException(str(error)) from error
        except KeyboardInterrupt:
            click.echo("Interrupted: nothing was published by this build.", err=True)
            sys.exit(NOT_PUBLISHED)
        click.echo(_as_json(report.to_json()) if as_json else "\n".join(report.lines()))


@main.command()
@INDEX
@JSON
def status(index: Path, as_json: bool) -> None:
    """Say what is published: how much, how old, and which files could not be read whole."""
    from indexer.status import index_status

    with _failures_explained():
        found = index_status(index)
    click.echo(_as_json(found.to_json()) if as_json else "\n".join(found.lines(datetime.now(UTC))))


@main.command()
@INDEX
@JSON
@click.option("--csv", "as_csv", is_flag=True, help="Answer with CSV, for a spreadsheet.")
def check(index: Path, as_json: bool, as_csv: bool) -> None:
    """Say of every file how much of it is searched, newest problems first, and what would help.

    On the terminal only files with problems are listed; JSON and CSV list all.
    """
    from indexer.check import check_lines, index_ledger
    from indexer.index.ledger import ledger_csv

    if as_json and as_csv:
        raise click.UsageError("Choose one of --json and --csv.")
    with _failures_explained():
        reports = index_ledger(index)
    if as_csv:
        click.echo(ledger_csv(reports), nl=False)
    else:
        click.echo(_as_json([file.to_json() for file in reports]) if as_json else "\n".join(check_lines(reports)))


@main.command()
@click.argument("words", nargs=-1, required=True)
@INDEX
@click.option("--page", default="1", show_default=True, help="Page of results, from 1.")
@click.option("--sort", default="relevance", show_default=True, help="Order: relevance, newest, oldest or title.")
@click.option("--since", default="", metavar="DAY", help="The first day: 2024, 2024-03 or 2024-03-31.")
@click.option("--until", default="", metavar="DAY", help="The last day; a year or a month means all of it.")
@click.option("--limit", default="10", show_default=True, help="Results per page, 1 to 100.")
@click.option("--facet", "facets", multiple=True, metavar="NAME=VALUE", help="Narrow to a value, e.g. type=Guidance.")
@click.option("--verbatim", is_flag=True, help="Correct no word, whatever the library has.")
@JSON
def search(
    words: tuple[str, ...],
    index: Path,
    page: str,
    sort: str,
    since: str,
    until: str,
    limit: str,
    facets: tuple[str, ...],
    verbatim: bool,
    as_json: bool,
) -> None:
    """Search the index for WORDS, in the same language as the search box.

    \b
    "forced labour"            words side by side
    fees -covid                without a word; also NOT
    fees OR charges            either; brackets group: (fees OR charges) malawi
    title:recruitment          in one field: title, summary, body, keywords, attachments
    type:guidance              a value of a facet; language:french, format:pdf
    year:2019..2021            numbers of a facet; also 2019.. and ..2021
    traffick*  recruitmant~    words that begin so, or are spelled nearly so
    "workers fees"~5           words near each other

    Quotation marks and brackets mean something to a shell, too: put all of it in single quotes. Words that begin with a
    minus follow "--": handlist search -- recruitment -covid.
    """  # noqa: D301  # the character keeps the lines of a paragraph as they are
    from indexer.index import open_index
    from indexer.index.curation import read_curation
    from webapp.answers import search_answer
    from webapp.arguments import SEARCH_ARGUMENTS, read_question, refuse_unknown
    from webapp.facets import facet_names
    from webapp.search import search as answer
    from webapp.terminal import result_lines

    given: dict[str, list[str]] = {"q": [_text(" ".join(words))], "page": [page], "sort": [sort], "limit": [limit]}
    given |= {"since": [_text(since)], "until": [_text(until)], "verbatim": ["1"] if verbatim else []}
    for facet in map(_text, facets):
        name, equals, value = facet.partition("=")
        if not equals:
            raise click.BadParameter(f'"{facet}" is not NAME=VALUE.', param_hint="--facet")
        given.setdefault(name, []).append(value)
    with _failures_explained():
        engine = open_index(index)
        names = facet_names(engine)
        refuse_unknown(given, [*(each.name for each in SEARCH_ARGUMENTS), *names])
        curation = read_curation(engine.manifest.library, index)
        found = answer(engine, read_question(given, engine.manifest.library.indexed_facets, size=10), curation)
    click.echo(_as_json(search_answer(found)) if as_json else "\n".join(result_lines(found)))


@main.command(cls=_ServeCommand)
@INDEX
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes any.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes that answer.")
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="Threads in each of them.")
@click.option("--rebuild", metavar="CRON", help='Rebuild on a schedule as well: "0 3 * * *" is every night at three.')
def serve(index: Path, host: str, port: int, workers: int, threads: int, rebuild: str | None) -> None:
    """Serve the index to browsers and programs, always the newest that is published."""
    import dataclasses

    from indexer.index.engine import EngineError
    from webapp.config import Config, ConfigError
    from webapp.server import serve as run

    try:
        config = dataclasses.replace(Config.from_environment(), index=index)
        plan = _rebuild_plan(index, rebuild) if rebuild else None
    except (ConfigError, ValueError) as error:
        raise click.UsageError(str(error)) from error
    except EngineError as error:
        raise click.ClickException(str(error)) from error
    sys.exit(run(config, host, port, workers, threads, plan))


def _names(_context: click.Context, _option: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(filter(None, (name.strip() for name in (value or "").split(","))))


def _sizes(context: click.Context, option: click.Parameter, value: str | None) -> tuple[int, ...]:
    try:
        sizes = tuple(dict.fromkeys(map(int, _names(context, option, value))))
    except ValueError:
        sizes = (0,)
    if min(sizes, default=1) < 1:
        raise click.BadParameter(f'"{value}" is not a list of whole numbers from 1, such as 1000,10000.')
    return sizes


@main.command()
@click.argument("corpus", required=False, type=click.Path(path_type=Path))
@click.option("--peers", callback=_names, metavar="NAMES", help="Compare with some of tantivy,fts5,whoosh.")
@click.option("--documents", type=click.IntRange(1), help="Only the first so many documents of CORPUS.")
@click.option("--grow", is_flag=True, help="Measure made-up libraries of rising size instead of CORPUS.")
@click.option("--sizes", callback=_sizes, metavar="NUMBERS", help="Sizes for --grow: 1000,10000,100000,1000000.")
@click.option("--queries", default=100, show_default=True, type=click.IntRange(1), help="Questions of each length.")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1), help="How often each is asked.")
@click.option("--keep", type=click.Path(path_type=Path), help="A new folder in which the indexes stay.")
@JSON
def bench(
    corpus: Path | None,
    peers: tuple[str, ...],
    documents: int | None,
    grow: bool,
    sizes: tuple[int, ...],
    queries: int,
    rounds: int,
    keep: Path | None,
    as_json: bool,
) -> None:
    """Measure how fast whole answers are: the ten best with excerpts, the total and two facets, for an OR of words.

    CORPUS holds an object of JSON a line, {"_id", "title", "text", "tags": [...], "category"}, plain or packed as .gz.
    What is asked are one, two or three words of its titles, always the same ones. Handlist and its peers are asked in
    turns, all questions of one length and then the next engine, each on one thread; a question counts with the median
    of its rounds. Whoosh is only asked the first ten of each length. Building counts from the first line that is read
    to the index that can be asked.

    With --grow, libraries of 1,000 to 1,000,000 documents are made up instead, and fresh processes open and ask them.
    With --json a row is printed as soon as it is known.
    """
    from indexer.bench import BenchError
    from indexer.bench.comparison import Plan
    from indexer.bench.growth import SIZES, GrowthPlan
    from indexer.bench.printing import print_comparison, print_growth

    _check_bench(corpus, grow, {"--peers": peers, "--documents": documents}, {"--sizes": sizes})
    try:
        if corpus:
            print_comparison(Plan(corpus, documents, queries, rounds, keep), peers, as_json)
        else:
            print_growth(GrowthPlan(sizes or SIZES, queries, rounds, keep), as_json)
    except BenchError as error:
        raise click.ClickException(str(error)) from error


def _check_bench(
    corpus: Path | None, grow: bool, of_corpus: Mapping[str, object], of_growth: Mapping[str, object]
) -> None:
    if bool(corpus) == grow:
        raise click.UsageError("Name a CORPUS, or ask for --grow, and not for both.")
    for option, value in (of_corpus if grow else of_growth).items():
        if value:
            raise click.UsageError(f"{option} means nothing {'with' if grow else 'without'} --grow.")


main.add_command(evaluate)
main.add_command(similar)


def _text(argument: str) -> str:
    """Return an argument without bytes that are no text, which could be neither searched nor shown."""
    return argument.encode("utf-8", "replace").decode()


def _as_json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)


def _rebuild_plan(index: Path, cron: str) -> RebuildPlan:
    """Return the schedule and the build it starts: that of the library which the published index was built from."""
    from indexer.index import open_index
    from indexer.schedule import parse_cron
    from webapp.server import RebuildPlan

    parse_cron(cron)
    engine = open_index(index)
    library = engine.manifest.library
    engine.close()
    config = ("--config", library.config) if library.config else ()
    return RebuildPlan(cron, (library.root, "--index", str(index.absolute()), *config))


@contextmanager
def _failures_explained() -> Iterator[None]:
    """Show what went wrong as a sentence: exit status 2 for a question that makes no sense, 1 for a missing index."""
    from indexer.index.engine import EngineError
    from webapp.arguments import BadArgument

    try:
        yield
    except BadArgument as error:
        raise click.UsageError(str(error)) from error
    except EngineError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _ended_cleanly(index: Path) -> Iterator[None]:
    """Let a build that is told to end clean up behind itself, or say what it did if it has published already.

    After the block nothing is left but to end with the status that is decided by then, so nothing interrupts that.
    """
    from indexer.index import current_generation

    before = current_generation(index)

    def end(_signal: int, _frame: FrameType | None) -> None:
        if current_generation(index) == before:
            raise KeyboardInterrupt

    signals = [number for number in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(number) != signal.SIG_IGN]
    for number in signals:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in signals:
            signal.signal(number, signal.SIG_IGN)
