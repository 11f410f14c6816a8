"""Formats are asked for by all the names that people have for them."""

from __future__ import annotations

import pytest

from indexer.index.analysis import words
from indexer.index.formats import FORMATS, VALUES, format_name, format_value
from indexer.index.values import chosen_value, indexed_facets, is_code, searched_text, value_label


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("pdf", "pdf"),
        ("PDF", "pdf"),
        (".pdf", "pdf"),
        ("word", "docx"),
        ("doc", "docx"),
        ("docx", "docx"),
        ("Excel", "xlsx"),
        ("xls", "xlsx"),
        ("powerpoint", "pptx"),
        ("LibreOffice Writer", "odt"),
        ("ebook", "epub"),
        ("e-book", "epub"),
        ("txt", "text"),
        ("htm", "html"),
        ("jpg", "image"),
        ("spreadsheet", "spreadsheet"),
        ("file", "file"),
        ("workshop", "workshop"),
    ],
)
def test_a_format_is_chosen_by_name_code_or_ending(typed: str, value: str) -> None:
    assert chosen_value("format", typed) == value


@pytest.mark.parametrize("code", sorted(FORMATS.keys() - {"unknown"}))
def test_every_format_is_found_by_its_code_and_by_what_it_is_called(code: str) -> None:
    value = format_value(code)
    assert (value_label("format", value), chosen_value("format", code)) == (FORMATS[code], value)
    found = words(searched_text("format", value))
    assert {code, *words(FORMATS[code])} <= set(found)


def test_formats_of_one_name_are_one_value_and_no_two_values_are_called_the_same() -> None:
    assert len({format_name(value) for value in VALUES}) == len(VALUES)
    assert (format_value("doc"), format_value("docx"), format_value("xlsb")) == ("docx", "docx", "xlsx")
    assert (format_value("unknown"), format_value(""), format_value("workshop")) == ("", "", "")


def test_a_word_that_several_formats_share_finds_each_of_them() -> None:
    found = [value for value in sorted(VALUES) if "spreadsheet" in words(searched_text("format", value))]
    assert found == ["csv", "ods", "xlsx"]


def test_another_use_of_the_name_leaves_values_as_they_are_written() -> None:
    assert (value_label("format", "Workshop"), searched_text("format", "Workshop")) == ("Workshop", "Workshop")
    assert (is_code("format", "Workshop"), is_code("format", "pdf"), is_code("tag", "pdf")) == (False, True, False)


def test_languages_and_formats_are_indexed_behind_what_the_library_shows() -> None:
    assert indexed_facets(["tag", "format"]) == ("tag", "format", "language")
    assert indexed_facets([]) == ("language", "format")
