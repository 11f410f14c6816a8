"""Names of languages become codes, and codes are shown and found by their names."""

from __future__ import annotations

import pytest

from indexer.index.analysis import _SNOWBALL
from indexer.index.languages import LANGUAGES, OTHER_NAMES, language_name
from indexer.index.values import chosen_value, searched_text, value_label
from indexer.library.languages import _OTHER_NAMES, language_code
from webapp import interface
from webapp.interface import speaking


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("en", "en"),
        ("EN-us", "en"),
        ("pt_BR", "pt"),
        ("fil", "fil"),
        ("French", "fr"),
        ("  Français ", "fr"),
        ("中文", "zh"),
        ("Klingon", ""),
        ("", ""),
        ("e", ""),
    ],
)
def test_a_language_is_known_by_its_code_its_region_and_its_name(text: str, code: str) -> None:
    assert language_code(text) == code


def test_every_code_that_is_stemmed_or_has_other_names_has_an_english_name() -> None:
    assert LANGUAGES.keys() >= _OTHER_NAMES.keys() | _SNOWBALL.keys()
    assert {code: LANGUAGES[code].lower() for code in _SNOWBALL} == _SNOWBALL


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_is_read_chosen_and_shown_by_its_name(code: str) -> None:
    name = language_name(code)
    assert name != code
    assert {language_code(code), language_code(name), language_code(name.upper())} == {code}
    assert {chosen_value("language", text) for text in (code, code.upper(), name, name.lower())} == {code}


def test_other_names_are_those_that_the_interface_shows() -> None:
    for code, names in OTHER_NAMES.items():
        shown = []
        for language in ("fr", "es", "ar"):
            with speaking(language):
                shown.append(interface.language_name(code))
        assert names.split() == list(dict.fromkeys(shown))
        assert {chosen_value("language", name.upper()) for name in names.split()} == {code}


def test_no_two_languages_share_a_name() -> None:
    names = [name.lower() for name in LANGUAGES.values()] + [name for names in _OTHER_NAMES.values() for name in names]
    assert len(names) == len(set(names))


def test_names_stand_for_codes_in_the_facet_of_languages_alone() -> None:
    assert [value_label("language", "fr"), value_label("tag", "fr"), value_label("language", "xx")] == [
        "French",
        "fr",
        "xx",
    ]
    assert [searched_text("language", "fr"), searched_text("tag", "fr"), searched_text("language", "xx")] == [
        "French fr français francés الفرنسية",
        "fr",
        "xx",
    ]
    assert [chosen_value("tag", "French"), chosen_value("language", "Klingon")] == ["French", "Klingon"]
