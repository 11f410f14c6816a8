from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.index.curation import Curation
from indexer.index.engine import Match, Sort, Where
from indexer.index.manifest import FacetInfo
from indexer.index.pins import parse_pins
from indexer.index.schema import Document, Locator, Resource, Unit
from indexer.index.synonyms import parse_synonyms
from tests import published, web_sample
from tests.memory_engine import MemoryEngine
from webapp.addresses import (
    download_url,
    file_url,
    match_url,
    resource_url,
    search_url,
    toggled_url,
    value_url,
    web_address,
)
from webapp.arguments import BadArgument, Question, Values, read_question, refuse_unknown
from webapp.paging import Paging
from webapp.search import SearchPage, search

FACETS = (FacetInfo("type", "Type"), FacetInfo("tag", "Tags"))
NAMES = ("type", "tag")


def ask(**given: str | list[str]) -> SearchPage:
    values = {name: [value] if isinstance(value, str) else value for name, value in given.items()}
    return search(web_sample.engine(), read_question(values, published.FACETS, 10))


def ids(page: SearchPage) -> list[str]:
    return [result.id for result in page.results]


def test_without_words_and_filters_everything_is_listed_newest_first_and_undated_last() -> None:
    assert ids(ask()) == ["ete", "recruitment-guide", "evil"]
    assert ids(ask(sort="relevance")) == ["ete", "recruitment-guide", "evil"]


def test_values_of_one_facet_widen_and_facets_narrow() -> None:
    assert set(ids(ask(type=["News", "Toolkit"]))) == {"ete", "recruitment-guide"}
    assert ids(ask(type=["News", "Toolkit"], year="2021")) == ["recruitment-guide"]


def test_choosing_a_value_gives_as_many_results_as_its_count_said() -> None:
    page = ask(q="migrants")
    for facet in page.facets:
        for option in facet.options:
            assert ask(q="migrants", **{facet.name: option.value}).total == option.count


@pytest.mark.parametrize("value", ["fr", "FR", "French", "french", " French "])
def test_a_language_is_chosen_and_typed_by_its_name_or_its_code(value: str) -> None:
    page = ask(language=value)
    assert (ids(page), page.chips[0].label) == (["ete"], "French")
    assert page.question == ask(language=[value, "fr"]).question
    assert ids(ask(q=f"language:{value.strip()}")) == ["ete"]


def test_a_chosen_value_keeps_the_counts_of_its_own_facet_and_leads_back() -> None:
    page = ask(q="migrants", tag="Europe")
    tags = next(facet for facet in page.facets if facet.name == "tag")
    assert [(each.value, each.count, each.selected) for each in tags.options] == [
        ("Asia", 2, False),
        ("Europe", 1, True),
    ]
    assert tags.options[1].url == page.chips[0].url == "/search?q=migrants"
    assert tags.options[0].url == "/search?q=migrants&tag=Asia&tag=Europe"


def test_choosing_a_value_leads_back_to_the_first_page() -> None:
    page = search(web_sample.many(25), Question("common", page=2))
    assert page.facets[1].options[0].url == "/search?q=common&tag=tag+000"


def test_a_value_that_no_resource_has_finds_nothing_and_offers_the_way_back() -> None:
    page = ask(q="migrants", tag="Atlantis")
    assert page.total == 0
    assert page.messages[0].url == "/search?q=migrants"
    assert page.chips[0].label == "Atlantis"


def test_a_result_says_on_which_pages_it_matched_and_how_many_more_there_are() -> None:
    [result] = ask(q="fees").results
    assert [(place.caption, place.url) for place in result.places] == [
        ("PDF, p. 1", "/files/recruitment-guide/guide.pdf#page=2&search=fees"),
        ("PDF, p. 2", "/files/recruitment-guide/guide.pdf#page=3&search=fees"),
    ]
    assert result.more_pages == 0


def test_a_result_that_matches_in_its_keywords_alone_shows_them_and_any_other_does_not() -> None:
    [result] = ask(q="toolkit").results
    assert [(place.caption, place.url) for place in result.places] == [("Keywords", "/resources/recruitment-guide")]
    assert [segment for segment in result.places[0].match.excerpt if segment[1]] == [("Toolkit", True)]
    result = ask(q="toolkit fees").results[0]
    assert [place.caption for place in result.places] == ["PDF, p. 1", "PDF, p. 2"]


