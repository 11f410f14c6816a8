from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index.engine import Engine
from indexer.index.query import Alternatives, And, Fuzzy, Node, Or, Phrase, Word, parse
from indexer.index.schema import Document, Resource
from indexer.index.spelling import MOST_WORDS, Change, Proposal, corrected, proposed, retyped
from tests.memory_engine import MemoryEngine
from tests.test_evaluation import written

Library = Callable[[Sequence[str]], AbstractContextManager[Engine]]


def documents(texts: Sequence[str]) -> list[Document]:
    return [Document(Resource(f"r{number:03}", text)) for number, text in enumerate(texts)]


@pytest.fixture(params=["whoosh", "memory"])
def library(request: pytest.FixtureRequest) -> Library:
    """Return what makes an engine, the real one and the plain one, of a library with these titles."""
    if request.param == "whoosh":
        return lambda texts: written((documents(texts), []))
    return lambda texts: nullcontext(MemoryEngine(documents(texts)))


TITLES = ["forced labour", "labour law", "human trafficking", "trafficking of children", "recruitment fees"]


def tree_of(text: str) -> Node:
    tree = parse(text, ("tag",))
    assert tree is not None
    return tree


def changes(library: Library, text: str, titles: Sequence[str] = TITLES) -> list[tuple[str, str]]:
    with library(titles) as engine:
        correction = corrected(tree_of(text), engine)
    return [(change.typed, change.meant) for change in correction.changes] if correction else []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("trafficing", [("trafficing", "trafficking")]),  # A letter is missing,
        ("trafffickng", [("trafffickng", "trafficking")]),  # one too many and one missing,
        ("rtafficking", [("rtafficking", "trafficking")]),  # two are swapped, the first one among them.
        ("forced labuor", [("labuor", "labour")]),
        ('"forcd labour"', [("forcd", "forced")]),
        ("Forcd OR labuor", [("forcd", "forced"), ("labuor", "labour")]),
        ("title:labuor", [("labuor", "labour")]),
        ("lw", []),  # Of two letters either may be right.
        ("labour", []),
        ("for labour", []),  # Stop words are right, though the library has "forced" only.
        ("qwertyuiop", []),  # Nothing is near.
        ("2021labour", []),  # What holds digits is a number or a name.
        ("-labuor forced", []),  # What is excluded is excluded as it stands,
        ("labuor* labuor~ tag:labuor", []),  # and this says itself how exactly it is meant.
        ('"forcd labuor"~3', []),
    ],
)
def test_words_that_the_library_does_not_have_are_corrected(
    library: Library, typed: str, meant: list[tuple[str, str]]
) -> None:
    assert changes(library, typed) == meant


def test_a_word_in_another_form_is_no_mistake() -> None:
    with written((documents(["labours"]), [])) as engine:
        assert corrected(Word("labour"), engine) is None


def test_the_tree_asks_for_what_was_meant_where_the_mistake_stood(library: Library) -> None:
    with library(TITLES) as engine:
        correction = corrected(tree_of('"forced labuor" (chidren OR qwertyuiop) trafficing~'), engine)
    assert correction is not None
    assert correction.tree == And(
        (Phrase(("forced", "labour")), Or((Word("children"), Word("qwertyuiop"))), Fuzzy("trafficing", "", 2))
    )


def test_a_choice_that_finds_something_is_left_as_it_is(library: Library) -> None:
    assert changes(library, "chidren OR labour") == []
    assert changes(library, "(chidren OR labour) AND forcd") == [("forcd", "forced")]
    assert changes(library, "chidren OR labuor") == [("chidren", "children"), ("labuor", "labour")]


def test_the_other_words_tell_what_was_meant(library: Library) -> None:
    titles = ["steel worn", "steel worn", "steel worn", "key word", "key word", "key word"]
    assert changes(library, "worq steel", titles) == [("worq", "worn")]
    assert changes(library, "key worq", titles) == [("worq", "word")]


def test_a_thing_with_several_wordings_is_company_and_no_mistake(library: Library) -> None:
    with library(["steel worn", "steel worn", "steel worn", "key word", "key word", "key word"]) as engine:
        steel = Alternatives(Word("steel"), (Word("iorn"),))
        correction = corrected(And((steel, Word("worq"))), engine)
    assert correction is not None
    assert correction.tree == And((steel, Word("worn")))


def test_a_word_is_corrected_as_it_is_mostly_written_and_the_rest_stays_as_typed() -> None:
    titles = ["La lutte contre la traite", "Travail forcé", "travail forcé"]
    typed = "TRAVIAL  forçe, (la traitte)"
    with written((documents(titles), [])) as engine:
        correction = corrected(tree_of(typed), engine)
    assert correction is not None
    assert retyped(typed, correction.changes) == "travail  forçe, (la traite)"


def test_what_is_too_much_to_be_corrected_is_said(library: Library) -> None:
    words = [f"labuor{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(MOST_WORDS + 2)]
    with library(["labour"]) as engine:
        correction = corrected(And((*map(Word, words[:-1]), Word("labuor"))), engine)
        assert correction is not None
        assert (correction.changes, correction.unchecked) == ((), (words[-2], "labuor"))
        correction = corrected(And((Word("labuor"), *map(Word, words))), engine)
    assert correction is not None
    assert correction.unchecked == tuple(words[-3:])


def test_a_frequent_word_is_proposed_for_a_rare_one_that_the_library_has(library: Library) -> None:
    titles = ["trail of labour", *["trial of labour"] * 30]
    with library(titles) as engine:
        assert corrected(tree_of("trail labour"), engine) is None
        assert proposed(tree_of("trail labour"), engine) == (Proposal((Change("trail", "trial"),), 30),)
        assert proposed(tree_of("trial labour"), engine) == ()


@pytest.mark.parametrize(
    ("rare", "frequent", "is_proposed"),
    [(1, 19, False), (1, 20, True), (3, 59, False), (3, 60, True), (5, 100, True), (6, 200, False)],
)
def test_a_word_is_proposed_for_one_of_five_resources_at_most_that_is_twenty_times_as_rare(
    library: Library, rare: int, frequent: int, is_proposed: bool
) -> None:
    with library([*["trail"] * rare, *["trial"] * frequent]) as engine:
        expected = (Proposal((Change("trail", "trial"),), frequent),) if is_proposed else ()
        assert proposed(tree_of("trail"), engine) == expected


def test_nothing_is_proposed_that_finds_no_more(library: Library) -> None:
    titles = ["casual labour", *["causal effects"] * 30]
    with library(titles) as engine:
        assert proposed(tree_of("casual labour"), engine) == ()
        assert proposed(tree_of("casual"), engine) == (Proposal((Change("casual", "causal"),), 30),)


@given(st.text('ab "()-:~*', max_size=12))
def test_whatever_is_typed_is_answered(text: str) -> None:
    engine = MemoryEngine(documents(["ab aab", "bab"]))
    tree = parse(text)
    if tree is not None:
        proposed(tree, engine)
        correction = corrected(tree, engine)
        if correction:
            retyped(text, correction.changes)
            assert corrected(correction.tree, engine) is None
