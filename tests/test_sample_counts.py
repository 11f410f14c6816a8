"""Facet counts over HTTP, on the sample library as it is built for visitors."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from indexer.build import build
from indexer.library.settings import load_settings
from indexer.progress import reporter
from webapp import create_app
from webapp.config import Config

WORDS = ("recruitment", "fees", "worker", "child", "online safety", "trafficking", "guidance", "remedy", "de", "la")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    index = tmp_path_factory.mktemp("index")
    build(load_settings(Path(__file__).parent.parent / "corpus"), index, reporter())
    return create_app(Config(index)).test_client()


def ask(client: FlaskClient, arguments: list[tuple[str, str]]) -> dict[str, Any]:
    answer = client.get("/api/v1/search", query_string=[*arguments, ("limit", "1")])
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def some_search(chance: random.Random, values: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the arguments of a search: up to three words, one of them maybe quoted or excluded, and some values."""
    forms = ("{}", "{}", "-{}", '"{}"', "{} OR remedy", "title:{}")
    words = [chance.choice(forms).format(chance.choice(WORDS)) for _ in range(chance.randint(0, 3))]
    return [("q", " ".join(words)), *chance.sample(values, chance.randint(0, 3))]


@pytest.mark.parametrize("seed", range(50))
def test_the_count_of_every_value_is_the_number_of_results_after_choosing_it(client: FlaskClient, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # chosen for variety, not for secrecy
    everything = ask(client, [])["facets"]
    search = some_search(chance, [(name, each["value"]) for name, listed in everything.items() for each in listed])
    for name, listed in ask(client, search)["facets"].items():
        others = [argument for argument in search if argument[0] != name]
        for each in listed:
            assert ask(client, [*others, (name, each["value"])])["total"] == each["count"], (search, name, each)
