"""Names of languages become codes."""

from __future__ import annotations

import pytest

from indexer.library.languages import language_code


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
