"""Faulty queries of a library's own words: how they are made, and what is told of them."""

from __future__ import annotations

import json
import random
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from indexer.cli import main
from indexer.evaluate.faults import FAULTS, neighbouring_key, other_number, other_spelling
from indexer.evaluate.passages import LibraryWords, Passage, segments_of
from indexer.evaluate.robustness import FaultyQuery, Outcome, Robustness, faulty_queries, measure
from indexer.evaluate.tables import robustness_lines
from indexer.index import open_index
from indexer.index.schema import Resource
from tests.library_folder import built, write_page


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    front = (
        "title: Recruitment fees in the workplace\npublisher: Fair Hire\ndate: 2019-05-01\nsummary: Who pays, and when?"
    )
    write_page(
        folder / "pages", "fees.md", front, "The work of every place. A pre-departure training for labour agents."
    )
    write_page(folder / "pages", "cafe.md", "title: Le café équitable", "Une étude sur les récoltes de café.")
    built(folder / "pages", folder / "index")
    return folder / "index"


def resource(identifier: str, title: str, language: str = "en") -> Resource:
    facets = {"publisher": ("Fair Hire",)}
    return Resource(identifier, title, language=language, date=date(2019, 5, 1), facets=facets)


def typed(library: LibraryWords, kind: str, *words: str, language: str = "en") -> set[str | None]:
    """Return all that a fault may make of these words."""
    passage = Passage(words, resource("fees", "Recruitment fees", language))
    return {FAULTS[kind](passage, library, random.Random(seed)) for seed in range(60)}  # noqa: S311 - all are tried


def test_a_fault_changes_one_word_in_the_way_of_its_kind(index: Path) -> None:
    with closing(open_index(index)) as engine:
        library = LibraryWords(engine, [resource("fees", "work place workplace")])
        assert {len(text or "") for text in typed(library, "letter too many", "no", "labour")} == {10}
        assert "no lbour" in typed(library, "letter missing", "no", "labour")
        assert "no labiur" in typed(library, "neighbouring key", "no", "labour")
        assert "no albour" in typed(library, "letters swapped", "no", "labour")
        assert typed(library, "plural or singular", "labour") == {"labours"}
        assert typed(library, "British or American", "forced", "labour") == {"forced labor"}
        assert typed(library, "accents missing", "café", "étude") == {"cafe etude"}
        assert "labóur" in typed(library, "accent added", "labour")
        assert typed(library, "words joined", "forced", "labour") == {"forcedlabour"}
        assert typed(library, "compound split", "workplace") == {"work place"}
        assert typed(library, "hyphen", "forced", "labour") == {"forced-labour"}
        assert typed(library, "hyphen", "pre-departure") == {"pre departure", "predeparture"}
        assert 'Fair Hire, "Recruitment fees", 2019, p. 12' in typed(library, "pasted citation", "labour")
        assert typed(library, "capitals", "forced", "labour") == {"FORCED LABOUR"}
        assert {'"forced labour', "(forced labour"} <= typed(library, "stray punctuation", "forced", "labour")


@pytest.mark.parametrize(
    ("kind", "words", "language"),
    [
        ("letter missing", ["pays"], "en"),
        ("British or American", ["wages"], "en"),
        ("British or American", ["dialogue"], "fr"),
        ("accents missing", ["labour"], "en"),
        ("words joined", ["labour"], "en"),
        ("compound split", ["labour"], "en"),
        ("hyphen", ["labour"], "en"),
    ],
)
def test_a_passage_without_an_occasion_has_no_such_fault(
    index: Path, kind: str, words: list[str], language: str
) -> None:
    with closing(open_index(index)) as engine:
        library = LibraryWords(engine, [resource("fees", "work place")])
        assert typed(library, kind, *words, language=language) == {None}


@pytest.mark.parametrize(
    ("word", "language", "other"),
    [
        ("policy", "en", "policies"),
        ("policies", "en", "policy"),
        ("fees", "en", "fee"),
        ("day", "en", "days"),
        ("search", "en", "searches"),
        ("process", "en", "process"),
        ("trabajador", "es", "trabajadores"),
        ("contrat", "fr", "contrats"),
    ],
)
def test_numbers_change_by_the_usual_ending(word: str, language: str, other: str) -> None:
    assert other_number(word, language) == other


@pytest.mark.parametrize(
    ("word", "other"),
    [("Labour", "Labor"), ("organize", "organise"), ("programmes", "programs"), ("programs", "programmes")],
)
def test_british_and_american_change_places(word: str, other: str) -> None:
    assert other_spelling(word) == other


