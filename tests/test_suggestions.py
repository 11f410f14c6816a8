"""Completions against looking through all titles, values and words one by one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.index import analysis
from indexer.index.engine import Engine
from indexer.index.query import Phrase
from indexer.index.schema import Document, Resource
from indexer.index.whoosh import lookup
from indexer.index.whoosh.arrays import IndexArrays
from indexer.index.whoosh.beginnings import beginnings_near
from tests import generated
from tests.plain_evaluation import alignment_distance
from tests.published import Additions
from tests.test_candidates import vocabulary_of
from tests.test_evaluation import folder_of, written
from tests.test_phrases import plain as plain_phrases

texts = st.lists(st.sampled_from(["fee", "fees", "Fée", "free", "labour", "a", "2021", "the"]), max_size=4).map(
    " ".join
)
resources = st.builds(lambda title, tags: Resource("", title, facets={"tag": tuple(tags)}), texts, st.lists(texts))


def documents(titles: Sequence[str], **facets: tuple[str, ...]) -> list[Document]:
    return [Document(Resource(f"r{number:02}", title, facets=facets)) for number, title in enumerate(titles)]


def shown(engine: Engine, prefix: str, limit: int = 8) -> list[tuple[str, str]]:
    return [(each.text, each.kind.value) for each in engine.suggest(prefix, limit)]


def folded(text: str) -> str:
    return " ".join(analysis.words(text))


def phrases_of(found: Sequence[Resource]) -> dict[str, int]:
    """Return the phrases of two resources or more, but not those that mostly go on in one way."""
    counts = plain_phrases([[text.split() for text in (each.title, *each.facets["tag"])] for each in found])
    longer = {
        phrase: max((n for other, n in counts.items() if n > 1 and other.startswith(f"{phrase} ")), default=0)
        for phrase in counts
    }
    return {phrase: n for phrase, n in counts.items() if n > 1 and longer[phrase] < 0.8 * n}


def usefulness(found: Sequence[Resource]) -> dict[str, float]:
    """Return all that may be offered, folded, and how useful it is by the definition."""
    had = Counter(tag for each in found for tag in set(each.facets["tag"]))
    stand = Counter(word for each in found for word in {*analysis.words(" ".join([each.title, *each.facets["tag"]]))})
    items = [(folded(each.title), 1, 2.0) for each in found]
    items += [(folded(tag), count, 4.0) for tag, count in had.items()]
    items += [(w, n, 0.0) for w, n in stand.items() if n > 1 and len(w) > 2 and w != "the" and not w.isdecimal()]
    items += [(phrase, count, 2.0) for phrase, count in phrases_of(found).items()]
    best: dict[str, float] = {}
    for text, count, bonus in items:
        value = 4 * math.log2(count) - len(f" {text} ") / 2 + bonus
        best[text] = max(value, best.get(text, value))
    return best


def plain(found: Sequence[Resource], prefix: str, limit: int) -> list[list[str]]:
    """Return the stems of the completions: what begins as typed first, then what is more useful, then by name."""
    typed = analysis.words(prefix)
    best = usefulness(found)
    fitting = [text for text in best if all(f" {word}" in f" {text}" for word in typed)]
    fitting.sort(key=lambda text: (not text.startswith(" ".join(typed)), -best[text], text))
    stems = dict.fromkeys(tuple(analysis.terms(text, "en")) for text in fitting)
    return [list(each) for each in stems][:limit]


@settings(max_examples=100)
@example(
    [Resource("", title, facets={"tag": ()}) for title in ("fee fee fee fees", "fee fee 2021 fees")], set(), 0, "f", 3
)
@given(
    st.lists(resources, max_size=12),
    st.sets(st.integers(0, 7)),
    st.sampled_from([0, 1_000]),
    st.sampled_from(["f", "fe", "fee", "fee lab", "a f", "2", "x", "fee fee", "lab fe", "th"]),
    st.integers(1, 6),
)
def test_completions_are_those_of_looking_through_everything(
    drawn: list[Resource], gone: set[int], growth: int, prefix: str, limit: int
) -> None:
    found = [Resource(f"r{n:02}", each.title, facets=each.facets) for n, each in enumerate(drawn)]
    removed = [each.id for n, each in enumerate(found) if n in gone]
    parts: list[Additions] = [([Document(each) for each in found[:8]], [])]
    parts.append(([Document(each) for each in found[8:]], removed))
    with written(*parts, growth=growth) as engine:
        completions = engine.suggest(prefix, limit)
    if removed:
        # Words count those that are removed until a merge, so that the order may be another one.
        assert not {each.id for each in completions} & set(removed)
    else:
        assert [analysis.terms(each.text, "en") for each in completions] == plain(found, prefix, limit)


def test_what_only_a_removed_resource_had_is_not_suggested_while_it_lies_in_a_segment() -> None:
    kept = [Document(Resource(name, "Kept title", facets={"tag": ("Kept tag",)})) for name in ("one", "two")]
    gone = Document(Resource("gone", "Gone title", facets={"tag": ("Gone tag",)}))
    with written(([*kept, gone], []), ([], ["gone"]), growth=0) as engine:
        assert engine.suggest("gone") == ()
        assert shown(engine, "kept t") == [("Kept tag", "value"), ("Kept title", "title")]


def test_a_word_that_less_than_two_resources_have_any_more_is_not_offered() -> None:
    found = [Document(Resource(name, name, summary="passing")) for name in ("one", "two", "three")]
    others = documents([f"{number}" for number in range(5)])
    with written(([*found, *others], []), ([], ["one"]), growth=0) as engine:
        assert shown(engine, "pas") == [("passing", "word")]
    with written(([*found, *others], []), ([], ["one", "two"]), growth=0) as engine:
        assert shown(engine, "pas") == []


phrases = st.lists(generated.words, min_size=1, max_size=3)


@settings(max_examples=150)
@given(
    st.lists(generated.documents(), max_size=8),
    st.sets(st.integers(0, 7)),
    phrases,
    st.integers(1, 4),
    st.integers(1, 3),
)
def test_words_stand_in_as_many_resources_as_a_phrase_of_them_finds(
    drawn: list[Document], gone: set[int], words: list[str], least: int, first_look: int
) -> None:
    found = generated.numbered(drawn)
    removed = [each.resource.id for number, each in enumerate(found) if number in gone]
    with folder_of((found[:5], []), (found[5:], removed), growth=0) as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(lookup, "_FIRST_LOOK", first_look)
        arrays = IndexArrays(folder)
        looked_up = lookup.Lookup(arrays, arrays.languages)
        holders = len(looked_up.leaf(Phrase(tuple(words))).documents)
        assert looked_up.stands(words, least) == (holders >= least)


def test_a_title_that_several_resources_have_leads_to_the_first_by_name_wherever_it_lies() -> None:
    first, second = documents(["Annual report"]), [Document(Resource("a", "Annual report"))]
    orders: list[list[Additions]] = [[(first, []), (second, [])], [(second, []), (first, [])], [(first + second, [])]]
    for parts in orders:
        with written(*parts, growth=0) as engine:
            assert [each.id for each in engine.suggest("annual rep")] == ["a"]


def test_frequent_words_of_the_library_are_offered_as_they_are_mostly_written() -> None:
    found = [Document(Resource(f"r{n}", f"{n}", summary="La tráfico", language="es")) for n in range(3)]
    with written((found, [])) as engine:
        assert shown(engine, "tra") == shown(engine, "TRÁ") == [("tráfico", "word")]
        assert shown(engine, "la") == []  # No one searches for a stop word.


def test_what_differs_only_in_the_forms_of_its_words_is_offered_once() -> None:
    found = documents(["Recruitment fees"], tag=("recruitment fee", "Recruitment Fees"))
    with written((found, [])) as engine:
        assert shown(engine, "rec") == [("recruitment fee", "value")]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("trfa", ["Trafficking in persons"]),  # From the fourth letter on one mistake,
        ("tarff", ["Trafficking in persons"]),
        ("tri", []),
        ("trxfxic", []),
        ("traxficxing", ["Trafficking in persons"]),  # and from the eighth two.
        ("rtaff", ["Trafficking in persons"]),
        ("trafficking in prsons", ["Trafficking in persons"]),
        ("trafikcing in per", ["Trafficking in persons"]),
        ("in prso", ["Trafficking in persons"]),
        ("zzzzzzzz", []),
    ],
)
def test_mistakes_are_forgiven_in_longer_words(typed: str, meant: list[str]) -> None:
    with written((documents(["Trafficking in persons", "Fees"]), [])) as engine:
        assert [each.text for each in engine.suggest(typed)] == meant


def test_what_begins_as_typed_comes_before_what_would_if_it_was_mistyped() -> None:
    with written((documents(["Labour law", "Lapour is a name"], tag=("Labour",)), [])) as engine:
        assert [each.text for each in engine.suggest("lapour")] == ["Lapour is a name", "Labour", "Labour law"]
        assert [each.text for each in engine.suggest("lapour", 1)] == ["Lapour is a name"]


@given(st.sets(st.text("abcé漢", min_size=2, max_size=8), max_size=10), st.text("abcé漢", min_size=4, max_size=9))
@example({"abcd"}, "zbcd")
def test_beginnings_are_found_that_one_edit_makes_of_what_is_typed(words: set[str], typed: str) -> None:
    found = beginnings_near(vocabulary_of(dict.fromkeys(words, 1)), typed, 1)
    near = {word for word in words if min(alignment_distance(word[:end], typed) for end in range(len(word) + 1)) == 1}
    assert bool(found) == bool(near)
    for beginning in found:
        assert alignment_distance(beginning, typed) == 1
        assert any(word.startswith(beginning) for word in near)


def test_whatever_is_typed_is_answered_in_time() -> None:
    with written((documents(["one two three"]), [])) as engine:
        assert engine.suggest("one " * 200) != ()
        assert engine.suggest("x" * 1_000) == engine.suggest(" ") == engine.suggest("one", 0) == ()
        assert engine.suggest(" ".join(f"word{n}" for n in range(200))) == ()
    with written(([], [])) as engine:
        assert engine.suggest("one") == ()


def test_phrases_of_the_library_are_offered_once_and_as_they_are_written() -> None:
    found = [
        Document(Resource(f"r{n}", f"{n}", summary="Lutte contre la traite des êtres humains", language="fr"))
        for n in range(3)
    ]
    tagged = [Document(Resource("tagged", "Tagged", facets={"tag": ("Traite",)}))]
    with written((found + tagged, [])) as engine:
        assert shown(engine, "traite des e") == [("traite des êtres humains", "phrase")]
        assert shown(engine, "etres hu") == [("êtres humains", "phrase"), ("traite des êtres humains", "phrase")]
    with written((found + tagged, []), ([], [each.resource.id for each in found]), growth=0) as engine:
        assert shown(engine, "etres hu") == []


def test_what_is_a_tag_and_a_phrase_is_offered_once() -> None:
    found = [
        Document(Resource(f"r{n}", f"{n}", "On human trafficking", facets={"tag": ("Human trafficking",)}))
        for n in range(3)
    ]
    with written((found, [])) as engine:
        assert shown(engine, "human tra") == [("Human trafficking", "value")]
