"""The block of YAML at the top of a page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.library.frontmatter import split_page


def test_scalars_stay_as_they_are_written() -> None:
    page = split_page("---\nTitle: 1984\ncountry: no\ndate: 2019-02-31\nsize: 0x1F\nlist: [1.0, yes]\n---\nBody\n")
    assert page.values == {
        "title": "1984",
        "country": "no",
        "date": "2019-02-31",
        "size": "0x1F",
        "list": ["1.0", "yes"],
    }
    assert (page.body.strip(), page.problems) == ("Body", ())


def test_a_page_without_front_matter_is_all_body_even_with_rules_in_it() -> None:
    for text in ("Words\n\n---\n\nmore\n\n---\n\nend", "---\nWords between rules\n\n---\nmore", "---\nWords"):
        page = split_page(text)
        assert (page.body, page.values, page.problems) == (text, {}, ())


def test_an_empty_block_is_no_problem() -> None:
    page = split_page("---\n---\nBody")
    assert (page.body.strip(), page.values, page.problems) == ("Body", {}, ())


def test_broken_yaml_is_told_with_its_line_in_the_page_and_the_body_is_kept() -> None:
    page = split_page("\n\n---\nname: x\ntitle: Guide: part two\n---\nBody")
    assert "at line 5" in page.problems[0]
    assert "quotes" in page.problems[0]
    assert (page.body.strip(), page.values) == ("Body", {})
    assert "Guide: part two" in page.unread


def test_a_block_without_end_is_told_and_nothing_is_lost() -> None:
    page = split_page("---\ntitle: x\n\nBody")
    assert "three dashes" in page.problems[0]
    assert "Body" in page.body


def test_a_key_that_stands_twice_is_told() -> None:
    page = split_page("---\ntags: a\nTags: b\n---\n")
    assert page.values == {"tags": "b"}
    assert "“tags” more than once" in page.problems[0]


def test_merge_keys_are_told_because_they_are_not_followed() -> None:
    assert "write them out" in split_page("---\nx: &x {a: b}\n<<: *x\n---\n").problems[0]


def test_tags_of_other_languages_build_nothing() -> None:
    assert split_page("---\ntitle: !!python/object/apply:os.getcwd []\n---\n").values == {"title": []}


def test_deep_nesting_and_impossible_characters_end_in_a_problem() -> None:
    for block in ("a: " + "[" * 20000, 'a: "\\UFFFFFFFF"', "a: &x [*x]", "? [a]\n: b"):
        page = split_page(f"---\n{block}\n---\nBody")
        assert (page.body.strip(), len(page.problems)) == ("Body", 1)


def test_aliases_cannot_grow_beyond_the_memory() -> None:
    levels = "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 40))
    assert split_page(f"---\na0: &a0 [x]\n{levels}---\nBody").problems == ()


@given(st.text(alphabet="ab:-[]{}&*!|>'\"%@`?#,\n \t<\\", max_size=60))
def test_no_block_is_an_error(block: str) -> None:
    assert "Body" in split_page(f"---\n{block}\n---\nBody").body
