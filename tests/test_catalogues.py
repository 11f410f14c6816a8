"""Every text of the interface is there in every language, and says of itself what its English form says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message

from tests.catalogues import extracted, path_of, read
from webapp.interface import LANGUAGES, SOURCE

OTHERS = [language for language in LANGUAGES if language != SOURCE]
COUNT = "count"


@pytest.fixture(scope="module")
def template() -> Catalog:
    return extracted()


def forms(message: Message) -> Iterator[tuple[str, str]]:
    """Yield each form of a translation with the English one that it stands for."""
    if isinstance(message.id, tuple):
        yield from ((message.id[1], each) for each in message.string or ())
    else:
        yield str(message.id), str(message.string)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", text))


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_missing_left_over_or_uncertain(language: str, template: Catalog) -> None:
    catalogue = read(language)
    assert {(each.id, each.context) for each in catalogue} == {(each.id, each.context) for each in template}
    for message in catalogue:
        assert not message.fuzzy, message.id
        assert all(text for _, text in forms(message)), message.id
    assert not catalogue.obsolete


@pytest.mark.parametrize("language", OTHERS)
def test_every_translation_fills_in_what_the_english_text_does(language: str) -> None:
    for message in read(language):
        if not message.id:
            continue
        for english, text in forms(message):
            # "One page" needs no number, and Arabic has a form for two.
            assert placeholders(english) - {COUNT} <= placeholders(text) <= placeholders(english), text
            assert not re.search(r"%(?!\(\w+\)s|%)", text), text
        if isinstance(message.id, tuple) and COUNT in placeholders(message.id[1]):
            # What stands for hundreds and thousands says how many.
            assert COUNT in placeholders([*forms(message)][-1][1]), message.id


@pytest.mark.parametrize("language", OTHERS)
def test_every_translation_has_the_tags_of_the_english_text(language: str) -> None:
    for message in read(language):
        for english, text in forms(message):
            if message.id:
                tags = [Counter(re.findall(r"<[^>]*>", each)) for each in (english, text)]
                assert tags[0] == tags[1], text
                # Texts stand in attributes, too.
                assert ('"' in re.sub(r"<[^>]*>", "", text)) <= ('"' in re.sub(r"<[^>]*>", "", english)), text


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_is_as_the_tool_writes_it(language: str) -> None:
    text = path_of(language).read_text(encoding="utf-8")
    assert "#, fuzzy" not in text
    assert f'"Language: {language}\\n"' in text