def test_results_that_lack_a_word_follow_and_say_which() -> None:
    page = ask(q="toolkit asia")
    assert [result.hit.missing for result in page.results] == [(), ("toolkit",)]
    assert "1 resource holds all of this" in page.messages[0].text
    page = ask(q="asia nowhere")
    assert [result.hit.missing for result in page.results] == [("nowhere",)] * page.total
    assert "Nothing in the library holds all of this" in page.messages[0].text


def test_a_word_that_no_resource_has_is_corrected_and_the_page_leads_to_what_was_typed() -> None:
    page = ask(q="recruitmant  FEES", type="Guidance", page="1")
    assert ids(page) == ["recruitment-guide"]
    (message,) = page.spelling
    assert message.text == "Showing results for recruitment FEES."
    assert message.link == "Search instead for recruitmant FEES"
    assert message.url == "/search?q=recruitmant+FEES&verbatim=1&type=Guidance"
    literal = ask(q="recruitmant", verbatim="1")
    assert (literal.total, literal.spelling) == (0, ())
    assert literal.chips == ()


def test_the_links_of_a_page_that_corrects_nothing_correct_nothing() -> None:
    page = ask(q="fees", verbatim="1")
    urls = [option.url for facet in page.facets for option in facet.options]
    assert urls
    assert [url for url in urls if "q=fees&verbatim=1" not in url] == []
    assert all("q=fees&verbatim=1" in sort.url for sort in page.sorts)


def test_what_may_have_been_meant_is_linked_with_its_number() -> None:
    titles = ["Trail", *(f"Trial {number}" for number in range(25))]
    engine = MemoryEngine([Document(Resource(title, title)) for title in titles])
    (message,) = search(engine, Question("trail")).spelling
    assert (message.text, message.link, message.url) == (
        "Did you mean",
        "trial (25 resources)?",
        "/search?q=trial",
    )


def proposals_of(engine: MemoryEngine, text: str, curation: Curation, tag: str = "") -> list[tuple[str, int, int]]:
    """Return what is proposed, with the number that is shown and that of the page to which it leads."""
    page = search(engine, Question(text, (("tag", (tag,)),) if tag else ()), curation)
    found = []
    for proposal in page.proposals:
        values = parse_qs(urlsplit(proposal.url).query)
        found.append((proposal.text, proposal.total, search(engine, read_question(values, FACETS, 10), curation).total))
    return found


TRIALS = MemoryEngine(
    [Document(Resource(title, title)) for title in ("Trail", *(f"Trial {n}" for n in range(25)), "Court", "Manual")]
)
SEVERAL = 'two_way = [["trial", "court"]]'
PINNED = '[[pin]]\nquery = "trial"\nshow = "Manual"'
HIDDEN = f"{PINNED}\nhide = {[f'Trial {n}' for n in range(20)]}"


@pytest.mark.parametrize(
    ("synonyms", "pins", "total"),
    [("", "", 25), (SEVERAL, "", 26), ("", PINNED, 26), (SEVERAL, PINNED, 27), (SEVERAL, HIDDEN, 7)],
)
@pytest.mark.parametrize("tag", ["", "none"])
def test_the_number_of_a_proposal_is_that_of_the_page_it_leads_to(
    synonyms: str, pins: str, total: int, tag: str
) -> None:
    curation = Curation(parse_synonyms(Path("synonyms.toml"), synonyms), parse_pins(Path("pins.toml"), pins))
    assert proposals_of(TRIALS, "trail", curation, tag) == [("trial", total, total)]


def test_results_that_lack_a_part_are_in_the_number_of_a_proposal_as_they_are_on_its_page() -> None:
    titles = ["Trail labour", "Trial labour law", "Trial of labour", *(f"Trial {number}" for number in range(20))]
    engine = MemoryEngine([Document(Resource(title, title)) for title in titles])
    assert proposals_of(engine, "trail labour", Curation()) == [("trial labour", 23, 23)]


