"""Hold the words of real PDF pages against those that `pdftotext` finds on them.

Run it as `python -m tests.bench.pdf_recall FOLDER --pages 200`; it needs the Debian package poppler-utils. Words are
runs of letters and digits in one case and compatibility form (NFKC), counted page by page: recall is the part of the
words of `pdftotext` that is found on the same page as often. Hyphens between letters are left out on both sides, with a
line end behind them, so that a parted word is the same whether or not it was mended.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import click

from indexer.extract import pdf, pdf_pages
from indexer.extract.items import Incomplete
from indexer.extract.running_lines import RunningLines
from indexer.extract.source import Context, Source
from indexer.index.schema import Page

_WORD = re.compile(r"[^\W_]+")
_LINE_END = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010\u2011]\s*\n\s*(?=[^\W\d_])")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010\u2011](?=[^\W\d_])")
_SHOWN = 30


class _AllLines:
    """Stands in for the room that takes running lines out, and keeps them."""

    def remove(self, pages: Sequence[tuple[str, str]]) -> list[str]:
        """Return the texts as they are."""
        return [text for _, text in pages]


@dataclass(slots=True)
class _Score:
    """How many words were looked for and found, and which were missing how often."""

    words: int = 0
    found: int = 0
    missing: Counter[str] = field(default_factory=Counter)

    def add(self, wanted: Counter[str], got: Counter[str]) -> None:
        """Count one page."""
        missing = wanted - got
        self.words += wanted.total()
        self.found += wanted.total() - missing.total()
        self.missing += missing

    def __str__(self) -> str:
        part = self.found / self.words if self.words else 0.0
        return f"{part:.4%} of {self.words:,} words"


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--pages", default=200, show_default=True, help="Pages to compare, drawn at random; 0 for all.")
@click.option("--seed", default=1, show_default=True, help="Of the draw.")
def main(folder: Path, pages: int, seed: int) -> None:
    """Print the recall of our reader over the PDF files below FOLDER, and the words that it misses most often."""
    if not shutil.which("pdftotext"):
        raise click.ClickException("pdftotext is missing: install the Debian package poppler-utils.")
    places = [(path, index) for path in sorted(folder.rglob("*.pdf")) for index in range(_page_count(path))]
    if pages:
        places = sorted(random.Random(seed).sample(places, min(pages, len(places))))  # noqa: S311 - no secret
    wanted = {place: _words(_pdftotext(*place)) for place in places}
    click.echo(f"{len(places):,} pages of {len({path for path, _ in places}):,} files")
    for name, running_lines in (("kept", _AllLines), ("removed", RunningLines)):
        score = _score(wanted, running_lines)
        click.echo(f"running lines {name}: {score}")
        click.echo("  missing: " + ", ".join(f"{word} {count}" for word, count in score.missing.most_common(_SHOWN)))


def _score(wanted: dict[tuple[Path, int], Counter[str]], running_lines: type[object]) -> _Score:
    score = _Score()
    for path in sorted({path for path, _ in wanted}):
        texts = list(_ours(path, running_lines))
        for (place, index), words in wanted.items():
            if place == path:
                score.add(words, _words(texts[index] if index < len(texts) else ""))
    return score


def _ours(path: Path, running_lines: type[object]) -> Iterator[str]:
    """Yield the texts of the pages as our reader finds them; those of attached files are left out."""
    try:
        with patch.object(pdf_pages, "RunningLines", running_lines):
            for item in pdf.read(Source.on_disk(path), Context()):
                if isinstance(item, Page) and not item.locator.within:
                    yield item.text
    except Incomplete as problem:
        click.echo(f"{path.name}: {problem.reason}", err=True)


def _pdftotext(path: Path, index: int) -> str:
    number = str(index + 1)
    command = ["pdftotext", "-q", "-enc", "UTF-8", "-f", number, "-l", number, str(path), "-"]
    return subprocess.run(command, capture_output=True, check=False).stdout.decode("utf-8", "replace")


def _page_count(path: Path) -> int:
    told = subprocess.run(["pdfinfo", str(path)], capture_output=True, check=False).stdout.decode("utf-8", "replace")
    count = re.search(r"^Pages:\s+(\d+)", told, re.MULTILINE)
    return int(count[1]) if count else 0


def _words(text: str) -> Counter[str]:
    """Count the words of a page; hyphens within words are left out, as is the parting of a word at a line end."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return Counter(_WORD.findall(_HYPHEN.sub("", _LINE_END.sub("", text))))


if __name__ == "__main__":
    main()
