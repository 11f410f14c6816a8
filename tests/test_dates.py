"""Dates as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.library.dates import is_ambiguous, read_date, years


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-03-04", date(2019, 3, 4)),
        ("2019-3-4", date(2019, 3, 4)),
        ("20190304", date(2019, 3, 4)),
        ("2017-05-18 23:00:00 -0500", date(2017, 5, 18)),
        ("2024-01-01T10:00:00Z", date(2024, 1, 1)),
        ("2019-03", date(2019, 3, 1)),
        ("2014", date(2014, 1, 1)),
        ("March 2019", date(2019, 3, 1)),
        ("12 March 2019", date(2019, 3, 12)),
        ("Sept. 3rd, 2021", date(2021, 9, 3)),
        ("mars 2019", date(2019, 3, 1)),
        ("1er août 2019", date(2019, 8, 1)),
        ("12 de marzo de 2020", date(2020, 3, 12)),
        ("25/12/2019", date(2019, 12, 25)),
        ("Mar 5 2019 10:00 XYZ", date(2019, 3, 5)),
    ],
)
def test_a_date_is_read_however_it_is_written(text: str, expected: date) -> None:
    assert read_date(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2019-02-30",
        "2019-13-01",
        "March",
        "Monday",
        "10:30",
        "3/4/19",
        "5 March 14:30 +2000",
        "0000",
        "9" * 5000,
    ],
)
def test_what_names_no_day_of_a_full_year_is_no_date(text: str) -> None:
    assert read_date(text) is None


def test_a_date_of_numbers_is_ambiguous_only_when_both_readings_differ() -> None:
    assert is_ambiguous("03/04/2019")
    assert not any(map(is_ambiguous, ["25/12/2019", "04/04/2019", "2019-03-04"]))


def test_years_are_found_in_ranges_and_words_but_not_in_longer_numbers() -> None:
    assert years("2018–2019") == ("2018", "2019")
    assert years("Q3 2020") == ("2020",)
    assert years("ISBN 92018123") == ()


@given(st.dates())
def test_every_day_is_read_back_from_its_iso_form(day: date) -> None:
    assert read_date(day.isoformat()) == day


@given(st.text(alphabet="0123456789-/:. ,TZ+marchseptdju" + "é", max_size=30))
def test_every_text_is_a_day_or_none(text: str) -> None:
    found = read_date(text)
    assert found is None or type(found) is date
