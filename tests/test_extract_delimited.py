"""CSV and TSV: cells parted by tabs whatever parts them in the file, and nothing lost however they are quoted."""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract.delimited import tabulated
from indexer.extract.items import Incomplete
from indexer.extract.source import Context
from indexer.index.schema import Extraction, Locator, Page, Status
from indexer.limits import Limits
from tests.extraction import Read, items


def table(text: str) -> str:
    return "".join(tabulated([text]))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_whatever_parts_the_cells_they_are_parted_by_tabs(tmp_path: Path, read: Read, delimiter: str) -> None:
    rows = [("Item", "Price", "Note"), ("Paper, A4", "2,50", "a;b"), ("Pens", "3", 'the "good" ones')]
    with (tmp_path / "a.csv").open("w", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    text = 'Item\tPrice\tNote\nPaper, A4\t2,50\ta;b\nPens\t3\tthe "good" ones'
    assert read(tmp_path / "a.csv") == Extraction(Status.OK, "csv", (Page(Locator(), text),))


def test_the_encoding_is_found(tmp_path: Path, read: Read) -> None:
    for encoding in ("utf-8-sig", "cp1252", "utf-16"):
        (tmp_path / "a.tsv").write_bytes("Café\tthé\nCrème\tpâté\n".encode(encoding))
        assert read(tmp_path / "a.tsv").pages[0].text == "Café\tthé\nCrème\tpâté"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name;price\nA;1,5\nB;2,5\n", "name\tprice\nA\t1,5\nB\t2,5\n"),
        ("1,5;2,5\n3,5;4,5\n", "1,5\t2,5\n3,5\t4,5\n"),
        ("name,tags\nA,x;y\nB,z;u\n", "name\ttags\nA\tx;y\nB\tz;u\n"),
        ('sep=;\na;b,c\nd;e,f"\n', 'a\tb,c\nd\te,f"\n'),
        ("\ufeffSEP=\t\r\na\tb,c\r\n", "a\tb,c\n"),
        ("one\ntwo, three\n", "one\ntwo\tthree\n"),
        ("a,b\rc,d\r", "a\tb\nc\td\n"),
        ('a,"two\nlines"\r\nb,c', "a\ttwo\nlines\nb\tc\n"),
        ("a,,\n,,\n , b\n", "a\n\nb\n"),
        ("", ""),
        ("\n\n", "\n\n"),
        ("no table at all", "no table at all\n"),
    ],
)
def test_what_parts_the_cells_is_found(text: str, expected: str) -> None:
    assert table(text) == expected


@pytest.mark.parametrize(
    "broken", ['c,"never closed\nd,e\n', 'c,"closed"early,f\ng,h\n', f'c,"{"long " * 30_000}"\nd,e\n']
)
def test_from_a_row_with_broken_quotes_on_the_text_stays_as_it_is(broken: str) -> None:
    assert table("a,b\nc,d\n" + broken) == "a\tb\nc\td\n" + broken


def test_a_table_that_is_too_long_is_cut_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n" * 100)
    found = items(tmp_path / "a.csv", Context(Limits(characters=10)))
    assert next(found) == Page(Locator(), "a\tb\na\tb\na\n")
    with pytest.raises(Incomplete, match="390 more were left out") as caught:
        next(found)
    assert (caught.value.status, caught.value.left_out) == (Status.CUT, 390)


def test_a_table_of_many_rows_takes_no_more_than_a_few_times_its_size() -> None:
    text = "a,b\n" * 200_000
    tracemalloc.start()
    try:
        table(text)
        assert tracemalloc.get_traced_memory()[1] < 5 * len(text)
    finally:
        tracemalloc.stop()


CELLS = st.text(st.sampled_from("ab é\n\"',;|\t"), max_size=5)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1), st.sampled_from(",;|\t"))
def test_no_character_of_a_cell_is_lost_in_any_table(rows: list[list[str]], delimiter: str) -> None:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)
    read = table(file.getvalue())
    for cell in (cell for row in rows for cell in row):
        assert set(re.findall(r"\w", cell)) <= set(read)
    words = re.findall(r"\w", "".join("".join(row) for row in rows))
    assert re.findall(r"\w", read) == words


@given(st.text(st.sampled_from("ab\n\r\"',;|\t\0\u2028"), max_size=60))
def test_no_letter_of_any_text_is_lost(text: str) -> None:
    assert re.findall("[ab]", table(text)) == re.findall("[ab]", text)
