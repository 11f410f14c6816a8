from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index import analysis, open_index
from indexer.index.engine import Engine, Hit, Match, SearchRequest, Where
from indexer.index.query import parse
from indexer.index.schema import Attachment, Document, Locator, Page, Resource, Unit
from indexer.index.whoosh.texts import passages_of
from tests.published import publish


def attachment(name: str, labels: tuple[str, ...], unit: Unit = Unit.PAGE) -> Attachment:
    return Attachment(
        name, f"files/{name}", name.rpartition(".")[2], 1, tuple(Locator(label, unit) for label in labels)
    )


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    report = (
        Page(Locator("i"), "Contents"),
        Page(Locator("1"), "The fee is a charge. Recruitment begins with it."),
        Page(Locator("2"), "A fee, a second fee and recruitment."),
        Page(Locator("3"), "Recruitment alone."),
    )
    sheet = (Page(Locator("Costs"), "fee 100"), Page(Locator("Notes"), "nothing here"))
    document = Document(
        Resource(
            "one",
            "Recruitment without cost",
            summary="What a fee is.",
            facets={"tag": ("Recruitment fees", "Global")},
            attachments=(
                attachment("report.pdf", ("i", "1", "2", "3")),
                attachment("sheet.xlsx", ("Costs", "Notes"), Unit.SHEET),
            ),
        ),
        body="The body speaks of recruitment.\n\nAnd of nothing else.",
        pages=(report, sheet),
    )
    publish(tmp_path / "index", [document, Document(Resource("two", "Something else"))])
    return open_index(tmp_path / "index")


def hit(engine: Engine, typed: str) -> Hit:
    (found,) = engine.search(SearchRequest(parse(typed))).hits
    return found


def places(found: Hit) -> list[tuple[Where, str, int]]:
    return [(match.where, match.file, match.page) for match in found.matches]


def marked(match: Match) -> list[str]:
    return [piece for piece, is_match in match.excerpt if is_match]


def test_a_hit_says_in_which_of_its_texts_it_matched(engine: Engine) -> None:
    found = hit(engine, "recruitment")
    assert places(found)[:3] == [(Where.TITLE, "", 0), (Where.KEYWORDS, "", 0), (Where.BODY, "", 0)]


def test_pages_are_listed_best_first_and_called_what_their_readers_call_them(engine: Engine) -> None:
    pages = [match for match in hit(engine, "fee").matches if match.where is Where.ATTACHMENT]
    assert [(page.file, page.page, page.locator.label, page.locator.unit) for page in pages] == [
        ("report.pdf", 3, "2", Unit.PAGE),
        ("report.pdf", 2, "1", Unit.PAGE),
        ("sheet.xlsx", 1, "Costs", Unit.SHEET),
    ]
    assert marked(pages[0]) == ["fee", "fee"]


def test_only_pages_with_most_of_the_query_are_listed_and_counted(engine: Engine) -> None:
    found = hit(engine, "recruitment fee")
    pages = [match.page for match in found.matches if match.where is Where.ATTACHMENT]
    assert pages == [3, 2]
    assert found.pages_matched == 2


def test_places_with_more_of_the_query_come_first(engine: Engine) -> None:
    wheres = [match.where for match in hit(engine, "recruitment fee").matches]
    assert wheres == [Where.KEYWORDS, Where.ATTACHMENT, Where.ATTACHMENT, Where.TITLE, Where.SUMMARY, Where.BODY]


def test_a_tag_that_matched_is_shown_alone(engine: Engine) -> None:
    assert [match.excerpt for match in hit(engine, "global").matches] == [(("Global", True),)]


def test_a_query_for_one_field_shows_only_that_field(engine: Engine) -> None:
    assert places(hit(engine, "title:recruitment")) == [(Where.TITLE, "", 0)]


def test_excluded_words_are_not_shown(engine: Engine) -> None:
    found = hit(engine, "recruitment -absent")
    assert all("absent" not in marked(match) for match in found.matches)
    assert engine.search(SearchRequest(parse("-recruitment"))).hits[0].matches == ()


def test_more_pages_than_are_listed_are_counted(tmp_path: Path) -> None:
    labels = tuple(str(number + 1) for number in range(30))
    pages = tuple(Page(Locator(label), "The same fee again.") for label in labels)
    document = Document(Resource("one", "Title", attachments=(attachment("long.pdf", labels),)), pages=(pages,))
    publish(tmp_path / "index", [document])
    found = hit(open_index(tmp_path / "index"), "fee")
    assert found.pages_matched == 30
    assert [match.page for match in found.matches] == [1, 2, 3, 4]


def test_a_rare_word_on_a_page_counts_more_than_a_frequent_one_and_repeats_count_less_and_less(tmp_path: Path) -> None:
    pages = (Page(Locator("1"), "common " * 9), Page(Locator("2"), "rare"), Page(Locator("3"), "common"))
    document = Document(Resource("one", "Title", attachments=(attachment("a.pdf", ("1", "2", "3")),)), pages=(pages,))
    others = [Document(Resource(f"r{number}", "common")) for number in range(20)]
    publish(tmp_path / "index", [document, *others])
    engine = open_index(tmp_path / "index")
    found = engine.search(SearchRequest(parse("rare OR common"))).hits[0]
    assert [match.page for match in found.matches if match.where is Where.ATTACHMENT] == [2, 1, 3]


def test_a_body_with_more_of_the_query_than_the_title_comes_first(tmp_path: Path) -> None:
    publish(tmp_path / "index", [Document(Resource("one", "Fee"), "A wage and a fee.")])
    found = hit(open_index(tmp_path / "index"), "fee wage")
    assert [match.where for match in found.matches] == [Where.BODY, Where.TITLE]


def test_an_excerpt_from_inside_a_long_text_shows_that_there_is_more(tmp_path: Path) -> None:
    filler = "nothing of interest " * 150
    publish(tmp_path / "index", [Document(Resource("one", "Title"), f"{filler} fee {filler}")])
    (match,) = hit(open_index(tmp_path / "index"), "fee").matches
    text = "".join(piece for piece, _ in match.excerpt)
    assert text.startswith("…")
    assert text.endswith("…")


def test_a_long_page_is_searched_in_passages_and_the_best_is_shown(tmp_path: Path) -> None:
    filler = "nothing of interest here " * 2_000
    text = f"A fee alone. {filler} A wage and a fee together. {filler} A wage alone."
    document = Document(
        Resource("one", "Title", attachments=(attachment("long.docx", ("",), Unit.PART),)),
        body=text,
        pages=((Page(Locator(), text),),),
    )
    publish(tmp_path / "index", [document])
    engine = open_index(tmp_path / "index")
    for match in hit(engine, "wage fee").matches:
        assert marked(match) == ["wage", "fee"]
    assert engine.body("one") == text


@given(st.text(alphabet="ab \n'’s-", max_size=300).map(lambda text: text * 60))
def test_passages_give_the_text_back_and_cut_no_word(text: str) -> None:
    passages = passages_of(text)
    assert "".join(passages) == text
    assert all(len(passage) <= 4_000 for passage in passages)
    if not any(len(word) > 1_500 for word in text.split()):
        assert [word for passage in passages for word in analysis.words(passage)] == analysis.words(text)


def test_a_word_without_end_is_cut_rather_than_kept_whole() -> None:
    assert [len(passage) for passage in passages_of("a" * 10_000)] == [2_000] * 5
