from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index.toml_lines import Place, lines_of


def places_in(value: object, place: Place = ()) -> set[Place]:
    """Return the places of a parsed file: every value, every item and every table."""
    found = {place}
    if isinstance(value, dict):
        found |= {inner for key, item in value.items() for inner in places_in(item, (*place, key))}
    if isinstance(value, list):
        found |= {inner for number, item in enumerate(value) for inner in places_in(item, (*place, number))}
    return found


@pytest.mark.parametrize(
    ("text", "place", "line"),
    [
        ("a = 1\nb = 2", ("b",), 2),
        ("# a comment = [\na = 1", ("a",), 2),
        ('a = [\n  "x",\n  "y", # "z",\n  "w",\n]', ("a", 2), 4),
        ('a = [["x", "y"],\n\n["z"]]', ("a", 1, 0), 3),
        ('[one_way]\n"modern slavery" = "x"', ("one_way", "modern slavery"), 2),
        ('"a\\u0062" = 1', ("ab",), 1),
        ('a = "] \\" \\n"\nb = 1', ("b",), 2),
        ('a = """\n[x]\n""\\"""" # no\nb = 1', ("b",), 4),
        ("a = '''\n'x'\n''''\nb = 1", ("b",), 4),
        ("a = '\"'\nb = 1", ("b",), 2),
        ("[[pin]]\nq = 1\n[[pin]]\nq = 2", ("pin", 1, "q"), 4),
        ("[[pin]]\n[pin.sub]\nx = 1\n[[pin]]\n[pin.sub]\nx = 2", ("pin", 1, "sub", "x"), 6),
        ("a . b . c = 1\n[d.e]", ("a", "b", "c"), 1),
        ("a = {b = 1, c = [\n1,\n2]}", ("a", "c", 1), 3),
        ("a = 1979-05-27 07:32:00\nb = 1", ("b",), 2),
        ("\n\n[a]\nb = 1", ("a",), 3),
    ],
)
def test_a_value_is_found_on_its_line(text: str, place: Place, line: int) -> None:
    tomllib.loads(text)
    assert lines_of(text)[place] == line


def quoted(text: str) -> str:
    return '"' + "".join(f"\\u{ord(char):04x}" if char in '"\\' or ord(char) < 32 else char for char in text) + '"'


TEXTS = st.text(st.sampled_from("ab \"'\\#[]{},=.\n“é"), max_size=5)
OTHERS = ["1", "-1.5", "true", "'lit\"eral'", '"""two\nlines"""', "2020-01-01 10:00:00"]
VALUES = st.recursive(
    TEXTS.map(quoted) | st.sampled_from(OTHERS),
    lambda inner: st.lists(inner, max_size=3).map(lambda items: "[" + ", # ] \n ".join([*items, ""]) + "]"),
    max_leaves=6,
)
PAIRS = st.lists(st.tuples(TEXTS.map(quoted), VALUES), max_size=4, unique_by=lambda pair: pair[0])


@given(PAIRS, st.lists(PAIRS, max_size=3))
def test_every_value_of_any_file_has_a_line_on_which_it_begins(
    top: list[tuple[str, str]], tables: list[list[tuple[str, str]]]
) -> None:
    text = "".join(f"{key} = {value}\n" for key, value in top)
    begins: dict[Place, int] = {}
    for number, table in enumerate(tables):
        text += "# [[none]]\n[[ the.tables ]]\n"
        for key, value in table:
            begins["the", "tables", number, tomllib.loads(f"{key}=0").popitem()[0]] = text.count("\n") + 1
            text += f"{key} = {value}\n"
    parsed = tomllib.loads(text)
    lines = lines_of(text)
    assert places_in(parsed) - {("the",), ("the", "tables")} <= lines.keys()
    assert begins.items() <= lines.items()
