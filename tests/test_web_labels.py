from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index.engine import Match, Where
from indexer.index.schema import Attachment, Locator, Unit
from webapp.labels import length, long_date, place, plural, size


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1_000, "1.0 kB"), (9_960, "10 kB"), (999_600, "1.0 MB"),
     (1_234_567, "1.2 MB"), (25_000_000, "25 MB"), (3_400_000_000, "3.4 GB"), (5 * 10**12, "5,000 GB")],
)  # fmt: skip
def test_sizes_are_readable(count: int, text: str) -> None:
    assert size(count) == text


@given(st.integers(0, 999 * 10**9))
def test_no_size_has_more_than_three_digits_before_its_unit(count: int) -> None:
    assert len(size(count).split()[0].replace(".", "")) <= 3


@pytest.mark.parametrize(
    ("match", "text"),
    [
        (Match(Where.ATTACHMENT, (), "a.pdf", 12, Locator("xii", Unit.PAGE), "pdf"), "PDF, p. xii"),
        (Match(Where.ATTACHMENT, (), "a.pdf", 12, Locator("", Unit.PAGE), "pdf"), "PDF, p. 12"),
        (Match(Where.ATTACHMENT, (), "a.pptx", 3, Locator("3", Unit.SLIDE), "pptx"), "PowerPoint, slide 3"),
        (Match(Where.ATTACHMENT, (), "a.xlsx", 2, Locator("Costs", Unit.SHEET), "xlsx"), "Excel, sheet Costs"),
        (Match(Where.ATTACHMENT, (), "a.txt", 1, Locator(), "txt"), "Text"),
        (Match(Where.ATTACHMENT, (), "a", 1, Locator(), ""), "File"),
        (Match(Where.KEYWORDS, ()), "Keywords"),
        (Match(Where.BODY, ()), ""),
    ],
)
def test_a_match_is_placed_as_its_readers_call_it(match: Match, text: str) -> None:
    assert place(match) == text


def test_lengths_are_counted_in_the_units_of_the_file() -> None:
    assert length(Attachment("a", "a", "pdf", 1, (Locator("1", Unit.PAGE),))) == "1 page"
    assert (
        length(
            Attachment(
                "a",
                "a",
                "pptx",
                1,
                (
                    Locator("1", Unit.SLIDE),
                    Locator("2", Unit.SLIDE),
                ),
            )
        )
        == "2 slides"
    )
    assert (
        length(
            Attachment(
                "a",
                "a",
                "txt",
                1,
                (
                    Locator(),
                    Locator(),
                ),
            )
        )
        == ""
    )


def test_words_follow_their_numbers() -> None:
    assert [plural(0, "page"), plural(1, "page"), plural(1_204, "page")] == ["0 pages", "1 page", "1,204 pages"]
    assert plural(2, "city", "cities") == "2 cities"
    assert long_date(date(2019, 3, 4)) == "4 March 2019"
