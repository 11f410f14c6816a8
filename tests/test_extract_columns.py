"""Columns: prose that a file gives row by row is read column by column, and tables are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract.columns import Box, Piece, gutters, in_reading_order

PROSE = "the dam was built by those who had come up the river in search of land that nobody had ever tilled before"


def piece(text: str, column: int, row: int, width: float = 200) -> Piece:
    left = 50 + 220 * column
    return Piece(text, Box(left, 700 - 14 * row, left + width, 710 - 14 * row))


def rows(*columns: list[str]) -> list[Piece]:
    return [piece(text, c, r) for r, line in enumerate(zip(*columns, strict=True)) for c, text in enumerate(line)]


def prose(name: str, count: int = 8) -> list[str]:
    return [f"{PROSE[5 * n :][:40]} {name}{n}" for n in range(count)]


@pytest.mark.parametrize("count", [2, 3])
def test_columns_of_prose_are_read_one_after_the_other(count: int) -> None:
    columns = [prose(name) for name in "abc"[:count]]
    pieces = rows(*columns)
    found = gutters([piece.box for piece in pieces])
    assert len(found) == count - 1
    assert in_reading_order(pieces, found) == [line for column in columns for line in column]


def test_headings_across_the_page_part_the_columns() -> None:
    left, right = prose("left"), prose("right")
    heading, footing = piece("A heading", 0, -1, width=420), piece("A footing", 0, 9, width=420)
    pieces = [heading, *rows(left, right), footing]
    found = gutters([piece.box for piece in pieces])
    assert in_reading_order(pieces, found) == ["A heading", *left, *right, "A footing"]


def test_the_last_column_may_be_shorter() -> None:
    left, right = prose("left", 12), prose("right", 9)
    pieces = rows(left[:9], right) + [piece(text, 0, 9 + n) for n, text in enumerate(left[9:])]
    assert in_reading_order(pieces, gutters([piece.box for piece in pieces])) == left + right


def test_a_table_is_read_row_by_row() -> None:
    pieces = rows([f"Item {n}" for n in range(9)], [f"{n} metres" for n in range(9)])
    assert in_reading_order(pieces, gutters([piece.box for piece in pieces])) == []


def test_columns_that_follow_each_other_in_the_file_have_no_gutter_to_leap() -> None:
    pieces = [piece(text, column, row) for column in (0, 1) for row, text in enumerate(prose("x"))]
    assert gutters([piece.box for piece in pieces]) == []


def test_the_marks_of_a_list_are_no_column() -> None:
    boxes = [box for n in range(9) for box in (Box(50, 700 - n, 54, 710 - n), Box(72, 700 - n, 500, 710 - n))]
    assert gutters(boxes) == []


@given(
    st.lists(
        st.builds(
            Piece,
            st.text("aB ", min_size=1, max_size=60),
            st.builds(Box, *(st.floats(-1e3, 1e3, width=16) for _ in range(4))),
        ),
        max_size=30,
    ),
    st.lists(st.floats(-1e3, 1e3), max_size=2).map(sorted),
)
def test_no_piece_is_lost_whatever_the_boxes(pieces: list[Piece], places: list[float]) -> None:
    gutters([piece.box for piece in pieces])
    lines = in_reading_order(pieces, places)
    letters = sorted("".join(piece.text for piece in pieces).replace(" ", ""))
    assert not lines or sorted("".join(lines).replace(" ", "")) == letters
