from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from indexer.index import analysis
from indexer.index.whoosh.excerpts import Mark, excerpt, whole


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
