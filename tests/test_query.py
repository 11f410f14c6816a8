from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index.query import And, FacetValue, Node, Not, Or, Phrase, Word, parse

FACETS = ("type", "tag")
A, B, C = Word("a"), Word("b"), Word("c")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("human trafficking", And((Word("human"), Word("trafficking")))),
        ('"forced labour" -covid', And((Phrase(("forced", "labour")), Not(Word("covid"))))),
        ("a b OR c", Or((And((A, B)), C))),
        ("a OR b c", Or((A, And((B, C))))),
        ("a AND b", And((A, B))),
        ("(a OR b) c", And((Or((A, B)), C))),
        ("NOT a", Not(A)),
        ("NOT NOT a", A),
        ("a -(b c)", And((A, Not(And((B, C)))))),
        ('a -"b c"', And((A, Not(Phrase(("b", "c")))))),
        ("title:human", Word("human", "title")),
        ("TITLE:human", Word("human", "title")),
        ('title:"human rights"', Phrase(("human", "rights"), "title")),
        ("title:(a OR b)", Or((Word("a", "title"), Word("b", "title")))),
        ("-title:a", Not(Word("a", "title"))),
        ("type:guidance", FacetValue("type", ("guidance",))),
        ('type:"News & Analysis"', FacetValue("type", ("news", "analysis"))),
        ("“smart quotes”", Phrase(("smart", "quotes"))),
        ("« guillemets français »", Phrase(("guillemets", "francais"))),
        ("due-diligence", Phrase(("due", "diligence"))),
        ("worker's rights", And((Word("worker"), Word("rights")))),
        ("l’emploi", And((Word("l"), Word("emploi")))),
    ],
)
def test_the_query_language(typed: str, expected: Node) -> None:
    assert parse(typed, FACETS) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("OR", Word("or")),
        ("a OR", And((A, Word("or")))),
        ("OR a", And((Word("or"), A))),
        ("this or that", And((Word("this"), Word("or"), Word("that")))),
        ("a) b", And((A, B))),
        ("(a b", And((A, B))),
        ('"a b', And((A, B))),
        ("a - b", And((A, B))),
        ("--a", Not(A)),
        ("C++", Word("c")),
        ("a&b", Phrase(("a", "b"))),
        ("me@example.org", Phrase(("me", "example", "org"))),
        ("https://example.org/a-b", Phrase(("https", "example", "org", "a", "b"))),
        ("note: a", And((Word("note"), A))),
        ("note:a", Phrase(("note", "a"))),
        ("title: a", And((Word("title"), A))),
        ('title:"', Word("title")),
        ("978-0-306-40615-7", Phrase(("978", "0", "306", "40615", "7"))),
    ],
)
def test_what_makes_no_sense_as_an_operator_is_looked_up_as_words(typed: str, expected: Node) -> None:
    assert parse(typed, FACETS) == expected


@pytest.mark.parametrize("typed", ["", "   ", "((((", "))", '""', "-", "+ - * /", ":", "\x00\x01\n", "-()"])
def test_a_query_without_a_word_is_no_query(typed: str) -> None:
    assert parse(typed, FACETS) is None


def words_of(node: Node | None) -> list[str]:
    match node:
        case None:
            return []
        case Word(text, _):
            return [text]
        case Phrase(words, _) | FacetValue(_, words):
            return list(words)
        case And(children) | Or(children):
            return [word for child in children for word in words_of(child)]
        case Not(child):
            return words_of(child)


@given(st.text(alphabet="ab \"()-:ORANDT'“”/", max_size=60))
def test_every_query_is_a_tree_with_words_or_none(typed: str) -> None:
    tree = parse(typed, FACETS)
    assert (tree is None) == (words_of(tree) == [])


@given(st.lists(st.sampled_from(["alpha", "beta", '"', "(", ")", "-", "'", "!", "“", "”", ","]), max_size=20))
def test_no_word_is_lost_whatever_stands_around_it(parts: list[str]) -> None:
    typed = " ".join(parts)
    assert words_of(parse(typed, FACETS)) == [part for part in parts if part.isalpha()]


def test_brackets_nested_beyond_all_reason_keep_their_words() -> None:
    assert words_of(parse("(" * 5_000 + "a" + ")" * 5_000 + " b", FACETS)) == ["a", "b"]


def test_fields_nested_beyond_all_reason_keep_their_words() -> None:
    assert words_of(parse("t:" * 5_000 + "a", ("t",)))[-1] == "a"
    assert "a" in words_of(parse("title:" * 1_000 + "a", FACETS))


def test_a_very_long_query_is_parsed_in_no_time() -> None:
    assert len(words_of(parse("-(a OR b) " * 5_000, FACETS))) == 10_000
