"""What a query may cost is bounded, whatever is typed, and the answer says what was left out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index.engine import Engine, SearchRequest
from indexer.index.query import Alternatives, And, Fuzzy, Node, Not, Or, Phrase, Prefix, Word, parse, written
from indexer.index.schema import Document, Resource
from indexer.index.whoosh import evaluation
from indexer.index.whoosh.bounds import Budget
from indexer.index.whoosh.lookup import Lookup
from tests.generated import trees
from tests.test_evaluation import written as engine_of


class Priced(Lookup):
    """Prices every part of a query at as many as its first word has letters."""

    def __init__(self) -> None:
        """Know no index."""

    def cost(self, node: Node) -> int:
        """Return the number of letters."""
        return len(node.words[0] if isinstance(node, Phrase) else node.text if isinstance(node, Prefix | Fuzzy) else "")

    def comparing_cost(self, node: Node) -> int:
        """Return one for what has to be compared."""
        return int(isinstance(node, Fuzzy))


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    found = [Document(Resource(f"r{n}", "Recruitment fees"), "forced labour of workers " * 5) for n in range(10)]
    with engine_of((found, [])) as opened:
        yield opened


def affordable(node: Node, allowed: int) -> tuple[Node | None, tuple[str, ...]]:
    budget = Budget(Priced(), allowed)
    return budget.affordable(node), tuple(map(str, budget.left_out()))


ABC, DE, FEES = Prefix("abc"), Prefix("de"), Word("fees")


@pytest.mark.parametrize(
    ("asked", "allowed", "left"),
    [
        (And((ABC, FEES)), 3, And((ABC, FEES))),
        (And((ABC, FEES)), 2, FEES),
        (And((ABC, DE, FEES)), 4, And((ABC, FEES))),
        (And((ABC, ABC)), 3, And((ABC, ABC))),
        (Or((ABC, DE)), 2, DE),
        (Not(ABC), 2, None),
        (And((Not(ABC), FEES)), 2, FEES),
        (Alternatives(FEES, (ABC, DE)), 2, Alternatives(FEES, (DE,))),
        (Alternatives(ABC, (FEES,)), 2, FEES),
        (Alternatives(ABC, (DE,)), 1, None),
        (Fuzzy("abc"), 4, Fuzzy("abc")),
        (Fuzzy("abc"), 3, None),
        (Phrase(("abc", "x")), 2, None),
    ],
)
def test_what_costs_too_much_is_left_out_and_the_rest_is_asked(asked: Node, allowed: int, left: Node | None) -> None:
    assert affordable(asked, allowed)[0] == left


@given(trees)
def test_a_query_that_can_be_afforded_stays_as_it_is(tree: Node) -> None:
    assert affordable(tree, 1_000) == (tree, ())


def all_nodes(node: Node) -> Iterator[Node]:
    yield node
    match node:
        case And(children) | Or(children):
            for child in children:
                yield from all_nodes(child)
        case Not(child):
            yield from all_nodes(child)
        case Alternatives(typed, others):
            for child in (typed, *others):
                yield from all_nodes(child)


@given(trees, st.integers(0, 6))
def test_what_is_left_of_a_query_was_asked_and_what_is_not_is_said(tree: Node, allowed: int) -> None:
    left, said = affordable(tree, allowed)
    kept = set(map(written, all_nodes(left))) if left else set()
    assert kept & {"rights", "labour"} <= set(map(written, all_nodes(tree)))
    assert bool(said) == any(
        isinstance(node, Prefix | Fuzzy | Phrase) and written(node) not in kept for node in all_nodes(tree)
    )


def test_the_first_parts_that_were_left_out_are_named_and_the_others_counted() -> None:
    _, said = affordable(And(tuple(Prefix(letter * 70) for letter in "abcde")), 0)
    assert said == (
        f"To answer in time, some of this was left out: {'a' * 60}…, {'b' * 60}…, {'c' * 60}… and 2 more. "
        "Ask for less at once, or for longer words.",
    )


@pytest.mark.parametrize(("price", "found"), [(3_000_000, 10), (3_000_001, 0)])
def test_a_query_may_cost_three_million_occurrences(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, price: int, found: int
) -> None:
    monkeypatch.setattr(Lookup, "cost", lambda _self, _node: price)
    tree = Prefix("work")
    results = engine.search(SearchRequest(tree))
    assert (results.total, bool(results.bounded)) == (found, not found)
    assert engine.count(tree) == found


def test_an_answer_says_what_was_left_out(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = engine.search(SearchRequest(parse('fees "forced labour"')))
    assert (whole.total, whole.bounded) == (10, ())
    monkeypatch.setattr(evaluation, "AFFORDABLE", 5)
    cut = engine.search(SearchRequest(parse('fees "forced labour"')))
    assert cut.total == 10
    assert '"forced labour"' in str(cut.bounded[0])
    nothing = engine.search(SearchRequest(parse("work*")))
    assert (nothing.total, len(nothing.bounded)) == (0, 1)


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        # Ten resources hold each word five times, so a posting each; a prefix is sorted, a phrase is searched.
        ("work*", 4 * 10),
        ('"forced labour"', 2 * 10 + 2 * 2 * 50),
        ('"forced absent"', 10),
        ('"forced labour"~3', 4 * 2 * 50),
    ],
)
def test_a_part_costs_what_its_words_occur(engine: Engine, query: str, cost: int) -> None:
    arrays = engine._arrays  # type: ignore[attr-defined]  # the price is that of this engine's arrays
    tree = parse(query)
    assert tree is not None
    assert Lookup(arrays, ("en",)).cost(tree) == cost  # type: ignore[arg-type]  # each of these is a priced part


def test_what_only_excludes_is_no_answer_to_a_cut_query(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "AFFORDABLE", 5)
    assert engine.search(SearchRequest(parse("work* -absent"))).total == 0
    assert engine.search(SearchRequest(parse("-absent"))).total == 10
