from __future__ import annotations

import re
from pathlib import Path

import pytest

from webapp.config import Config, ConfigError, described


def test_every_setting_has_a_default_and_is_read_from_the_environment() -> None:
    assert Config.from_environment({}) == Config()
    environment = {"HANDLIST_INDEX": "/some/where", "HANDLIST_TITLE": " Ours ", "HANDLIST_PAGE_SIZE": "25", "HOME": "/"}
    assert Config.from_environment(environment) == Config(Path("/some/where"), "Ours", 25)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HANDLIST_PAGE_SIZE", "0"),
        ("HANDLIST_PAGE_SIZE", "101"),
        ("HANDLIST_PAGE_SIZE", "ten"),
        ("HANDLIST_INDEX", ""),
        ("HANDLIST_LANGUAGE", "de"),
        ("HANDLIST_ORIGINS", "www.example.org"),
        ("HANDLIST_ORIGINS", "https://www.example.org/page"),
        ("HANDLIST_ORIGINS", "* https://www.example.org"),
        ("HANDLIST_ORIGINS", "https://a.example;script-src https://b.example"),
        ("HANDLIST_ORIGINS", "null"),
        ("HANDLIST_ORIGINS", "https://["),
        ("HANDLIST_ORIGINS", "https://.."),
        ("HANDLIST_ORIGINS", "https://www.example.org:99999"),
        ("HANDLIST_ORIGINS", "https://müller.example"),
    ],
)
def test_a_bad_value_is_named_with_its_key(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(f"{name} is '{value}': it has to")):
        Config.from_environment({name: value})


def test_the_settings_describe_themselves() -> None:
    assert [name for name, _, _ in described()] == [
        "HANDLIST_INDEX",
        "HANDLIST_TITLE",
        "HANDLIST_PAGE_SIZE",
        "HANDLIST_LANGUAGE",
        "HANDLIST_URL",
        "HANDLIST_EDITOR_PASSWORD",
        "HANDLIST_ORIGINS",
    ]
    assert all(text.endswith(".") for _, _, text in described())


def test_the_password_of_editors_is_in_no_traceback() -> None:
    config = Config.from_environment({"HANDLIST_EDITOR_PASSWORD": " hunter2\n"})
    assert config.editor_password == "hunter2"  # noqa: S105  # not a secret
    assert "hunter2" not in repr(config)


@pytest.mark.parametrize(
    ("given", "origins"),
    [
        ("*", ("*",)),
        ("", ()),
        ("https://www.example.org", ("https://www.example.org",)),
        (
            "https://WWW.example.org/, http://127.0.0.1:8080 https://www.example.org",
            ("https://www.example.org", "http://127.0.0.1:8080"),
        ),
        ("http://[::1]:8000", ("http://[::1]:8000",)),
        ("https://www.example.org:443 http://a.example:80", ("https://www.example.org", "http://a.example")),
    ],
)
def test_sites_are_written_as_browsers_name_them(given: str, origins: tuple[str, ...]) -> None:
    assert Config.from_environment({"HANDLIST_ORIGINS": given}).origins == origins
    assert Config().origins == ("*",)
