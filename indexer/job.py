"""What all steps of one build share."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from indexer.cache import Cache
from indexer.documents import Extractions
from indexer.extract import ATTACHMENT_SUFFIXES, Tools
from indexer.index.ledger import LedgerFile
from indexer.index.values import indexed_facets
from indexer.library.settings import LibrarySettings
from indexer.progress import Reporter
from indexer.state import STATE_VERSION, State


@dataclass(frozen=True, slots=True)
class Job:
    """A build: its settings and its means, and what the published index says of the build before.

    `tools` looks for the programs of this machine that help to read files, once, and when somebody wants to know.
    `state` and `before` are the state and the ledger of what is published, `before` None if that cannot be read.
    `recipe` names what every document depends on. `base` is the generation to add to, None when all is written anew.
    `known` is the state if it still tells what need not be looked at again, else an empty one.
    """

    settings: LibrarySettings
    index: Path
    reporter: Reporter
    cache: Cache
    tools: Callable[[], Tools]
    extractions: Extractions
    state: State
    before: LedgerFile | None
    recipe: str
    base: Path | None
    known: State

    @property
    def facets(self) -> tuple[str, ...]:
        """The names of the facets that are indexed."""
        return indexed_facets(facet.name for facet in self.settings.facets)

    @property
    def hierarchies(self) -> dict[str, str]:
        """What parts the levels of the values of hierarchical facets."""
        return {facet.name: facet.hierarchy for facet in self.settings.facets if facet.hierarchy}


def viewpoint(settings: LibrarySettings) -> str:
    """Say where a library is looked at, by whom, how and for what: from elsewhere, what was seen need not be so."""
    seeing = os.geteuid(), os.getegid(), sorted(os.getgroups())
    return repr((os.path.realpath(settings.library), *seeing, STATE_VERSION, sorted(ATTACHMENT_SUFFIXES)))
