"""What the array engine takes a mistyped word for."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.index import analysis
from indexer.index.query import Or, Word
from indexer.index.schema import Document, Resource
from tests.plain_evaluation import alignment_distance
from tests.test_evaluation import written

VOCABULARY = ["fees", "fée", "labour", "labours", "labor", "harbour", "forced", "2021", "привет", "x"]
texts = st.lists(st.sampled_from(VOCABULARY), max_size=5).map(" ".join)


def resources(some: Sequence[str], language: str = "en") -> list[Document]:
    return [Document(Resource(f"r{number}", text, language=language)) for number, text in enumerate(some)]


@settings(max_examples=60)
@given(
    some=st.lists(texts, max_size=6),
    gone=st.sets(st.integers(0, 2)),
    growth=st.sampled_from([0, 1_000]),
    typed=st.sampled_from(["labuor", "fee", "fees", "harbours", "forecd", "приевт", "2022", "y"]),
)
@example(["labour"], {0}, 0, "labuor")
def test_spellings_are_the_words_of_living_resources_within_reach_one_of_each_stem(
    some: list[str], gone: set[int], growth: int, typed: str
) -> None:
    documents = resources(some)
    removed = [each.resource.id for number, each in enumerate(documents) if number in gone]
    left = [text for number, text in enumerate(some) if number not in gone]
    with written((documents[:3], []), (documents[3:], removed), growth=growth) as engine:
        found = engine.spellings(typed, limit=20)
        known = {word: engine.knows(word) for word in map(analysis.fold, VOCABULARY)}
    stems = [set(analysis.terms(text, "en")) for text in left]
    assert known == {word: any(analysis.terms(word, "en")[0] in each for each in stems) for word in known}
    present = {word for text in left for word in analysis.words(text) if len(word) > 1 and not word.isdecimal()}
    near = {word for word in present if 0 < alignment_distance(word, typed) <= analysis.usual_edits(typed)}
    expected = {analysis.terms(word, "en")[0] for word in near} - set(analysis.terms(typed, "en"))
    assert sorted(analysis.terms(each.text, "en")[0] for each in found) == sorted(expected)
    assert all(each.resources == sum(analysis.terms(each.text, "en")[0] in stem for stem in stems) for each in found)


def test_a_word_is_meant_that_stands_beside_the_other_words_of_the_query() -> None:
    some = ["hand labour", "hand labour", "hand tabour", *["tabour"] * 9, *["labour"] * 9]
    with written((resources(some), [])) as engine:
        assert engine.spellings("xabour")[0].text == "labour"
        assert engine.spellings("xabour", ["hand"])[0].text == "labour"
    drums = ["drums tabour", "drums tabour", *["labour"] * 9, *["hand"] * 20]
    with written((resources(drums), [])) as engine:
        assert engine.spellings("xabour")[0].text == "labour"
        assert engine.spellings("xabour", ["drums"])[0].text == "tabour"
        assert engine.spellings("xabour", ["unknown"])[0].text == "labour"


def test_a_word_is_offered_as_it_is_mostly_written() -> None:
    with written((resources(["Tráfico de personas", "TRÁFICO", "trafico"], "es"), [])) as engine:
        assert [each.text for each in engine.spellings("trafiko")] == ["tráfico"]
        assert engine.knows("trafico")


def test_what_is_counted_is_what_a_search_finds() -> None:
    with written((resources(["fees", "labour fees", "fee"]), []), ([], ["r0"]), growth=0) as engine:
        assert engine.count(Word("fees")) == 2
        assert engine.count(Or((Word("labour"), Word("absent")))) == 1
        assert engine.count(Word("absent")) == 0


def test_an_empty_index_knows_no_word() -> None:
    with written(([], [])) as engine:
        assert engine.spellings("word") == ()
        assert not engine.knows("word")