def test_nothing_is_proposed_all_of_which_is_hidden() -> None:
    everything = [f"Trial {n}" for n in range(25)]
    pins = parse_pins(Path("pins.toml"), f'[[pin]]\nquery = "trial"\nhide = {everything}')
    assert proposals_of(TRIALS, "trail", Curation(pins=pins)) == []


def test_what_was_too_much_to_be_checked_is_said() -> None:
    words = " ".join(f"recruitmant{chr(97 + number)}" for number in range(26))
    page = ask(q=f"recruitmant {words} {words.replace('t', 'z')}")
    assert [message.text for message in page.spelling][1:] == ["The spelling of 20 further words was not checked."]


def test_titles_are_shown_whole_with_their_matches_marked() -> None:
    [result] = ask(q="responsible").results
    assert "".join(text for text, _ in result.title) == "A guide to responsible recruitment"
    assert [text for text, matches in result.title if matches] == ["responsible"]


def test_a_query_without_a_word_says_so_and_hides_nothing() -> None:
    page = ask(q='"" -- ()')
    assert page.total == 3
    assert "no word" in page.messages[0].text


def test_the_page_after_the_last_has_no_results_and_leads_to_the_last() -> None:
    engine = web_sample.many(25)
    page = search(engine, Question("common", page=1_000_000_000))
    assert (page.total, page.results, page.first, page.last) == (25, (), 0, 0)
    assert page.messages[0].url == page.paging.previous_url == "/search?q=common&page=3"


def test_pages_cover_every_result_once() -> None:
    engine = web_sample.many(25)
    pages = [search(engine, Question("common", page=number)) for number in (1, 2, 3)]
    assert len({result.id for page in pages for result in page.results}) == 25
    assert [(page.first, page.last) for page in pages] == [(1, 10), (11, 20), (21, 25)]
    assert [page.paging.next_url for page in pages] == ["/search?q=common&page=2", "/search?q=common&page=3", ""]


def test_page_numbers_show_the_ends_and_the_neighbours() -> None:
    page = search(web_sample.many(200), Question(page=10))
    assert [(link.number, link.gap) for link in page.paging.links] == [
        (1, False), (8, True), (9, False), (10, False), (11, False), (12, False), (20, True),
    ]  # fmt: skip


def test_where_everything_stands_on_one_page_no_pages_are_linked() -> None:
    assert ask().paging == Paging((), "", "")


def test_relevance_is_offered_only_when_there_are_words() -> None:
    assert [sort.label for sort in ask().sorts] == ["Newest", "Oldest", "Title"]
    assert [(sort.label, sort.current) for sort in ask(q="migrants", sort="date").sorts] == [
        ("Relevance", False), ("Newest", True), ("Oldest", False), ("Title", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "name", "reason"),
    [
        ({"q": ["x" * 1_001]}, "q", "1,001 characters"),
        ({"page": ["0"]}, "page", "from 1 to 1,000,000,000"),
        ({"page": ["-1"]}, "page", "whole number"),
        ({"page": ["two"]}, "page", "whole number"),
        ({"page": ["٣"]}, "page", "whole number"),
        ({"page": ["9" * 5_000]}, "page", "whole number"),
        ({"page": ["1", "2"]}, "page", "more than once"),
        ({"sort": ["price"]}, "sort", "relevance, date, oldest, title, newest"),
        ({"limit": ["101"]}, "limit", "from 1 to 100"),
        ({"tag": [str(number) for number in range(101)]}, "tag", "100 values .* choose fewer"),
        ({"type": ["x" * 1_500], "tag": ["y" * 501]}, "tag", "2,000 characters together"),
    ],
)
def test_an_argument_that_makes_no_sense_is_named_with_the_reason(
    values: dict[str, list[str]], name: str, reason: str
) -> None:
    with pytest.raises(BadArgument, match=reason) as caught:
        read_question(values, FACETS, 10)
    assert caught.value.names == (name,)


def test_control_characters_in_a_query_are_spaces() -> None:
    assert read_question({"q": ["a\0b\x1b[31m\r\nc\x85"]}, (), 10).text == "a b [31m c"


