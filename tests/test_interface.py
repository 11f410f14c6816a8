from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index import languages
from webapp.interface import (
    LANGUAGES,
    Interface,
    _,
    ago,
    decimal,
    html,
    html_of_number,
    interface,
    language_name,
    long_date,
    ngettext,
    number,
    speaking,
)

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def test_texts_are_english_where_nobody_chose() -> None:
    assert interface() == Interface("en", "")
    assert _("Search") == "Search"
    assert _("Go to page %(page)s", page=3) == "Go to page 3"


def test_a_language_holds_for_a_block() -> None:
    with speaking("fr"):
        assert _("Search") == "Rechercher"
        with speaking("es"):
            assert _("Search") == "Buscar"
        assert _("Search") == "Rechercher"
    assert _("Search") == "Search"


def test_a_text_without_a_translation_is_shown_in_english() -> None:
    with speaking("ar"):
        assert _("No catalogue has this.") == "No catalogue has this."


@pytest.mark.parametrize(
    ("language", "counts"),
    [
        ("en", ["0 pages", "1 page", "2 pages", "1,204 pages"]),
        ("fr", ["0 page", "1 page", "2 pages", "1\u202f204 pages"]),
        ("es", ["0 páginas", "1 página", "2 páginas", "1.204 páginas"]),
    ],
)
def test_nouns_follow_their_numbers(language: str, counts: list[str]) -> None:
    with speaking(language):
        assert [ngettext("%(count)s page", "%(count)s pages", each) for each in (0, 1, 2, 1_204)] == counts


def test_arabic_has_forms_for_one_two_a_few_and_many() -> None:
    with speaking("ar"):
        counted = [ngettext("%(count)s page", "%(count)s pages", each) for each in (1, 2, 3, 11)]
    assert len({text.strip("0123456789 ") for text in counted}) == 4


@pytest.mark.parametrize(
    ("language", "day", "amount", "passed"),
    [
        ("en", "4 March 2019", "1.3", "3 hours ago"),
        ("fr", "4 mars 2019", "1,3", "il y a 3 heures"),
        ("es", "4 de marzo de 2019", "1,3", "hace 3 horas"),
        ("ar", "4 مارس 2019", "1.3", "قبل 3 ساعات"),
    ],
)
def test_days_amounts_and_ages_are_written_as_a_language_does(
    language: str, day: str, amount: str, passed: str
) -> None:
    with speaking(language):
        assert [long_date(date(2019, 3, 4)), decimal(1.3)] == [day, amount]
        assert ago(NOW - timedelta(hours=3.9), NOW) == passed


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=-5), "moments ago"),
        (timedelta(seconds=59), "moments ago"),
        (timedelta(seconds=60), "1 minute ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(hours=36), "1 day ago"),
        (timedelta(days=400), "400 days ago"),
    ],
)
def test_an_age_is_told_in_the_largest_unit_that_is_full(passed: timedelta, words: str) -> None:
    assert ago(NOW - passed, NOW) == words


@pytest.mark.parametrize("language", LANGUAGES)
@given(count=st.integers(0, 10**12))
def test_every_language_writes_numbers_in_the_digits_that_dates_and_pages_have(language: str, count: int) -> None:
    with speaking(language):
        assert "".join(each for each in number(count) if each.isdigit()) == str(count)


def test_directions_are_those_of_the_writing() -> None:
    assert [Interface(code).direction for code in ("en", "fr", "es", "ar")] == ["ltr", "ltr", "ltr", "rtl"]


def test_the_languages_of_resources_are_named_in_that_of_the_interface() -> None:
    assert {code: language_name(code) for code in languages.LANGUAGES} == languages.LANGUAGES
    with speaking("fr"):
        assert [language_name("ar"), language_name("xx")] == ["arabe", "xx"]


def test_tags_of_a_text_are_html_and_those_that_are_filled_in_are_not() -> None:
    assert html("for <bdi>%(text)s</bdi>", text="<b>") == "for <bdi>&lt;b&gt;</bdi>"
    assert html_of_number("<b>%(count)s</b> one", "<b>%(count)s</b> more", 1_204) == "<b>1,204</b> more"
