from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index import analysis
from indexer.index.engine import Excerpt
from indexer.index.schema import Resource
from indexer.index.whoosh.excerpts import Mark, excerpt, excerpt_of_page, heaviest, whole
from indexer.index.whoosh.records import BODY, Passage, RecordReader, RecordWriter


def marks_of(text: str, *wanted: str) -> list[Mark]:
    words = analysis.words(text)
    return [Mark(position, 1, wanted.index(word)) for position, word in enumerate(words) if word in wanted]


def test_a_short_text_is_shown_whole_with_its_matches_marked() -> None:
    text = "Human rights, and the rights of workers"
    assert whole(text, marks_of(text, "rights")) == (
        ("Human ", False),
        ("rights", True),
        (", and the ", False),
        ("rights", True),
        (" of workers", False),
    )


def test_a_phrase_is_one_mark() -> None:
    assert whole("about forced  labour", [Mark(1, 2, 0)]) == (("about ", False), ("forced labour", True))


def test_an_excerpt_shows_the_stretch_with_most_parts_of_the_query() -> None:
    filler = "word " * 60
    text = f"wage {filler} wage and fee {filler} fee"
    shown = excerpt(text, marks_of(text, "wage", "fee"))
    assert [piece for piece, is_match in shown if is_match] == ["wage", "fee"]


def test_an_excerpt_begins_with_the_sentence_when_that_is_near() -> None:
    text = "word " * 40 + "end of this. The fee is paid by others. " + "more " * 60
    shown = excerpt(text, marks_of(text, "fee"))
    assert "".join(piece for piece, _ in shown).startswith("… The fee is paid")


def test_what_is_cut_is_shown_by_an_ellipsis_and_nothing_else_is() -> None:
    text = "before " * 50 + "fee " + "after " * 50
    shown = "".join(piece for piece, _ in excerpt(text, marks_of(text, "fee")))
    assert shown.startswith("… before")
    assert shown.endswith("after …")
    short = "The fee is small."
    assert "".join(piece for piece, _ in excerpt(short, marks_of(short, "fee"))) == short


def test_the_dotted_lines_of_a_table_of_contents_are_shortened() -> None:
    text = "1.1 Fees . . . . . . . . 6\n1.2 Wages ............ 7 Name: ______"
    assert "".join(piece for piece, _ in excerpt(text, [])) == "1.1 Fees … 6 1.2 Wages … 7 Name: …"


def test_lines_and_unusual_spaces_become_single_spaces() -> None:
    assert whole("one\ntwo\u00a0three\t four", [Mark(1, 2, 0)]) == (
        ("one ", False),
        ("two three", True),
        (" four", False),
    )


def test_a_text_without_a_match_shows_its_beginning() -> None:
    assert excerpt("Only a few words", []) == (("Only a few words", False),)
    assert excerpt("", []) == ()


def test_a_phrase_that_runs_over_the_end_of_a_page_is_marked_up_to_there() -> None:
    assert excerpt("against forced", [Mark(1, 2, 0)]) == (("against ", False), ("forced", True))


@given(st.text(max_size=300), st.lists(st.builds(Mark, st.integers(0, 60), st.integers(1, 3), st.integers(0, 2))))
def test_an_excerpt_only_ever_shows_what_the_text_says(text: str, marks: list[Mark]) -> None:
    for shown in (excerpt(text, marks), whole(text, marks)):
        joined = "".join(piece for piece, _ in shown).removeprefix("… ").removesuffix(" …")
        assert "".join(re.sub(r"[\s._…·]", "", joined)) in "".join(re.sub(r"[\s._…·]", "", text))
        assert all(first[1] != second[1] for first, second in pairwise(shown))


@given(st.lists(st.sampled_from(["fee", "wage", "word", "end."]), min_size=1, max_size=200))
def test_an_excerpt_of_a_text_with_matches_always_shows_one(words: list[str]) -> None:
    text = " ".join(words)
    marks = marks_of(text, "fee", "wage")
    shown = [piece for piece, is_match in excerpt(text, marks) if is_match]
    assert bool(shown) == bool(marks)


