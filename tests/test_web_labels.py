from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract.formats import CONVERTED, EXTRACTORS, UNREADABLE
from indexer.index.engine import Match, Where
from indexer.index.formats import FORMATS
from indexer.index.manifest import FacetInfo
from indexer.index.schema import Attachment, FileMetadata, Locator, Unit
from webapp.interface import speaking
from webapp.labels import (
    FORMAT_NAMES,
    chapters,
    facet_label,
    files,
    format_name,
    length,
    pages,
    place,
    resources,
    sheets,
    size,
    slides,
    value_label,
)


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


def attached(page: int, locator: Locator) -> Match:
    return Match(Where.ATTACHMENT, (), "a", page, locator)


@pytest.mark.parametrize(
    ("match", "text"),
    [
        (attached(12, Locator("xii", Unit.PAGE)), "PDF, p. xii"),
        (attached(12, Locator("", Unit.PAGE)), "PDF, p. 12"),
        (attached(3, Locator("3", Unit.SLIDE)), "PDF, slide 3"),
        (attached(2, Locator("Costs", Unit.SHEET)), "PDF, sheet Costs"),
        (attached(2, Locator("", Unit.CHAPTER)), "PDF, chapter 2"),
        (attached(2, Locator("", Unit.SECTION)), "PDF"),
        (attached(1, Locator()), "PDF"),
        (attached(5, Locator("", Unit.PAGE, "in.pdf")), "PDF, in.pdf"),
        (attached(5, Locator("2", Unit.PAGE, "in.pdf", recognised=True)), "PDF, in.pdf, p. 2, recognised text"),
        (Match(Where.KEYWORDS, ()), "Keywords"),
        (Match(Where.BODY, ()), ""),
    ],
)
def test_a_match_is_placed_as_its_readers_call_it(match: Match, text: str) -> None:
    assert place(match, "PDF") == text


def test_a_long_heading_is_shortened_at_its_end_and_a_long_path_in_an_archive_at_its_beginning() -> None:
    heading, path = "Aims and " * 20, "deep/" * 40 + "report.pdf"
    shown = place(attached(1, Locator(heading, Unit.SECTION, path)), "ZIP")
    within, section = shown.removeprefix("ZIP, ").split(", section ")
    assert within.startswith("…")
    assert path.endswith(within[1:])
    assert section.endswith("…")
    assert heading.startswith(section[:-1])
    assert len(within) <= 81 >= len(section)


def test_every_format_that_a_file_may_have_has_a_name_that_people_use() -> None:
    known = {*EXTRACTORS, *CONVERTED, *UNREADABLE, "unknown"}
    assert known == set(FORMATS)
    assert (format_name("unknown"), format_name(""), format_name("xyz")) == ("File", "File", "XYZ")


def in_units(count: int, unit: Unit, within: str = "") -> tuple[Locator, ...]:
    return tuple(Locator(str(number), unit, within) for number in range(count))


@pytest.mark.parametrize(
    ("kind", "locators", "told", "text"),
    [
        ("pdf", in_units(1, Unit.PAGE), 0, "1 page"),
        ("pdf", in_units(2, Unit.PAGE), 24, "24 pages"),
        ("pdf", (), 24, "24 pages"),
        ("pdf", (*in_units(2, Unit.PAGE), *in_units(5, Unit.PAGE, "inside.pdf")), 0, "2 pages"),
        ("docx", in_units(5, Unit.SECTION), 24, "24 pages"),
        ("docx", in_units(5, Unit.SECTION), 0, ""),
        ("pptx", in_units(2, Unit.SLIDE), 0, "2 slides"),
        ("odp", (), 7, "7 slides"),
        ("xlsx", in_units(3, Unit.SHEET), 0, "3 sheets"),
        ("epub", in_units(12, Unit.CHAPTER), 0, "12 chapters"),
        ("zip", in_units(5, Unit.PAGE, "inside.pdf"), 0, ""),
        ("text", (Locator(),), 0, ""),
    ],
)
def test_lengths_are_counted_in_the_units_of_the_file(
    kind: str, locators: tuple[Locator, ...], told: int, text: str
) -> None:
    assert length(Attachment("a", "a", kind, 1, locators, metadata=FileMetadata(pages=told))) == text


def test_words_follow_their_numbers() -> None:
    assert [pages(0), pages(1), pages(1_204)] == ["0 pages", "1 page", "1,204 pages"]
    assert [resources(1), files(1), files(2), slides(1), sheets(2), chapters(3)] == [
        "1 resource",
        "1 file",
        "2 files",
        "1 slide",
        "2 sheets",
        "3 chapters",
    ]


def test_a_facet_that_most_libraries_have_is_called_so_in_every_language() -> None:
    with speaking("fr"):
        assert facet_label(FacetInfo("year", "Year")) == "Année"
        assert facet_label(FacetInfo("year", "Year of the event")) == "Year of the event"


def test_formats_without_a_name_of_their_own_are_named_in_every_language() -> None:
    assert set(FORMAT_NAMES) == {"Rich text", "SVG drawing", *FORMAT_NAMES} & set(FORMATS.values())
    with speaking("fr"):
        assert [format_name("html"), format_name("pdf"), format_name("docx")] == ["Page web", "PDF", "Word"]
        assert value_label("format", "html") == "Page web"
        assert value_label("tag", "html") == "html"


def test_places_and_sizes_are_written_as_a_language_does() -> None:
    with speaking("fr"):
        assert place(attached(12, Locator("", Unit.PAGE)), "PDF") == "PDF, p.\xa012"
        assert place(attached(3, Locator("3", Unit.SLIDE)), "PDF") == "PDF, diapo 3"
        assert [size(1_234_567), size(5 * 10**12)] == ["1,2\xa0Mo", "5\u202f000\xa0Go"]
