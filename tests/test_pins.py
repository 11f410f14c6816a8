from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from indexer.index import pins
from indexer.index.curated import CuratedFileError
from indexer.index.pins import Choice, Pins, parse_pins, read_pins, unknown_ids
from indexer.index.query import parse

FILE = Path("pins.toml")
GOOD = """
[[pin]]
query = ["recruitment fees", "fees"]
show = ["manual", "calculator"]
hide = ["newsletter"]

[[pin]]
query = "fee"
show = ["clause", "manual"]

[[pin]]
query = "covid"
hide = "manual"
"""


def choice(text: str, table: str = GOOD) -> Choice:
    return parse_pins(FILE, table).choice(parse(text, ("type",)), ("en",))


def problem_with(text: str) -> str:
    with pytest.raises(CuratedFileError) as caught:
        parse_pins(FILE, text)
    return caught.value.sentence


@pytest.mark.parametrize(
    "text", ["recruitment fees", "Recruitment FEE", "fees for recruitment", '"recruitment fees"', "recruitment-fees"]
)
def test_a_query_is_told_by_its_words_in_any_order_whatever_case_ending_or_quotes(text: str) -> None:
    assert choice(text) == Choice(("manual", "calculator"), frozenset(["newsletter"]))


@pytest.mark.parametrize(
    "text",
    [
        "recruitment",
        "recruitment fees asia",
        "fees recruitment OR covid",
        "recruitment -fees",
        "-fees",
        "title:fees",
        "title:recruitment fees",
        "fee*",
        "fees~1",
        "fees type:guidance",
        "",
    ],
)
def test_a_query_of_other_words_or_one_that_asks_otherwise_has_no_pins(text: str) -> None:
    assert choice(text) == Choice()


def test_of_several_pins_for_a_query_all_count_in_their_order_and_what_one_hides_is_hidden() -> None:
    assert choice("fees") == Choice(("manual", "calculator", "clause"), frozenset(["newsletter"]))
    assert choice("covid", GOOD + '[[pin]]\nquery = "covid"\nshow = ["manual", "x"]') == Choice(
        ("x",), frozenset(["manual"])
    )


def test_a_query_of_nothing_but_words_without_a_subject_is_told_by_those() -> None:
    table = '[[pin]]\nquery = "who"\nshow = "who"'
    assert choice("Who", table) == Choice(("who",))
    assert choice("the", table) == Choice()


def test_a_file_that_is_not_there_holds_no_pins(tmp_path: Path) -> None:
    assert read_pins(tmp_path / "pins.toml").pins == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[pin]]\nquery = x", "Line 2: It is not valid TOML: Invalid value."),
        ('[[pins]]\nquery = "x"', "Line 1: “pins” means nothing here; did you mean “pin”?"),
        ('\n[pin]\nquery = "x"', "Line 2: A pin begins with a line [[pin]], in two brackets."),
        ('[[pin]]\nquery = "x"\nhides = "y"', "Line 3: “hides” means nothing here; did you mean “hide”?"),
        (
            '[[pin]]\nquery = "x"\nshow = "y"\n[[pin]]\nshow = "y"',
            'Line 4: This pin says for no query; add query = ["some words"].',
        ),
        ('[[pin]]\nquery = "x"', 'Line 1: This pin does nothing; add show = ["id-of-a-resource"] or hide.'),
        ('[[pin]]\nquery = ["x",\n"-"]\nshow = "y"', "Line 3: “-” holds no word."),
        ('[[pin]]\nquery = 7\nshow = "y"', "Line 2: 7 stands here; it has to be a list of texts in quotes."),
        (
            '[[pin]]\nquery = "x"\nshow = [\n"y", " "]',
            "Line 4: Here is an empty text instead of the id of a resource.",
        ),
        (
            '[[pin]]\nquery = "x"\nshow = "y"\nhide = "y"',
            "Line 1: “y” cannot be shown first and hidden for the same query.",
        ),
        (f'[[pin]]\nquery = "x"\nshow = {["y"] * 101}', "Line 3: Here are 101 texts; at most 100 may be listed."),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_the_way_out(text: str, sentence: str) -> None:
    assert problem_with(text) == sentence


def test_more_pins_than_are_looked_at_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins, "MAX_PINS", 2)
    assert problem_with(GOOD) == "Line 1: It holds 3 pins; at most 2 are looked at."


def test_ids_that_are_of_no_resource_are_named_with_their_lines() -> None:
    def known(ids: Iterable[str]) -> set[str]:
        return {"manual", "clause"}.intersection(ids)

    said = [problem.sentence for problem in unknown_ids(FILE, GOOD, known)]
    assert said == [
        "Line 4: “calculator” is the id of no resource; ids stand at the end of the addresses of pages.",
        "Line 5: “newsletter” is the id of no resource; ids stand at the end of the addresses of pages.",
    ]


def test_no_pins_cost_nothing() -> None:
    assert Pins().choice(parse("fees"), ("en",)) == Choice()
