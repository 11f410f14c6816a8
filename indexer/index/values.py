"""Values of facets as they are shown, looked for and chosen: languages and formats are codes, and people use names."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.index import formats, languages

ALWAYS_INDEXED = {languages.FACET: "Language", formats.FACET: "Files"}
"""The facets that every index has, with what they are called where the library itself does not show them."""


def indexed_facets(shown: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the facets of an index: those that its library shows, then those that are always there."""
    return tuple(dict.fromkeys((*shown, *ALWAYS_INDEXED)))


def value_label(facet: str, value: str) -> str:
    """Return how a facet's value is shown: languages and formats by their names, all else as it is written."""
    if facet == languages.FACET:
        return languages.language_name(value)
    return formats.FORMATS.get(value, value) if facet == formats.FACET else value


def searched_text(facet: str, value: str) -> str:
    """Return the text whose words find a facet's value: a name and its codes, else the value."""
    if facet == formats.FACET and value in formats.VALUES:
        return formats.format_words(value)
    label = value_label(facet, value)
    if label == value:
        return value
    others = languages.OTHER_NAMES.get(value, "") if facet == languages.FACET else ""
    return f"{label} {value} {others}".rstrip()


def chosen_value(facet: str, text: str) -> str:
    """Return the value of a facet that a reader means: "French" is the language fr, "Word" the format docx."""
    if facet == languages.FACET:
        return languages.chosen_language(text)
    return formats.chosen_format(text) if facet == formats.FACET else text


def is_code(facet: str, value: str) -> bool:
    """Tell whether a value says what a resource is, in a code that is no word of it."""
    return facet == languages.FACET or (facet == formats.FACET and value in formats.VALUES)
