from __future__ import annotations

import re
from pathlib import Path

import pytest
import whoosh.index
from hypothesis import given
from hypothesis import strategies as st
from whoosh.qparser import QueryParser

from indexer.index import analysis, open_index
from indexer.index.characters import CHARACTERS, is_character, may_hold_characters, pairs, telling, together
from indexer.index.engine import Hit, SearchRequest
from indexer.index.query import parse
from indexer.index.schema import Document, Resource
from indexer.index.whoosh.records import passages_of
from tests.published import publish, write_generations

LIBRARY = [
    Document(
        Resource("ja", "日本語教育の手引き", language="ja", facets={"tag": ("日本語教育",)}), "労働者の権利。水力"
    ),
    Document(Resource("zh", "Covid-19疫情报告", language="zh"), "强迫\n劳动的预防"),
    Document(Resource("ko", "강제 노동 보고서", language="ko"), "노동자의 권리"),
    Document(Resource("en", "A report", language="en"), "Not of 日本 but of 本語"),
]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("日本語", {"ja"}),
        ("日本", {"ja", "en"}),
        ("語", {"ja", "en"}),
        ("本語", {"ja", "en"}),
        ("日語", set()),
        ("疫情", {"zh"}),
        ("covid疫情", set()),
        ('"19疫情报"', {"zh"}),
        ("强迫劳动", {"zh"}),
        ("노동", {"ko"}),
        ("강제노동", set()),
        ("日本*", {"ja", "en"}),
        ("tag:日本語", {"ja"}),
        ("tag:語", {"ja"}),
        ("tag:日語", set()),
        ("日本 -教育", {"en"}),
        ('"権利 日本"~50', set()),
        ('"権利 労働"~5', {"ja"}),
    ],
)
def test_characters_are_found_where_they_stand_together(tmp_path: Path, typed: str, expected: set[str]) -> None:
    publish(tmp_path, LIBRARY)
    engine = open_index(tmp_path)
    facets = ("tag",)
    assert {hit.resource.id for hit in engine.search(SearchRequest(parse(typed, facets))).hits} == expected
    engine.close()


def marked(hit: Hit) -> list[str]:
    return [text for match in hit.matches for text, is_match in match.excerpt if is_match]


def test_all_characters_of_a_match_are_marked_and_no_others(tmp_path: Path) -> None:
    publish(tmp_path, LIBRARY)
    engine = open_index(tmp_path)
    expected_of = {"日本語": ["日本語"] * 2, "手引き": ["手引き"], "権": ["権"], "노동": ["노동", "노동"]}
    for typed, expected in expected_of.items():
        (hit,) = [hit for hit in engine.search(SearchRequest(parse(typed))).hits if hit.resource.id != "en"]
        assert marked(hit) == expected
    for typed in ("日本語教", "日"):
        assert [suggestion.text for suggestion in engine.suggest(typed)] == ["日本語教育", "日本語教育の手引き"]
    engine.close()


def test_stock_whoosh_finds_characters_that_are_more_than_one(tmp_path: Path) -> None:
    index = whoosh.index.open_dir(str(write_generations(tmp_path, (LIBRARY, []), facets=("tag",))))
    with index.searcher() as searcher:
        for typed, expected in {"日本語": ["ja"], "教育": ["ja"], "疫情": ["zh"], "日語": []}.items():
            assert [hit["id"] for hit in searcher.search(QueryParser("title", index.schema).parse(typed))] == expected


@given(st.text(alphabet=st.characters(categories=["Lo", "Lm", "Nl"]), max_size=3))
def test_no_text_with_a_character_is_taken_for_one_without(text: str) -> None:
    if any(is_character(letter) for letter in text):
        assert may_hold_characters(text.encode())


def test_common_texts_are_told_to_hold_none() -> None:
    for text in ("Zwölf “Größen” – déjà…", "Права человека", "حقوق الإنسان", "ประเทศไทย", "मानव अधिकार"):
        assert not may_hold_characters(text.encode())


@given(st.text(alphabet="日本語が。a ", max_size=12), st.text(alphabet="日本語が", min_size=1, max_size=4))
def test_a_text_holds_a_phrase_exactly_where_its_words_follow_each_other(text: str, typed: str) -> None:
    words, wanted = analysis.words(text), analysis.words(typed)

    def stands_at(place: int, needed: list[int]) -> bool:
        found = ((words[place + n : place + n + 1] or [""])[0] for n in needed)
        return all(
            (word.startswith(wanted[n]) if is_character(wanted[n]) else word == wanted[n])
            for n, word in zip(needed, found, strict=True)
        )

    everything = [place for place in range(len(words)) if stands_at(place, list(range(len(wanted))))]
    assert [place for place in range(len(words)) if stands_at(place, telling(wanted))] == everything
    assert bool(everything) == (typed in text)


@given(st.lists(st.sampled_from(["日本語", "教育の", "\n", "。", "、", "word "]), max_size=600))
def test_passages_end_inside_no_run_unless_it_is_endless(parts: list[str]) -> None:
    text = "".join(parts)
    found = [word for passage in passages_of(text) for word in analysis.words(passage)]
    cuts = sum(1 for one, other in zip(found, analysis.words(text), strict=True) if one != other)
    assert cuts <= sum(len(run) > 450 for run in re.split("[。、 ]", text.replace("\n", "")))


@pytest.mark.parametrize(
    "typed", ["日本語", "水", "covid 19 疫情", "日本 本語", "forced labour", "한국 경제", "人人人", ""]
)
def test_the_words_of_a_phrase_are_put_together_as_they_were_typed(typed: str) -> None:
    assert together(analysis.words(typed)) == typed


def test_pairs_are_as_many_as_characters() -> None:
    assert pairs("日") == ["日"]
    assert pairs("ｶﾞｷ") == ["ｶﾞｷ", "ｷ"]
    assert not is_character("日本")
    assert not is_character("a")
    assert not is_character("")
    assert "中" not in CHARACTERS
