"""Files that librarians edit may hold anything: each is understood, or refused with a short sentence and a line."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.index.curated import CuratedFileError
from indexer.index.pins import parse_pins
from indexer.index.synonyms import parse_synonyms

PIECES = [
    *["two_way", "[one_way]", "[[pin]]", "query", "show", "hide", "one_way", "[two_way]", "pin", "[pin.query]"],
    *[" = ", "[", "]", "{", "}", ",", "\n", '"', "'", '"""', "#", ".", '"a"', '["a", "b"]', "7", "-", "“", "\\", "\0"],
    *["a.b", "true", "1979-05-27 07:32:00", "é", " "],
]


@settings(max_examples=500)
@given(
    st.lists(st.sampled_from(PIECES), max_size=20).map("".join) | st.text(max_size=30),
    st.sampled_from([parse_synonyms, parse_pins]),
)
def test_whatever_stands_in_a_file_is_understood_or_refused(text: str, parse: Callable[[Path, str], object]) -> None:
    with contextlib.suppress(CuratedFileError):
        parse(Path("file.toml"), text)


@pytest.mark.parametrize(
    "text",
    [
        "two_way = [{" + "a." * 5_000 + "a = 1}]",
        "[one_way]\nx = [{" + "a." * 5_000 + "a = 1}]",
        "two_way = " + "9" * 5_000,
        "a" * 5_000 + " = 1",
        "two_way = " + "[" * 200 + "]" * 200,
    ],
)
def test_a_monstrous_file_is_refused_with_a_short_sentence(text: str) -> None:
    with pytest.raises(CuratedFileError) as caught:
        parse_synonyms(Path("file.toml"), text)
    assert len(caught.value.sentence) < 200


@pytest.mark.parametrize("text", ["two_way = [", "two_way = 1\n" * 3, "[one_way]\n\n" + "x = 'a'\n" * 2, 'x = """\n\n'])
def test_the_line_that_is_named_is_one_of_the_file(text: str) -> None:
    with pytest.raises(CuratedFileError) as caught:
        parse_synonyms(Path("file.toml"), text)
    assert 1 <= caught.value.line <= text.count("\n") + 1
