"""The best results are looked at once more: nearness and shared words are held against plain definitions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.index.engine import SearchRequest, Sort
from indexer.index.query import Alternatives, Node, Or, Word, parse
from indexer.index.ranking import BM25F, FIELD_WEIGHTS, SATURATION, Ranking
from indexer.index.schema import TEXT_FIELDS, Attachment, Document, Locator, Page, Resource, Unit
from indexer.index.whoosh import feedback, proximity, reranking
from indexer.index.whoosh.arrays import IndexArrays
from indexer.index.whoosh.evaluation import evaluate
from indexer.index.whoosh.reranking import best
from tests.generated import documents, numbered
from tests.plain_evaluation import PlainIndex
from tests.test_evaluation import folder_of, written

NEAR = Ranking(proximity=1.0)
WORDS = ("rights", "labour", "droits", "recruiting")


def plain_proximity(plain: PlainIndex, words: Sequence[str], number: int) -> float:
    """Return what Büttcher, Clarke and Lushman give a document, with the weight of each field as in BM25F."""
    gained = dict.fromkeys(words, 0.0)
    idf = {word: plain._idf(len(plain.evaluate(Word(word)))) for word in words}
    for name in TEXT_FIELDS:
        filled = [length for length in plain.lengths[name] if length]
        weight = FIELD_WEIGHTS[name]
        for run in plain.runs[number][name]:
            forms = {word: plain._variants(word) for word in words}
            found = [(at, word) for at, term in enumerate(run) for word in words if term in forms[word]]
            for (at, one), (then, other) in pairwise(found):
                distance = then - at
                if one == other or not 0 < distance <= 10 or abs(words.index(one) - words.index(other)) > 2:
                    continue
                b = weight.length_normalisation
                norm = (1 - b) + b * plain.lengths[name][number] / (sum(filled) / len(filled))
                gained[one] += weight.weight / norm * idf[other] / distance**2
                gained[other] += weight.weight / norm * idf[one] / distance**2
    return sum(min(1.0, idf[word]) * gained[word] / (SATURATION + gained[word]) for word in words)


@settings(max_examples=150)
@given(st.lists(documents(), min_size=1, max_size=5), st.lists(documents(), max_size=3))
def test_words_near_each_other_gain_what_the_formula_says(first: list[Document], second: list[Document]) -> None:
    before, after = numbered(first), numbered(second, 100)
    plain = PlainIndex([*before, *after])
    with folder_of((before, []), (after, []), growth=0) as folder:
        arrays = IndexArrays(folder)
        leaves = [leaf for leaf in evaluate(arrays, Or(tuple(map(Word, WORDS)))).leaves if len(leaf.documents)]
        asked = [word for word in WORDS if plain.evaluate(Word(word))]
        if leaves:
            gains = proximity.proximity(arrays, leaves, np.arange(arrays.size))
            expected = [plain_proximity(plain, asked, number) for number in range(arrays.size)]
            assert gains.tolist() == pytest.approx(expected, abs=1e-4)


def test_of_two_resources_with_the_same_words_the_one_that_says_them_together_comes_first() -> None:
    apart = Document(Resource("apart", "One"), "Forced by the weather we moved to port and later looked for labour")
    together = Document(Resource("together", "Two"), "By the weather we moved to port and later we found forced labour")
    query = parse("forced labour")
    with written(([apart, together], [])) as engine:
        by_words = {hit.resource.id: hit.score for hit in engine.search(SearchRequest(query, ranking=BM25F)).hits}
        hits = engine.search(SearchRequest(query, ranking=NEAR)).hits
    assert by_words["apart"] == pytest.approx(by_words["together"])
    assert [hit.resource.id for hit in hits] == ["together", "apart"]


def test_what_the_best_results_have_in_common_brings_the_like_of_them_forward() -> None:
    subject = "tenancy eviction landlord"
    found = [
        *(Document(Resource(f"best{n}", "Housing rights"), f"{subject} rights {n}") for n in range(4)),
        Document(Resource("unlike", "Notes"), "housing rights painter brush canvas"),
        Document(Resource("like", "Notes"), f"housing rights {subject}"),
        *(Document(Resource(f"other{n}", "Gardens"), f"roses {n}") for n in range(20)),
    ]
    query = parse("housing rights")
    with written((found, [])) as engine:
        plain = engine.search(SearchRequest(query, ranking=BM25F)).hits
        fed = engine.search(SearchRequest(query, ranking=Ranking(feedback=0.3))).hits
    scores = [{hit.resource.id: hit.score for hit in hits} for hits in (plain, fed)]
    assert scores[0]["unlike"] >= scores[0]["like"]
    assert scores[1]["unlike"] < scores[1]["like"]


@settings(max_examples=100)
@given(st.lists(documents(), min_size=1, max_size=5), st.lists(documents(), max_size=3))
def test_a_word_of_feedback_counts_as_a_word_of_the_query_would(first: list[Document], second: list[Document]) -> None:
    with folder_of((numbered(first), []), (numbered(second, 100), []), growth=0) as folder:
        arrays = IndexArrays(folder)
        terms = sorted({term for segment in arrays.segments for term in segment.terms})
        known = [arrays.terms[term.decode()] for term in terms]
        found = feedback._frequencies(arrays, known, np.arange(arrays.size)) if known else np.empty((0, 0))
        for term, row in zip(terms, found.tolist(), strict=True):
            assert row == pytest.approx([math.fsum(counted) for counted in weights(arrays, term)], abs=1e-4)


@settings(max_examples=100)
@given(st.lists(documents(), min_size=2, max_size=6), st.lists(documents(), max_size=4), st.booleans())
def test_what_the_best_results_are_about_depends_neither_on_segments_nor_on_what_was_deleted(
    first: list[Document], second: list[Document], is_merged: bool
) -> None:
    before, after = numbered(first), numbered(second, 100)
    gone = [Document(Resource(f"gone{n}", "rights labour droits"), "recruiting recruiter") for n in range(3)]
    removed = [each.resource.id for each in gone]
    request = SearchRequest(Or(tuple(map(Word, WORDS))), ranking=Ranking(feedback=0.5))
    growth = 100 if is_merged else 0
    with written((before + gone, []), (after, removed), growth=growth) as grown, written((before + after, [])) as whole:
        assert grown.search(request).hits == whole.search(request).hits


def test_what_the_best_results_are_about_does_not_depend_on_their_order() -> None:
    texts = ("beta gamma", "alpha", "gamma alpha")
    found = [Document(Resource(f"r{n}", title), text) for n, (title, text) in enumerate(zip("CCA", texts, strict=True))]
    request = SearchRequest(parse("alpha OR gamma"))
    answers = []
    for order in permutations(found):
        with written((order, [])) as engine:
            answers.append(engine.search(request).hits)
    assert all(answer == answers[0] for answer in answers)


def weights(arrays: IndexArrays, term: bytes) -> list[list[float]]:
    """Return for each document what each occurrence of a term counts in its field, looked up posting by posting."""
    rows: list[list[float]] = [[] for _ in range(arrays.size)]
    for first, segment in zip(arrays.firsts, arrays.segments, strict=True):
        begin, end = segment.postings(term)
        for posting in range(begin, end):
            slot = int(segment.slots[posting]) + first * len(TEXT_FIELDS)
            count = int(segment.position_starts[posting + 1]) - int(segment.position_starts[posting])
            most = FIELD_WEIGHTS[TEXT_FIELDS[slot % len(TEXT_FIELDS)]].most
            rows[slot // len(TEXT_FIELDS)].append(min(most, count * float(arrays.scales[slot])))
    return rows


some_scores = st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0]) | st.floats(0, 9, width=32)


@given(st.lists(some_scores, max_size=60), st.integers(1, 9))
def test_the_best_are_those_above_the_last_wanted_and_its_equals_if_few(scores: list[float], count: int) -> None:
    found = best(np.array(scores, dtype=np.float32), count).tolist()
    ordered = sorted(scores, reverse=True)
    last = ordered[min(count, len(scores)) - 1] if scores else 0.0
    at_least = [place for place, score in enumerate(scores) if score >= last]
    if len(scores) <= count or len(at_least) <= 2 * count:
        assert found == at_least
    else:
        assert found == [place for place, score in enumerate(scores) if score > last]


@pytest.mark.parametrize("spread", [1.0, 0.0])
def test_the_best_of_many_are_the_same_as_when_all_are_sorted(spread: float) -> None:
    scores = np.random.default_rng(5).normal(3.0, spread, 50_000).astype(np.float32)
    found = best(scores, 200)
    last = np.sort(scores)[-200]
    assert found.tolist() == (np.flatnonzero(scores >= last).tolist() if spread else [])


@pytest.mark.parametrize("query", [Word("rights"), parse("rights labour")])
@pytest.mark.parametrize("sort", list(Sort))
def test_other_orders_and_single_words_are_left_as_they_are(query: Node, sort: Sort) -> None:
    found = [Document(Resource(f"r{n}", f"Rights {n}"), "labour rights") for n in range(5)]
    with written((found, [])) as engine:
        plain = engine.search(SearchRequest(query, sort=sort, ranking=BM25F)).hits
        ranked = engine.search(SearchRequest(query, sort=sort, ranking=Ranking(feedback=0.3, proximity=1.0))).hits
    is_refined = sort is Sort.RELEVANCE and not isinstance(query, Word)
    assert ([hit.score for hit in ranked] != [hit.score for hit in plain]) == is_refined
    assert {hit.resource.id for hit in ranked} == {hit.resource.id for hit in plain}


def test_only_the_best_results_are_looked_at_and_the_others_stay_behind_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reranking, "CANDIDATES", 3)
    found = [Document(Resource(f"r{n}", "Rights"), "labour " * (n + 1) + "x " * 5 * n) for n in range(12)]
    query = parse("rights labour")
    with written((found, [])) as engine:
        plain = engine.search(SearchRequest(query, limit=20, ranking=BM25F)).hits
        ranked = engine.search(SearchRequest(query, limit=20, ranking=NEAR)).hits
    assert [hit.resource.id for hit in ranked[3:]] == [hit.resource.id for hit in plain[3:]]
    assert all(one.score > other.score for one, other in zip(ranked[:3], plain[3:6], strict=True))


def test_results_that_hold_no_word_tell_nothing_of_the_query() -> None:
    found = [Document(Resource(f"r{n}", "Gardens"), "roses") for n in range(3)]
    query = parse("retention OR -absent")
    with written((found, [])) as engine, np.errstate(all="raise"):
        pinned = SearchRequest(parse("passport roses"), pinned=("r0", "r1"), hidden=frozenset({"r2"}))
        assert [hit.score for hit in engine.search(SearchRequest(query)).hits] == [0.0, 0.0, 0.0]
        assert all(math.isfinite(hit.score) for hit in engine.search(pinned).hits)


def test_an_annex_of_many_pages_counts_less_than_a_title() -> None:
    locators = tuple(Locator(str(number), Unit.PAGE) for number in range(1, 61))
    annex = Attachment("annex.pdf", "annex.pdf", "pdf", 1, locators)
    pages = (tuple(Page(locator, "monitoring " * 5 + "of all that there is ") for locator in locators),)
    found = [
        Document(Resource("annex", "Collected papers", attachments=(annex,)), "", pages),
        Document(Resource("about", "Monitoring"), "What it is, and how it is begun."),
        *(Document(Resource(f"other{n}", "Gardens"), f"roses {n}") for n in range(5)),
    ]
    with written((found, [])) as engine:
        hits = engine.search(SearchRequest(Word("monitoring"))).hits
    assert [hit.resource.id for hit in hits] == ["about", "annex"]


def test_a_rare_wording_counts_no_more_than_the_words_as_they_were_typed() -> None:
    found = [Document(Resource(f"typed{n}", "Forced labour")) for n in range(8)]
    found += [Document(Resource("other", "Trabajo")), *(Document(Resource(f"r{n}", "Roses")) for n in range(20))]
    query = Alternatives(Word("labour"), (Word("trabajo"),))
    with written((found, [])) as engine:
        hits = engine.search(SearchRequest(query, limit=20)).hits
    assert hits[-1].resource.id == "other"
    assert len(hits) == 9
