from __future__ import annotations

import pytest

from indexer.index.compounds import compounded
from indexer.index.engine import Engine
from indexer.index.query import Alternatives, And, Not, Or, Phrase, Word, parse
from tests.memory_engine import MemoryEngine
from tests.test_evaluation import written
from tests.test_spelling import Library, documents, library  # noqa: F401  # a fixture is used by its name
from webapp.arguments import Question
from webapp.search import search

TITLES = ["health care", "forced labour", "healthcare", "recruitment of subgroups", "covid 19", "a therapist", "rapist"]


def ways(engine: Engine, text: str) -> object:
    tree = parse(text)
    assert tree is not None
    return compounded(tree, engine)


HEALTH_CARE = And((Word("health"), Word("care")))

CARE = Phrase(("health", "care"))


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("healthcare", Alternatives(Word("healthcare"), (Phrase(("health", "care")),))),
        ("forcedlabour", Alternatives(Word("forcedlabour"), (Phrase(("forced", "labour")),))),
        ("title:forcedlabour", Alternatives(Word("forcedlabour", "title"), (Phrase(("forced", "labour"), "title"),))),
        ("covid19", Alternatives(Word("covid19"), (Phrase(("covid", "19")),))),
        ("health care", Alternatives(HEALTH_CARE, (Word("healthcare"),))),
        ("health-care", Alternatives(Phrase(("health", "care")), (Word("healthcare"),))),
        ("recruit ment", Alternatives(And((Word("recruit"), Word("ment"))), (Word("recruitment"),))),
        (
            "good health care (sub groups OR x)",
            And(
                (
                    Word("good"),
                    Alternatives(HEALTH_CARE, (Word("healthcare"),)),
                    Or((Alternatives(And((Word("sub"), Word("groups"))), (Word("subgroups"),)), Word("x"))),
                )
            ),
        ),
        # These stay as they are.
        ("labourforced", Word("labourforced")),  # Nobody writes "labour forced".
        ("the rapist", And((Word("the"), Word("rapist")))),
        ("title:health care", And((Word("health", "title"), Word("care")))),
        ("-healthcare forced", And((Not(Alternatives(Word("healthcare"), (CARE,))), Word("forced")))),
        ("recruitment", Word("recruitment")),
        ("labour", Word("labour")),
    ],
)
def test_compounds_are_asked_for_in_both_ways(library: Library, typed: str, asked: object) -> None:  # noqa: F811
    with library(TITLES) as engine:
        assert ways(engine, typed) == asked


UN, USA = Phrase(("u", "n")), Phrase(("u", "s", "a"))


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("UN", Alternatives(Word("un"), (UN,))),
        ("un report", And((Alternatives(Word("un"), (UN,)), Word("report")))),
        ("title:UN", Alternatives(Word("un", "title"), (Phrase(("u", "n"), "title"),))),
        ("body:UN", Word("un", "body")),
        ("-UN report", And((Not(Alternatives(Word("un"), (UN,))), Word("report")))),
        ("USA", Alternatives(Word("usa"), (USA,))),
        # A word that need not be found stays so, and alone it may be an abbreviation.
        ("us", Alternatives(Word("us"), (Phrase(("u", "s")),))),
        ("about us report", And((Word("about"), Word("us"), Word("report")))),
        # These stay as they are.
        ("nu", Word("nu")),
        ("usaf", Word("usaf")),
        ("u", Word("u")),
        ("u2", Word("u2")),
        ("ec eu UN", And((Word("ec"), Word("eu"), Alternatives(Word("un"), (UN,))))),
        ("ec eu en UN", And(tuple(map(Word, ("ec", "eu", "en", "un"))))),  # More than three are not looked up.
    ],
)
def test_abbreviations_are_asked_for_letter_by_letter_where_texts_have_them_so(typed: str, asked: object) -> None:
    texts = ["The U.N. and its report", "U. S. A. and U.S.A.F.", "A and C", "E and S"]
    with written((documents(texts), [])) as engine:
        assert ways(engine, typed) == asked
    assert ways(MemoryEngine(documents(texts), languages=("en",)), typed) == asked


def test_an_abbreviation_is_found_with_dots_and_without_whichever_is_typed() -> None:
    with written((documents(["UN report", "The U.N. and its report", "No fun"]), [])) as engine:
        for typed in ("UN", "un", "U.N."):
            page = search(engine, Question(typed))
            assert {result.id for result in page.results} == {"r000", "r001"}


def test_spaces_that_were_lost_beside_a_stop_word_come_back(library: Library) -> None:  # noqa: F811
    with library(["trafficking and slavery", "the trafficking"]) as engine:
        assert ways(engine, "traffickingand") == Alternatives(Word("traffickingand"), (Phrase(("trafficking", "and")),))


@pytest.mark.parametrize(("before", "is_parted"), [(31, True), (32, False)])
def test_of_a_long_query_thirty_two_words_are_looked_at(before: int, is_parted: bool) -> None:
    engine = MemoryEngine(documents(["health care"]))
    # Words that are too short or too long to be taken apart do not count.
    rest = (Word("short"), Word("x" * 41), *(Word(f"absent{number}") for number in range(before)))
    parted = Alternatives(Word("healthcare"), (CARE,)) if is_parted else Word("healthcare")
    assert compounded(Or((*rest, Word("healthcare"))), engine) == Or((*rest, parted))


def test_a_long_query_is_looked_through_in_time() -> None:
    engine = MemoryEngine(documents(["word"]))
    tree = And(tuple(Word(f"{'word' * 3}{number}") for number in range(300)))
    assert compounded(tree, engine) == tree
