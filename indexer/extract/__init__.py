"""Reads attachments: a file in, its pages of text and a status out, in processes that no file can lead out of.

`ExtractionPool.extract` is all that the build needs. A format is a module with a `read` and a line in EXTRACTORS.
"""

from __future__ import annotations

from indexer.extract.formats import ATTACHMENT_SUFFIXES, EXTRACTORS
from indexer.extract.pool import ExtractionPool
from indexer.extract.process import WorkerError
from indexer.extract.source import Context
from indexer.extract.tools import Tools

__all__ = [
    "ATTACHMENT_SUFFIXES",
    "EXTRACTORS",
    "EXTRACTOR_VERSION",
    "Context",
    "ExtractionPool",
    "Tools",
    "WorkerError",
]

EXTRACTOR_VERSION: str
"""Part of the key of a cached extraction: it changes whenever the same file may give another text."""

_OWN_VERSION = 3
_LIBRARIES = ("pypdfium2", "lxml", "markdown-it-py", "charset-normalizer")


def __getattr__(name: str) -> str:
    """Work out EXTRACTOR_VERSION when it is asked for, so that the processes which only read do not pay for it."""
    if name != "EXTRACTOR_VERSION":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import version

    return " ".join([str(_OWN_VERSION), *(f"{library}-{version(library)}" for library in _LIBRARIES)])
