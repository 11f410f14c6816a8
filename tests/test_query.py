from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index import analysis
from indexer.index.query import (
    Alternatives,
    And,
    FacetValue,
    Fuzzy,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Word,
    parse,
)

FACETS = ("type", "tag", "year")
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
        ("traffick*", Prefix("traffick")),
        ("Título*", Prefix("titulo")),
        ("title:traffick*", Prefix("traffick", "title")),
        ("-traffick*", Not(Prefix("traffick"))),
        ("(traffick*, b~)", And((Prefix("traffick"), B))),
        ("*traffick*", Prefix("traffick")),
        ("worker's*", Prefix("worker")),
        ("l’emploi*", And((Word("l"), Prefix("emploi")))),
        ("non-govern*", And((Word("non"), Prefix("govern")))),
        ("a-b-c*", And((Phrase(("a", "b")), Prefix("c")))),
        ("be~", Word("be")),
        ("labor~", Fuzzy("labor", edits=1)),
        ("trafficing~", Fuzzy("trafficing", edits=2)),
        ("title:trafficing~1", Fuzzy("trafficing", "title", 1)),
        ("labor~2.", Fuzzy("labor", edits=2)),
        ("labor~9", Fuzzy("labor", edits=2)),
        ("be~2", Fuzzy("be", edits=1)),
        ("labor~0", Word("labor")),
        ('"forced labour"~5', Near(("forced", "labour"), 5)),
        ('"labour, forced labour"~0;', Near(("labour", "forced"), 0)),
        ("title:“a b c”~100", Near(("a", "b", "c"), 100, "title")),
        ('"a b"~101', Near(("a", "b"), 100)),
        (f'"a b"~{"9" * 5_000}', Near(("a", "b"), 100)),
        (f'"a b"~{"0" * 5_000}7', Near(("a", "b"), 7)),
        ('-("a b"~3 OR c)', Not(Or((Near(("a", "b"), 3), C)))),
        ('"labour labour"~5', Word("labour")),
        ("year:2019..2021", Range("year", 2019, 2021)),
        ("YEAR:2021..2019,", Range("year", 2019, 2021)),
        ("year:2019..", Range("year", 2019, None)),
        ("year:..2021", Range("year", None, 2021)),
        ("type:(0..007 OR 9)", Or((Range("type", 0, 7), FacetValue("type", ("9",))))),
    ],
)
def test_prefixes_misspelled_words_words_near_each_other_and_ranges(typed: str, expected: Node) -> None:
    assert parse(typed, FACETS) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("a ** b", And((A, B))),
        ("a * b", And((A, B))),
        ("a ~ b", And((A, B))),
        ("a**", A),
        ("5*3", Phrase(("5", "3"))),
        ('"a b*"', Phrase(("a", "b"))),
        ("note:a*", And((Word("note"), Prefix("a")))),
        ("type:guid*", FacetValue("type", ("guid",))),
        ("ﾞ*", Word("\u3099")),
        ("水*", Word("水")),
        ("日本語~", Phrase(("日本", "本語", "語"))),
        ("e.g.~", Phrase(("e", "g"))),
        ("a~1", Phrase(("a", "1"))),
        ("3~5", Phrase(("3", "5"))),
        ("2019~", Word("2019")),
        ("covid~19", Phrase(("covid", "19"))),
        ("labor~0.8", Phrase(("labor", "0", "8"))),
        ("tag:labor~1", FacetValue("tag", ("labor", "1"))),
        ("example.org/~a", Phrase(("example", "org", "a"))),
        ("example.org/a~", Phrase(("example", "org", "a"))),
        ('"a b" ~5', And((Phrase(("a", "b")), Word("5")))),
        ('"a b"~', Phrase(("a", "b"))),
        ('"a b"~5th', And((Phrase(("a", "b")), Word("5th")))),
        ('"a b"~2.5', And((Phrase(("a", "b")), Phrase(("2", "5"))))),
        ('""~5', Word("5")),
        ('a"~5', And((A, Word("5")))),
        ('tag:"a b a"~5', FacetValue("tag", ("a", "b", "a"))),
        ('tag:""~5', FacetValue("tag", ("5",))),
        ("title:2019..2021", Phrase(("2019", "2021"), "title")),
        ('year:"2019..2021"', FacetValue("year", ("2019", "2021"))),
        ("year:a..b", FacetValue("year", ("a", "b"))),
        ("year:..", Word("year")),
        (f"year:{'9' * 5_000}..", FacetValue("year", ("9" * 5_000,))),
    ],
)
def test_stars_tildes_and_dots_that_ask_for_nothing_leave_words(typed: str, expected: Node) -> None:
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
        ("example.org/a-b", Phrase(("example", "org", "a", "b"))),
        ("note: a", And((Word("note"), A))),
        ("title: a", And((Word("title"), A))),
        ('title:"', Word("title")),
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
        case Word(text, _) | Prefix(text, _) | Fuzzy(text, _, _):
            return [text]
        case Phrase(words, _) | Near(words, _, _) | FacetValue(_, words):
            return list(words)
        case Range(_, first, last):
            return [str(end) for end in (first, last) if end is not None]
        case And(children) | Or(children):
            return [word for child in children for word in words_of(child)]
        case Alternatives(typed, others):
            return [word for child in (typed, *others) for word in words_of(child)]
        case Not(child):
            return words_of(child)


@given(
    st.lists(
        st.sampled_from(["Alpha", "béta", "OR", "AND", "NOT", "or", "2021", "ﾞ", "中", " ", "\x1f", "\n", "e\u0301"])
    )
)
def test_the_tree_of_plain_words_is_that_of_the_same_words_with_something_meaningless(parts: list[str]) -> None:
    assert parse(" ".join(parts), FACETS) == parse(" ".join(["+", *parts]), FACETS)


@given(st.text(alphabet="ab \"()-:ORANDT'“”/*~15.", max_size=60))
def test_every_query_is_a_tree_with_words_or_none(typed: str) -> None:
    tree = parse(typed, FACETS)
    assert (tree is None) == (words_of(tree) == [])


@given(st.lists(st.sampled_from(["alpha", "beta", *"\"()-'!“”,*~."]), max_size=20))
def test_no_word_is_lost_whatever_stands_around_it(parts: list[str]) -> None:
    typed = " ".join(parts)
    assert words_of(parse(typed, FACETS)) == [part for part in parts if part.isalpha()]


@given(st.lists(st.sampled_from(["alpha", "beta", *'"()-!“”,*~. ']), max_size=20))
def test_no_word_is_lost_whatever_is_joined_to_it(parts: list[str]) -> None:
    typed = "".join(parts)
    found = set(words_of(parse(typed, FACETS)))
    assert found >= set(analysis.words(typed))


def test_brackets_nested_beyond_all_reason_keep_their_words() -> None:
    assert words_of(parse("(" * 5_000 + "a" + ")" * 5_000 + " b", FACETS)) == ["a", "b"]


def test_fields_nested_beyond_all_reason_keep_their_words() -> None:
    assert words_of(parse("t:" * 5_000 + "a", ("t",)))[-1] == "a"
    assert "a" in words_of(parse("title:" * 1_000 + "a", FACETS))


def test_a_very_long_query_is_parsed_in_no_time() -> None:
    assert len(words_of(parse("-(a OR b) " * 5_000, FACETS))) == 10_000
