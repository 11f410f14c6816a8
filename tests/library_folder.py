"""A library on disk for tests of the build: pages and small real files, written as the test says."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from fpdf import FPDF

from indexer.build import build
from indexer.library.settings import load_settings
from indexer.progress import Advance
from indexer.report import Report


class SilentReporter:
    """Shows no progress."""

    def step(self, label: str, total: int) -> AbstractContextManager[Advance]:  # noqa: ARG002  # the port's own names
        """Say nothing while the block runs."""
        return nullcontext(lambda: None)


def write_page(library: Path, name: str, front_matter: str = "", body: str = "") -> Path:
    """Write a Markdown page and return its path."""
    path = library / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{front_matter}\n---\n{body}\n" if front_matter else body, encoding="utf-8")
    return path


def write_pdf(path: Path, pages: Sequence[str]) -> Path:
    """Write a PDF with one text per page and return its path."""
    document = FPDF()
    document.set_font("Helvetica")
    for text in pages:
        document.add_page()
        document.multi_cell(0, text=text)
    path.parent.mkdir(parents=True, exist_ok=True)
    document.output(str(path))
    return path


def built(library: Path, index: Path, config: Path | None = None, *, may_lose_most: bool = False) -> Report:
    """Build the index of a library and return the report."""
    return build(load_settings(library, config), index, SilentReporter(), may_lose_most=may_lose_most)
