from __future__ import annotations

import gc
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.index import open_index
from indexer.index.engine import Engine, IndexUnreadable, SearchRequest, Sort
from indexer.index.query import FacetValue, Phrase, Word, parse
from indexer.index.ranking import BM25F
from indexer.index.schema import Attachment, Document, FileMetadata, Locator, Page, Resource, Unit
from indexer.index.whoosh.strings import Strings
from tests.generated import documents, numbered
from tests.published import publish


@contextmanager
def opened(*generations: tuple[list[Document], list[str]]) -> Iterator[Engine]:
    """Publish one generation after the other, each adding documents and removing ids, and open the last."""
    folder = Path(tempfile.mkdtemp())
    try:
        for added, removed in generations:
            publish(folder / "index", added, removed=removed)
        engine = open_index(folder / "index")
        yield engine
        engine.close()
    finally:
        shutil.rmtree(folder)


@settings(max_examples=40)
@given(st.lists(documents(), min_size=1, max_size=8), st.lists(documents(), max_size=8))
def test_an_index_grown_step_by_step_answers_like_one_written_at_once(
    first: list[Document], second: list[Document]
) -> None:
    before, after = numbered(first), numbered(second, 100)
    requests = [SearchRequest(query, sort=sort, limit=100) for query in (None, Word("labour")) for sort in Sort]
    with opened((before, []), (after, [])) as grown, opened((before + after, [])) as whole:
        for request in requests:
            assert grown.search(request) == whole.search(request)
        for document in before + after:
            assert grown.resource(document.resource.id) == document.resource
            assert grown.body(document.resource.id) == document.body


def resource(identifier: str, title: str, **more: object) -> Resource:
    return Resource(identifier, title, **more)  # type: ignore[arg-type]  # keywords of the test's own choice


def test_no_phrase_spans_two_tags_or_two_files_but_one_may_run_over_the_end_of_a_page() -> None:
    files = tuple(
        Attachment(name, name, "pdf", 1, (Locator("1", Unit.PAGE), Locator("2", Unit.PAGE)))
        for name in ("a.pdf", "b.pdf")
    )
    document = Document(
        resource("one", "Title", facets={"tag": ("Forced", "Labour")}, attachments=files),
        pages=(
            (Page(Locator("1"), "hidden"), Page(Locator("2"), "fees are")),
            (Page(Locator("1"), "charged"), Page(Locator("2"), "")),
        ),
    )
    with opened(([document], [])) as engine:
        found = {
            phrase: engine.search(SearchRequest(Phrase(phrase))).hits
            for phrase in [("forced", "labour"), ("are", "charged"), ("hidden", "fees")]
        }
    assert found["forced", "labour"] == found["are", "charged"] == ()
    (hit,) = found["hidden", "fees"]
    assert [(match.file, match.page, match.excerpt) for match in hit.matches] == [("a.pdf", 1, (("hidden", True),))]


def test_a_word_is_found_in_the_forms_of_every_language_of_the_library() -> None:
    found = [
        Document(resource("en", "Recruiting", language="en")),
        Document(resource("fr", "Recruiting", language="fr")),
    ]
    with opened((found, [])) as engine:
        assert engine.search(SearchRequest(Word("recruiting"))).total == 2


def test_a_file_is_searched_in_the_language_of_its_own_text_and_its_resource_in_the_others() -> None:
    french = Attachment("a.pdf", "a.pdf", "pdf", 1, (Locator(),), metadata=FileMetadata(language="fr"))
    plain = Attachment("b.pdf", "b.pdf", "pdf", 1, (Locator(),))
    both = Document(
        resource("a", "Hiring workers", attachments=(french, plain)),
        pages=((Page(Locator(), "Les travailleuses sont protégées"),), (Page(Locator(), "Rights of the hired"),)),
    )
    assert both.resource.languages == ("en", "fr")
    with opened(([both], [])) as engine:
        for typed in ("travailleuse", "protegee", "hire", "right"):
            assert engine.search(SearchRequest(parse(typed))).total == 1, typed
    with opened(([both], []), ([Document(resource("b", "Hiring"))], ["a"])) as engine:
        assert engine.search(SearchRequest(parse("travailleuse"))).total == 0


def test_words_without_a_subject_need_not_be_found_unless_there_are_no_others() -> None:
    found = [
        Document(resource("one", "Fees", summary="Paid for work")),
        Document(resource("two", "The fees of the agent")),
        Document(resource("three", "The covid")),
    ]
    with opened((found, [])) as engine:
        totals = {
            typed: engine.search(SearchRequest(parse(typed), ranking=BM25F)).total
            for typed in ["the fees", "the", "the -covid", "title:the fees", '"the fees"']
        }
    assert totals == {"the fees": 2, "the": 2, "the -covid": 1, "title:the fees": 1, '"the fees"': 1}


