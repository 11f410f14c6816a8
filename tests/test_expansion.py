from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index import expansion
from indexer.index.expansion import expanded
from indexer.index.query import Alternatives, And, Fuzzy, Near, Node, Not, Or, Phrase, Prefix, Word, parse
from indexer.index.synonyms import Synonyms, parse_synonyms

TABLE = """
two_way = [
    ["UNGPs", "UN Guiding Principles"],
    ["HRDD", "human rights due diligence"],
    ["DD", "due diligence"],
    ["fees", "charges"],
]

[one_way]
"modern slavery" = ["forced labour", "bondage"]
"""


def asked(text: str, table: str = TABLE) -> Node | None:
    """Return what a query asks for with its other names."""
    tree = parse(text, ("type",))
    return tree and expanded(tree, parse_synonyms(Path("synonyms.toml"), table), ("en",)).tree


def test_a_word_is_also_looked_up_under_its_other_names_and_several_words_as_a_phrase() -> None:
    assert asked("UNGP") == Alternatives(Word("ungp"), (Phrase(("un", "guiding", "principles")),))
    assert asked("fee") == Alternatives(Word("fee"), (Word("charges"),))


def test_a_name_typed_without_quotes_stays_words_that_may_stand_anywhere() -> None:
    slavery = Alternatives(And((Word("modern"), Word("slavery"))), (Phrase(("forced", "labour")), Word("bondage")))
    assert asked("modern slavery") == slavery
    assert asked("a modern slavery statement") == And((Word("a"), slavery, Word("statement")))


def test_a_phrase_is_a_name_whole_or_in_part() -> None:
    assert asked('"modern slavery"') == Alternatives(
        Phrase(("modern", "slavery")), (Phrase(("forced", "labour")), Word("bondage"))
    )
    assert asked('"reported fees and DD"') == Alternatives(
        Phrase(("reported", "fees", "and", "dd")),
        (
            Phrase(("reported", "charges", "and", "dd")),
            Phrase(("reported", "fees", "and", "due", "diligence")),
        ),
    )


def test_a_hyphen_in_a_name_makes_no_difference() -> None:
    assert asked("modern-slavery") == Alternatives(
        Phrase(("modern", "slavery")), (Phrase(("forced", "labour")), Word("bondage"))
    )
    assert asked("UN-guiding principles") == Alternatives(
        And((Phrase(("un", "guiding")), Word("principles"))), (Word("ungps"),)
    )


def test_the_longest_of_overlapping_names_counts_alone() -> None:
    words = And(tuple(map(Word, ("human", "rights", "due", "diligence"))))
    assert asked("human rights due diligence") == Alternatives(words, (Word("hrdd"),))
    crossing = 'two_way = [["x", "a b"], ["y", "b c d"]]'
    assert asked("a b c d", crossing) == And(
        (Word("a"), Alternatives(And((Word("b"), Word("c"), Word("d"))), (Word("y"),)))
    )


def test_a_name_that_is_half_in_a_phrase_is_none_and_hides_no_other() -> None:
    table = 'two_way = [["x", "b c"], ["z", "c"]]'
    assert asked('"a b" c', table) == And((Phrase(("a", "b")), Alternatives(Word("c"), (Word("z"),))))


def test_names_do_not_lead_on_to_the_names_of_names() -> None:
    assert asked("a1", '[one_way]\na1 = "b1"\nb1 = "a1 c1"') == Alternatives(Word("a1"), (Word("b1"),))


def test_names_are_looked_up_in_the_field_that_is_asked_for() -> None:
    assert asked("title:UNGPs") == Alternatives(
        Word("ungps", "title"), (Phrase(("un", "guiding", "principles"), "title"),)
    )
    assert asked("title:(modern slavery)") == Alternatives(
        And((Word("modern", "title"), Word("slavery", "title"))),
        (Phrase(("forced", "labour"), "title"), Word("bondage", "title")),
    )
    assert asked("title:modern slavery") == And((Word("modern", "title"), Word("slavery")))


