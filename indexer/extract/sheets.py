"""What the workbooks of all programs have in common: rows as lines, a budget of cells, and what to say at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from indexer.extract.items import listed
from indexer.index.schema import Locator, Page, Unit
from indexer.limits import Limits


class BudgetSpent(Exception):
    """Raised where the limit on a workbook's cells or characters is reached."""


@dataclass(slots=True)
class Budget:
    """What is left to read of a workbook."""

    cells: int
    characters: int

    @classmethod
    def of(cls, limits: Limits) -> Budget:
        """Return the budget of a whole workbook."""
        return cls(limits.cells, limits.characters)

    def spend(self, cells: int = 0, characters: int = 0) -> None:
        """Take off what was read; raises BudgetSpent when it was more than there was."""
        self.cells -= cells
        self.characters -= characters
        if self.cells < 0 or self.characters < 0:
            raise BudgetSpent


@dataclass(slots=True)
class Sheet:
    """One sheet as far as it was read: a line for each row, and behind them what else is on it or printed with it."""

    label: str
    lines: list[str] = field(default_factory=list)
    margins: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    shapes: list[str] = field(default_factory=list)

    def page(self) -> Page:
        """Return the sheet as a page."""
        parts = (self.lines, self.margins, self.notes, self.shapes)
        return Page(Locator(self.label, Unit.SHEET), "\n\n".join("\n".join(part) for part in parts if part))


def label_of(name: str, is_hidden: bool) -> str:
    """Return what readers call a sheet, and whether their program shows it."""
    return f"{name} (hidden)" if is_hidden else name


def cut_reason(within: str, unread: Sequence[str], limits: Limits) -> str:
    """Say that the budget ended within a sheet, and before those that follow it."""
    not_read = f" Not read at all: {listed(unread)}." if unread else ""
    return (
        f"Reading stopped within the sheet “{within}”; what follows is not searched.{not_read} A workbook is read up "
        f"to {limits.cells:,} cells and {limits.characters:,} characters."
    )


def noted(cell: str, text: str) -> str:
    """Return a note behind the name of its cell."""
    return f"{cell}: {text}" if cell else text


def address(column: int, row: int) -> str:
    """Return what a cell is called, "C7"; columns and rows are counted from 1."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"
