"""An index that is opened for visitors gets ready for typing meanwhile: the first letter would wait half a second."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

from indexer.index import open_index
from indexer.index.engine import Engine, EngineError

THREAD = "warming"
"""The name of the thread that does it."""

_TYPED = "zzzz"
"""Four letters with which no word begins, so that what forgives mistakes is made ready as well."""


def opened(directory: Path) -> Engine:
    """Open the published index and let it make, beside the first answers, what completions are found in.

    Raises EngineError when it cannot be opened.
    """
    engine = open_index(directory)
    threading.Thread(target=_warm, args=(engine,), name=THREAD, daemon=True).start()
    return engine


def _warm(engine: Engine) -> None:
    # What is damaged is said to whoever asks for it.
    with suppress(EngineError):
        engine.suggest(_TYPED)
