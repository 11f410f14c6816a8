"""Words parted at line ends: joined or hyphenated as the rest of their document writes them."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract.hyphens import LINE_END, LineEndHyphens

LETTERS = st.text("abé", min_size=1, max_size=4)
WORDS = st.lists(LETTERS, min_size=1, max_size=3).map("-".join)


def mended(text: str, *document: str) -> str:
    hyphens = LineEndHyphens()
    for other in (*document, text):
        hyphens.learn(other)
    return hyphens.mend(text)


@pytest.mark.parametrize("parting", [LINE_END, f"{LINE_END}\n", "\u00ad\n", "-\n", "\u2010\n"])
def test_a_word_parted_at_a_line_end_is_whole_again(parting: str) -> None:
    assert mended(f"for exam{parting}ple here") == "for example here"


@pytest.mark.parametrize(
    ("document", "whole"),
    [
        ("A co-operation of", "co-operation"),
        ("A Co-Operation of, and cooperation", "co-operation"),
        ("A cooperation of", "cooperation"),
        ("The cooperation; co is an operation", "cooperation"),
        ("nothing of it", "cooperation"),
    ],
)
def test_the_document_decides_how_a_word_is_written(document: str, whole: str) -> None:
    assert mended(f"the co{LINE_END}operation", document) == f"the {whole}"


def test_two_words_of_the_document_keep_their_hyphen() -> None:
    assert mended(f"a risk{LINE_END}based plan", "the risk is", "it is based on") == "a risk-based plan"
    assert mended(f"a risk{LINE_END}based plan", "the risk is") == "a riskbased plan"


def test_halves_that_line_ends_have_made_are_no_words() -> None:
    assert mended(f"con{LINE_END}sent con{LINE_END}sent con{LINE_END}form in{LINE_END}sent") == (
        "consent consent conform insent"
    )


def test_halves_of_two_letters_are_too_common_to_be_words() -> None:
    assert mended(f"be{LINE_END}fore", "to be", "the fore") == "before"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (f"Anglo{LINE_END}American", "Anglo-American"),
        ("Anglo-\nAmerican", "Anglo-\nAmerican"),
        ("in 2019-\n2020", "in 2019-\n2020"),
        ("one -\ntwo", "one -\ntwo"),
        (f"end{LINE_END}", "end-"),
        (f"an NGO{LINE_END}led study", "an NGO-led study"),
    ],
)
def test_a_hyphen_that_belongs_to_the_text_stays(text: str, whole: str) -> None:
    assert mended(text) == whole


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (f"hand-in{LINE_END}hand", "hand-in-hand"),
        (f"state{LINE_END}of{LINE_END}the-art", "state-of-the-art"),
        (f"anti-traffick{LINE_END}ing", "anti-trafficking"),
        (f"decision-mak{LINE_END}ing", "decision-making"),
        (f"multi-stake{LINE_END}holder", "multi-stakeholder"),
    ],
)
def test_a_compound_goes_on_with_a_word_and_not_with_an_ending(text: str, whole: str) -> None:
    assert mended(text, "the state of a hand in it") == whole


@given(st.lists(WORDS, max_size=12), st.lists(st.tuples(LETTERS, LETTERS), min_size=1, max_size=4))
def test_the_rule_holds_for_all_words(words: list[str], parted: list[tuple[str, str]]) -> None:
    pairs, singles = set[str](), set[str]()
    for word in words:
        parts = word.split("-")
        singles.update(parts)
        pairs.update(f"{left}-{right}" for left, right in pairwise(parts))

    def whole(left: str, right: str) -> str:
        if f"{left}-{right}" in pairs:
            return f"{left}-{right}"
        if left + right in singles:
            return left + right
        keep = len(left) >= 3 and len(right) >= 3 and left in singles and right in singles
        return f"{left}-{right}" if keep else left + right

    text = " ".join(f"{left}{LINE_END}{right}" for left, right in parted)
    assert mended(text, *words) == " ".join(whole(left, right) for left, right in parted)


@given(st.text(st.sampled_from(f"aAb1 -\n\u00ad\u2010\u2011{LINE_END}")))
def test_nothing_but_hyphens_and_line_ends_is_ever_taken_out(text: str) -> None:
    taken = str.maketrans("", "", f"-\n\u00ad\u2010{LINE_END}")
    assert mended(text).translate(taken) == text.translate(taken)
    assert LINE_END not in mended(text)


@pytest.mark.parametrize("unit", ["a", f"a{LINE_END}", "a-", "a-\n", "-\n", LINE_END])
def test_mending_takes_time_in_proportion_to_the_text(unit: str) -> None:
    started = time.process_time()
    mended(unit * 100_000)
    assert time.process_time() - started < 2