def test_a_word_typed_often_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[bytes] = []
    real = Strings.find

    def find(strings: Strings, wanted: bytes) -> int | None:
        looked_up.append(wanted)
        return real(strings, wanted)

    monkeypatch.setattr(Strings, "find", find)
    with opened(([Document(resource("one", "Fees"))], [])) as engine:
        looked_up.clear()
        engine.search(SearchRequest(parse("fees " * 200)))
    assert looked_up == [b"fee"]


def test_what_only_a_removed_resource_had_is_gone_also_from_a_later_segment() -> None:
    first = [Document(resource(f"r{number}", "Title", facets={"tag": ("Kept",)})) for number in range(30)]
    second = [Document(resource("late", "Passing", facets={"tag": ("Gone",)}))]
    with opened((first, []), (second, []), ([], ["late"])) as engine:
        results = engine.search(SearchRequest(limit=100))
        assert results.total == 30
        assert {count.value for facet in results.facets for count in facet.counts} == {"Kept"}
        assert engine.suggest("gone") == engine.suggest("passing") == ()
        assert engine.search(SearchRequest(Word("passing"))).total == 0


def test_one_engine_answers_many_threads_as_it_answers_one(tmp_path: Path) -> None:
    found = [Document(resource(f"r{n}", f"Fees {n}", facets={"tag": (f"t{n % 7}",)}), "wage " * n) for n in range(60)]
    publish(tmp_path / "index", found)
    requests = [
        SearchRequest(parse(typed), sort=sort, limit=5)
        for typed in ("fees", "wage", '"wage wage"', "fees -wage", "")
        for sort in Sort
    ]
    single = open_index(tmp_path / "index")
    expected = [single.search(request) for request in requests]
    # Opened anew, so that the threads also meet at the first reading of every array.
    shared = open_index(tmp_path / "index")
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(shared.search, requests * 8))
    assert answers == expected * 8


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="there is no /proc to count open files in")
@pytest.mark.parametrize("closed", [True, False], ids=["closed", "forgotten"])
def test_an_engine_that_is_let_go_of_gives_its_files_back(tmp_path: Path, closed: bool) -> None:
    publish(tmp_path / "index", [Document(resource("one", "Fees"), "Body")])
    gc.collect()
    before = len(list(Path("/proc/self/fd").iterdir()))
    engine = open_index(tmp_path / "index")
    engine.search(SearchRequest(Word("fees")))
    if closed:
        engine.close()
    del engine
    gc.collect()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.mark.parametrize("damage", [b"\x00" * 50, b"\xff" * 50])
def test_texts_that_are_damaged_inside_are_named(tmp_path: Path, damage: bytes) -> None:
    generation = publish(tmp_path / "index", [Document(resource("one", "Fees"), "Body of the page " * 20)])
    (file,) = generation.glob("*.texts")
    content = file.read_bytes()
    file.write_bytes(content[:8] + damage + content[58:])
    with pytest.raises(IndexUnreadable, match=r"segment-00000001-0\.texts is damaged.*Rebuild the index"):
        open_index(tmp_path / "index")


def test_a_generation_that_only_removes_adds_no_segment(tmp_path: Path) -> None:
    before = publish(tmp_path / "index", [Document(resource(name, "Fees")) for name in ("one", "two", "three")])
    generation = publish(tmp_path / "index", [], removed=["one"])
    assert [path.name for path in generation.glob("segment-*")] == [path.name for path in before.glob("segment-*")]


def test_separators_and_half_characters_do_no_harm() -> None:
    odd = Document(resource("odd", "Half \ud83d", facets={"tag": ("a\x1fb", "c")}), "Body \udc00")
    with opened(([odd], [])) as engine:
        tags = next(facet for facet in engine.search(SearchRequest()).facets if facet.name == "tag")
    assert [count.value for count in tags.counts] == ["a\x1fb", "c"]


def test_a_title_counts_more_than_a_body() -> None:
    found = [
        Document(resource("body", "Something"), "A body about recruitment"),
        Document(resource("title", "Recruitment today"), "A body about something"),
    ]
    with opened((found, [])) as engine:
        hits = engine.search(SearchRequest(Word("recruitment"))).hits
    assert [hit.resource.id for hit in hits] == ["title", "body"]


def test_hits_without_their_places_are_the_same_in_the_same_order() -> None:
    found = [Document(resource("one", "Recruitment"), "Fees"), Document(resource("two", "Fees of recruitment"))]
    with opened((found, [])) as engine:
        placed = engine.search(SearchRequest(Word("fees"))).hits
        bare = engine.search(SearchRequest(Word("fees"), placed=False)).hits
    assert all(hit.matches for hit in placed)
    assert [(hit.resource, hit.score) for hit in bare] == [(hit.resource, hit.score) for hit in placed]
    assert not any(hit.matches for hit in bare)