def test_unknown_arguments_are_refused_by_name_with_those_there_are() -> None:
    with pytest.raises(BadArgument, match="colour: there is no such argument; there are q, tag"):
        refuse_unknown({"q": ["a"], "colour": ["red"]}, ("q", "tag"))
    with pytest.raises(BadArgument, match="colour, hue: there is no such argument; there are q, tag") as caught:
        refuse_unknown({"colour": ["red"], "q": ["a"], "hue": ["1"]}, ("q", "tag"))
    assert caught.value.names == ("colour", "hue")


def test_a_facet_that_is_called_like_an_argument_does_not_shadow_it() -> None:
    question = read_question({"q": ["words"], "page": ["2"]}, (FacetInfo("q", "Q"), FacetInfo("page", "P")), 10)
    assert (question.text, question.page, question.filters) == ("words", 2, ())


@given(st.permutations(["b", "a", "a", " c ", ""]), st.permutations(["type", "tag"]))
def test_one_question_has_one_address(values: list[str], order: list[str]) -> None:
    given: Values = dict.fromkeys(order, values)
    question = read_question(given, FACETS, 10)
    assert search_url(question) == "/search?type=a&type=b&type=c&tag=a&tag=b&tag=c"


def test_addresses_leave_out_what_is_usual_and_escape_the_rest() -> None:
    assert search_url(Question()) == "/search"
    question = Question("a&b=c", (("tag", ("x y", "ü")),), Sort.TITLE, page=2)
    assert search_url(question) == "/search?q=a%26b%3Dc&tag=x+y&tag=%C3%BC&sort=title&page=2"


@given(
    st.dictionaries(st.sampled_from(NAMES), st.sets(st.sampled_from(["a", "b", "c d"]), min_size=1)),
    st.sampled_from(NAMES),
    st.sampled_from(["a", "b", "c d", "é&"]),
    st.sampled_from(["", "some words"]),
    st.sampled_from([None, Sort.TITLE]),
)
def test_a_value_leads_to_the_first_page_of_the_search_with_it_chosen_or_given_up(
    chosen: dict[str, set[str]], facet: str, value: str, text: str, sort: Sort | None
) -> None:
    def question(filters: dict[str, set[str]]) -> Question:
        ordered = ((name, tuple(sorted(filters.get(name, ())))) for name in NAMES)
        return Question(text, tuple((name, values) for name, values in ordered if values), sort)

    toggled = chosen | {facet: chosen.get(facet, set()) ^ {value}}
    address = toggled_url(replace(question(chosen), page=7), FACETS, facet)
    assert address(value) == search_url(question(toggled))
    assert toggled_url(question(toggled), FACETS, facet)(value) == search_url(question(chosen))


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
@example("a/b c+d&e=f?g#h%i~é\U0001f333")
def test_addresses_escape_what_the_standard_library_escapes(text: str) -> None:
    assert resource_url(text) == f"/resources/{quote(text)}"
    assert file_url(text, text) == f"/files/{quote(text)}/{quote(text, safe='')}"
    assert download_url(text, text) == f"{file_url(text, text)}?download=1"
    assert value_url(text, text) == f"/search?{urlencode({text: text})}"
    assert search_url(Question(text)) == f"/search?{urlencode({'q': text})}"


def test_only_pages_of_pdfs_have_addresses_inside_a_file() -> None:
    assert (
        match_url(
            "a", Match(Where.ATTACHMENT, (), "x y#1.pdf", 12, Locator("xii", Unit.PAGE, anchor="page=12"), format="pdf")
        )
        == "/files/a/x%20y%231.pdf#page=12"
    )
    assert (
        match_url("a", Match(Where.ATTACHMENT, (), "deck.pptx", 3, Locator("3", Unit.SLIDE), format="pptx"))
        == "/files/a/deck.pptx"
    )
    assert match_url("a", Match(Where.BODY, ())) == "/resources/a"
    assert file_url("a/b", "c?d.txt") == "/files/a/b/c%3Fd.txt"


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://[", "ftp://a", ""]
)
def test_only_http_addresses_become_links(text: str) -> None:
    assert web_address(text) == ""


def test_http_addresses_are_kept() -> None:
    assert web_address(" https://example.org/a?b ") == "https://example.org/a?b"


