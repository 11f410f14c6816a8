"""One page file becomes one entry, whatever it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.library.entry import Entry, PageStatus
from indexer.library.pages import read_page
from indexer.library.settings import AttachmentRules, FacetRule, LibrarySettings, load_settings

_SETTINGS = LibrarySettings(Path("/library"), title="x")


def _read(text: str, path: str = "guide.md", settings: LibrarySettings = _SETTINGS) -> Entry:
    return read_page(path, text.encode(), settings)


def _with(front_matter: str, body: str = "Text") -> Entry:
    return _read(f"---\n{front_matter}\n---\n{body}")


def test_a_page_with_everything_is_read_without_a_problem() -> None:
    entry = _with(
        "title: The Guide\nsummary: What it *is*\ndate: 2019-03-04\nlang: fr\nurl: https://example.org/g\n"
        "type: [Guidance, News & Analysis]\ntags: a, b\npublisher: Save the Children, UK\nattachments:\n- one.pdf",
        "# The Guide\n\nSee [two](two.docx).",
    )
    assert entry == Entry(
        source="guide.md",
        id="guide",
        title="The Guide",
        summary="What it is",
        body="The Guide\n\nSee two.",
        date=date(2019, 3, 4),
        language="fr",
        url="https://example.org/g",
        facets={
            "type": ("Guidance", "News & Analysis"),
            "tag": ("a", "b"),
            "publisher": ("Save the Children, UK",),
            "year": ("2019",),
            "language": ("fr",),
        },
        references=("one.pdf", "two.docx"),
        unstated=("format",),
    )


def test_without_front_matter_the_title_is_the_first_heading_or_the_name_of_the_file() -> None:
    assert _read("Intro\n\n## First *one*\n\n# Second").title == "First one"
    assert _read("Words", "a/2019-03-04-annual_report-two.md").title == "Annual report two"
    assert _read("Words").problems == ()


def test_a_date_in_the_name_of_the_file_counts_when_the_page_has_none() -> None:
    entry = _read("Words", "_posts/2018-1-25-small.md")
    assert (entry.date, entry.facets["year"]) == (date(2018, 1, 25), ("2018",))
    assert _read("---\ndate: 2020\n---\nWords", "2018-01-25-small.md").date == date(2020, 1, 1)


def test_broken_front_matter_is_told_and_the_text_kept() -> None:
    entry = _with("title: Guide: part two", "# Heading\n\nText")
    assert (entry.title, entry.body) == ("Heading", "Heading\n\nText")
    assert "line 2" in entry.problems[0]
    assert entry.status(date(2020, 1, 1)) is PageStatus.PUBLISHED


def test_a_page_whose_broken_front_matter_may_hold_it_back_is_held_back() -> None:
    entry = _with("title: a: b\ndraft: true")
    assert entry.status(date(2020, 1, 1)) is not PageStatus.PUBLISHED
    assert any("“draft”" in problem for problem in entry.problems)


@pytest.mark.parametrize(
    ("front_matter", "problem"),
    [
        ("title: [a, b]", "“title” is a list"),
        ("title: {a: b}", "“title” has to be text"),
        ("tags: {a: b}", "“tags” has to be a list"),
        ("tags: [a, [b]]", "“tags” holds lists"),
        ("date: soon", "“date” is “soon”"),
        ("date: 2019-02-30", "2019-02-30"),
        ("date: [2019]", "“date” has to be a date"),
        ("date: 03/04/2019", "read as 2019-03-04"),
        ("year: unknown", "holds no year"),
        ("lang: Klingon", "“Klingon”"),
        ("url: example", "https://"),
        ("url: javascript:alert(1)", "https://"),
        ("attachments: {title: no name}", "name of a file"),
        ("draft: perhaps", "neither true nor false"),
        ("expires: never", "“never”"),
        ("publish_from: later", "held back"),
        ("tags: a\ntags: b", "more than once"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_and_the_rest_is_read(front_matter: str, problem: str) -> None:
    entry = _with(f"name: Kept\n{front_matter}")
    assert problem in " ".join(entry.problems)
    assert entry.body == "Text"
    assert entry.url == ""


@pytest.mark.parametrize(
    "front_matter",
    [
        "title: 1984",
        "tags: one",
        "tags:",
        "date: 2014",
        "date: March 2019",
        "published: true",
        "title: ~",
        "url: /path/",
    ],
)
def test_what_people_commonly_write_is_no_problem(front_matter: str) -> None:
    assert _with(front_matter).problems == ()


def test_values_are_split_trimmed_and_listed_once() -> None:
    assert _with("tags: ' b , a,B,, '").facets["tag"] == ("b", "a")
    assert _with("tags: [no, 007, ~, 1.10]").facets["tag"] == ("no", "007", "1.10")


def test_of_several_keys_the_first_that_is_filled_counts() -> None:
    assert _with("title: ~\nname: Kept").title == "Kept"
    assert _with("title:\nname: Kept").title == "Kept"
    assert _with("title: First\nname: Second").title == "First"


def test_html_in_front_matter_becomes_plain_text() -> None:
    assert _with("title: 'FedRAMP<sup>®</sup> R&amp;D&#58; a < b <canvas>'").title == "FedRAMP® R&D: a < b <canvas>"


def test_the_year_comes_from_its_own_key_then_from_the_date() -> None:
    assert _with("year: 2018-2019\ndate: 2021").facets["year"] == ("2018", "2019")
    assert _with("date: 2021-05").facets["year"] == ("2021",)
    assert "year" not in _with("title: x").facets


def test_languages_become_codes_and_the_first_is_the_page_s_own() -> None:
    entry = _with("lang: [French, EN-gb]")
    assert (entry.language, entry.facets["language"]) == ("fr", ("fr", "en"))
    assert _read("Texto", settings=replace(_SETTINGS, languages=("es", "en"))).language == "es"


def test_a_page_that_states_no_language_is_in_that_of_its_text_if_there_is_enough_of_it() -> None:
    french = "Les personnes recrutées à l’étranger ne doivent payer aucuns frais pour leur emploi."
    told, stated, untold = _read(french), _with("lang: es", french), _read("Emploi")
    assert (told.language, told.facets["language"], stated.language, untold.language) == ("fr", ("fr",), "es", "en")
    assert "language" in untold.unstated
    assert "language" not in told.unstated + stated.unstated


def test_facets_follow_the_library_s_own_keys() -> None:
    rules = (FacetRule("partner", "For", ("audience", "partner")), FacetRule("category", "Category", ("category",), ""))
    text = "---\npartner: a, b\ncategory: c, d\ntags: e\n---\n"
    assert _read(text, settings=replace(_SETTINGS, facets=rules)).facets == {
        "partner": ("a", "b"),
        "category": ("c, d",),
    }


def test_files_are_named_by_texts_lists_and_tables_and_then_by_links_to_documents() -> None:
    entry = _with(
        "file: 'one, two.pdf'\nattachments:\n- three.xlsx\n- {title: T, url: four.pdf}\n- one, two.pdf",
        "[a](five.docx) [b](three.xlsx) [c](https://example.org/x.pdf) [d](picture.png) ![e](six.pdf#page=2) "
        '<a href="seven%20b.pdf">f</a>',
    )
    assert entry.references == ("three.xlsx", "four.pdf", "one, two.pdf", "five.docx", "seven%20b.pdf")
    silent = replace(_SETTINGS, attachments=AttachmentRules(body_links=False))
    assert _read("[a](five.docx)", settings=silent).references == ()


def test_strip_expressions_work_on_front_matter_text_and_links(tmp_path: Path) -> None:
    (tmp_path / "library.toml").write_text(r"pages.strip = ['\{\{.*?\}\}']")
    page = "---\ntitle: A {{ b }}\n---\n[one]({{ site.baseurl }}/one.pdf) and {{ more }}."
    entry = _read(page, settings=load_settings(tmp_path))
    assert (entry.title, entry.references, entry.body) == ("A", ("/one.pdf",), "one and .")


def test_html_pages_say_in_their_head_what_front_matter_says_elsewhere() -> None:
    head = '<title>T</title><meta name="description" content="D"><meta name="keywords" content="a, b">'
    page = f'<html lang="es"><head>{head}</head><body><nav>x</nav><main><h1>H</h1><p>P</p></main></body></html>'
    entry = _read(page, "p.html")
    assert (entry.title, entry.summary, entry.language, entry.body) == ("T", "D", "es", "H\n\nP")
    assert entry.facets["tag"] == ("a", "b")
    written = _read(f"---\ntitle: F\ntags: c\n---\n{page}", "p.html")
    assert (written.title, written.facets["tag"]) == ("F", ("c",))
    assert _read("<h1>Only</h1>", "p.htm").title == "Only"


def test_an_empty_page_is_told_and_not_shown() -> None:
    for text in ("", " \n\n", "---\n---\n", "\ufeff"):
        entry = _read(text)
        assert entry.empty
        assert entry.status(date(2020, 1, 1)) is not PageStatus.PUBLISHED
        assert "empty" in entry.problems[0]
    assert not _with("title: x", "").empty


def test_drafts_and_pages_before_or_after_their_time_are_not_shown() -> None:
    today = date(2024, 5, 1)
    for shown in (
        "draft: false",
        "published: true",
        "published: 2030-01-01",
        "publish_from: 2024-05-01",
        "expires: 2024-05-02",
    ):
        assert _with(shown).status(today) is PageStatus.PUBLISHED, shown
    for hidden in ("draft: yes", "published: false", "publish_from: 2024-05-02", "expires: 2024-05-01"):
        assert _with(hidden).status(today) is not PageStatus.PUBLISHED, hidden


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("guide.md", "guide"),
        ("_policy/2011-12-08-FedRAMP_Policy Memo.md", "policy.2011-12-08-fedramp_policy-memo"),
        ("a/b-c.md", "a.b-c"),
        ("a-b/c.md", "a-b.c"),
        ("Guía práctica.md", "guia-practica"),
    ],
)
def test_the_id_is_made_of_the_path(path: str, expected: str) -> None:
    assert _read("Text", path).id == expected


def test_the_id_stays_unique_where_letters_are_lost_or_the_path_is_long() -> None:
    ids = {
        _read("Text", path).id
        for path in ("指南.md", "手册.md", "guide 指南.md", "a" * 250 + "1.md", "a" * 250 + "2.md", "(!).md")
    }
    assert len(ids) == 6
    assert all(len(identifier) <= 200 for identifier in ids)


def test_a_page_may_name_its_own_id_which_becomes_part_of_an_address() -> None:
    assert _with("slug: My Guide/2").id == "my-guide.2"
    assert _with("id: ../..").id == "guide"


def test_an_encoding_that_was_guessed_is_told() -> None:
    entry = read_page("a.md", "# Café à la carte".encode("cp1252"), _SETTINGS)
    assert entry.title == "Café à la carte"
    assert "not UTF-8" in entry.problems[0]


_BITS = st.sampled_from(
    (
        *(
            "---\n",
            "title: ",
            "tags: ",
            "date: ",
            "[",
            "]",
            "{",
            "}",
            "&a",
            "*a",
            '"\\ud800"',
            "\n",
            "- ",
            "# ",
            "<div>",
        ),
        *(
            "</p>",
            "<?xml?>",
            "<!DOCTYPE html>",
            "<title>",
            "&#0;",
            "\x00",
            "\ufeff",
            "<html lang=x>",
            "](",
            "a.pdf",
            "|",
        ),
        *("draft: ", "id: ", "../..", "é", "year: 99", "language: [fr, Klingon]", "? ", "\u2028", "'", ": ", "\t"),
        *("<pre>", "<table>"),
    )
)


def _encoded(parts: list[str]) -> bytes:
    return "".join(parts).encode("utf-8")


@given(
    st.one_of(st.binary(max_size=200), st.lists(st.one_of(_BITS, st.text(max_size=4)), max_size=30).map(_encoded)),
    st.sampled_from(["a.md", "b.html", "2019-1-2-x.md", "日.html"]),
)
def test_no_bytes_end_the_reading_and_every_entry_can_be_stored(content: bytes, path: str) -> None:
    entry = read_page(path, content, _SETTINGS)
    values = [value for facet in entry.facets.values() for value in facet]
    for text in (
        entry.id,
        entry.title,
        entry.summary,
        entry.body,
        entry.url,
        *entry.references,
        *entry.problems,
        *values,
    ):
        assert text.encode("utf-8").find(0) == -1
    assert entry.title
    assert entry.id.strip("abcdefghijklmnopqrstuvwxyz0123456789._-") == ""
    assert entry.id not in ("", ".", "..")
