"""Facets on the pages: hierarchies as nested lists, numbers with a form for a range, days, and what leads on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from indexer.index.engine import Sort
from indexer.index.manifest import FacetInfo, FacetKind, ValueOrder
from indexer.index.schema import Document, Resource
from tests import web_sample
from tests.memory_engine import MemoryEngine
from webapp.addresses import search_url, toggled_url
from webapp.arguments import BadArgument, Question, Values, read_question
from webapp.days import days_of
from webapp.facets import Option
from webapp.search import SearchPage, search

REGION = FacetInfo("region", "Region", hierarchy=">")
YEAR = FacetInfo("year", "Year", FacetKind.NUMBERS)
FACETS = (REGION, YEAR)
AFRICA, MALAWI, KENYA = "World > Africa", "World > Africa > Malawi", "World > Africa > Kenya"


def engine(*rows: tuple[Sequence[str], str], facets: Sequence[FacetInfo] = FACETS) -> MemoryEngine:
    """Return an engine with resources of these regions and years, dated on the second of April of the year."""
    return MemoryEngine(
        [
            Document(
                Resource(
                    f"r{number}",
                    f"Title {number}",
                    date=date(int(year), 4, 2) if year else None,
                    facets={"region": tuple(regions), "year": (year,) if year else ()},
                )
            )
            for number, (regions, year) in enumerate(rows)
        ],
        facets=facets,
    )


SOME = engine(([MALAWI, KENYA], "2019"), ([KENYA], "2020"), (["World > Asia"], "2020"), (["Sea"], "2021"), ([], ""))


def ask(asked: MemoryEngine = SOME, **given: str | list[str]) -> SearchPage:
    values = {name: [value] if isinstance(value, str) else value for name, value in given.items()}
    return search(asked, read_question(values, asked.manifest.library.facets, 10))


def soup(address: str, asked: MemoryEngine = SOME) -> BeautifulSoup:
    answer = web_sample.client_of(asked).get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "lxml")


def outline(options: Sequence[Option]) -> list[object]:
    """Return labels with their counts, each followed by what stands below it."""
    shown: list[object] = []
    for option in options:
        shown += [(option.label, option.count), *([outline(option.children)] if option.children else [])]
    return shown


def test_a_hierarchy_shows_its_top_and_below_what_is_chosen_the_next_level() -> None:
    assert outline(ask().facets[0].options) == [("World", 3), ("Sea", 1)]
    assert outline(ask(region=AFRICA).facets[0].options) == [
        ("World", 3),
        [("Africa", 2), [("Kenya", 2), ("Malawi", 1)], ("Asia", 1)],
        ("Sea", 1),
    ]


def test_a_hierarchy_is_a_list_within_the_item_of_the_value_above_and_a_chip_names_the_whole_path() -> None:
    page = soup(f"/search?region={AFRICA}")
    chosen = page.select_one("#filters .options .options > li > a[aria-current]")
    assert chosen is not None
    assert chosen.bdi is not None
    assert chosen.bdi.get_text() == "Africa"
    assert len(page.select("#filters .options .options .options > li")) == 2
    chip = page.select_one(".chip bdi")
    assert chip is not None
    assert chip.get_text() == "World > Africa"
    assert [link.get_text() for link in page.select("article")[0].select(".facts a")] == [KENYA, "2020"]


def test_choosing_a_value_of_a_hierarchy_gives_as_many_results_as_its_count_said() -> None:
    def follow(options: Sequence[Option]) -> None:
        for option in options:
            assert ask(region=option.value).total == option.count
            follow(option.children)

    follow(ask(region=[MALAWI, "World > Asia"]).facets[0].options)


@pytest.mark.parametrize(
    ("chosen", "value", "left"),
    [
        ([AFRICA], MALAWI, [MALAWI]),
        ([KENYA, "Sea"], AFRICA, ["Sea", AFRICA]),
        ([KENYA], MALAWI, [KENYA, MALAWI]),
        ([KENYA, MALAWI], KENYA, [MALAWI]),
        (["World > Afri"], AFRICA, ["World > Afri", AFRICA]),
    ],
)
def test_a_value_takes_the_place_of_what_is_chosen_above_and_below_it(
    chosen: list[str], value: str, left: list[str]
) -> None:
    address = toggled_url(Question(filters=(("region", tuple(chosen)),)), FACETS, "region")(value)
    assert address == search_url(Question(filters=(("region", tuple(left)),)))


def test_a_chosen_value_stays_on_the_page_however_rare_it_is() -> None:
    asked = engine(*((["World", f"World > {n:02}"], "2020") for n in range(30)))
    (world,) = ask(asked, region=["World > 29", "World > 30"]).facets[0].options
    assert [option.label for option in world.children] == [*(f"{n:02}" for n in range(10)), "29", "30"]
    assert ask(asked, region="World").facets[0].more == 20


def test_values_are_sorted_by_name_where_the_library_says_so() -> None:
    named = FacetInfo("region", "Region", order=ValueOrder.NAME)
    asked = engine((["zebra", "Éire"], ""), (["zebra", "Fiji"], ""), facets=[named])
    assert [option.value for option in ask(asked).facets[0].options] == ["Éire", "Fiji", "zebra"]


def test_numbers_come_highest_first_behind_the_ranges_that_are_chosen() -> None:
    (year,) = [facet for facet in ask(year=["2019..2020", "2021"]).facets if facet.name == "year"]
    assert [(option.label, option.count, option.selected) for option in year.options] == [
        ("2019 to 2020", 3, True),
        ("2021", 1, True),
        ("2020", 2, False),
        ("2019", 1, False),
    ]
    assert ask(year=["2019..2020", "2021"]).total == 4
    bars = soup("/search?year=2019..2020&year=2021").select("#filters svg[aria-hidden=true]")
    drawn = [(rect["width"], bar["viewbox"]) for bar in bars for rect in bar.select("rect")]
    assert drawn == [("1", "0 0 2 1"), ("2", "0 0 2 1"), ("1", "0 0 2 1")]
    assert [chip.label for chip in ask(year=["..2019", "2021.."]).chips] == ["up to 2019", "from 2021"]


def test_a_form_without_scripts_asks_for_a_range_and_keeps_all_else() -> None:
    form = soup("/search?q=title&region=World&year=2019..2020&year=2021&sort=title").select_one("form.range")
    assert form is not None
    hidden = [(field["name"], field["value"]) for field in form.select("input[type=hidden]")]
    assert hidden == [("q", "title"), ("region", "World"), ("year", "2021"), ("sort", "title")]
    typed = [(field["name"], field["value"]) for field in form.select("input[type=text]")]
    assert typed == [("year.from", "2019"), ("year.to", "2020")]
    page = search(SOME, read_question({"year.from": ["2020"], "year.to": [""]}, FACETS, 10))
    assert search_url(page.question) == "/search?year=2020.."
    assert page.total == 3


def test_numbers_and_days_that_are_asked_for_in_any_way_have_one_address() -> None:
    assert search_url(ask(year=["2021..2019", "02019..2021", "2020..2020"]).question) == (
        "/search?year=2019..2021&year=2020"
    )
    assert search_url(ask(since="2020-05", until="2019").question) == "/search?since=2019&until=2020-05"
    assert search_url(ask(region=" World>Africa ").question) == "/search?region=World+%3E+Africa"
    assert search_url(ask(sort="newest").question) == "/search?sort=date"


@pytest.mark.parametrize(
    ("since", "until", "total"),
    [
        ("2019", "", 4),
        ("2020", "", 3),
        ("", "2019", 1),
        ("2019", "2020", 3),
        ("2020-04", "2020-04", 2),
        ("", "2019-04-01", 0),
    ],
)
def test_a_year_or_a_month_stands_for_all_of_its_days_and_what_has_no_date_for_none(
    since: str, until: str, total: int
) -> None:
    assert ask(since=since, until=until).total == total


def test_days_are_chips_and_a_form_and_lead_back() -> None:
    page = ask(since="2020", until="2020-12", sort="oldest")
    assert [(chip.facet, chip.label, chip.url) for chip in page.chips] == [
        ("Since", "2020", "/search?until=2020-12&sort=oldest"),
        ("Until", "2020-12", "/search?since=2020&sort=oldest"),
    ]
    form = soup("/search?since=2020&sort=oldest").select_one("form.days")
    assert form is not None
    assert [(field["name"], field["value"]) for field in form.select("input")] == [
        ("sort", "oldest"), ("since", "2020"), ("until", ""),
    ]  # fmt: skip
    assert ask(until="1999").messages[0].url == "/search"


@pytest.mark.parametrize(
    ("sort", "ids"),
    [("newest", ["r3", "r1", "r2", "r0", "r4"]), ("oldest", ["r0", "r1", "r2", "r3", "r4"])],
)
def test_what_has_no_date_comes_last_both_by_newest_and_by_oldest(sort: str, ids: list[str]) -> None:
    assert [result.id for result in ask(sort=sort).results] == ids


@pytest.mark.parametrize(
    ("values", "name", "reason"),
    [
        ({"year": ["soon"]}, "year", "2019, or a range: 2019..2021, 2019.. or ..2021"),
        ({"year": ["2019...2021"]}, "year", "a range"),
        ({"year.to": ["x"]}, "year.to", "whole number"),
        ({"year.to": ["1", "2"]}, "year.to", "more than once"),
        ({"since": ["2020-13"]}, "since", "a month such as 2024-03"),
        ({"until": ["0000"]}, "until", "a year"),
        ({"until": ["31.12.2020"]}, "until", "2024-03-31"),
        ({"region": [">".join("a" * 21)]}, "region", "has 21 levels and may have 20"),
    ],
)
def test_a_range_a_day_or_a_path_that_makes_no_sense_is_named_with_the_reason(
    values: Values, name: str, reason: str
) -> None:
    with pytest.raises(BadArgument, match=reason) as caught:
        read_question(values, FACETS, 10)
    assert caught.value.names == (name,)


@given(st.dates())
def test_a_day_is_within_its_month_and_that_within_its_year(day: date) -> None:
    spans = [days_of(text) for text in (f"{day.year:04}", f"{day.year:04}-{day.month:02}", day.isoformat())]
    assert spans[2] == (day, day)
    year, month = spans[0], spans[1]
    assert year is not None
    assert month is not None
    assert year[0] <= month[0] <= day <= month[1] <= year[1]
    assert (year[0].month, year[0].day, year[1].month, year[1].day) == (1, 1, 12, 31)
    assert month[0].day == 1
    assert month[1] == date.max or date.fromordinal(month[1].toordinal() + 1).day == 1


def test_an_order_that_is_chosen_is_offered_as_the_current_one() -> None:
    assert [(link.label, link.current) for link in ask(sort="oldest").sorts] == [
        ("Newest", False), ("Oldest", True), ("Title", False),
    ]  # fmt: skip
    assert ask(sort="oldest").question.sort is Sort.OLDEST