def of_passages(path: Path, passages: list[str], marks: list[Mark]) -> Excerpt:
    """Return the excerpt of a page in these passages, which stands behind a thousand words of other pages."""
    position = 1_000
    rows = [Passage(BODY, 0, 0, "before")]
    for passage in passages:
        rows.append(Passage(BODY, 0, position, passage))
        position += len(analysis.words(passage))
    writer = RecordWriter(path)
    writer.add(Resource("one", "Title"), [*rows, Passage(BODY, 0, position, "behind")])
    begin, end = writer.close().tolist()
    record = RecordReader(path).record(begin, end)
    moved = [mark._replace(position=mark.position + 1_000) for mark in marks]
    return excerpt_of_page(record, 1, len(rows), moved)


@given(
    passages=st.lists(
        st.lists(st.sampled_from(["fee", "wage", "word", "end.", "a  b", "\n", "-"]), min_size=1, max_size=40).map(
            lambda words: " ".join([*words, *["more"] * 18, "last "])
        ),
        min_size=1,
        max_size=6,
    ),
    weights=st.tuples(st.sampled_from([0.5, 1.0]), st.sampled_from([1.0, 2.0])),
)
def test_an_excerpt_of_passages_is_that_of_their_text(
    passages: list[str], weights: tuple[float, float], tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = "".join(passages)
    marks = [mark._replace(weight=weights[mark.leaf]) for mark in marks_of(text, "fee", "wage")]
    if marks:
        path = tmp_path_factory.mktemp("excerpts") / "texts"
        assert of_passages(path, passages, marks) == excerpt(text, marks)


@pytest.mark.parametrize("before", range(4, 44, 4))
@pytest.mark.parametrize("after", [2, 60])
def test_it_makes_no_difference_where_the_passages_around_a_match_meet(before: int, after: int, tmp_path: Path) -> None:
    text = f"{'word ' * 40} fee {'word ' * after}"
    cut = 5 * before
    shown = of_passages(tmp_path / "texts", [text[:cut], text[cut:400], text[400:]], marks_of(text, "fee"))
    assert shown == excerpt(text, marks_of(text, "fee"))


def test_a_word_without_end_that_was_cut_is_shown_as_the_words_that_were_indexed(tmp_path: Path) -> None:
    shown = of_passages(tmp_path / "texts", ["fee " + "a" * 500, "a" * 500, "a wage"], [Mark(4, 1, 0)])
    assert [piece for piece, is_match in shown if is_match] == ["wage"]


def test_of_a_text_almost_without_words_only_the_passages_around_the_match_are_shown(tmp_path: Path) -> None:
    dashes = ["- " * 250] * 50
    shown = "".join(piece for piece, _ in of_passages(tmp_path / "texts", [*dashes, "a fee", *dashes], [Mark(1, 1, 0)]))
    assert "a fee" in shown
    assert shown.endswith(" …")
    assert len(shown) < 4_000


POSITIONS = st.lists(st.integers(0, 200), min_size=1, max_size=40, unique=True).map(sorted)


@given(where=st.lists(POSITIONS, min_size=1, max_size=4), weight=st.floats(0.1, 9.0))
def test_of_many_positions_the_stretch_is_that_which_is_found_one_by_one(where: list[list[int]], weight: float) -> None:
    weights = [weight / number for number, _ in enumerate(where, 1)]
    marks = [Mark(at, 1, leaf, weights[leaf]) for leaf, positions in enumerate(where) for at in positions]
    begin = heaviest([np.array(positions, dtype=np.uint32) for positions in where], weights)

    def value(start: int) -> tuple[int, float]:
        counts = [sum(start <= at < start + 28 for at in positions) for positions in where]
        return sum(map(bool, counts)), sum(one * count for one, count in zip(weights, counts, strict=True))

    starts = sorted(mark.position for mark in marks)
    assert begin == next(start for start in starts if value(start) == max(map(value, starts)))
    text = "word " * 300
    around = [mark for mark in marks if abs(mark.position - begin) < 56]
    assert excerpt(text, around) == excerpt(text, marks)
