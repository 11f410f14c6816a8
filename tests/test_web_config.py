from __future__ import annotations

from pathlib import Path

import pytest

from webapp.config import Config, ConfigError, described


def test_every_setting_has_a_default_and_is_read_from_the_environment() -> None:
    assert Config.from_environment({}) == Config()
    environment = {"HANDLIST_INDEX": "/some/where", "HANDLIST_TITLE": " Ours ", "HANDLIST_PAGE_SIZE": "25", "HOME": "/"}
    assert Config.from_environment(environment) == Config(Path("/some/where"), "Ours", 25)


@pytest.mark.parametrize(
    ("name", "value"),
    [("HANDLIST_PAGE_SIZE", "0"), ("HANDLIST_PAGE_SIZE", "101"), ("HANDLIST_PAGE_SIZE", "ten"), ("HANDLIST_INDEX", "")],
)
def test_a_bad_value_is_named_with_its_key(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"{name} is '{value}': it has to"):
        Config.from_environment({name: value})


def test_the_settings_describe_themselves() -> None:
    assert [name for name, _, _ in described()] == [
        "HANDLIST_INDEX",
        "HANDLIST_TITLE",
        "HANDLIST_PAGE_SIZE",
        "HANDLIST_URL",
        "HANDLIST_EDITOR_PASSWORD",
    ]
    assert all(text.endswith(".") for _, _, text in described())


def test_the_password_of_editors_is_in_no_traceback() -> None:
    config = Config.from_environment({"HANDLIST_EDITOR_PASSWORD": " hunter2\n"})
    assert config.editor_password == "hunter2"  # noqa: S105  # not a secret
    assert "hunter2" not in repr(config)