def test_a_neighbouring_key_is_beside_the_right_one() -> None:
    found = {neighbouring_key("q", random.Random(seed)) for seed in range(9)}  # noqa: S311 - all are tried
    assert found == {"w"}
    assert neighbouring_key("é", random.Random(1)) == "é"  # noqa: S311 - nothing is drawn


def test_passages_do_not_run_over_marks_of_punctuation() -> None:
    assert segments_of("Who pays, and when? Pre-departure training (l’eau potable). A to b.") == [
        ["Who", "pays"],
        ["and", "when"],
        ["Pre-departure", "training"],
        ["l’eau", "potable"],
    ]


@given(seed=st.integers())
def test_a_passage_has_one_to_three_words_that_follow_each_other(index: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - hypothesis chooses the seed
    with closing(open_index(index)) as engine:
        passage = LibraryWords(engine, [resource("none", "The fees of a well in the village")]).draw(chance)
    assert passage is not None
    assert 1 <= len(passage.words) <= 3
    assert passage.text in "The fees of a well in the village"
    assert len(passage.words[0]) >= 4 <= len(passage.words[-1])


def test_the_same_library_gives_the_same_different_queries_of_all_kinds_in_turn(index: Path) -> None:
    with closing(open_index(index)) as engine:
        queries = faulty_queries(engine, 60)
        assert faulty_queries(engine, 60) == queries
    assert len({query.text for query in queries}) == 60
    assert [query.kind for query in queries[: len(FAULTS)]] == list(FAULTS)


def test_a_query_succeeds_when_it_finds_the_resource_that_was_meant(index: Path) -> None:
    queries = [
        FaultyQuery("hyphen", text, "", name) for text, name in [("fees", "fees"), ("fees", "cafe"), ("zz", "x")]
    ]
    with closing(open_index(index)) as engine:
        outcomes = measure(engine, queries).outcomes
    assert [(outcome.total, outcome.is_found) for outcome in outcomes] == [(1, True), (1, False), (0, False)]


def test_rates_are_told_for_each_kind_and_failures_are_listed() -> None:
    good, bad = (FaultyQuery("hyphen", text, "x y", "r") for text in ("x-y", "y-x"))
    found = Robustness((Outcome(good, 7, is_found=True), Outcome(bad, 0, is_found=False)))
    assert found.to_json() == {
        "queries": 2,
        "zero_rate": 0.5,
        "success@10": 0.5,
        "kinds": {"hyphen": {"queries": 2, "zero_rate": 0.5, "success@10": 0.5}},
        "found_nothing": [{"kind": "hyphen", "query": "y-x", "meant": "x y", "resource": "r", "total": 0}],
    }
    lines = list(robustness_lines(found))
    assert lines[1:3] == [f"{name:<20}      2    50.0%      50.0%" for name in ("hyphen", "all")]
    assert lines[-1] == "    nothing for 'y-x' (hyphen, from r)"


def evaluate(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["evaluate", *map(str, arguments)])


def test_the_command_asks_as_many_as_it_is_told_to(index: Path) -> None:
    found = json.loads(evaluate("--faults", 28, "--index", index, "--json").stdout)
    assert found["queries"] == 28
    assert len(found["found_nothing"]) == round(found["zero_rate"] * 28)
    assert set(found["kinds"]) == set(FAULTS)


def test_a_library_that_gives_no_more_queries_says_so(tmp_path: Path) -> None:
    write_page(tmp_path / "pages", "a.md", "title: Well", "To be.")
    built(tmp_path / "pages", tmp_path / "index")
    assert "give only" in evaluate("--faults", 5_000, "--index", tmp_path / "index").stderr


def test_a_library_without_words_is_said(tmp_path: Path) -> None:
    write_page(tmp_path / "pages", "a.md", "title: 12", "")
    built(tmp_path / "pages", tmp_path / "index")
    result = evaluate("--faults", 5, "--index", tmp_path / "index")
    assert result.exit_code == 1
    assert "The library has no words of which queries could be made." in result.stderr


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "or ask for --faults, and not for both."),
        (["judged.csv", "--faults", "5"], "or ask for --faults, and not for both."),
        (["--faults", "5", "--typos"], "--typos means nothing with --faults."),
        (["--faults", "5", "--run", "x"], "--run means nothing with --faults."),
        (["--faults", "5", "--compare", "x"], "--compare means nothing with --faults."),
        (["--faults", "0"], "Invalid value for '--faults'"),
    ],
)
def test_faults_stand_alone(arguments: list[str], reason: str) -> None:
    result = evaluate(*arguments)
    assert result.exit_code == 2
    assert reason in result.stderr
