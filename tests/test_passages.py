from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index.engine import Excerpt, Match, Where
from indexer.index.schema import Locator, Unit
from webapp.addresses import passage_url
from webapp.passages import CONTEXT_WORDS, pdf_search, text_directive

FEES: Excerpt = (
    ("… nobody but the employer pays the ", False),
    ("recruitment", True),
    (" ", False),
    ("fees", True),
    (" and what they cost, … a ", False),
    ("fee", True),
)


def attached(name: str, locator: Locator = Locator(), excerpt: Excerpt = FEES) -> Match:  # noqa: B008  # it never changes
    return Match(Where.ATTACHMENT, excerpt, name, 1, locator)


def test_a_passage_is_named_by_its_words_and_those_around_it_up_to_what_was_left_out() -> None:
    assert text_directive(FEES) == (
        ":~:text=the%20employer%20pays%20the-,recruitment%20fees,-and%20what%20they%20cost%2C&text=recruitment%20fees"
    )
    assert text_directive((("fees", True), (" … what", False))) == ":~:text=fees"


def test_signs_of_the_syntax_are_escaped() -> None:
    excerpt = (("a-b, c& ", False), ("x-y,z&", True))
    assert text_directive(excerpt) == ":~:text=a%2Db%2C%20c%26-,x%2Dy%2Cz%26&text=x%2Dy%2Cz%26"


def test_parts_of_words_are_no_context() -> None:
    assert text_directive((("non-", False), ("payment", True), ("-based", False))) == ":~:text=payment"


def test_context_without_spaces_is_left_out() -> None:
    text = "招聘" * 50
    assert text_directive(((f"{text} ", False), ("费用", True))) == ":~:text=%E8%B4%B9%E7%94%A8"


@pytest.mark.parametrize("excerpt", [(), (("nothing", False),), (("", True),)])
def test_where_nothing_matches_nothing_is_highlighted(excerpt: Excerpt) -> None:
    assert text_directive(excerpt) == pdf_search(excerpt) == ""


def test_in_a_pdf_every_word_is_looked_for_once() -> None:
    assert pdf_search((("Fees", True), (" and ", False), ('fees "paid"', True))) == "search=fees%20paid"
    many: Excerpt = tuple((f"w{number}", True) for number in range(20))
    assert unquote(pdf_search(many)) == "search=w0 w1 w2 w3 w4 w5 w6 w7"


def test_a_match_opens_where_the_format_and_the_browser_allow() -> None:
    page, words = Locator("12", Unit.PAGE, anchor="page=12"), (("fees", True),)
    assert passage_url("a", attached("a.pdf", page, words)) == "/files/a/a.pdf#page=12&search=fees"
    assert passage_url("a", attached("a.txt", excerpt=words)) == "/files/a/a.txt#:~:text=fees"
    assert passage_url("a", attached("a.md", excerpt=words)) == "/files/a/a.md#:~:text=fees"
    section = Locator("Costs", Unit.SECTION, anchor="costs")
    assert passage_url("a", attached("a.html", section, words)) == "/files/a/a.html#costs:~:text=fees"
    assert passage_url("a", Match(Where.BODY, words)) == "/resources/a#:~:text=fees"


def test_where_the_words_are_not_in_the_text_of_the_file_no_browser_looks_for_them() -> None:
    scan = Locator("1", Unit.PAGE, anchor="page=1", recognised=True)
    assert passage_url("a", attached("scan.pdf", scan)) == "/files/a/scan.pdf#page=1"
    assert passage_url("a", attached("a.pdf", Locator("1", Unit.PAGE, "annex.txt"))) == "/files/a/a.pdf"
    assert passage_url("a", attached("a.docx")) == "/files/a/a.docx"
    assert passage_url("a", Match(Where.KEYWORDS, FEES)) == "/resources/a"


@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"])), st.booleans()), max_size=8))
def test_a_directive_holds_the_first_match_with_at_most_so_many_words_on_either_side(
    excerpt: list[tuple[str, bool]],
) -> None:
    directive = text_directive(tuple(excerpt))
    shown = " ".join("".join(text for text, _ in excerpt).split())
    for part in directive.removeprefix(":~:").split("&"):
        for piece in filter(None, part.removeprefix("text=").split(",")):
            words = unquote(piece.removeprefix("-").removesuffix("-"))
            assert words in shown
    pieces = directive.partition("&")[0].removeprefix(":~:text=").split(",")
    context = [piece for piece in pieces if piece.startswith("-") or piece.endswith("-")]
    assert all(len(unquote(piece).strip("-").split()) <= CONTEXT_WORDS for piece in context)
