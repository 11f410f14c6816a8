"""What keeps a build from publishing anything, as sentences: what the machine refused, and what to do."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.extract import WorkerError
from indexer.index import directory
from indexer.state import StateDamaged

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class BuildFailed(Exception):
    """Nothing was published by this build; the text says why and what to do."""


@contextmanager
def failures_explained(index: Path) -> Iterator[None]:
    """Turn what the machine refuses into a sentence; the index that was published is untouched by all of it."""
    try:
        yield
    except sqlite3.Error as error:
        raise BuildFailed(
            f"The tables in {index} cannot be used: {error}. If the disk is full, make room; otherwise delete "
            f"{directory.cache_file(index)}, which costs nothing but time. Then run the build again. "
            f"{_nothing_published(index)}"
        ) from error
    except StateDamaged as error:
        # It was thrown away and made anew before, and is damaged again.
        raise BuildFailed(f"{error} Look at the disk that it lies on. {_nothing_published(index)}") from error
    except WorkerError as error:
        raise BuildFailed(f"{error} {_nothing_published(index)}") from error
    except OSError as error:
        reason = f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
        if error.errno in _FULL:
            reason = f"There is no room left for {index} ({reason}). Make room and run the build again"
        raise BuildFailed(f"{reason}. {_nothing_published(index)}") from error


def _nothing_published(index: Path) -> str:
    before = directory.current_generation(index)
    return "Nothing was published by this build" + ("; what was published before goes on serving." if before else ".")
