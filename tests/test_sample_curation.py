"""The synonyms and pins of the sample library: good files, whose every name leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.index import open_index
from indexer.index.engine import Engine, SearchRequest
from indexer.index.pins import parse_pins
from indexer.index.query import Phrase
from indexer.index.synonyms import parse_synonyms
from tests.library_folder import built

CORPUS = Path(__file__).parent.parent / "corpus"
SYNONYMS, PINS = CORPUS / "synonyms.toml", CORPUS / "pins.toml"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    index = tmp_path_factory.mktemp("index")
    report = built(CORPUS, index)
    assert report.problems == ()
    engine = open_index(index)
    yield engine
    engine.close()


def test_every_name_leads_to_something_that_the_library_says(engine: Engine) -> None:
    table = parse_synonyms(SYNONYMS, SYNONYMS.read_text(encoding="utf-8"))
    lists = [*table.two_way, *table.one_way.values()]
    for names in lists:
        found = {name: engine.search(SearchRequest(Phrase(name))).total for name in names}
        assert sum(found.values()), names


def test_every_pinned_and_hidden_page_is_in_the_library(engine: Engine) -> None:
    pins = parse_pins(PINS, PINS.read_text(encoding="utf-8")).pins
    for identifier in (identifier for pin in pins for identifier in (*pin.show, *pin.hide)):
        assert engine.resource(identifier), identifier