DECIDED = Curation(
    parse_synonyms(Path("synonyms.toml"), 'two_way = [["migrants", "no fees"]]\n[one_way]\nexpats = "migrants"'),
    parse_pins(Path("pins.toml"), '[[pin]]\nquery = "migrants"\nshow = ["evil", "unknown"]\nhide = "ete"'),
)


def decided(**given: str) -> SearchPage:
    question = read_question({name: [value] for name, value in given.items()}, FACETS, 10)
    return search(web_sample.engine(), question, DECIDED)


def test_what_a_librarian_wrote_down_of_other_names_is_searched_and_marked() -> None:
    page = decided(q="expats")
    assert set(ids(page)) == {"ete", "recruitment-guide"}
    assert page.results[0].places or any(marked for _, marked in page.results[0].summary)
    assert ids(decided(q="title:expats")) == []


def test_pinned_resources_come_first_and_hidden_ones_are_missing_for_their_query_alone() -> None:
    assert [(result.id, result.hit.is_pinned) for result in decided(q="migrants").results] == [
        ("evil", True),
        ("recruitment-guide", False),
    ]
    assert decided(q="migrants").total == 2
    other = decided(q="migrants paid")
    assert {result.id: result.hit.is_pinned for result in other.results} == {"recruitment-guide": False, "ete": False}
    assert ids(decided(q="migrants", sort="title")) == ["recruitment-guide", "evil"]


NOWHERE, OF_THESE = "Nothing in the library holds all of this.", "Nothing of these resources holds all of this."


@pytest.mark.parametrize(
    ("pinned", "asked", "found", "complete", "said"),
    [
        ("evil", Question("fees"), ["evil", "recruitment-guide"], 1, None),
        ("ete", Question("migrants toolkit"), ["ete", "recruitment-guide"], 1, None),
        ("evil", Question("nowhere"), ["evil"], 0, f"{NOWHERE} What is shown is recommended for it."),
        ("evil", Question("nowhere", (("type", ("Guidance",)),)), ["evil"], 0, f"{OF_THESE} What is shown is recommended for it."),  # noqa: E501  # a table
        ("evil", Question("nowhere fees"), ["evil", "recruitment-guide"], 0, f"{NOWHERE} What holds a part of it is shown, and says what it lacks."),  # noqa: E501  # a table
        ("ete", Question("toolkit asia nowhere"), ["ete", "recruitment-guide"], 0, f"{NOWHERE} What holds a part of it is shown, and says what it lacks."),  # noqa: E501  # a table
        ("evil", Question("toolkit asia"), ["evil", "recruitment-guide", "ete"], 1, "1 resource holds all of this. What lacks a part of it follows, and says what it lacks."),  # noqa: E501  # a table
    ],
)  # fmt: skip
def test_what_is_pinned_does_not_hide_that_nothing_holds_all_words(
    pinned: str, asked: Question, found: list[str], complete: int, said: str | None
) -> None:
    pins = parse_pins(Path("pins.toml"), f'[[pin]]\nquery = "{asked.text}"\nshow = ["{pinned}"]')
    page = search(web_sample.engine(), asked, Curation(pins=pins))
    assert (ids(page), page.found.complete) == (found, complete)
    assert [message.text for message in page.messages] == [said] * bool(said)


def test_other_names_that_were_left_out_are_said() -> None:
    lists = ",".join(str([f"a{number}", *(f"b{number}x{other}" for other in range(29))]) for number in range(2))
    curation = Curation(parse_synonyms(Path("synonyms.toml"), f"two_way = [{lists}]"))
    page = search(web_sample.engine(), Question("a0 a1"), curation)
    assert [*map(str, page.found.bounded)] == [
        "Other names of these words that were not searched: 8. A query is given 50 at most."
    ]
    assert search(web_sample.engine(), Question("a0"), curation).found.bounded == ()


def test_a_pinned_resource_passes_the_filters_or_is_not_shown() -> None:
    assert ids(decided(q="migrants", type="Toolkit")) == ["recruitment-guide"]
    assert ids(decided(q="migrants", type="Guidance")) == ["evil", "recruitment-guide"]