def test_equal_scores_follow_by_date_and_then_by_title() -> None:
    found = [
        Document(resource("b", "Same words b", date=date(2020, 1, 1))),
        Document(resource("a", "Same words a", date=date(2020, 1, 1))),
        Document(resource("c", "Same words c", date=date(2021, 1, 1))),
        Document(resource("d", "Same words d")),
    ]
    with opened((found, [])) as engine:
        hits = engine.search(SearchRequest(Word("same"))).hits
    assert [hit.resource.id for hit in hits] == ["c", "a", "b", "d"]


def test_the_texts_of_a_removed_resource_are_not_found_again() -> None:
    found = [Document(resource(name, f"Title {name}")) for name in ("a", "b")]
    with opened((found, []), ([], ["a"])) as engine:
        assert engine.resource("a") is None
        assert engine.body("a") == ""
        assert [s.id for s in engine.suggest("title ")] == ["b"]
        assert engine.search(SearchRequest()).total == 1


def test_results_can_be_had_by_date_or_by_title() -> None:
    found = [
        Document(resource("old", "Émigré", date=date(1999, 1, 1))),
        Document(resource("new", "zebra", date=date(2021, 1, 1))),
        Document(resource("undated", "Apple")),
    ]
    with opened((found, [])) as engine:
        by_date = engine.search(SearchRequest(sort=Sort.DATE)).hits
        by_title = engine.search(SearchRequest(sort=Sort.TITLE)).hits
    assert [hit.resource.id for hit in by_date] == ["new", "old", "undated"]
    assert [hit.resource.id for hit in by_title] == ["undated", "old", "new"]


def test_pages_of_results_follow_each_other_without_gap_or_overlap() -> None:
    found = [Document(resource(f"r{number}", f"Same {number}")) for number in range(25)]
    with opened((found, [])) as engine:
        pages = [engine.search(SearchRequest(Word("same"), offset=start, limit=10)) for start in (0, 10, 20, 30)]
        whole = engine.search(SearchRequest(Word("same"), limit=100))
    assert [len(page.hits) for page in pages] == [10, 10, 5, 0]
    assert tuple(hit for page in pages for hit in page.hits) == whole.hits


def test_only_so_many_values_of_a_facet_are_listed_but_chosen_ones_always() -> None:
    found = [
        Document(resource(f"r{number}", "Title", facets={"tag": tuple(f"t{n}" for n in range(number + 1))}))
        for number in range(5)
    ]
    with opened((found, [])) as engine:
        request = SearchRequest(filters={"tag": ("t4", "unknown")}, facet_limit=2)
        tags = next(facet for facet in engine.search(request).facets if facet.name == "tag")
    assert [(count.value, count.count) for count in tags.counts] == [("t0", 5), ("t1", 4), ("t4", 1), ("unknown", 0)]
    assert tags.more == 2


def test_a_language_is_found_and_suggested_by_its_code_and_by_its_name() -> None:
    found = [
        Document(resource("one", "Title", facets={"language": ("fr",), "tag": ("es",)})),
        Document(resource("two", "Title", facets={"language": ("es",)})),
    ]
    with opened((found, [])) as engine:
        for word in ("french", "fr"):
            hits = engine.search(SearchRequest(FacetValue("language", (word,)))).hits
            assert [hit.resource.id for hit in hits] == ["one"]
        assert [(s.text, s.facet) for s in engine.suggest("fren")] == [("fr", "language")]
        assert engine.search(SearchRequest(FacetValue("tag", ("spanish",)))).total == 0
        assert [(s.text, s.facet) for s in engine.suggest("es")] == [("es", "tag"), ("es", "language")]


def test_suggestions_are_titles_and_tags_with_words_that_begin_as_typed() -> None:
    found = [
        Document(resource("one", "Réparer les frais de recrutement", facets={"tag": ("Recruitment fees",)})),
        Document(resource("two", "Fees")),
    ]
    with opened((found, [])) as engine:
        assert [(s.text, s.id, s.facet) for s in engine.suggest("rec f")] == [
            ("Recruitment fees", "", "tag"),
            ("Réparer les frais de recrutement", "one", ""),
        ]
        assert [s.text for s in engine.suggest("FEES")] == ["Fees", "Recruitment fees"]
        assert [s.text for s in engine.suggest("repar")] == ["Réparer les frais de recrutement"]
        assert engine.suggest("fee", limit=1) == engine.suggest("fee")[:1]
        assert engine.suggest("  ") == ()


def test_the_code_of_a_language_is_no_word_of_its_resources() -> None:
    facets = {"language": ("de",), "tag": ("Global",), "year": ("2014",)}
    with opened(([Document(resource("one", "Title", facets=facets))], [])) as engine:
        totals = [engine.search(SearchRequest(parse(typed, ("language",)))).total for typed in ("de", "2014", "global")]
        assert totals == [0, 1, 1]
        assert engine.search(SearchRequest(parse("language:german", ("language",)))).total == 1