def test_words_with_anything_between_them_are_no_name() -> None:
    assert asked("modern -x slavery") == And((Word("modern"), Not(Word("x")), Word("slavery")))
    assert asked("modern OR slavery") == Or((Word("modern"), Word("slavery")))


def test_names_are_found_in_every_part_of_a_query() -> None:
    fees = Alternatives(Word("fees"), (Word("charges"),))
    assert asked("x OR (fees y) OR -fees") == Or((Word("x"), And((fees, Word("y"))), Not(fees)))


def test_behind_a_minus_only_names_that_mean_the_same_are_left_out() -> None:
    assert asked("x -bondage") == And((Word("x"), Not(Word("bondage"))))
    assert asked('x -"modern slavery"') == And((Word("x"), Not(Phrase(("modern", "slavery")))))


def test_beginnings_misspellings_and_values_name_nothing() -> None:
    assert asked("fees*") == Prefix("fees")
    assert asked("fees~1") == Fuzzy("fees", edits=1)
    assert asked('"modern slavery"~3') == Near(("modern", "slavery"), 3)
    tree = parse("type:fees", ("type",))
    assert asked("type:fees") == tree


def test_no_more_names_are_added_than_there_is_room_for_and_how_many_are_left_out_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(expansion, "MAX_ADDED", 3)
    table = parse_synonyms(Path("synonyms.toml"), 'two_way = [["a", "b", "c"], ["x", "y", "z"]]')
    tree = parse("x a x")
    assert tree
    found = expanded(tree, table, ("en",))
    assert found.tree == And(
        (
            Alternatives(Word("x"), (Word("y"), Word("z"))),
            Alternatives(Word("a"), (Word("b"),)),
            Word("x"),
        )
    )
    assert found.left_out == 3


WORDS = st.sampled_from(["a", "b", "c", "d"])
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(tuple)
TABLES = st.builds(
    Synonyms,
    st.lists(st.lists(NAMES, min_size=2, max_size=3).map(tuple), max_size=3).map(tuple),
    st.dictionaries(NAMES, st.lists(NAMES, min_size=1, max_size=2).map(tuple), max_size=2),
)
FIELDS = st.sampled_from(["", "title"])
TREES = st.recursive(
    st.builds(Word, WORDS, FIELDS)
    | st.builds(Phrase, st.lists(WORDS, min_size=2, max_size=4).map(tuple), FIELDS)
    | st.builds(Prefix, WORDS),
    lambda inner: (
        st.builds(And, st.lists(inner, min_size=2, max_size=4).map(tuple))
        | st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Not, inner)
    ),
    max_leaves=8,
)


def flat(node: Node) -> Node:
    """Return a query without what was added, and with what an AND holds in no other AND."""
    match node:
        case Alternatives(typed, _):
            return flat(typed)
        case And(children):
            parts = [flat(child) for child in children]
            return And(tuple(leaf for part in parts for leaf in (part.children if isinstance(part, And) else (part,))))
        case Or(children):
            return Or(tuple(map(flat, children)))
        case Not(child):
            return Not(flat(child))
        case _:
            return node


def added(node: Node) -> int:
    """Return how many names were added to a query."""
    match node:
        case Alternatives(typed, others):
            return added(typed) + len(others)
        case And(children) | Or(children):
            return sum(map(added, children))
        case Not(child):
            return added(child)
        case _:
            return 0


@given(TREES, TABLES)
def test_what_was_typed_is_still_there_word_for_word(tree: Node, table: Synonyms) -> None:
    assert flat(expanded(tree, table, ("en",)).tree) == flat(tree)


@given(TREES)
def test_without_synonyms_a_query_stays_as_it_is(tree: Node) -> None:
    assert expanded(tree, Synonyms(), ("en",)).tree == tree
    assert expanded(tree, Synonyms(((("x",), ("y",)),)), ("en",)).tree == tree


@given(TREES, TABLES)
def test_a_query_never_grows_by_more_than_there_is_room_for(tree: Node, table: Synonyms) -> None:
    whole = expanded(tree, table, ("en",))
    assert added(whole.tree) <= expansion.MAX_ADDED
    assert whole.left_out == 0 or added(whole.tree) == expansion.MAX_ADDED
