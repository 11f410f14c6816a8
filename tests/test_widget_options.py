from __future__ import annotations

from urllib.parse import parse_qs

from hypothesis import given
from hypothesis import strategies as st

from webapp.interface import LANGUAGES, speaking
from webapp.widget_options import TARGETS, WidgetOptions, read_widget_options

FACETS = ("type", "tag", "year")


def test_options_are_read_in_the_order_of_the_library() -> None:
    values = {
        "facets": ["year", "type"],
        "limit": ["3"],
        "lang": ["fr"],
        "target": ["_blank"],
        "placeholder": [" Cherchez  ici "],
        "q": ["frais"],
        "since": ["2020"],
        "tag": ["Asia", "Europe"],
        "utm_source": ["mail"],
    }
    options = WidgetOptions(
        facets=("type", "year"),
        limit=3,
        language="fr",
        placeholder="Cherchez ici",
        target="_blank",
        text="frais",
        narrowed=(("tag", "Asia"), ("tag", "Europe"), ("since", "2020")),
    )
    assert read_widget_options(values, FACETS) == options
    assert options.attributes == (
        ("lang", "fr"),
        ("facets", "type year"),
        ("limit", "3"),
        ("target", "_blank"),
        ("placeholder", "Cherchez ici"),
    )


def test_what_makes_no_sense_is_the_default() -> None:
    values = {
        "facets": ["colour"],
        "limit": ["0"],
        "lang": ["tlh"],
        "target": ["javascript:alert(1)"],
        "tag": ["", " "],
    }
    assert read_widget_options(values, FACETS) == WidgetOptions()
    for limit in ("21", "-1", "five", "1e1", "٣", "9" * 5000):
        assert read_widget_options({"limit": [limit]}, FACETS) == WidgetOptions()


def test_without_options_there_are_no_arguments() -> None:
    assert WidgetOptions().query == ""
    assert WidgetOptions().attributes == ()


def test_a_search_may_be_narrowed_to_as_much_as_it_may_choose() -> None:
    many = read_widget_options({"tag": [str(number) for number in range(500)]}, FACETS)
    assert len(many.narrowed) == 100
    long = read_widget_options({"tag": ["a" * 1_500, "b" * 1_500]}, FACETS)
    assert [value[0] for _, value in long.narrowed] == ["a"]


def test_the_button_speaks_the_chosen_language_or_else_that_of_the_interface() -> None:
    assert [WidgetOptions().search_word, WidgetOptions(language="fr").search_word] == ["Search", "Rechercher"]
    with speaking("es"):
        assert [WidgetOptions().search_word, WidgetOptions(language="en").search_word] == ["Buscar", "Search"]


TEXTS = st.text(max_size=20)


@given(
    st.builds(
        WidgetOptions,
        facets=st.sets(st.sampled_from(FACETS)).map(lambda chosen: tuple(name for name in FACETS if name in chosen)),
        limit=st.integers(1, 20),
        language=st.sampled_from(["", *LANGUAGES]),
        placeholder=TEXTS.map(lambda text: " ".join(text.split())),
        target=st.sampled_from(["", *TARGETS]),
        text=TEXTS.map(lambda text: " ".join(text.split())),
        narrowed=st.lists(TEXTS.map(str.strip).filter(bool), unique=True, max_size=4).map(
            lambda values: tuple(("tag", value) for value in values)
        ),
    )
)
def test_an_address_with_options_is_read_as_these_options(options: WidgetOptions) -> None:
    values = parse_qs(options.query.removeprefix("?"), keep_blank_values=True)
    assert read_widget_options(values, FACETS) == options


@given(st.dictionaries(st.sampled_from(["facets", "limit", "lang", "target", "q", "tag", "x"]), st.lists(TEXTS)))
def test_whatever_is_asked_for_is_understood_as_options_that_have_an_address(values: dict[str, list[str]]) -> None:
    options = read_widget_options(values, FACETS)
    assert read_widget_options(parse_qs(options.query.removeprefix("?"), keep_blank_values=True), FACETS) == options
