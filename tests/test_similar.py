"""Resources like one: held against a plain definition, and against what a person would name in the sample library."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.index import analysis, open_index
from indexer.index.engine import Engine
from indexer.index.ranking import FIELD_WEIGHTS, SATURATION
from indexer.index.schema import TEXT_FIELDS, Attachment, Document, Locator, Page, Resource
from indexer.index.whoosh import similar
from indexer.index.whoosh.arrays import IndexArrays
from tests.generated import documents, numbered
from tests.library_folder import built
from tests.memory_engine import MemoryEngine
from tests.plain_evaluation import PlainIndex
from tests.test_evaluation import folder_of, written

ROOT = Path(__file__).parent.parent


def document(identifier: str, title: str, body: str = "", **more: object) -> Document:
    return Document(Resource(identifier, title, **more), body)  # type: ignore[arg-type]  # keywords of the test's choice


def names(engine: Engine, identifier: str, limit: int = 5) -> list[str]:
    return [hit.resource.id for hit in engine.similar(identifier, limit)]


def plain_words(plain: PlainIndex, number: int) -> dict[str, float]:
    """Return the words that tell what a document is about, each with the weights of the fields it stands in."""
    found = plain.documents[number]
    resource = found.resource
    passages = [found.body] if found.body else []
    passages += [page.text for pages in found.pages for page in pages]
    texts = [("title", resource.title), ("summary", resource.summary)]
    texts += [("keywords", value) for value in resource.keywords] + [("body", " ".join(passages[:4]))]
    counts: dict[str, float] = defaultdict(float)
    forms: dict[str, str] = {}
    for field, text in texts:
        for word in analysis.tokens(text):
            shortest = 2 if "日" in word or "本" in word else 3
            if len(word) >= shortest and word.isalpha() and word not in plain.stop_words:
                (term,) = analysis.terms_of([word], resource.language)
                counts[term] += FIELD_WEIGHTS[field].weight
                forms.setdefault(term, word)
    return {forms[term]: count for term, count in counts.items()}


def plain_scores(plain: PlainIndex, number: int) -> list[float]:
    """Return what the words of a document give each of all documents; files count of this document only."""
    scores = [0.0] * len(plain.documents)
    for word, weight in plain_words(plain, number).items():
        frequencies = []
        for other in range(len(plain.documents)):
            fields = [name for name in TEXT_FIELDS if name != "attachments" or other == number]
            terms = [set(analysis.variants(word, plain.languages))]
            frequencies.append(sum(plain._pseudo_frequency(terms, None, name, other) for name in fields))
        idf = plain._idf(sum(1 for frequency in frequencies if frequency))
        for other, frequency in enumerate(frequencies):
            scores[other] += weight * idf * frequency / (SATURATION + frequency)
    return scores


@settings(max_examples=150)
@given(st.lists(documents(), min_size=1, max_size=6), st.lists(documents(), max_size=4))
def test_what_is_shared_counts_what_the_formula_says(first: list[Document], second: list[Document]) -> None:
    before, after = numbered(first), numbered(second, 100)
    plain = PlainIndex([*before, *after])
    with folder_of((before, []), (after, []), growth=0) as folder:
        arrays = IndexArrays(folder)
        for number in range(arrays.size):
            words = similar._words(arrays, arrays.record(number))
            assert words == plain_words(plain, number)
            scores = similar._scores(arrays, number, words)
            assert scores.tolist() == pytest.approx(plain_scores(plain, number), abs=1e-3)


@settings(max_examples=80)
@given(st.lists(documents(), min_size=1, max_size=6), st.lists(documents(), min_size=1, max_size=4), st.booleans())
def test_who_is_like_whom_depends_neither_on_segments_nor_on_what_was_deleted(
    first: list[Document], second: list[Document], is_merged: bool
) -> None:
    before, after = numbered(first), numbered(second, 100)
    gone = [document(f"gone{number}", "rights labour droits", "recruiting recruiter") for number in range(3)]
    removed = [each.resource.id for each in gone]
    growth = 100 if is_merged else 0
    with written((before + gone, []), (after, removed), growth=growth) as grown, written((before + after, [])) as whole:
        for each in before + after:
            assert grown.similar(each.resource.id, 10) == whole.similar(each.resource.id, 10)


WATER = "Wells pumps and clean water for villages"
LIBRARY = [
    document("wells", "Village wells", WATER, date=date(2020, 1, 1)),
    document("pumps", "Pumps for village wells", "Repairing pumps in villages", date=date(2021, 1, 1)),
    document("tax", "Income tax tables", "Rates and allowances for every bracket"),
    document("opera", "A season of opera", "Singers costumes and stages"),
]


@pytest.fixture(params=["memory", "whoosh"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "memory":
        yield MemoryEngine(LIBRARY)
        return
    with written((LIBRARY, [])) as found:
        yield found


def test_what_shares_its_words_is_like_a_resource_and_what_does_not_is_no_result(engine: Engine) -> None:
    assert names(engine, "wells") == ["pumps"]
    assert names(engine, "pumps") == ["wells"]
    assert names(engine, "opera") == []


def test_nothing_is_like_a_resource_that_is_not_there(engine: Engine) -> None:
    assert engine.similar("none") == engine.similar("") == engine.similar("\ud800\0") == ()


def test_the_score_is_a_share_and_no_more_are_given_than_are_wanted(engine: Engine) -> None:
    (hit,) = engine.similar("wells", 1)
    assert 0 < hit.score < 1
    assert engine.similar("wells", 0) == ()


def test_in_a_library_of_one_or_of_nothing_but_empty_pages_nothing_is_alike() -> None:
    with written(([document("one", "Village wells", WATER)], [])) as engine:
        assert names(engine, "one") == []
    with written(([document("a", ""), document("b", "The of 12 UN")], [])) as engine:
        assert names(engine, "a") == names(engine, "b") == []


def test_one_word_of_the_text_in_common_makes_no_relatives() -> None:
    found = [*LIBRARY, document("mention", "Stages of a pilgrimage", "Walking without costumes")]
    with written((found, [])) as engine:
        assert names(engine, "mention") == ["opera"]
    found = [*LIBRARY, document("mention", "A pilgrimage through mountains", "Walking between stages")]
    with written((found, [])) as engine:
        assert names(engine, "mention") == []


def test_a_deleted_resource_is_neither_asked_nor_found() -> None:
    with written((LIBRARY, []), ([], ["pumps"])) as engine:
        assert names(engine, "wells") == names(engine, "pumps") == []


def with_copies(copies: int) -> list[Document]:
    two = [document(f"two{number}", "Pumps for wells", "Repairing pumps", facets={"tag": (f"t{number}",)})
           for number in range(copies)]  # fmt: skip
    other = document("other", "Pumps for wells", "Repairing pumps and pipes")
    return [document("one", "Village wells and pumps", WATER), *two, other, *LIBRARY[2:]]


@pytest.mark.parametrize("kind", ["memory", "whoosh"])
def test_copies_of_each_other_are_shown_once_and_copies_of_the_resource_not_at_all(kind: str) -> None:
    found = with_copies(6)
    with written((found, [])) as array_engine:
        engine = MemoryEngine(found) if kind == "memory" else array_engine
        likes = names(engine, "one")
        assert [name[:3] for name in likes] in (["two", "oth"], ["oth", "two"])
        assert set(names(engine, "two1")) == {"other", "one"}


def test_files_tell_copies_apart() -> None:
    def with_file(identifier: str, text: str) -> Document:
        file = Attachment("a.pdf", f"{identifier}.pdf", "pdf", 1, (Locator(),))
        return Document(Resource(identifier, "Annual report", attachments=(file,)), "", ((Page(Locator(), text),),))

    found = [with_file("a", "Wells were dug"), with_file("b", "Pumps were mended"), with_file("c", "Wells were dug")]
    with written((found, [])) as engine:
        assert names(engine, "a") == ["b"]


def test_of_two_that_are_as_good_the_one_in_the_same_language_comes_first_and_then_the_newest() -> None:
    def twin(identifier: str, language: str, year: int) -> Document:
        return document(identifier, "Pumps", f"pumps {identifier}", language=language, date=date(year, 1, 1))

    found = [
        document("one", "Pumps", "wells", language="es"),
        twin("aa", "fr", 2022),
        twin("bb", "es", 2019),
        twin("cc", "es", 2021),
    ]
    with written((found, [])) as engine:
        assert names(engine, "one") == ["cc", "bb", "aa"]


def test_a_manual_that_mentions_every_word_in_its_file_is_not_like_everything() -> None:
    file = Attachment("manual.pdf", "manual.pdf", "pdf", 1, (Locator(),))
    text = " ".join(each.body for each in LIBRARY) * 30
    manual = Document(Resource("manual", "Staff handbook", attachments=(file,)), "", ((Page(Locator(), text),),))
    with written(([*LIBRARY, manual], [])) as engine:
        assert names(engine, "wells") == ["pumps"]
        assert names(engine, "opera") == []


def test_what_says_nothing_but_in_its_file_is_like_what_its_file_begins_with() -> None:
    file = Attachment("scan.pdf", "scan.pdf", "pdf", 1, (Locator(),))
    scan = Document(Resource("scan", "Scan 12", attachments=(file,)), "", ((Page(Locator(), WATER),),))
    with written(([*LIBRARY, scan], [])) as engine:
        assert names(engine, "scan")[0] == "wells"


def test_texts_without_spaces_are_like_each_other_by_their_characters() -> None:
    found = [
        document("one", "井戸と水道", "安全な水道の修理", language="ja"),
        document("two", "井戸の修理", "水道の修理", language="ja"),
        document("three", "音楽会", "歌手と衣装", language="ja"),
    ]
    with written((found, [])) as engine:
        assert names(engine, "one") == ["two"]


def test_the_words_that_are_looked_for_take_no_longer_in_a_large_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "_POSTINGS", 12)
    rest = [document(f"r{number}", f"Water {number}", "water") for number in range(10)]
    with folder_of(([*LIBRARY, *rest], [])) as folder:
        arrays = IndexArrays(folder)
        words = similar._words(arrays, arrays.record(0))
    assert "water" not in words
    assert words["wells"] == FIELD_WEIGHTS["title"].weight + FIELD_WEIGHTS["body"].weight


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    index = tmp_path_factory.mktemp("sample") / "index"
    built(ROOT / "corpus", index)
    with closing(open_index(index)) as engine:
        yield engine


RELATIVES = {
    "malawi-transit-points-brief": ["malawi-human-trafficking-routes"],
    "what-works-evidence-review": [
        "combatting-human-trafficking-what-works",
        "measuring-prevalence-hidden-populations",
    ],
    "guide-devoir-de-vigilance": ["modele-plan-de-vigilance", "cartographie-des-risques-fournisseurs"],
    "guia-contratacion-responsable": ["capacitacion-reclutamiento"],
    "covid-19-recruitment-checklist": ["responsible-recruitment-during-covid-19", "responsible-recruitment-manual"],
    "recruitment-fee-calculator": ["repaying-recruitment-fees", "recruitment-fees-electronics"],
    "rights-holder-engagement-handbook": ["legitimate-and-meaningful-stakeholder-engagement", "principle-18-explained"],
    "hotline-first-call": ["referral-directory"],
    "domestic-workers-lockdown": ["convenio-189-trabajo-del-hogar"],
    "tea-estate-grievance-committees": ["grievance-procedure-template"],
    "age-assurance-trade-offs": ["safety-by-design-workshop"],
    "online-child-safety-baseline-study": ["reporting-buttons-children-use"],
}


@pytest.mark.parametrize("identifier", RELATIVES)
def test_the_relatives_that_a_person_would_name_are_found(sample: Engine, identifier: str) -> None:
    assert set(RELATIVES[identifier]) <= set(names(sample, identifier))


def test_relatives_are_called_so_by_both_more_often_than_not_and_nobody_is_everybodys(sample: Engine) -> None:
    pages = (ROOT / "corpus" / "resources").iterdir()
    found = {page.stem: set(names(sample, page.stem)) for page in pages if sample.resource(page.stem)}
    pairs = [(one, other) for one, others in found.items() for other in others]
    assert sum(one in found[other] for one, other in pairs) > len(pairs) / 2
    assert max(Counter(other for _, other in pairs).values()) < len(found) / 4
    assert all(one not in others for one, others in found.items())
