"""What all tests share: generated cases are judged by their outcome, never by the speed of the machine they run on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from indexer.extract import ExtractionPool
from tests.extraction import Read

settings.register_profile("handlist", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("handlist")


@pytest.fixture(scope="session")
def read() -> Iterator[Read]:
    """Read a file as a build does, in a process of its own; its output is cleaned and its status decided."""
    with ExtractionPool(1) as pool:
        yield pool.extract
